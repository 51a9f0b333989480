import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type LpProblem, lpBuilder, withParts } from '#core';
import { randomSource, uniform } from '#learning';
import { type LpSolver, loadSolver } from '#optimization';
import {
  type AdmmMember,
  type AdmmSignal,
  type DispatchMember,
  admmMember,
  buildDispatch,
  coordinateDispatch,
} from './index.ts';
import { memberProjection, privateMember } from './member-projection.ts';

let solver: LpSolver;
beforeAll(async () => {
  solver = await loadSolver();
});

const HOURS = 6;
const energy = (max: number) => fc.array(fc.nat({ max }), { minLength: HOURS, maxLength: HOURS });
const members: fc.Arbitrary<DispatchMember> = fc.record({
  id: fc.constant('m'),
  loadWh: energy(3_000),
  pvWh: energy(3_000),
  battery: fc.record({
    capacityWh: fc.integer({ min: 2_000, max: 6_000 }),
    chargeWh: fc.nat({ max: 3_000 }),
    dischargeWh: fc.nat({ max: 3_000 }),
    chargeEfficiency: fc.constantFrom(1, 0.9, 0.7),
    dischargeEfficiency: fc.constantFrom(1, 0.95, 0.8),
    initialWh: fc.nat({ max: 2_000 }),
  }),
});

/** The cheapest profile a member can have, as a linear program; column 5t is its net consumption. */
function cheapestProgram(
  { loadWh, pvWh, battery }: DispatchMember,
  cost: readonly number[],
  sellPerMwh: readonly number[],
): LpProblem {
  const lp = lpBuilder('minimize');
  const { capacityWh, chargeWh, dischargeWh, chargeEfficiency, dischargeEfficiency, initialWh } = battery!;
  let before = -1;
  cost.forEach((each, t) => {
    const net = lp.column({ lower: -Infinity, cost: each });
    const charge = lp.column({ upper: chargeWh / 1000 });
    const discharge = lp.column({ upper: dischargeWh / 1000 });
    const curtailed = lp.column({ upper: sellPerMwh[t]! < 0 ? pvWh[t]! / 1000 : 0 });
    const stored = lp.column({ lower: t === HOURS - 1 ? initialWh / 1000 : 0, upper: capacityWh / 1000 });
    const base = (loadWh[t]! - pvWh[t]!) / 1000;
    lp.row({ lower: base, upper: base }, [
      [net, 1],
      [charge, -1],
      [discharge, 1],
      [curtailed, -1],
    ]);
    const start = t === 0 ? initialWh / 1000 : 0;
    lp.row({ lower: start, upper: start }, [
      [stored, 1],
      [charge, -chargeEfficiency],
      [discharge, 1 / dischargeEfficiency],
      ...(t === 0 ? [] : [[before, -1] as const]),
    ]);
    before = stored;
  });
  return lp.build();
}

describe('the projection of a member', () => {
  it('is within reach, and no profile within reach is nearer', () => {
    const targets = fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
      minLength: HOURS,
      maxLength: HOURS,
    });
    const prices = fc.array(fc.constantFrom(-10, 10), { minLength: HOURS, maxLength: HOURS });
    const project = memberProjection(HOURS);
    fc.assert(
      fc.property(members, targets, prices, (member, target, sellPerMwh) => {
        const net = new Float64Array(HOURS);
        project(privateMember(member, sellPerMwh), Float64Array.from(target), net);
        // q is the projection of w exactly where it minimises (q − w)·p over all profiles p.
        const normal = target.map((want, t) => net[t]! - want);
        const own = net.reduce((sum, value, t) => sum + normal[t]! * value, 0);
        const problem = cheapestProgram(member, normal, sellPerMwh);
        expect(own - solver.solve(problem).objective).toBeLessThan(1e-5);
        const { lower, upper } = problem.columns;
        net.forEach((value, t) => {
          lower[5 * t] = value - 1e-6;
          upper[5 * t] = value + 1e-6;
        });
        expect(() => solver.solve(problem)).not.toThrow();
      }),
    );
  });
});

function community(count: number): DispatchMember[] {
  const next = randomSource(5);
  return Array.from({ length: count }, (_, i) => ({
    id: `m${i}`,
    loadWh: Array.from({ length: 24 }, (_x, t) =>
      Math.round(800 * uniform(next) + (t > 17 && t < 22 ? 900 : 200)),
    ),
    pvWh: Array.from({ length: 24 }, (_x, t) =>
      Math.round(Math.max(0, Math.sin(((t - 6) * Math.PI) / 12)) * 3_000 * uniform(next)),
    ),
    // Not everybody has one.
    ...(i % 4 === 3
      ? {}
      : {
          battery: {
            capacityWh: 2_000 + Math.round(4_000 * uniform(next)),
            chargeWh: 1_500,
            dischargeWh: 2_000,
            chargeEfficiency: 0.95,
            dischargeEfficiency: 0.93,
            initialWh: 1_000,
          },
        }),
  }));
}

const TERMS = {
  buyPerMwh: Array.from({ length: 24 }, (_, t) => 20_000 + 500 * (t % 5) + (t > 16 && t < 22 ? 15_000 : 0)),
  sellPerMwh: Array.from({ length: 24 }, (_, t) => (t === 13 ? -2_000 : 8_000)),
};

describe('dispatch with private data', () => {
  it('equals the central optimum to 10^−4, with prices between selling and buying', () => {
    const all = community(30);
    const result = coordinateDispatch(
      all.map((member) => admmMember(member, TERMS)),
      TERMS,
    );
    const central = solver.solve(withParts(buildDispatch(all, TERMS))).objective;
    expect(result.cost).toBeGreaterThanOrEqual(central - 1e-6 * Math.abs(central));
    expect(result.cost - central).toBeLessThan(1e-4 * Math.abs(central));
    expect(Math.max(result.residuals.primal, result.residuals.dual)).toBeLessThanOrEqual(1e-4);
    result.pricePerMwh.forEach((price, t) => {
      expect(price).toBeGreaterThanOrEqual(TERMS.sellPerMwh[t]! - 1e-6);
      expect(price).toBeLessThanOrEqual(TERMS.buyPerMwh[t]! + 1e-6);
    });
  });

  it('tells members one price and one imbalance, and hears their profile and one number', () => {
    const signals: AdmmSignal[] = [];
    const inner = admmMember(community(1)[0]!, TERMS);
    const heard: AdmmMember = {
      answer(signal) {
        signals.push(structuredClone(signal));
        const answer = inner.answer(signal);
        expect(Object.keys(answer)).toEqual(['net', 'moved']);
        return answer;
      },
    };
    const { rounds } = coordinateDispatch([heard], TERMS);
    expect(signals).toHaveLength(rounds);
    for (const signal of signals) expect(Object.keys(signal)).toEqual(['price', 'imbalance', 'penalty']);
  });

  it('says so when it does not converge', () => {
    const all = community(5).map((member) => admmMember(member, TERMS));
    const rounds: number[] = [];
    expect(() =>
      coordinateDispatch(all, TERMS, { maxRounds: 3, onRound: (round) => rounds.push(round) }),
    ).toThrow(
      expect.objectContaining({
        code: 'ADMM_NOT_CONVERGED',
        data: { rounds: 3, primal: expect.any(Number), dual: expect.any(Number) },
      }),
    );
    expect(rounds).toEqual([1, 2, 3]);
  });
});
