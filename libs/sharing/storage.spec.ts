import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import { normal, randomSource } from '#learning';
import {
  empiricalStorageEquilibrium,
  gameOf,
  gaussianStorageEquilibrium,
  leaseStorage,
  shapleyValue,
  shareStorage,
} from './index.ts';
import { coalitionSums } from './game.ts';
import { normalQuantile } from './normal-quantile.ts';
import { storageCost } from './storage-sharing.ts';

// oxlint-disable-next-line node/no-process-env -- a test may be pointed at another copy
const casesDir = process.env['CASES_DIR'];
const file = join(casesDir ?? '../shared/cases', 'market', '36_storage_sharing.json');
const available = casesDir !== undefined || existsSync(file);
const published = available ? describe : describe.skip;
const skipped = available ? '' : ` (skipped: no published cases in ${file})`;

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

interface SharingCase {
  readonly peak_consumption: readonly number[];
  readonly storage_capacity: readonly number[];
  readonly price_peak: number;
  readonly price_offpeak: number;
  readonly expected: {
    cost_alone: readonly number[];
    coalition_cost: number;
    core_allocation: readonly number[];
    saving: number;
  };
  readonly computed_by_us: { shapley_cost: readonly number[] };
}

interface GaussianCase {
  readonly mean: readonly number[];
  readonly covariance: readonly (readonly number[])[];
  readonly price_peak: number;
  readonly price_offpeak: number;
  readonly storage_daily_cost: number;
  readonly expected: { service_level: number; collective_capacity: number; firm_capacity: readonly number[] };
}

function expectShared({ expected, computed_by_us: computed, ...of }: SharingCase): void {
  const prices = { peak: of.price_peak, offPeak: of.price_offpeak };
  const members = of.peak_consumption.map((peak, i) => ({
    id: `${i}`,
    peak,
    capacity: of.storage_capacity[i]!,
  }));
  const shared = shareStorage(members, prices);
  expected.cost_alone.forEach((cost, i) => expect(shared.alone[i]).toBeCloseTo(cost, 9));
  expect(shared.coalition).toBeCloseTo(expected.coalition_cost, 9);
  expected.core_allocation.forEach((cost, i) => expect(shared.allocation[i]).toBeCloseTo(cost, 9));
  expect(shared.saving).toBeCloseTo(expected.saving, 9);
  const [x, c] = [coalitionSums(of.peak_consumption), coalitionSums(of.storage_capacity)];
  const costs = gameOf(
    members.map(({ id }) => id),
    (coalition) => storageCost(x[coalition]!, c[coalition]!, prices),
  );
  shapleyValue(costs).forEach((cost, i) => expect(cost).toBeCloseTo(computed.shapley_cost[i]!, 9));
}

published(`published storage${skipped}`, () => {
  it('Chakraborty et al. 2019 and Kalathil et al. 2019: core allocations and equilibrium investment', () => {
    const { cases }: { cases: readonly (SharingCase | GaussianCase)[] } = JSON.parse(
      readFileSync(file, 'utf8'),
    );
    const gaussian = cases.filter((each) => 'mean' in each);
    const sharing = cases.filter((each) => 'peak_consumption' in each);
    expect(gaussian.length * sharing.length).toBeGreaterThan(0);
    expect(gaussian.length + sharing.length).toBe(cases.length);
    sharing.forEach(expectShared);
    for (const { expected, ...of } of gaussian) {
      const prices = { peak: of.price_peak, offPeak: of.price_offpeak };
      const found = gaussianStorageEquilibrium(of, prices, of.storage_daily_cost);
      expect(found.serviceLevel).toBeCloseTo(expected.service_level, 9);
      expect(Math.abs(found.collectiveCapacity - expected.collective_capacity)).toBeLessThan(1e-9);
      expected.firm_capacity.forEach((capacity, k) =>
        expect(Math.abs(found.capacities[k]! - capacity)).toBeLessThan(1e-9),
      );
    }
  });
});

describe('shared storage', () => {
  const amount = fc.integer({ min: 0, max: 20 });
  const firms = fc.array(fc.record({ peak: amount, capacity: amount }), { minLength: 1, maxLength: 6 });

  it('is allocated to the last cost and so that no group does better alone', () => {
    fc.assert(
      fc.property(
        firms,
        fc.integer({ min: 0, max: 9 }),
        fc.integer({ min: 0, max: 9 }),
        (drawn, low, spread) => {
          const prices = { peak: low + spread, offPeak: low };
          const members = drawn.map((firm, i) => ({ id: `${i}`, ...firm }));
          const { allocation, coalition, saving } = shareStorage(members, prices);
          expect(sum(allocation)).toBeCloseTo(coalition, 8);
          expect(saving).toBeGreaterThanOrEqual(-1e-9);
          const x = coalitionSums(drawn.map(({ peak }) => peak));
          const c = coalitionSums(drawn.map(({ capacity }) => capacity));
          coalitionSums(allocation).forEach((part, group) =>
            expect(part).toBeLessThanOrEqual(storageCost(x[group]!, c[group]!, prices) + 1e-8),
          );
        },
      ),
    );
  });

  it.each([
    ['a peak price below the other', [{ id: 'a', peak: 1, capacity: 1 }], { peak: 1, offPeak: 2 }],
    ['a negative capacity', [{ id: 'a', peak: 1, capacity: -1 }], { peak: 2, offPeak: 1 }],
    ['nobody', [], { peak: 2, offPeak: 1 }],
  ])('refuses %s', (_, members, prices) => {
    expect(() => shareStorage(members, prices)).toThrow(expect.objectContaining({ code: 'STORAGE_INPUT' }));
  });
});

describe('investment in storage', () => {
  const prices = { peak: 0.5, offPeak: 0.2 };

  it('has the quantiles of tables', () => {
    expect(normalQuantile(0.5)).toBe(0);
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
    expect(normalQuantile(0.8413447460685429)).toBeCloseTo(1, 12);
  });

  it('sums to the collective capacity and is found from observed days too', () => {
    const next = randomSource(3);
    const days = Array.from({ length: 4000 }, () => {
      const weather = normal(next);
      return [20 + weather + normal(next), 30 + 2 * weather + normal(next), 10 + normal(next) / 2];
    });
    const covariance = [
      [2, 2, 0],
      [2, 5, 0],
      [0, 0, 0.25],
    ];
    const exact = gaussianStorageEquilibrium({ mean: [20, 30, 10], covariance }, prices, 0.1);
    const observed = empiricalStorageEquilibrium(days, prices, 0.1, 400);
    expect(sum(exact.capacities)).toBeCloseTo(exact.collectiveCapacity, 9);
    expect(sum(observed.capacities)).toBeCloseTo(observed.collectiveCapacity, 9);
    expect(observed.collectiveCapacity).toBeCloseTo(exact.collectiveCapacity, 0);
    observed.capacities.forEach((capacity, k) =>
      expect(Math.abs(capacity - exact.capacities[k]!)).toBeLessThan(0.2),
    );
    expect(exact.nonDecreasing).toEqual([true, true, true]);
    expect(observed.nonDecreasing.slice(0, 2)).toEqual([true, true]);
  });

  it('is less than alone where uses differ', () => {
    const covariance = [
      [1, -0.5],
      [-0.5, 1],
    ];
    const { collectiveCapacity, alone } = gaussianStorageEquilibrium(
      { mean: [5, 5], covariance },
      prices,
      0.05,
    );
    expect(collectiveCapacity).toBeLessThan(sum(alone));
  });

  it('reports a firm that uses less when all use more', () => {
    const covariance = [
      [4, -1.5],
      [-1.5, 1],
    ];
    const gaussian = gaussianStorageEquilibrium({ mean: [9, 9], covariance }, prices, 0.1);
    expect(gaussian.nonDecreasing).toEqual([true, false]);
    const days = Array.from({ length: 50 }, (_, d) => [2 * d, 60 - d]);
    expect(empiricalStorageEquilibrium(days, prices, 0.1).nonDecreasing).toEqual([true, false]);
  });

  it('does not depend on the order of days', () => {
    const days = [
      [1, 2],
      [2, 1],
      [3, 3],
      [0, 4],
    ];
    expect(empiricalStorageEquilibrium([...days].toReversed(), prices, 0.1, 2)).toEqual(
      empiricalStorageEquilibrium(days, prices, 0.1, 2),
    );
  });

  it.each([0, 0.3, -1, NaN])('refuses a cost of %d outside the spread', (cost) => {
    expect(() => empiricalStorageEquilibrium([[1]], prices, cost)).toThrow(
      expect.objectContaining({ code: 'STORAGE_COST' }),
    );
  });

  it('refuses covariances and days that cannot be', () => {
    const refused = expect.objectContaining({ code: 'STORAGE_INPUT' });
    const skew = [
      [1, 0],
      [1, 1],
    ];
    expect(() => gaussianStorageEquilibrium({ mean: [1, 1], covariance: skew }, prices, 0.1)).toThrow(
      refused,
    );
    expect(() => gaussianStorageEquilibrium({ mean: [1], covariance: [[0]] }, prices, 0.1)).toThrow(refused);
    expect(() => empiricalStorageEquilibrium([[1], [1, 2]], prices, 0.1)).toThrow(refused);
    expect(() => empiricalStorageEquilibrium([[-1]], prices, 0.1)).toThrow(refused);
    expect(() => empiricalStorageEquilibrium([], prices, 0.1)).toThrow(refused);
    expect(() => empiricalStorageEquilibrium([[1]], prices, 0.1, 2)).toThrow(refused);
    expect(() =>
      gaussianStorageEquilibrium(
        {
          mean: [-9, 1],
          covariance: [
            [1, 0],
            [0, 1],
          ],
        },
        prices,
        0.1,
      ),
    ).toThrow(expect.objectContaining({ code: 'STORAGE_CAPACITY_NEGATIVE' }));
  });
});

describe('leased storage', () => {
  const hour = { startMs: 0, endMs: HOUR_MS };
  const lot = { id: 'tower', owner: 'telecom', capacityWh: 10_000, reservedWh: 6_000, pricePerMwh: 100 };
  const request = { id: 'r', member: 'firm', capacityWh: 9_000, pricePerMwh: 300 };

  it('lets at one price and never touches the backup of a base station', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20_000 }), fc.nat({ max: 10_000 }), (wantedWh, reservedWh) => {
        const { keptWh, quantityWh } = leaseStorage(
          hour,
          [{ ...lot, reservedWh }],
          [{ ...request, capacityWh: wantedWh + 1 }],
        );
        expect(keptWh[0]).toBeGreaterThanOrEqual(reservedWh);
        expect(keptWh[0]! + quantityWh).toBe(lot.capacityWh);
        expect(quantityWh).toBe(Math.min(wantedWh + 1, lot.capacityWh - reservedWh));
      }),
    );
    const { pricePerMwh, trades } = leaseStorage(hour, [lot], [request]);
    expect(pricePerMwh).toBe(300);
    expect(trades).toMatchObject([{ buyer: 'firm', seller: 'telecom', quantityWh: 4_000 }]);
  });

  it('refuses a reserve above the capacity', () => {
    expect(() => leaseStorage(hour, [{ ...lot, reservedWh: 10_001 }], [request])).toThrow(
      expect.objectContaining({ code: 'LEASE_INPUT' }),
    );
  });
});
