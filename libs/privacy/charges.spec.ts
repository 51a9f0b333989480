import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { interval } from '#core';
import { epsilonOf, rhoOf } from './accounting.ts';
import { type Charge, requireWithinBudget, spent } from './charges.ts';

const BUDGET = { epsilon: 4, delta: 1e-6 };

const charge = (change: Partial<Charge> = {}): Charge => ({
  epoch: interval(0, 100),
  series: 'load',
  rho: 0.1,
  cardHash: 'card',
  step: 0,
  attempt: 0,
  ...change,
});

const arbitrary = fc
  .record({
    start: fc.integer({ min: 0, max: 60 }),
    length: fc.integer({ min: 1, max: 12 }),
    series: fc.constantFrom('load', 'pv'),
    rho: fc.double({ min: 0.001, max: 1, noNaN: true }),
  })
  .map(({ start, length, series, rho }) => ({ epoch: interval(start, start + length), series, rho }));
const ledger = fc
  .array(arbitrary, { maxLength: 12 })
  .map((list) => list.map((given, step) => charge({ ...given, step })));

describe('ρ spent on an epoch', () => {
  it('is the sum over ranges linked by overlaps, and the same wherever in them one asks', () => {
    const chain = [
      charge({ epoch: interval(0, 10), step: 1 }),
      charge({ epoch: interval(9, 20), step: 2 }),
      charge({ epoch: interval(19, 30), step: 3 }),
      charge({ epoch: interval(30, 40), step: 4, rho: 7 }),
    ];
    for (const at of [0, 12, 25]) expect(spent(chain, interval(at, at + 1), 'load')).toBeCloseTo(0.3, 12);
    expect(spent(chain, interval(29, 31), 'load')).toBeCloseTo(7.3, 12);
    expect(spent(chain, interval(40, 50), 'load')).toBe(0);
    expect(spent(chain, interval(0, 50), 'pv')).toBe(0);
  });

  it('is at least the sum of what overlaps, and never falls when a charge is added or a range widened', () => {
    fc.assert(
      fc.property(ledger, arbitrary, (charges, { epoch, series, rho }) => {
        const now = spent(charges, epoch, series);
        const overlapping = charges
          .filter(
            (c) => c.series === series && c.epoch.startMs < epoch.endMs && epoch.startMs < c.epoch.endMs,
          )
          .reduce((sum, c) => sum + c.rho, 0);
        expect(now).toBeGreaterThanOrEqual(overlapping - 1e-12);
        const added = charge({ epoch, series, rho, step: 99 });
        expect(spent([...charges, added], epoch, series)).toBeCloseTo(now + rho, 9);
        const wider = interval(epoch.startMs, epoch.endMs + 5);
        expect(spent(charges, wider, series)).toBeGreaterThanOrEqual(now - 1e-12);
        expect(spent(charges.toReversed(), epoch, series)).toBeCloseTo(now, 12);
      }),
    );
  });

  it('counts a release once, however often it was written down', () => {
    fc.assert(
      fc.property(ledger, arbitrary, (charges, { epoch, series }) => {
        expect(spent([...charges, ...charges], epoch, series)).toBeCloseTo(spent(charges, epoch, series), 12);
      }),
    );
  });
});

describe('budget', () => {
  it('admits releases up to ε and refuses the one beyond with the figures', () => {
    const rho = rhoOf(BUDGET.epsilon, BUDGET.delta) / 3;
    const known: Charge[] = [];
    for (const step of [0, 1, 2]) {
      const next = charge({ rho: rho * (1 - 1e-12), step });
      const { repeated, spentEpsilon } = requireWithinBudget(known, next, BUDGET);
      expect(repeated).toBe(false);
      expect(spentEpsilon).toBeCloseTo(epsilonOf(rho * (step + 1), BUDGET.delta), 6);
      known.push(next);
    }
    expect(() => requireWithinBudget(known, charge({ rho, step: 3 }), BUDGET)).toThrow(
      expect.objectContaining({
        code: 'PRIVACY_BUDGET_EXCEEDED',
        kind: 'limit',
        data: {
          spentEpsilon: expect.closeTo(4, 6),
          wouldBeEpsilon: expect.closeTo(epsilonOf(4 * rho, BUDGET.delta), 6),
          budgetEpsilon: 4,
          delta: 1e-6,
        },
      }),
    );
    // Another series and an epoch apart have budgets of their own.
    for (const other of [
      charge({ rho, step: 3, series: 'pv' }),
      charge({ rho, step: 3, epoch: interval(100, 200) }),
    ]) {
      expect(requireWithinBudget(known, other, BUDGET).repeated).toBe(false);
    }
  });

  it('counts what only the new release links', () => {
    const rho = rhoOf(BUDGET.epsilon, BUDGET.delta) * 0.45;
    const apart = [
      charge({ rho, epoch: interval(0, 10) }),
      charge({ rho, epoch: interval(20, 30), step: 1 }),
    ];
    const bridge = charge({ rho, epoch: interval(5, 25), step: 2 });
    expect(() => requireWithinBudget(apart, bridge, BUDGET)).toThrow(
      expect.objectContaining({ code: 'PRIVACY_BUDGET_EXCEEDED' }),
    );
  });

  it('lets the same release repeat, even where nothing is left, but not under other figures', () => {
    const rho = rhoOf(BUDGET.epsilon, BUDGET.delta) * 0.99;
    const known = [charge({ rho })];
    expect(requireWithinBudget(known, charge({ rho }), BUDGET).repeated).toBe(true);
    for (const other of [charge({ rho: rho / 2 }), charge({ rho, epoch: interval(200, 300) })]) {
      expect(() => requireWithinBudget(known, other, BUDGET)).toThrow(
        expect.objectContaining({ code: 'CHARGE_CONFLICT', kind: 'conflict' }),
      );
    }
    for (const other of [
      charge({ rho, attempt: 1 }),
      charge({ rho, step: 1 }),
      charge({ rho, cardHash: 'other' }),
    ]) {
      expect(() => requireWithinBudget(known, other, BUDGET)).toThrow(
        expect.objectContaining({ code: 'PRIVACY_BUDGET_EXCEEDED' }),
      );
    }
  });

  it('pays for truncation out of δ', () => {
    const rho = rhoOf(BUDGET.epsilon, BUDGET.delta) * 0.99;
    const cheap = requireWithinBudget([], charge({ rho, failureProbability: 2 ** -60 }), BUDGET);
    const plain = requireWithinBudget([], charge({ rho }), BUDGET);
    expect(cheap.spentEpsilon).toBeCloseTo(plain.spentEpsilon, 9);
    // (1 + e⁴)·10⁻⁸ is over half of δ; (1 + e⁴)·10⁻⁷ is all of it.
    for (const [failureProbability, wouldBeEpsilon] of [
      [1e-8, expect.closeTo(epsilonOf(rho, 1e-6 - (1 + Math.exp(4)) * 1e-8), 9)],
      [1e-7, Infinity],
    ] as const) {
      expect(() => requireWithinBudget([], charge({ rho, failureProbability }), BUDGET)).toThrow(
        expect.objectContaining({ data: expect.objectContaining({ spentEpsilon: 0, wouldBeEpsilon }) }),
      );
    }
  });

  it('refuses a charge that is none', () => {
    for (const rho of [-1, Number.NaN, Infinity]) {
      expect(() => requireWithinBudget([], charge({ rho }), BUDGET)).toThrow(
        expect.objectContaining({ code: 'CHARGE_INVALID' }),
      );
    }
  });
});
