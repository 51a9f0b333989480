import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { withParts } from '#core';
import { type LpSolver, loadSolver, subsetObjectives } from '#optimization';
import {
  type Battery,
  type DispatchMember,
  type DispatchTerms,
  bargainOverDispatch,
  buildDispatch,
  coreCheck,
  nucleolus,
  readDispatch,
  savingsGame,
  shapleyValue,
} from './index.ts';

let solver: LpSolver;
beforeAll(async () => {
  solver = await loadSolver();
});

const HOURS = 5;
const energy = fc.array(fc.integer({ min: 0, max: 4_000 }), { minLength: HOURS, maxLength: HOURS });
const battery: fc.Arbitrary<Battery> = fc.record({
  capacityWh: fc.integer({ min: 2_000, max: 8_000 }),
  chargeWh: fc.integer({ min: 0, max: 3_000 }),
  dischargeWh: fc.integer({ min: 0, max: 3_000 }),
  chargeEfficiency: fc.constantFrom(1, 0.95, 0.8),
  dischargeEfficiency: fc.constantFrom(1, 0.9),
  initialWh: fc.integer({ min: 0, max: 2_000 }),
});
const communities = fc
  .array(fc.record({ loadWh: energy, pvWh: energy, battery }, { requiredKeys: ['loadWh', 'pvWh'] }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((members) => members.map((member, i): DispatchMember => ({ id: `m${i}`, ...member })));
const terms: fc.Arbitrary<DispatchTerms> = fc
  .array(fc.tuple(fc.integer({ min: -5_000, max: 30_000 }), fc.nat({ max: 20_000 })), {
    minLength: HOURS,
    maxLength: HOURS,
  })
  .map((prices) => ({
    sellPerMwh: prices.map(([sell]) => sell),
    buyPerMwh: prices.map(([sell, spread]) => sell + spread),
  }));

/** What is stored after each interval, from the integer energies. */
function states(
  { chargeEfficiency, dischargeEfficiency, initialWh }: Battery,
  inWh: readonly number[],
  outWh: readonly number[],
) {
  let stored = initialWh;
  return inWh.map((wh, t) => (stored += wh * chargeEfficiency - outWh[t]! / dischargeEfficiency));
}

describe('dispatch of a community', () => {
  it('balances to the Wh, keeps batteries within bounds and costs what the program says', () => {
    fc.assert(
      fc.property(communities, terms, (members, prices) => {
        const dispatch = buildDispatch(members, prices);
        const schedule = readDispatch(dispatch, solver.solve(withParts(dispatch)));
        schedule.importWh.forEach((importWh, t) => {
          const net = schedule.members.reduce((sum, { netWh }) => sum + netWh[t]!, 0);
          expect(importWh - schedule.exportWh[t]!).toBe(net);
          expect(Math.min(importWh, schedule.exportWh[t]!)).toBe(0);
          expect(schedule.pricePerMwh[t]).toBeGreaterThanOrEqual(prices.sellPerMwh[t]! - 0.01);
          expect(schedule.pricePerMwh[t]).toBeLessThanOrEqual(prices.buyPerMwh[t]! + 0.01);
        });
        members.forEach((member, i) => {
          const { chargeWh, dischargeWh, curtailedWh } = schedule.members[i]!;
          const none: Battery = {
            capacityWh: 0,
            chargeWh: 0,
            dischargeWh: 0,
            chargeEfficiency: 1,
            dischargeEfficiency: 1,
            initialWh: 0,
          };
          const device = member.battery ?? none;
          expect(Math.max(...chargeWh)).toBeLessThanOrEqual(device.chargeWh);
          expect(Math.max(...dischargeWh)).toBeLessThanOrEqual(device.dischargeWh);
          curtailedWh.forEach((wh, t) => expect(wh).toBeLessThanOrEqual(member.pvWh[t]!));
          const stored = states(device, chargeWh, dischargeWh);
          expect(Math.min(...stored)).toBeGreaterThanOrEqual(-HOURS);
          expect(Math.max(...stored)).toBeLessThanOrEqual(device.capacityWh + HOURS);
          expect(stored.at(-1)).toBeGreaterThanOrEqual(device.initialWh - HOURS);
        });
        // Each rounded energy is off by half a Wh at most.
        const slack = (members.length * 3 * HOURS * 50_000) / 1e6;
        expect(Math.abs(schedule.cost - schedule.optimalCost)).toBeLessThan(slack);
      }),
    );
  });

  it('is worth at least as much together as apart, in a game whose core is not empty', async () => {
    await fc.assert(
      fc.asyncProperty(communities, terms, async (members, prices) => {
        const dispatch = buildDispatch(members, prices);
        const costs = await subsetObjectives(dispatch, { threads: 1 });
        costs.forEach((cost, coalition) =>
          expect(cost).toBeCloseTo(solver.solve(withParts(dispatch, coalition)).objective, 4),
        );
        const ids = members.map(({ id }) => id);
        const game = savingsGame(ids, costs);
        expect(Math.min(...game.values)).toBeGreaterThanOrEqual(-1e-4);
        const shares = nucleolus(game, (problem) => solver.solve(problem), { individuallyRational: false });
        expect(coreCheck(game, shares).maxExcess ?? 0).toBeLessThan(1e-4);
        expect(shapleyValue(game).reduce((a, b) => a + b, 0)).toBeCloseTo(game.values.at(-1)!, 4);
      }),
      { numRuns: 8 },
    );
  });

  it('is shared by Nash bargaining, or named infeasible where running it costs more than it saves', () => {
    const alone = [
      { id: 'sun', cost: 50, alpha: 1 },
      { id: 'night', cost: 150, alpha: 2 },
    ];
    expect(bargainOverDispatch({ alone, together: 120 })).toMatchObject({
      totalSurplus: 80,
      memberNet: [20, 40],
      aggregatorNet: 20,
      payments: [-30, -110],
    });
    expect(() => bargainOverDispatch({ alone, together: 120, operatingCost: 81 })).toThrow(
      expect.objectContaining({ code: 'BARGAIN_INFEASIBLE', data: { totalSurplus: -1 } }),
    );
  });

  it('sends a surplus to who needs it before the grid, and waits in a battery for the evening', () => {
    const members: DispatchMember[] = [
      { id: 'sun', loadWh: [0, 0], pvWh: [3_000, 0] },
      {
        id: 'store',
        loadWh: [1_000, 1_000],
        pvWh: [0, 0],
        battery: {
          capacityWh: 5_000,
          chargeWh: 5_000,
          dischargeWh: 5_000,
          chargeEfficiency: 1,
          dischargeEfficiency: 1,
          initialWh: 0,
        },
      },
    ];
    const dispatch = buildDispatch(members, { buyPerMwh: [300, 400], sellPerMwh: [100, 100] });
    const schedule = readDispatch(dispatch, solver.solve(withParts(dispatch, 3)));
    expect(schedule.importWh).toEqual([0, 0]);
    expect(schedule.exportWh.reduce((a, b) => a + b, 0)).toBe(1_000);
    expect(schedule.members[1]!.dischargeWh[1]).toBeGreaterThanOrEqual(1_000);
    const alone = readDispatch(dispatch, solver.solve(withParts(dispatch, 1)), 1);
    expect(alone).toMatchObject({ exportWh: [3_000, 0], members: [{ id: 'sun' }] });
  });
});

describe('what is refused', () => {
  const member: DispatchMember = { id: 'a', loadWh: [1], pvWh: [0] };
  const prices = { buyPerMwh: [2], sellPerMwh: [1] };
  const cell: Battery = {
    capacityWh: 10,
    chargeWh: 5,
    dischargeWh: 5,
    chargeEfficiency: 0.9,
    dischargeEfficiency: 0.9,
    initialWh: 0,
  };

  it.each<[string, string, DispatchMember[], DispatchTerms]>([
    ['selling dearer than buying', 'DISPATCH_PRICES', [member], { buyPerMwh: [1], sellPerMwh: [2] }],
    ['prices of other intervals', 'DISPATCH_PRICES', [member], { buyPerMwh: [2], sellPerMwh: [1, 1] }],
    ['nobody', 'DISPATCH_INPUT', [], prices],
    ['a member twice', 'DISPATCH_INPUT', [member, member], prices],
    ['a load that is no energy', 'DISPATCH_INPUT', [{ ...member, loadWh: [NaN] }], prices],
    ['a generation too short', 'DISPATCH_INPUT', [{ ...member, pvWh: [] }], prices],
    ['a battery overfull', 'DISPATCH_INPUT', [{ ...member, battery: { ...cell, initialWh: 11 } }], prices],
    [
      'a battery that gains',
      'DISPATCH_INPUT',
      [{ ...member, battery: { ...cell, chargeEfficiency: 1.1 } }],
      prices,
    ],
    [
      'too many intervals',
      'DISPATCH_TOO_LARGE',
      [member],
      { buyPerMwh: Array.from({ length: 3_000 }, () => 2), sellPerMwh: [] },
    ],
  ])('%s', (_, code, members, given) => {
    expect(() => buildDispatch(members, given)).toThrow(expect.objectContaining({ code }));
  });
});
