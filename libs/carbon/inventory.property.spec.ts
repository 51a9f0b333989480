import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS } from '#core';
import {
  type AppliedFactor,
  bothAccounts,
  Exact,
  exactSum,
  gwpSet,
  type Instrument,
  inventory,
  type Inventory,
  type InventoryInput,
  type LineTotal,
  type Matching,
  type PurchasedEnergy,
} from './index.ts';

const factor = (id: string, kgPerUnit: number | null): AppliedFactor => ({
  id,
  kgPerUnit: kgPerUnit === null ? null : new Exact(kgPerUnit),
  unit: 'kWh',
  basis: 'direct',
  calorific: null,
  gwpSet: null,
  zone: null,
  source: 'drawn',
  uncertaintyPercent: null,
  estimated: false,
});

const HOURS = 6;
const byHour = (values: readonly number[]): Map<number, InstanceType<typeof Exact>> =>
  new Map(values.map((value, hour) => [hour * HOUR_MS, new Exact(value)]));

interface Drawn {
  readonly loads: readonly (readonly number[])[];
  readonly grid: readonly number[];
  readonly residual: number;
  readonly certificates: readonly {
    readonly kwh: readonly number[];
    readonly kg: number;
    readonly retired: boolean;
  }[];
}

const energyOf = (kwh: readonly number[], i: number, { grid, residual }: Drawn): PurchasedEnergy => {
  const average = { annual: null, series: { factor: factor('grid', null), kgPerKwhByHour: byHour(grid) } };
  return {
    terms: {
      id: `meter ${i}`,
      kind: 'purchased',
      site: null,
      scope3Category: null,
      leased: null,
      uncertaintyPercent: null,
      qualityScore: null,
      primary: null,
      estimated: false,
    },
    carrier: 'electricity',
    zone: 'DE',
    market: 'DE',
    kwh: exactSum(kwh),
    kwhByHour: byHour(kwh),
    hoursWithoutReading: 0,
    average,
    gridAverage: average,
    residual: { annual: factor('residual', residual), series: null },
    lifecycle: null,
    upstream: null,
    losses: { ratio: new Exact('0.1'), basis: 'direct', source: 'drawn', inLifecycle: true },
  };
};

const certificateOf = ({ kwh, kg, retired }: Drawn['certificates'][number], i: number): Instrument => ({
  id: `certificate ${i}`,
  kind: 'certificate',
  carrier: 'electricity',
  market: 'DE',
  activities: null,
  kwh: exactSum(kwh),
  kwhByHour: byHour(kwh),
  factor: factor(`certificate ${i}`, kg),
  vintage: null,
  retired,
  exclusive: true,
  units: null,
});

const inputOf = (drawn: Drawn, hours: number, from: number): InventoryInput => {
  const cut = (values: readonly number[]) =>
    values.map((value, hour) => (hour >= from && hour < hours ? value : 0));
  return {
    period: null,
    basis: 'direct',
    gwp: gwpSet('AR5'),
    fuels: [],
    leaks: [],
    given: [],
    energies: drawn.loads.map((kwh, i) => energyOf(cut(kwh), i, drawn)),
    resold: [],
    instruments: drawn.certificates.map((each, i) => certificateOf({ ...each, kwh: cut(each.kwh) }, i)),
    vintages: null,
  };
};

const told = (drawn: Drawn, hours = HOURS, from = 0): Inventory => inventory(inputOf(drawn, hours, from));

const series = (max: number) => fc.array(fc.integer({ min: 0, max }), { minLength: HOURS, maxLength: HOURS });
const certificates = fc.array(
  fc.record({ kwh: series(80), kg: fc.integer({ min: 0, max: 3 }), retired: fc.boolean() }),
  { maxLength: 4 },
);
const draws: fc.Arbitrary<Drawn> = fc.record({
  loads: fc.array(series(100), { minLength: 1, maxLength: 3 }),
  grid: series(9),
  residual: fc.integer({ min: 0, max: 9 }),
  certificates,
});

const MATCHINGS: readonly Matching[] = ['annual', 'hourly'];
const scope2 = ({ lines }: Inventory, account: 'location' | 'market', matching: Matching): number =>
  bothAccounts(lines, matching)[account].scopes[2].emissionsKg!.toNumber();
const totalKg = (totals: Iterable<LineTotal>): number =>
  exactSum([...totals].map(({ emissionsKg }) => emissionsKg ?? 0)).toNumber();
const consumed = ({ loads }: Drawn): number => loads.flat().reduce((sum, kwh) => sum + kwh, 0);

describe('inventories', () => {
  it('tell location-based whatever instruments there are', () => {
    fc.assert(
      fc.property(draws, certificates, (drawn, others) => {
        for (const matching of MATCHINGS) {
          expect(scope2(told({ ...drawn, certificates: others }), 'location', matching)).toBe(
            scope2(told(drawn), 'location', matching),
          );
        }
      }),
    );
  });

  it('cover no more than is consumed, than there is, or than is eligible, in all and in every hour', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const { annual, hourly, instruments } = told(drawn);
        for (const accounts of [annual, hourly!]) {
          expect(exactSum([...accounts.usedKwh.values()]).toNumber()).toBeLessThanOrEqual(consumed(drawn));
        }
        for (const { instrument, reasons, usedKwh } of instruments) {
          for (const matching of MATCHINGS) {
            expect(usedKwh[matching]!.lte(reasons.length === 0 ? instrument.kwh! : 0)).toBe(true);
          }
        }
        for (const { kwh, coveredKwh } of hourly!.hours) expect(coveredKwh.lte(kwh)).toBe(true);
        // Hour by hour is never more than over the year.
        expect(exactSum([...hourly!.usedKwh.values()]).lte(exactSum([...annual.usedKwh.values()]))).toBe(
          true,
        );
      }),
    );
  });

  it('tell market-based between the least and the greatest factor', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const factors = [drawn.residual, ...drawn.certificates.map(({ kg }) => kg)];
        for (const matching of MATCHINGS) {
          const kg = scope2(told(drawn), 'market', matching);
          expect(kg).toBeGreaterThanOrEqual(Math.min(...factors) * consumed(drawn));
          expect(kg).toBeLessThanOrEqual(Math.max(...factors) * consumed(drawn));
        }
      }),
    );
  });

  it('add up over intervals, hour by hour in both accounts', () => {
    fc.assert(
      fc.property(draws, fc.integer({ min: 1, max: HOURS - 1 }), (drawn, at) => {
        for (const account of ['location', 'market'] as const) {
          const parts =
            scope2(told(drawn, at), account, 'hourly') + scope2(told(drawn, HOURS, at), account, 'hourly');
          expect(parts).toBe(scope2(told(drawn), account, 'hourly'));
        }
      }),
    );
  });

  it('add up to the same by scope, by category and by ISO 14064-1', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const { lines } = told(drawn);
        for (const matching of MATCHINGS) {
          for (const { total, scopes, iso, scope3 } of Object.values(bothAccounts(lines, matching))) {
            expect(totalKg(Object.values(scopes))).toBe(total.emissionsKg!.toNumber());
            expect(totalKg(iso.values())).toBe(total.emissionsKg!.toNumber());
            expect(totalKg(scope3.values())).toBe(scopes[3].emissionsKg!.toNumber());
          }
        }
      }),
    );
  });

  it('come out the same in any order of activities and instruments', () => {
    fc.assert(
      fc.property(draws, (drawn) => {
        const input = inputOf(drawn, HOURS, 0);
        const { energies, instruments } = input;
        const backwards = {
          ...input,
          energies: energies.toReversed(),
          instruments: instruments.toReversed(),
        };
        expect(inventory(backwards).lines).toEqual(inventory(input).lines);
      }),
    );
  });
});
