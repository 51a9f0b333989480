import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import type { Windows } from '#learning';
import type { RidgeModelConfig } from './config.ts';
import { siteMoments, unpackMoments } from './moments.ts';
import { inputCount } from './inputs.ts';
import { siteWindows } from './windows.ts';

const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  stepMinutes: 60,
  lookback: 6,
  horizon: 3,
  cycle: 24,
  lambdas: [1],
  inputs: null,
};
const START_MS = Date.UTC(2026, 0, 5);
const at = (hour: number) => START_MS + hour * HOUR_MS;
const EPOCHS = {
  train: { startMs: at(4), endMs: at(100) },
  validation: { startMs: at(100), endMs: at(150) },
};
const hourly = (values: readonly number[]) => ({
  startMs: START_MS,
  resolutionMs: HOUR_MS,
  values: Float64Array.from(values),
});
const reading = fc.oneof(
  { weight: 30, arbitrary: fc.double({ min: 0, max: 9, noNaN: true }) },
  { weight: 1, arbitrary: fc.constant(Number.NaN) },
);
const readings = fc.array(reading, { minLength: 160, maxLength: 160 });

const windowsOf = (values: readonly number[], stride = 1) =>
  siteWindows(hourly(values), '+00:00', EPOCHS, CONFIG, { stride });
/** XᵀY entry (i, h) of windows. */
const cross = ({ x, y, rows }: Windows, i: number, h: number): number => {
  let sum = 0;
  for (let r = 0; r < rows; r += 1) sum += x[6 * r + i]! * y[3 * r + h]!;
  return sum;
};

describe('site windows', () => {
  it('are the rows that the moments sum', () => {
    fc.assert(
      fc.property(readings, (values) => {
        const moments = unpackMoments(siteMoments(hourly(values), '+00:00', EPOCHS, CONFIG), CONFIG);
        const windows = windowsOf(values);
        for (const part of ['train', 'validation'] as const) {
          expect(windows[part].rows).toBe(moments[part].rows);
          for (let i = 0; i < 5; i += 1) {
            for (let h = 0; h < 3; h += 1) {
              expect(cross(windows[part], i, h)).toBeCloseTo(moments[part].cross[3 * i + h]!, 2);
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('are with inputs the rows that the moments with inputs sum', () => {
    const inputs = {
      calendar: true,
      holidays: null,
      ahead: ['temperature_c'],
      past: ['wind_mw'],
      issues: 'every-step' as const,
      penalties: [1],
    };
    const config = { ...CONFIG, inputs };
    const count = inputCount(config);
    fc.assert(
      fc.property(readings, readings, readings, (values, temperature, wind) => {
        const columns = new Map([
          ['temperature_c', hourly(temperature)],
          ['wind_mw', hourly(wind)],
        ]);
        const seen = { columns, isHoliday: () => false };
        const known = hourly(values);
        const moments = unpackMoments(siteMoments(known, '+00:00', EPOCHS, config, seen), config);
        const windows = siteWindows(known, '+00:00', EPOCHS, config, { stride: 1, inputs: seen });
        for (const part of ['train', 'validation'] as const) {
          const { x, y, rows } = windows[part];
          expect(rows).toBe(moments[part].rows);
          expect(x.length).toBe(rows * (6 + count));
          // Column 5 is the last of the look-back, which the moments leave out.
          for (const [i, column] of Array.from({ length: 5 + count }, (_, k) =>
            k < 5 ? k : k + 1,
          ).entries()) {
            let sum = 0;
            for (let r = 0; r < rows; r += 1) sum += x[r * (6 + count) + column]! * y[3 * r]!;
            expect(Math.abs(sum - moments[part].cross[3 * i]!)).toBeLessThan(1e-3 * (1 + Math.abs(sum)));
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it('at midnights begin with local days, a stride apart', () => {
    const inputs = { calendar: true, holidays: null, ahead: [], past: [], issues: 'midnights' as const };
    const values = Array.from({ length: 160 }, (_, i) => (i * i * 7919) % 101);
    const rowsAt = (stride: number) =>
      siteWindows(hourly(values), '+00:00', EPOCHS, { ...CONFIG, inputs }, { stride }).train.rows;
    // From the second day on to the fourth, within hours 10 to 97 of the part.
    expect([rowsAt(1), rowsAt(24), rowsAt(25)]).toEqual([3, 3, 2]);
  });

  it('a stride keeps every so manyth hour of a complete series, and the last value is the zero of a row', () => {
    const values = Array.from({ length: 160 }, (_, i) => (i * i * 7919) % 101);
    const [every, third] = [windowsOf(values).train, windowsOf(values, 3).train];
    expect(third.rows).toBe(Math.ceil(every.rows / 3));
    for (let r = 0; r < third.rows; r += 1) {
      expect(third.x.slice(6 * r, 6 * r + 6)).toEqual(every.x.slice(18 * r, 18 * r + 6));
      expect(third.y.slice(3 * r, 3 * r + 3)).toEqual(every.y.slice(9 * r, 9 * r + 3));
      expect(third.x[6 * r + 5]).toBe(0);
    }
  });

  it.each([0, 1.5, -1])('refuses a stride of %d', (stride) => {
    expect(() => windowsOf([1], stride)).toThrow(expect.objectContaining({ code: 'STRIDE_INVALID' }));
  });
});
