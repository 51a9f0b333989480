import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import {
  type Device,
  type DeviceMember,
  type DeviceTerms,
  type Storage,
  buildMemberDispatch,
  dispatchAlone,
  dispatchTogether,
  readMemberDispatch,
} from './index.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

const flat = (value: number, slots: number): number[] => Array.from({ length: slots }, () => value);

const member = (devices: readonly Device[], more: Partial<DeviceMember> = {}): DeviceMember => ({
  id: 'home',
  loadKwh: {},
  devices,
  ...more,
});

const electricity = (
  buyPerKwh: readonly number[],
  sellPerKwh: readonly number[] = buyPerKwh,
): DeviceTerms => ({
  slots: buyPerKwh.length,
  slotHours: 1,
  prices: { electricity: { buyPerKwh, sellPerKwh } },
});

const decide = (of: DeviceMember, terms: DeviceTerms) => dispatchAlone([of], terms, solve).members[0]!;

const STORAGE: Storage = {
  capacityKwh: 10,
  chargeKw: 100,
  dischargeKw: 100,
  chargeEfficiency: 1,
  dischargeEfficiency: 1,
  initialKwh: 0,
};

describe('conversions', () => {
  it('chain electricity, hydrogen, gas and heat by their efficiencies', () => {
    const devices: Device[] = [
      { id: 'p2h', type: 'electrolyser', inputKw: 100, hydrogenEfficiency: 0.7, heatEfficiency: 0.1 },
      { id: 'p2g', type: 'methanation', inputKw: 100, gasEfficiency: 0.8 },
      { id: 'boiler', type: 'boiler', inputKw: 100, heatEfficiency: 0.9 },
    ];
    const terms = electricity([2], [1]);
    const decision = decide(member(devices, { loadKwh: { heat: [60.4] } }), terms);
    // One kWh becomes 0.1 + 0.7 · 0.8 · 0.9 = 0.604 of heat.
    expect(decision.devices.map(({ series }) => series['inputKwh'])).toEqual([[100], [70], [56]]);
    expect(decision.exchange.heat!.marginalPerKwh[0]).toBeCloseTo(2 / 0.604, 9);
    expect(decision.cost).toBeCloseTo(200, 6);
  });

  it('run a CHP while electricity pays for the gas', () => {
    const chp: Device = { id: 'chp', type: 'chp', inputKw: 10, electricEfficiency: 0.4, heatEfficiency: 0.5 };
    const terms: DeviceTerms = {
      ...electricity([1, 3]),
      prices: {
        electricity: { buyPerKwh: [1, 3], sellPerKwh: [1, 3] },
        gas: { buyPerKwh: [1, 1] },
        heat: { sellPerKwh: [0, 0] },
      },
    };
    expect(decide(member([chp]), terms).devices[0]!.series).toEqual({
      inputKwh: [0, 10],
      electricityKwh: [0, 4],
      heatKwh: [0, 5],
    });
  });

  it('with a least input run at it or not at all', () => {
    const boiler: Device = { id: 'boiler', type: 'boiler', inputKw: 10, minInputKw: 6, heatEfficiency: 1 };
    const terms: DeviceTerms = {
      ...electricity([1, 1]),
      prices: { gas: { buyPerKwh: [1, 1] }, heat: { buyPerKwh: [1.5, 9], sellPerKwh: [0, 0] } },
    };
    const decision = decide(member([boiler], { loadKwh: { heat: [3, 3] } }), terms);
    expect(decision.devices[0]!.series['inputKwh']).toEqual([0, 6]);
  });

  it('whose output is asked for beyond their size are named by their carrier', () => {
    const boiler: Device = { id: 'boiler', type: 'boiler', inputKw: 2, heatEfficiency: 1 };
    const terms = { ...electricity([1]), prices: { gas: { buyPerKwh: [1] } } };
    expect(() => decide(member([boiler], { loadKwh: { heat: [5] } }), terms)).toThrow(
      expect.objectContaining({
        code: 'DISPATCH_INFEASIBLE',
        data: expect.objectContaining({ device: 'heat', slot: 0, what: 'balance', by: expect.closeTo(3, 6) }),
      }),
    );
  });
});

describe('a flexible load', () => {
  it('moves while the difference of prices exceeds twice its discomfort', () => {
    const load: Device = {
      id: 'wash',
      type: 'flexible-load',
      wantedKwh: [2, 2],
      minKwh: [1, 1],
      maxKwh: [5, 5],
      discomfortPerKwh: 1,
    };
    const served = (prices: number[]) =>
      decide(member([load]), electricity(prices)).devices[0]!.series['servedKwh'];
    expect(served([5, 2.5])).toEqual([1, 3]);
    expect(served([4, 2.5])).toEqual([2, 2]);
  });
});

describe('one member', () => {
  it('is a program that a node can solve on its own', () => {
    const home = member([{ id: 'roof', type: 'pv', availableKwh: [3, 0] }], {
      loadKwh: { electricity: [1, 1] },
    });
    const program = buildMemberDispatch(home, electricity([2, 2], [-1, 1]));
    const decision = readMemberDispatch(program, solve(program.problem));
    expect(decision.exchange.electricity!.netKwh).toEqual([0, 1]);
    expect(decision.devices[0]!.series['usedKwh']).toEqual([1, 0]);
  });
});

const HOURS = 4;
const kwh = fc.array(
  fc.integer({ min: 0, max: 5_000 }).map((wh) => wh / 1_000),
  { minLength: HOURS, maxLength: HOURS },
);
const homes = fc
  .array(fc.record({ load: kwh, pv: kwh, capacityKwh: fc.integer({ min: 0, max: 6 }) }), {
    minLength: 2,
    maxLength: 4,
  })
  .map((each) =>
    each.map(({ load, pv, capacityKwh }, i) =>
      member(
        [
          { id: 'roof', type: 'pv', availableKwh: pv },
          {
            ...STORAGE,
            id: 'battery',
            type: 'battery',
            capacityKwh,
            chargeKw: 2,
            dischargeKw: 2,
            chargeEfficiency: 0.9,
          },
        ],
        { id: `m${i}`, loadKwh: { electricity: load } },
      ),
    ),
  );
const tariffs = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 20 })), {
    minLength: HOURS,
    maxLength: HOURS,
  })
  .map((prices) =>
    electricity(
      prices.map(([sell, spread]) => sell + spread),
      prices.map(([sell]) => sell),
    ),
  );

describe('a community', () => {
  it('costs no member more than alone, at a price between selling and buying that pays for the grid', () => {
    fc.assert(
      fc.property(homes, tariffs, (members, terms) => {
        const alone = dispatchAlone(members, terms, solve);
        const together = dispatchTogether(members, terms, solve);
        const { buyPerKwh, sellPerKwh } = terms.prices.electricity!;
        together.pricePerKwh!.forEach((price, t) => {
          expect(price).toBeGreaterThanOrEqual(sellPerKwh![t]! - 1e-6);
          expect(price).toBeLessThanOrEqual(buyPerKwh![t]! + 1e-6);
        });
        // Half a Wh a flow of rounding, at prices of at most 40.
        together.members.forEach(({ cost }, i) =>
          expect(cost).toBeLessThanOrEqual(alone.members[i]!.cost + 0.5),
        );
        const paid = together.members.reduce((sum, { cost }) => sum + cost, 0);
        expect(Math.abs(paid - together.cost)).toBeLessThan(1);
        expect(together.cost).toBeLessThanOrEqual(alone.cost + 1e-6);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same in any order of its members', () => {
    fc.assert(
      fc.property(homes, tariffs, (members, terms) => {
        const forth = dispatchTogether(members, terms, solve);
        const back = dispatchTogether(members.toReversed(), terms, solve);
        expect(back.cost).toBeCloseTo(forth.cost, 6);
      }),
      { numRuns: 20 },
    );
  });
});

describe('devices that cannot be', () => {
  const battery: Device = { id: 'd', type: 'battery', ...STORAGE };
  it.each<[string, string, Device]>([
    ['chargeEfficiency', 'a perpetual battery', { ...battery, chargeEfficiency: 1.2 }],
    ['initialKwh', 'more stored than fits', { ...battery, initialKwh: 11 }],
    ['capacityKwh', 'no number', { ...battery, capacityKwh: NaN }],
    ['availableKwh', 'a short series', { id: 'd', type: 'pv', availableKwh: [1] }],
    ['cop', 'no coefficient', { id: 'd', type: 'heat-pump', inputKw: 1, cop: [0, 1] }],
    [
      'heatEfficiency',
      'more out than in',
      { id: 'd', type: 'chp', inputKw: 1, electricEfficiency: 0.6, heatEfficiency: 0.6 },
    ],
    [
      'minInputKw',
      'least above most',
      { id: 'd', type: 'boiler', inputKw: 1, minInputKw: 2, heatEfficiency: 1 },
    ],
    [
      'departure',
      'gone before it came',
      { ...STORAGE, id: 'd', type: 'vehicle', arrival: 1, departure: 1, requiredKwh: 0 },
    ],
    [
      'wantedKwh',
      'wants beyond bounds',
      {
        id: 'd',
        type: 'flexible-load',
        wantedKwh: [3, 3],
        minKwh: [0, 0],
        maxKwh: [1, 3],
        discomfortPerKwh: 0,
      },
    ],
  ])('are refused by %s: %s', (field, _, device) => {
    expect(() => decide(member([device]), electricity([1, 1]))).toThrow(
      expect.objectContaining({ code: 'DEVICE_INPUT', data: { member: 'home', device: 'd', field } }),
    );
  });

  it.each([
    ['DISPATCH_PRICES', member([]), electricity([1], [2])],
    ['DISPATCH_INPUT', member([battery, battery]), electricity([1])],
    ['DISPATCH_INPUT', member([], { loadKwh: { gas: [-1] } }), electricity([1])],
    ['DISPATCH_TOO_LARGE', member([]), electricity(flat(1, 3_000))],
  ])('or with %s', (code, of, terms) => {
    expect(() => decide(of, terms)).toThrow(expect.objectContaining({ code }));
  });
});
