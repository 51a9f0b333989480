import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pageHinkley, requireDriftTerms } from './drift.ts';

const TERMS = { tolerance: 0.1, threshold: 2, minimumDays: 14 };
const days = (count: number, error: (day: number) => number) =>
  Array.from({ length: count }, (_, day) => error(day));
/** Eighty days about 0.8, a fifth up or down. */
const usual = days(80, (day) => 0.8 + 0.2 * Math.sin(day * day));

describe('pageHinkley', () => {
  it('adds up what exceeds the running mean and the tolerance', () => {
    // x̄: 1, 1, 5/3; m: −.1, −.2, −.2 + 3 − 5/3 − .1 = 1.0333; least −.2
    const state = pageHinkley([1, 1, 3], { tolerance: 0.1, threshold: 1.2, minimumDays: 2 });
    expect(state.mean).toBeCloseTo(5 / 3, 12);
    expect(state.excess).toBeCloseTo(3 - 5 / 3 - 0.1, 12);
    expect(state).toMatchObject({ days: 3, drifted: true });
  });

  it('sees no drift in errors that stay as they are', () => {
    for (let end = 1; end <= usual.length; end += 1)
      expect(pageHinkley(usual.slice(0, end), TERMS).drifted).toBe(false);
  });

  it('sees within two weeks that errors have risen by half', () => {
    const drifting = [...usual, ...days(14, () => 1.2)];
    const first = drifting.findIndex((_, day) => pageHinkley(drifting.slice(0, day + 1), TERMS).drifted);
    expect(first).toBeGreaterThan(usual.length);
  });

  it('sees no drift where errors fall, nor before the least number of days', () => {
    expect(pageHinkley([...usual, ...days(40, () => 0.2)], TERMS).drifted).toBe(false);
    expect(pageHinkley([0.1, ...days(12, () => 9)], TERMS)).toMatchObject({ days: 13, drifted: false });
    expect(pageHinkley([0.1, ...days(13, () => 9)], TERMS)).toMatchObject({ days: 14, drifted: true });
    expect(pageHinkley([], TERMS)).toEqual({ days: 0, mean: 0, excess: 0, drifted: false });
  });

  it('does not depend on where the errors lie, only on how they change', () => {
    const errors = fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(errors, fc.double({ min: 0, max: 100, noNaN: true }), (list, shift) => {
        const excess = pageHinkley(list, TERMS).excess;
        expect(
          pageHinkley(
            list.map((error) => error + shift),
            TERMS,
          ).excess,
        ).toBeCloseTo(excess, 8);
        expect(excess).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('requireDriftTerms', () => {
  it.each([
    { tolerance: -1 },
    { tolerance: Number.NaN },
    { threshold: 0 },
    { minimumDays: 1 },
    { minimumDays: 2.5 },
  ])('refuses %j', (change) => {
    expect(() => requireDriftTerms({ ...TERMS, ...change })).toThrow(
      expect.objectContaining({ code: 'DRIFT_TERMS' }),
    );
  });
});
