import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import { type EnergyNeed, type ForecastHour, lowestCarbonWindows } from './index.ts';

const START = Date.UTC(2026, 0, 1);
const at = (hour: number): number => START + hour * HOUR_MS;
const hours = (...kg: readonly number[]): ForecastHour[] =>
  kg.map((kgPerKwh, h) => ({ startMs: at(h), kgPerKwh }));
const need = (of: Partial<EnergyNeed>): EnergyNeed => ({
  energyKwh: 10,
  durationMs: 2 * HOUR_MS,
  contiguous: true,
  earliestMs: at(0),
  latestMs: at(24),
  ...of,
});
const best = (of: readonly ForecastHour[], asked: EnergyNeed) => lowestCarbonWindows(of, asked).windows[0]!;

describe('lowestCarbonWindows', () => {
  it('puts one run where it emits least, and says what starting at once would emit', () => {
    const { windows, immediate } = lowestCarbonWindows(hours(0.5, 0.4, 0.1, 0.2, 0.6), need({}));
    // 5 kWh at 0.1 and 5 kWh at 0.2; at once 5 at 0.5 and 5 at 0.4.
    expect(windows[0]).toMatchObject({
      emissionsKg: 1.5,
      parts: [{ startMs: at(2), endMs: at(4), energyKwh: 10 }],
    });
    expect(immediate).toMatchObject({ emissionsKg: 4.5, parts: [{ startMs: at(0), endMs: at(2) }] });
    expect(windows.map(({ emissionsKg }) => emissionsKg)).toEqual([1.5, 2.5, 4]);
  });

  it('ends a run at the edge of an hour where that is better than to begin it there', () => {
    // 1.5 h: the half hour belongs before the clean hour, where 0.2 is less than 0.9.
    const found = best(hours(0.2, 0.1, 0.9), need({ durationMs: 1.5 * HOUR_MS, energyKwh: 3 }));
    expect(found.parts).toEqual([{ startMs: at(0.5), endMs: at(2), energyKwh: 3 }]);
    expect(found.emissionsKg).toBe(0.4);
  });

  it('divides what may be divided over the cleanest hours at full power, the last of them as far as needed', () => {
    const asked = need({ contiguous: false, durationMs: undefined, maxPowerKw: '4' } as object);
    const found = best(hours(0.5, 0.1, 0.4, 0.2, 0.6), asked);
    expect(found.parts).toEqual([
      { startMs: at(1), endMs: at(2.5), energyKwh: 6 },
      { startMs: at(3), endMs: at(4), energyKwh: 4 },
    ]);
    expect(found.emissionsKg).toBe(2);
  });

  it('adds up the ends of the hours’ intervals, and has none where an hour has none', () => {
    const uncertain = hours(0.2, 0.1).map((hour) => ({ ...hour, lowerKgPerKwh: 0.05, upperKgPerKwh: '0.3' }));
    expect(best(uncertain, need({}))).toMatchObject({ emissionsKg: 1.5, lowerKg: 0.5, upperKg: 3 });
    expect(best([uncertain[0]!, hours(0.2, 0.1)[1]!], need({}))).toMatchObject({
      lowerKg: null,
      upperKg: null,
    });
  });

  it('takes the earlier of windows that emit the same, in whatever order the hours come', () => {
    const same = hours(0.3, 0.1, 0.2, 0.1, 0.2);
    for (const order of [same, same.toReversed()]) {
      expect(best(order, need({ durationMs: HOUR_MS })).parts[0]!.startMs).toBe(at(1));
      const parts = best(order, need({ contiguous: false })).parts;
      expect(parts.map(({ startMs }) => startMs)).toEqual([at(1), at(3)]);
    }
  });

  it('is as long in hours that a change of clocks repeats or skips: instants are counted', () => {
    // Europe/Berlin, 2026-10-25: 02:00 comes twice, from 00:00Z and from 01:00Z.
    const night = Date.UTC(2026, 9, 24, 22);
    const series = [0.5, 0.4, 0.2, 0.1, 0.3].map((kgPerKwh, h) => ({
      startMs: night + h * HOUR_MS,
      kgPerKwh,
    }));
    const found = best(series, need({ earliestMs: night, latestMs: night + 5 * HOUR_MS }));
    expect(found.parts).toEqual([
      { startMs: Date.UTC(2026, 9, 25), endMs: Date.UTC(2026, 9, 25, 2), energyKwh: 10 },
    ]);
  });

  it('uses no hour without a forecast and waits for none when it starts at once', () => {
    const gap = hours(0.5, 0.4, 0.1, 0.2, 0.6).filter(({ startMs }) => startMs !== at(1));
    const { windows, immediate } = lowestCarbonWindows(gap, need({}));
    expect(windows.map(({ parts }) => parts[0]!.startMs)).toEqual([at(2), at(3)]);
    expect(immediate).toBeNull();
    expect(lowestCarbonWindows(gap, need({ contiguous: false })).immediate).toBeNull();
  });

  it('stays between earliest and latest', () => {
    const within = { earliestMs: at(0.5), latestMs: at(2.5) };
    expect(best(hours(0.5, 0.4, 0.1), need(within)).parts).toEqual([
      { startMs: at(0.5), endMs: at(2.5), energyKwh: 10 },
    ]);
  });

  it.each([
    ['WINDOW_INFEASIBLE', need({ latestMs: at(1) })],
    ['WINDOW_INFEASIBLE', need({ contiguous: false, durationMs: 6 * HOUR_MS })],
    ['WINDOW_POWER', need({ maxPowerKw: 4 })],
    ['WINDOW_INPUT', need({ energyKwh: 0 })],
    ['WINDOW_INPUT', need({ latestMs: at(0) })],
    ['WINDOW_INPUT', need({ durationMs: undefined } as object)],
  ])('refuses with %s', (code, asked) => {
    expect(() => lowestCarbonWindows(hours(0.5, 0.4, 0.1, 0.2), asked)).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('refuses hours that overlap and intervals beside their intensity', () => {
    const refused = expect.objectContaining({ code: 'WINDOW_INPUT' });
    const [first] = hours(0.5);
    expect(() => lowestCarbonWindows([first!, first!], need({}))).toThrow(refused);
    const beside = [{ ...first!, lowerKgPerKwh: 0.6, upperKgPerKwh: 0.7 }];
    expect(() => lowestCarbonWindows(beside, need({}))).toThrow(refused);
  });

  it('never emits more than any start on a grid of ten minutes; in parts never more than in one run', () => {
    const kg = fc.array(fc.integer({ min: 0, max: 900 }), { minLength: 4, maxLength: 12 });
    fc.assert(
      fc.property(kg, fc.integer({ min: 1, max: 18 }), (grams, tenMinutes) => {
        const series = hours(...grams.map((g) => g / 1_000));
        const durationMs = tenMinutes * 600_000;
        const asked = need({ durationMs, latestMs: at(grams.length), energyKwh: tenMinutes / 6 });
        const run = best(series, asked).emissionsKg;
        for (let startMs = at(0); startMs + durationMs <= at(grams.length); startMs += 600_000) {
          const here = lowestCarbonWindows(series, { ...asked, earliestMs: startMs }).immediate!.emissionsKg;
          expect(run).toBeLessThanOrEqual(here + 1e-12);
        }
        const parts = best(series, { ...asked, contiguous: false });
        expect(parts.emissionsKg).toBeLessThanOrEqual(run + 1e-12);
        expect(parts.parts.reduce((sum, { energyKwh }) => sum + energyKwh, 0)).toBeCloseTo(tenMinutes / 6, 9);
      }),
      { numRuns: 40 },
    );
  });
});
