import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dieboldMariano, promotionLook, requirePromotionTerms } from './champion.ts';

/** Student (1908), Biometrika 6: hours of sleep gained by laevorotatory over dextrorotatory hyoscyamine, ten patients. */
const SLEEP = [1.2, 2.4, 1.3, 1.3, 0, 1, 1.8, 0.8, 4.6, 1.4];

describe('dieboldMariano', () => {
  it('of one day ahead is the paired t-test: Student’s own example, t = 4.0621, p = 0.0014 one-sided', () => {
    const test = dieboldMariano(SLEEP.map((gain) => -gain));
    expect(test.meanDifference).toBeCloseTo(-1.58, 12);
    expect(test.statistic).toBeCloseTo(-4.0621, 4);
    expect(test.pValue).toBeCloseTo(0.002833 / 2, 6);
  });

  it('of two days ahead reckons with the overlap of errors', () => {
    // d̄ = −1.8, γ₀ = .56, γ₁ = −.208, V̂ = .144; S = −1.8/√(.144/5); S* = S·√((5 + 1 − 4 + 2/5)/5)
    const { statistic } = dieboldMariano([-1, -2, -1, -3, -2], 2);
    expect(statistic).toBeCloseTo((-1.8 / Math.sqrt(0.144 / 5)) * Math.sqrt(2.4 / 5), 12);
  });

  it('takes the plain variance where the overlap would make it negative', () => {
    // γ₀ = 1, γ₁ = −3/4: 1 − 1.5 < 0
    const { statistic } = dieboldMariano([0, -2, 0, -2], 2);
    expect(statistic).toBeCloseTo((-1 / Math.sqrt(1 / 4)) * Math.sqrt((4 + 1 - 4 + 2 / 4) / 4), 12);
  });

  it.each([[[0, 0, 0]], [[-0.1, -0.1, -0.1]]])(
    'finds nothing in differences that do not vary: %j',
    (differences) => {
      expect(dieboldMariano(differences)).toMatchObject({ statistic: null, pValue: 1 });
    },
  );

  it('does not depend on the unit of losses, and is reversed with the parties', () => {
    const losses = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(losses, fc.double({ min: 0.1, max: 50, noNaN: true }), (differences, unit) => {
        const test = dieboldMariano(differences);
        fc.pre(test.statistic !== null && Math.abs(test.statistic) < 1e3);
        expect(dieboldMariano(differences.map((d) => d * unit)).pValue).toBeCloseTo(test.pValue, 6);
        expect(dieboldMariano(differences.map((d) => -d)).pValue).toBeCloseTo(1 - test.pValue, 6);
      }),
    );
  });

  it.each([
    [[-1], 1],
    [[-1, -2], 2],
  ])('is refused for %j at %i days ahead', (differences, horizon) => {
    expect(() => dieboldMariano(differences, horizon)).toThrow(
      expect.objectContaining({ code: 'LOSSES_TOO_FEW' }),
    );
  });
});

describe('promotionLook', () => {
  const terms = { level: 0.05, minimumDays: 7 };
  const better = Array.from({ length: 14 }, (_, day) => -0.2 + (day % 2) / 10);

  it('falls due every minimumDays paired days only', () => {
    const due = better.map((_, day) => promotionLook(better.slice(0, day + 1), terms) !== null);
    expect(due.flatMap((is, day) => (is ? [day + 1] : []))).toEqual([7, 14]);
    expect(promotionLook([], terms)).toBeNull();
  });

  it('promotes a challenger that is better day after day, and keeps the champion where it is not', () => {
    expect(promotionLook(better.slice(0, 7), terms)).toMatchObject({ look: 1, level: 0.025, promote: true });
    expect(
      promotionLook(
        better.slice(0, 7).map((d) => -d),
        terms,
      ),
    ).toMatchObject({ promote: false });
    expect(promotionLook([-1, 1, -1, 1, -1, 1, -1], terms)).toMatchObject({ promote: false });
  });

  it('spends no more than the level over any number of looks', () => {
    const looks = Array.from({ length: 100 }, (_, j) =>
      promotionLook(
        Array.from({ length: 7 * (j + 1) }, (_day, i) => i % 2),
        terms,
      ),
    );
    const spent = looks.reduce((sum, look) => sum + look!.level, 0);
    expect(spent).toBeLessThan(0.05);
    expect(spent).toBeCloseTo(0.05 * (100 / 101), 12);
  });

  it('promotes a challenger that is no better in no more than the level of cases', () => {
    // A linear congruential generator (Lehmer 1951, 48 271 mod 2³¹ − 1): the same draws on every machine.
    let seed = 1;
    const uniform = () => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const difference = () => uniform() + uniform() + uniform() - 1.5;
    const promoted = Array.from({ length: 400 }, () => {
      const differences = Array.from({ length: 70 }, difference);
      return differences.some((_, day) => promotionLook(differences.slice(0, day + 1), terms)?.promote);
    });
    // 400 · 5 % = 20, and three standard deviations √(400 · .05 · .95) = 4.4 above
    expect(promoted.filter(Boolean).length).toBeLessThanOrEqual(33);
  });
});

describe('requirePromotionTerms', () => {
  it.each([
    { level: 0, minimumDays: 14 },
    { level: 0.3, minimumDays: 14 },
    { level: Number.NaN, minimumDays: 14 },
    { level: 0.05, minimumDays: 6 },
    { level: 0.05, minimumDays: 7.5 },
    { level: 0.05, minimumDays: 400 },
  ])('refuses %j', (terms) => {
    expect(() => requirePromotionTerms(terms)).toThrow(expect.objectContaining({ code: 'PROMOTION_TERMS' }));
  });
});
