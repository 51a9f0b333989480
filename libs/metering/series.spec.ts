import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, localDay } from '#core';
import { coverage, dailySeries, hourlySeries, hoursOf, lastCompleteLocalDay } from './series.ts';

const at = (text: string) => Date.parse(text);
const QUARTER_MS = HOUR_MS / 4;
const hours = (from: string, values: readonly number[]) => ({
  startMs: at(from),
  resolutionMs: HOUR_MS,
  values: Float64Array.from(values),
});
const sum = (list: Iterable<number>) => [...list].reduce((a, b) => a + b, 0);

describe('hourly sums', () => {
  it('add the parts of full hours and leave hours with a missing part missing', () => {
    const values = Float64Array.from([1, 1, 2, 3, 4, 5, 6, Number.NaN, 8, 9, 10, 11]);
    const hourly = hourlySeries({ startMs: at('2026-05-01T00:30:00Z'), resolutionMs: QUARTER_MS, values });
    expect(hourly.startMs).toBe(at('2026-05-01T00:00:00Z'));
    expect([...hourly.values]).toEqual([Number.NaN, 2 + 3 + 4 + 5, Number.NaN, Number.NaN]);
  });

  it('are means of what does not add up, missing where a part is', () => {
    const values = Float64Array.from([10, 20, 30, 40, 50, 60, Number.NaN, 80]);
    const prices = hourlySeries({ startMs: 0, resolutionMs: QUARTER_MS, values }, HOUR_MS, 'mean');
    expect([...prices.values]).toEqual([25, Number.NaN]);
    const day = hours(
      '2026-03-28T23:00:00Z',
      Array.from({ length: 23 }, (_, hour) => hour),
    );
    expect([...dailySeries(day, 'Europe/Berlin', 'mean').values]).toEqual([11]);
  });

  it('conserve the energy of whole hours', () => {
    const quarters = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 4, maxLength: 96 });
    fc.assert(
      fc.property(quarters, (values) => {
        const whole = values.slice(0, values.length - (values.length % 4));
        const series = { startMs: 0, resolutionMs: QUARTER_MS, values: Float64Array.from(whole) };
        expect(sum(hourlySeries(series).values)).toBe(sum(whole));
      }),
    );
  });
});

describe('quarters and local days', () => {
  it('sum five-minute readings to quarters', () => {
    const values = Float64Array.from({ length: 9 }, (_, i) => i);
    const series = { startMs: 0, resolutionMs: QUARTER_MS / 3, values };
    expect([...hourlySeries(series, QUARTER_MS).values]).toEqual([0 + 1 + 2, 3 + 4 + 5, 6 + 7 + 8]);
  });

  it('sum 23, 24 and 25 hours to the days that lie wholly within', () => {
    const zone = 'Europe/Berlin';
    const from = at('2026-03-27T12:00:00Z');
    const hoursAround = { startMs: from, resolutionMs: HOUR_MS, values: new Float64Array(24 * 4).fill(1) };
    const days = dailySeries(hoursAround, zone);
    expect(days.startMs).toBe(localDay(zone, '2026-03-28').startMs);
    expect([...days.values]).toEqual([24, 23, 24]);
    const indian = {
      startMs: at('2026-03-01T19:00:00Z'),
      resolutionMs: HOUR_MS,
      values: new Float64Array(48).fill(1),
    };
    // Midnight is half past six UTC: a day begins with the first full hour after it.
    expect([...dailySeries(indian, 'Asia/Kolkata').values]).toEqual([24, 24]);
    hoursAround.values[40] = Number.NaN;
    expect([...dailySeries(hoursAround, zone).values]).toEqual([24, Number.NaN, 24]);
  });
});

describe('the part inside a span', () => {
  it('has the span’s own full hours, missing where the series has none', () => {
    const series = hours('2026-05-01T02:00:00Z', [1, 2, 3]);
    const span = { startMs: at('2026-05-01T00:30:00Z'), endMs: at('2026-05-01T04:59:00Z') };
    expect(hoursOf(series, span)).toEqual(hours('2026-05-01T01:00:00Z', [Number.NaN, 1, 2]));
  });
});

describe('coverage', () => {
  it('counts from the first to the last known value', () => {
    const values = Float64Array.from([Number.NaN, 1, Number.NaN, Number.NaN, 0, Number.NaN, 3, Number.NaN]);
    expect(coverage({ startMs: 0, resolutionMs: HOUR_MS, values })).toEqual({
      fromMs: HOUR_MS,
      toMs: 7 * HOUR_MS,
      present: 3,
      missing: 3,
      longestGap: { startMs: 2 * HOUR_MS, endMs: 4 * HOUR_MS },
    });
  });

  it('of nothing is nothing', () => {
    const nothing = { startMs: 5 * HOUR_MS, resolutionMs: HOUR_MS, values: new Float64Array([Number.NaN]) };
    expect(coverage(nothing)).toMatchObject({
      fromMs: 5 * HOUR_MS,
      toMs: 5 * HOUR_MS,
      present: 0,
      missing: 0,
    });
  });
});

describe('the last complete local day', () => {
  const zone = 'Europe/Berlin';
  const day = (date: string, count: number) => {
    const { startMs } = localDay(zone, date);
    return { startMs, resolutionMs: HOUR_MS, values: new Float64Array(count).fill(1) };
  };

  it('needs 23, 24 or 25 hours', () => {
    for (const [date, length] of [
      ['2026-03-29', 23],
      ['2026-03-30', 24],
      ['2026-10-25', 25],
    ] as const) {
      expect(lastCompleteLocalDay(day(date, length), zone)).toEqual({ date, interval: localDay(zone, date) });
      expect(lastCompleteLocalDay(day(date, length - 1), zone)).toBeNull();
    }
  });

  it('is not a day with a gap, nor one that has only begun', () => {
    const series = day('2026-06-01', 24 + 24 + 5);
    series.values[30] = Number.NaN;
    expect(lastCompleteLocalDay(series, zone)?.date).toBe('2026-06-01');
    expect(
      lastCompleteLocalDay({ startMs: 0, resolutionMs: HOUR_MS, values: new Float64Array() }, zone),
    ).toBeNull();
  });
});
