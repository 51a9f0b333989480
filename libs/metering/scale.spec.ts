import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import { reviewAnnualTotal } from './annual-total.ts';
import { compareSeries } from './compare-series.ts';
import { intensityBasis } from './intensity-basis.ts';
import type { MeterSeries } from './series.ts';
import { reviewScale } from './unit-review.ts';

const START_MS = Date.parse('2026-01-05T00:00:00Z');

/** Hours of a load around 1 kWh with a daily rhythm and something that follows none. */
const lively = (hour: number) => 1 + 0.4 * Math.sin((2 * Math.PI * hour) / 24) + 0.1 * Math.sin(hour * hour);

const series = (
  hours: number,
  valueAt: (hour: number) => number = lively,
  from = 0,
  resolutionMs = HOUR_MS,
): MeterSeries => ({
  startMs: START_MS + from * HOUR_MS,
  resolutionMs,
  values: Float64Array.from({ length: hours }, (_, i) => valueAt(from + i)),
});

const found = (findings: readonly { code: string; severity: string }[]) =>
  findings.map(({ code, severity }) => `${severity} ${code}`);

describe('a later file against all before', () => {
  const before = series(24 * 21);
  const later = (factor: number, from = 24 * 40) => series(24 * 14, (hour) => factor * lively(hour), from);

  it.each([
    [1000, ['severe UNIT_SUSPECT']],
    [1 / 1000, ['severe UNIT_SUSPECT']],
    [4, ['severe UNIT_SUSPECT']],
    [1 / 4, ['severe UNIT_SUSPECT']],
    [2, ['warning UNIT_SUSPECT']],
    [1, []],
    [1.5, []],
    [7, []],
  ])('at a level %d times as high after a gap: %j', (factor, expected) => {
    expect(found(reviewScale('load_kwh', before, later(factor)))).toEqual(expected);
  });

  it('that corrects the same intervals is told by them', () => {
    expect(found(reviewScale('load_kwh', before, later(4, 24 * 7)))).toEqual(['severe UNIT_SUSPECT']);
    expect(reviewScale('load_kwh', before, later(1.05, 24 * 7))).toEqual([]);
  });

  it('says less of what weather may do to a park', () => {
    expect(found(reviewScale('wind_kwh', before, later(4)))).toEqual(['warning UNIT_SUSPECT']);
  });

  it('says nothing where hours change by different factors, as with a heat pump', () => {
    const heated = series(24 * 14, (hour) => lively(hour) * (hour % 24 < 8 ? 8 : 3), 24 * 40);
    expect(reviewScale('load_kwh', before, heated)).toEqual([]);
  });
});

describe('a declared yearly total', () => {
  const year = series(24 * 365);
  const total = year.values.reduce((sum, value) => sum + value, 0);

  it.each([
    [total, []],
    [total * 1.3, []],
    [total / 1000, ['severe UNIT_SUSPECT']],
    [total * 1000, ['severe UNIT_SUSPECT']],
    [total / 4, ['severe UNIT_SUSPECT']],
    [total / 10, ['severe TOTAL_DIFFERS']],
  ])('of %d kWh: %j', (expected, findings) => {
    expect(found(reviewAnnualTotal('load_kwh', year, expected))).toEqual(findings);
  });

  it('is not held against a season, nor against less than a day', () => {
    const winter = series(24 * 60, (hour) => 2.2 * lively(hour));
    expect(reviewAnnualTotal('load_kwh', winter, total)).toEqual([]);
    expect(reviewAnnualTotal('load_kwh', series(12), total / 1000)).toEqual([]);
  });
});

describe('a series against an independent one', () => {
  const truth = series(24 * 7);

  it('of the same says nothing', () => {
    expect(compareSeries('load_kwh', truth, truth)).toEqual([]);
  });

  it('finds quarter-hours of MW that were summed for the hour', () => {
    const quarters: MeterSeries = {
      startMs: START_MS,
      resolutionMs: HOUR_MS / 4,
      values: Float64Array.from({ length: 4 * 24 * 7 }, (_, i) => lively(Math.floor(i / 4))),
    };
    const summed = series(24 * 7, (hour) => 4 * lively(hour));
    expect(compareSeries('wind_mw', summed, quarters)).toMatchObject([
      { code: 'UNIT_SUSPECT', severity: 'severe', message: expect.stringContaining('quarter-hours') },
    ]);
    expect(compareSeries('wind_mw', truth, quarters)).toEqual([]);
  });

  it('finds timestamps an interval off, whichever file has the ends', () => {
    const late = { ...truth, startMs: START_MS + HOUR_MS };
    expect(found(compareSeries('load_kwh', late, truth))).toEqual(['severe INTERVAL_END_SUSPECT']);
    expect(found(compareSeries('load_kwh', truth, late))).toEqual(['severe INTERVAL_END_SUSPECT']);
  });

  it('finds another total that no unit explains, and nothing in too little', () => {
    const other = series(24 * 7, (hour) => 1.2 * lively(hour));
    expect(found(compareSeries('load_kwh', other, truth))).toEqual(['warning TOTAL_DIFFERS']);
    expect(
      compareSeries(
        'load_kwh',
        series(6, (hour) => 4 * lively(hour)),
        truth,
      ),
    ).toEqual([]);
  });
});

describe('the basis of a carbon intensity', () => {
  /** g/kWh: IPCC 2014 medians, and of burning alone. */
  const LIFE_CYCLE = { coal: 820, nat_gas: 490, nuclear: 12, wind: 11, solar: 45 };
  const DIRECT = { coal: 760, nat_gas: 370, nuclear: 0, wind: 0, solar: 0 };
  const HOURS = 240;
  const mix = {
    coal: series(HOURS, (h) => 40 + 20 * Math.sin(h / 31)).values,
    nat_gas: series(HOURS, (h) => 30 + 10 * Math.cos(h / 7)).values,
    nuclear: series(HOURS, (h) => 20 + Math.sin(h / 53)).values,
    wind: series(HOURS, (h) => 30 + 25 * Math.sin(h / 11)).values,
    solar: series(HOURS, (h) => Math.max(0, 40 * Math.sin((2 * Math.PI * h) / 24))).values,
  };
  const sources = Object.entries(mix).map(([name, values]) => ({ name, values }));
  const intensity = (factors: Readonly<Record<keyof typeof mix, number>>) =>
    Float64Array.from({ length: HOURS }, (_, t) => {
      const names = Object.keys(mix) as (keyof typeof mix)[];
      const total = names.reduce((sum, name) => sum + mix[name][t]!, 0);
      const grams = names.reduce((sum, name) => sum + mix[name][t]! * factors[name], 0);
      return Math.round((100 * grams) / total) / 100;
    });

  it('is told by regressing it on the mix', () => {
    expect(intensityBasis(sources, intensity(LIFE_CYCLE))).toBe('life-cycle');
    expect(intensityBasis(sources, intensity(DIRECT))).toBe('direct');
  });

  it('is left open where the mix does not explain the intensity, or is too short', () => {
    const noise = series(HOURS, (h) => 300 + 100 * Math.sin(h * h)).values;
    expect(intensityBasis(sources, noise)).toBeNull();
    const short = sources.map(({ name, values }) => ({ name, values: values.subarray(0, 20) }));
    expect(intensityBasis(short, intensity(LIFE_CYCLE).subarray(0, 20))).toBeNull();
  });
});
