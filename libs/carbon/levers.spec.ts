import { beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, type LpSolve } from '#core';
import { loadSolver } from '#optimization';
import { annuity, type Lever, type LeverHour, type LeverTerms, rankedLevers } from './index.ts';

const START = Date.UTC(2026, 0, 5);
const TERMS: LeverTerms = { zone: '+00:00', basis: 'direct', averaging: 'average', worthPerKg: 1_000 };
const PV_FACTOR = { kgPerKwh: 0, basis: 'direct', averaging: 'average', source: 'test' } as const;
const GAS = { kgPerKwh: 0.2, basis: 'direct', averaging: null, source: 'test' } as const;

/** Two days of 1 kWh an hour; 0.1 kg/kWh at noon for four hours, else 0.5; money 0.3 and 0.1. */
const day = (of: (h: number) => Partial<LeverHour> = () => ({})): LeverHour[] =>
  Array.from({ length: 48 }, (_, i) => ({
    startMs: START + i * HOUR_MS,
    loadKwh: 1,
    pvKwh: 0,
    kgPerKwh: isClean(i) ? 0.1 : 0.5,
    buyPerKwh: 0.3,
    sellPerKwh: 0.1,
    ...of(i),
  }));
const isClean = (i: number): boolean => i % 24 >= 10 && i % 24 < 14;

let solve: LpSolve;
const saved = (lever: Lever, hours = day(), terms: Partial<LeverTerms> = {}) =>
  rankedLevers(hours, [lever], { ...TERMS, ...terms }, solve).levers[0]!;

const order = (levers: Lever[]) =>
  rankedLevers(day(), levers, TERMS, solve).levers.map(({ id, tonnesPerCost }) => [
    id,
    tonnesPerCost !== null,
  ]);

beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

describe('levers of a member', () => {
  it('moves the flexible share of the load into the clean hours, as far as an hour may draw', () => {
    const lever: Lever = { id: 'shift', type: 'shift', flexibleShare: 0.1, maxLoadKwh: 1.4 };
    // Each clean hour takes 0.4 more: 1.6 kWh a day from 0.5 to 0.1 kg/kWh.
    expect(saved(lever).savedKg).toBeCloseTo(2 * 1.6 * 0.4, 6);
    // All of the 2 kWh from the 20 other hours where there is no such limit.
    expect(saved({ ...lever, maxLoadKwh: 10 }).savedKg).toBeCloseTo(2 * 2 * 0.4, 6);
    expect(saved({ ...lever, flexibleShare: 0 }).savedKg).toBe(0);
    // No new peak, unless told.
    expect(saved({ id: 'shift', type: 'shift', flexibleShare: 0.1 }).savedKg).toBe(0);
  });

  it('moves nothing that costs more than it is worth', () => {
    const lever: Lever = {
      id: 'shift',
      type: 'shift',
      flexibleShare: 0.1,
      maxLoadKwh: 10,
      costPerKwhMoved: 0.05,
    };
    // 0.4 kg a kWh at 100 a tonne is 0.04.
    expect(saved(lever, day(), { worthPerKg: 0.1 })).toMatchObject({ savedKg: 0, costPerYear: 0 });
    const moved = saved(lever, day(), { worthPerKg: 0.2 });
    expect(moved.savedKg).toBeCloseTo(1.6, 6);
    expect(moved.costPerYear).toBeCloseTo(4 * 0.05 * (8_766 / 48), 4);
  });

  it('moves load into own surplus, which emits nothing and is not sold then', () => {
    const sunny = day((i) => ({ pvKwh: isClean(i) ? 3 : 0 }));
    const lever: Lever = { id: 'shift', type: 'shift', flexibleShare: 0.05, maxLoadKwh: 5 };
    const found = saved(lever, sunny);
    // 1 kWh a day that was 0.5 kg and 0.3, and is a sale of 0.1 less.
    expect(found.savedKg).toBeCloseTo(2 * 0.5, 6);
    expect(found.runningCostPerYear).toBeCloseTo(-2 * 0.2 * (8_766 / 48), 4);
  });

  it('stores with the losses on both ways, and pays for the battery by its annuity', () => {
    const lever: Lever = {
      id: 'battery',
      type: 'store',
      capacityKwh: 2,
      chargeKw: 2,
      dischargeKw: 2,
      chargeEfficiency: 0.8,
      dischargeEfficiency: 1,
      investment: { amount: 1_000, lifetimeYears: 10, interestRate: 0 },
    };
    const found = saved(lever);
    // 2 kWh a day out at 0.5, 2.5 kWh in at 0.1; 0.5 kWh more are bought.
    expect(found.savedKg).toBeCloseTo(2 * (2 * 0.5 - 2.5 * 0.1), 6);
    expect(found.investmentPerYear).toBe(100);
    expect(found.costPerYear).toBeCloseTo(100 + 2 * 0.5 * 0.3 * (8_766 / 48), 4);
    expect(found.costPerTonne).toBeCloseTo(found.costPerYear / (found.savedKgPerYear / 1_000), 3);
  });

  it('buys neighbours’ surplus for what the grid gives, no more than there is', () => {
    const hours = day((i) => ({ surplusKwh: isClean(i) ? 0.4 : 0, pvKwh: i % 24 === 10 ? 0.8 : 0 }));
    const lever: Lever = { id: 'share', type: 'share', pricePerKwh: 0.2, factor: PV_FACTOR };
    const found = saved(lever, hours);
    // At ten only 0.2 is drawn from the grid.
    expect(found.savedKg).toBeCloseTo(2 * (0.2 + 3 * 0.4) * 0.1, 6);
    expect(found.runningCostPerYear).toBeCloseTo(-2 * 1.4 * 0.1 * (8_766 / 48), 4);
    const dirty: Lever = { ...lever, factor: { ...PV_FACTOR, kgPerKwh: 0.2 } };
    expect(saved(dirty, hours).savedKg).toBe(0);
  });

  it('switches heat from a fuel to a heat pump, in the hours of the heat or evenly', () => {
    const fuel = { factor: GAS, pricePerKwh: 0.1, efficiency: 0.8 };
    const lever: Lever = { id: 'pump', type: 'switch-fuel', fuel, cop: 4 };
    const found = saved(
      lever,
      day((i) => ({ heatKwh: isClean(i) ? 4 : 0 })),
    );
    // An hour: 5 kWh of gas, 1 kg and 0.5, for 1 kWh at 0.1 kg and 0.3.
    expect(found.savedKg).toBeCloseTo(8 * (1 - 0.1), 6);
    expect(found.runningCostPerYear).toBeCloseTo(8 * (0.3 - 0.5) * (8_766 / 48), 4);
    const evenly = saved({ ...lever, heatKwhPerYear: 4 * 8_766 });
    expect(evenly.savedKg).toBeCloseTo(48 * 1 - (40 * 0.5 + 8 * 0.1), 6);
  });

  it('ranks what saves money by its tonnes, then by tonnes per cost, and last what saves none', () => {
    const fuel = { factor: GAS, pricePerKwh: 0.1, efficiency: 0.8 };
    const pump = { type: 'switch-fuel', fuel, cop: 4, heatKwhPerYear: 8_766 } as const;
    const levers: Lever[] = [
      { id: 'none', type: 'shift', flexibleShare: 0 },
      { id: 'dear', ...pump, costPerYear: 9_000 },
      { id: 'cheap', ...pump, costPerYear: 8_000 },
      { id: 'gain', ...pump },
      { id: 'big gain', ...pump, heatKwhPerYear: 20_000 },
    ];
    expect(order(levers)).toEqual([
      ['big gain', false],
      ['gain', false],
      ['cheap', true],
      ['dear', true],
      ['none', false],
    ]);
    expect(order(levers.toReversed())).toEqual(order(levers));
  });

  it('says what the hours are worth as they are, a surplus left where feeding in would cost', () => {
    const hours = day((i) => ({ pvKwh: isClean(i) ? 2 : 0, sellPerKwh: i < 24 ? 0.1 : -0.1 }));
    const { baseline, yearScale } = rankedLevers(hours, [], TERMS, solve);
    expect(baseline.emissionsKg).toBeCloseTo(40 * 0.5, 9);
    expect(baseline.cost).toBeCloseTo(40 * 0.3 - 4 * 0.1, 9);
    expect(yearScale).toBe(8_766 / 48);
  });

  it.each([
    [
      'BASIS_MIXED',
      { id: 'share', type: 'share', pricePerKwh: 0, factor: { ...PV_FACTOR, basis: 'lifecycle' } },
    ],
    ['LEVER_INPUT', { id: 'shift', type: 'shift', flexibleShare: 1.1 }],
    [
      'LEVER_INPUT',
      {
        id: 'shift',
        type: 'shift',
        flexibleShare: 0.1,
        investment: { amount: 1, lifetimeYears: 0, interestRate: 0 },
      },
    ],
  ] satisfies [string, Lever][])('refuses with %s', (code, lever) => {
    expect(() => saved(lever)).toThrow(expect.objectContaining({ code }));
  });

  it('lets no average factor stand beside marginal intensities; a fuel that is not burnt has none', () => {
    const share: Lever = { id: 'share', type: 'share', pricePerKwh: 0, factor: PV_FACTOR };
    const marginal = { averaging: 'marginal' } as const;
    expect(() => saved(share, day(), marginal)).toThrow(expect.objectContaining({ code: 'AVERAGING_MIXED' }));
    const fuel = { factor: GAS, pricePerKwh: 0.1, efficiency: 0.8 };
    const pump: Lever = { id: 'pump', type: 'switch-fuel', fuel, cop: 4, heatKwhPerYear: 1_000 };
    expect(saved(pump, day(), marginal).savedKg).toBeGreaterThan(0);
  });

  it('refuses hours that overlap, are fewer than a day, or buy for less than they sell', () => {
    const refused = expect.objectContaining({ code: 'LEVER_INPUT' });
    for (const hours of [[...day(), day()[0]!], day().slice(1, 24), day(() => ({ sellPerKwh: 0.4 }))])
      expect(() => rankedLevers(hours, [], TERMS, solve)).toThrow(refused);
  });

  it('spreads an investment as an annuity', () => {
    expect(annuity({ amount: 1_000, lifetimeYears: 20, interestRate: 0.05 })).toBeCloseTo(80.2426, 4);
    expect(annuity({ amount: 1_000, lifetimeYears: 20, interestRate: 0 })).toBe(50);
  });
});
