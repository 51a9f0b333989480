import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import { dayShapes } from './day-shapes.ts';
import { portraitOf, SHAPE_LABELS, shapeLabel } from './portrait.ts';

const ZONE = 'Europe/Berlin';
/** Monday. */
const START_MS = Date.UTC(2026, 0, 4, 23);
const hourly = (values: readonly number[], startMs = START_MS) => ({
  startMs,
  resolutionMs: HOUR_MS,
  values: Float64Array.from(values),
});
const dayWithPeak = (hours: readonly number[], peak = 3) =>
  Array.from({ length: 24 }, (_, hour) => (hours.includes(hour) ? peak : 1));
const weeks = (count: number, workday: readonly number[], weekend: readonly number[]) =>
  Array.from({ length: 7 * count }, (_, day) => (day % 7 < 5 ? workday : weekend)).flat();

describe('dayShapes', () => {
  it('are the shares of whole local days; what cannot be compared is counted', () => {
    const ten = Array.from({ length: 10 }, () => dayWithPeak([18])).flat();
    const values = ten.map((value, hour) => (hour === 30 ? Number.NaN : hour >= 48 && hour < 72 ? 0 : value));
    const { days, skipped } = dayShapes(hourly(values), ZONE);
    expect(days).toHaveLength(8);
    expect(skipped).toEqual({ incomplete: 1, clockChange: 0, idle: 1 });
    expect(days[0]).toMatchObject({ date: '2026-01-05', isWeekend: false, energyKwh: 26 });
    expect(days[0]!.shares[18]).toBe(3 / 26);
    expect(days[3]).toMatchObject({ date: '2026-01-10', isWeekend: true });
  });

  it('leave out days of 23 and 25 hours, and stay on local midnights after them', () => {
    const values = Array.from({ length: 4 * 24 }, () => 1);
    const { days, skipped } = dayShapes(hourly(values, Date.UTC(2026, 2, 27, 23)), ZONE);
    expect(days.map(({ date }) => date)).toEqual(['2026-03-28', '2026-03-30', '2026-03-31']);
    expect(skipped.clockChange).toBe(1);
  });

  it('sum to one', () => {
    const load = fc.array(fc.double({ min: 0, max: 50, noNaN: true }), { minLength: 24, maxLength: 200 });
    fc.assert(
      fc.property(load, (values) => {
        for (const { shares } of dayShapes(hourly(values), ZONE).days)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('refuses what is no load', () => {
    expect(() => dayShapes(hourly([1, -1]), ZONE)).toThrow(
      expect.objectContaining({ code: 'LOAD_NEGATIVE' }),
    );
    expect(() => dayShapes({ ...hourly([1]), resolutionMs: 1 }, ZONE)).toThrow(
      expect.objectContaining({ code: 'SERIES_NOT_HOURLY' }),
    );
  });
});

describe('portraitOf', () => {
  it('tells working days from weekends by their shapes', () => {
    const load = weeks(4, dayWithPeak([7, 8]), dayWithPeak([12, 13], 4));
    const portrait = portraitOf(dayShapes(hourly(load), ZONE));
    expect(portrait.kinds).toMatchObject([
      { label: 'morning-peak', shareOfDays: 20 / 28, shareOfWeekends: 0, meanDayKwh: 28 },
      { label: 'midday-peak', shareOfDays: 8 / 28, shareOfWeekends: 1, meanDayKwh: 30 },
    ]);
    expect(portrait.weekendRatio).toBeCloseTo(30 / 28, 12);
  });

  it('is one kind of a load that is always alike', () => {
    const portrait = portraitOf(dayShapes(hourly(weeks(3, dayWithPeak([]), dayWithPeak([]))), ZONE));
    expect(portrait).toMatchObject({
      days: 21,
      loadFactor: 1,
      weekendRatio: 1,
      kinds: [{ label: 'flat', shareOfDays: 1 }],
    });
  });

  it('does not depend on the unit of the load', () => {
    const levels = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 24 * 21, maxLength: 24 * 21 });
    fc.assert(
      fc.property(levels, (values) => {
        const [one, other] = [1, 1024].map((scale) =>
          portraitOf(dayShapes(hourly(values.map((value) => value * scale)), ZONE)),
        );
        expect(other!.kinds.map(({ label, shareOfDays }) => ({ label, shareOfDays }))).toEqual(
          one!.kinds.map(({ label, shareOfDays }) => ({ label, shareOfDays })),
        );
        expect(one!.kinds.reduce((sum, { shareOfDays }) => sum + shareOfDays, 0)).toBeCloseTo(1, 12);
      }),
      { numRuns: 20 },
    );
  });

  it('refuses to say anything of less than two weeks', () => {
    expect(() => portraitOf(dayShapes(hourly(weeks(1, dayWithPeak([]), dayWithPeak([]))), ZONE))).toThrow(
      expect.objectContaining({ code: 'PORTRAIT_TOO_SHORT' }),
    );
  });
});

describe('shapeLabel', () => {
  it.each([
    ['flat', []],
    ['morning-peak', [7]],
    ['midday-peak', [12]],
    ['evening-peak', [19]],
    ['night-peak', [23, 0, 1]],
    ['double-peak', [7, 19]],
  ])('%s', (label, hours) => {
    const day = dayWithPeak(hours);
    const total = day.reduce((sum, value) => sum + value, 0);
    expect(shapeLabel(Float64Array.from(day, (value) => value / total))).toBe(label);
  });

  it('is one of the list for every day', () => {
    const day = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 24, maxLength: 24 });
    fc.assert(
      fc.property(day, (shares) => expect(SHAPE_LABELS).toContain(shapeLabel(Float64Array.from(shares)))),
    );
  });
});
