import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError, type LpSolve } from '#core';
import { loadSolver } from '#optimization';
import {
  admitTrades,
  type GeneratorData,
  linDistFlow,
  losses,
  type NetworkData,
  networkOf,
  operatingEnvelopes,
  powerFlow,
  priceRadial,
  radialTree,
  type RadialPricing,
  violations,
} from './index.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem, { primalTolerance: 1e-9, dualTolerance: 1e-9 });
});

interface DrawnFeeder {
  readonly parents: readonly number[];
  readonly r: readonly number[];
  readonly x: readonly number[];
  readonly p: readonly number[];
  readonly q: readonly number[];
}

const within = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

const thousandths = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((value) => value / 1000);

/** A radial feeder of 2 to 10 buses in per unit, bus 0 the root; consumption between `lowest` and 0.05 pu a bus. */
const feeders = (lowest: number): fc.Arbitrary<DrawnFeeder> =>
  fc.integer({ min: 1, max: 9 }).chain((count) => {
    const each = (values: fc.Arbitrary<number>): fc.Arbitrary<number[]> =>
      fc.array(values, { minLength: count, maxLength: count });
    return fc.record({
      parents: each(fc.nat()).map((drawn) => drawn.map((parent, k) => parent % (k + 1))),
      r: each(within(0.01, 0.05)),
      x: each(within(0.01, 0.05)),
      p: each(within(lowest, 0.05)),
      q: each(within(lowest / 2, 0.025)),
    });
  });

function feederData(
  { parents, r, x, p, q }: DrawnFeeder,
  bounds: { vmin?: number; vmax?: number } = {},
): NetworkData {
  return {
    base: { kv: 1, mva: 1 },
    powerUnit: 'pu',
    impedanceUnit: 'pu',
    root: '0',
    price: 1,
    buses: [{ id: '0' }, ...p.map((load, k) => ({ id: String(k + 1), p: load, q: q[k]!, ...bounds }))],
    lines: parents.map((parent, k) => ({ from: String(parent), to: String(k + 1), r: r[k]!, x: x[k]! })),
  };
}

const flowOf = (data: NetworkData) => {
  const tree = radialTree(networkOf(data));
  const { p, q } = tree.network.periods[0]!;
  return { tree, p, q, state: powerFlow(tree, p, q) };
};

const sum = (values: Iterable<number>): number => [...values].reduce((a, b) => a + b, 0);

describe('power flow of random radial feeders', () => {
  it('balances: the root supplies what is consumed and lost', () => {
    fc.assert(
      fc.property(feeders(-0.05), (feeder) => {
        const { tree, p, q, state } = flowOf(feederData(feeder));
        const lost = losses(tree, state);
        expect(state.p[0]!).toBeCloseTo(sum(p) + lost.p, 10);
        expect(state.q[0]!).toBeCloseTo(sum(q) + lost.q, 10);
        for (let k = 1; k < state.v.length; k += 1) {
          expect(state.current[k]! * state.v[tree.parent[k]!]!).toBeCloseTo(
            state.p[k]! ** 2 + state.q[k]! ** 2,
            10,
          );
        }
      }),
    );
  });

  it('lets voltages fall along a feeder that only consumes, below those of LinDistFlow', () => {
    fc.assert(
      fc.property(feeders(0), (feeder) => {
        const { tree, p, q, state } = flowOf(feederData(feeder));
        const lossless = linDistFlow(tree, p, q, 'none');
        for (let k = 1; k < state.v.length; k += 1) {
          expect(state.v[k]!).toBeLessThanOrEqual(state.v[tree.parent[k]!]! + 1e-12);
          expect(state.v[k]!).toBeLessThanOrEqual(lossless.v[k]! + 1e-12);
        }
      }),
    );
  });

  it('is the same in any order of buses and lines', () => {
    fc.assert(
      fc.property(feeders(-0.05), (feeder) => {
        const data = feederData(feeder);
        const lines = data.lines
          .map(({ from, to, ...line }) => ({ ...line, from: to, to: from }))
          .toReversed();
        const turned = flowOf({ ...data, buses: data.buses.toReversed(), lines });
        expect(turned.state).toEqual(flowOf(data).state);
      }),
    );
  });

  it('refuses a load past what the feeder can carry', () => {
    const far = { parents: [0], r: [0.5], x: [0.5], p: [1], q: [1] };
    expect(() => flowOf(feederData(far))).toThrow(expect.objectContaining({ code: 'POWER_FLOW_DIVERGED' }));
  });
});

/** Two plants somewhere, dearer than the grid, and a lowest voltage that the load alone would break by half its drop. */
function pricedFeeder(
  feeder: DrawnFeeder,
  [first, second]: readonly [number, number],
  limited: boolean,
): NetworkData {
  const count = feeder.p.length;
  const data = feederData(feeder);
  const { state } = flowOf(data);
  const lowest = Math.sqrt(Math.min(...state.v));
  const generators: GeneratorData[] = [
    { id: 'near', bus: String(1 + (first % count)), cost: 1.02, pmax: 0.1, qmin: -0.01, qmax: 0.01 },
    { id: 'far', bus: String(1 + (second % count)), cost: 1.3, pmax: 0.1 },
    // So that every draw has a dispatch.
    ...feeder.p.map((_, k) => ({ id: `any ${k}`, bus: String(k + 1), cost: 5 + 0.1 * k, pmax: 0.2 })),
  ];
  const vmin = limited ? (1 + lowest) / 2 : 0;
  return { ...data, generators, buses: data.buses.map((bus) => (bus.id === '0' ? bus : { ...bus, vmin })) };
}

const costOf = (data: NetworkData, pricing: RadialPricing): number =>
  sum(
    data
      .generators!.toSorted((a, b) => (a.id < b.id ? -1 : 1))
      .map(({ cost }, i) => Number(cost) * pricing.generation[i]!.p),
  ) + pricing.dispatch.gridP;

const price = (data: NetworkData, model: 'exact' | 'lindistflow' = 'exact'): RadialPricing =>
  priceRadial(radialTree(networkOf(data)), solve, model)[0]!;

/** Reactive load alone can be past what active power mends: such draws say so and are drawn again. */
function priceFeasible(data: NetworkData, model: 'exact' | 'lindistflow' = 'exact'): RadialPricing {
  try {
    return price(data, model);
  } catch (error) {
    fc.pre(!(error instanceof DomainError && error.code === 'NETWORK_INFEASIBLE'));
    throw error;
  }
}

const loaded = (data: NetworkData, bus: string, more: number): NetworkData => ({
  ...data,
  buses: data.buses.map((each) => (each.id === bus ? { ...each, p: Number(each.p ?? 0) + more } : each)),
});

describe('locational prices of random radial feeders', () => {
  const draws = [feeders(0), fc.tuple(fc.nat(), fc.nat()), fc.boolean()] as const;

  it('add up: energy, loss, congestion and voltage are the dual, in both models', () => {
    fc.assert(
      fc.property(...draws, (feeder, places, limited) => {
        for (const model of ['exact', 'lindistflow'] as const) {
          const { prices } = priceFeasible(pricedFeeder(feeder, places, limited), model);
          for (const { energy, loss, congestion, voltage, dual } of [...prices.p, ...prices.q]) {
            expect(Math.abs(energy + loss + congestion + voltage - dual)).toBeLessThan(1e-9);
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('keep every limit in the exact power flow', () => {
    fc.assert(
      fc.property(...draws, (feeder, places, limited) => {
        const { broken, exact, dispatch } = priceFeasible(pricedFeeder(feeder, places, limited));
        expect(broken).toEqual([]);
        expect(exact).toBe(dispatch.point.state);
      }),
      { numRuns: 25 },
    );
  });

  it('are what one more unit costs: between the costs of less and of more, solved again', () => {
    fc.assert(
      fc.property(...draws, fc.nat(), (feeder, places, limited, place) => {
        const data = pricedFeeder(feeder, places, limited);
        const bus = String(1 + (place % feeder.p.length));
        const [step, tolerance] = [1e-4, 5e-3];
        const now = priceFeasible(data);
        const { dual } = now.prices.p[Number(bus)]!;
        const cost = costOf(data, now);
        const up = (costOf(data, priceFeasible(loaded(data, bus, step))) - cost) / step;
        const down = (cost - costOf(data, price(loaded(data, bus, -step)))) / step;
        expect(dual).toBeLessThanOrEqual(Math.max(up, down) + tolerance);
        expect(dual).toBeGreaterThanOrEqual(Math.min(up, down) - tolerance);
      }),
      { numRuns: 25 },
    );
  });
});

describe('operating envelopes of random radial feeders', () => {
  const rules = fc.constantFrom('equal' as const, 'weighted' as const, 'maximal' as const);
  const CAPACITY = 0.5;
  const own = { maxImport: CAPACITY, maxExport: CAPACITY };
  const membersOf = ({ p }: DrawnFeeder) => p.map((_, k) => ({ ...own, bus: k + 1, weight: 1 + (k % 3) }));

  it('hold in the exact power flow, at their corners and inside', () => {
    fc.assert(
      fc.property(feeders(0), rules, fc.infiniteStream(within(0, 1)), (feeder, rule, shares) => {
        const data = feederData(feeder, { vmin: 0.9, vmax: 1.1 });
        const network = networkOf(data);
        const tree = radialTree(network);
        const members = membersOf(feeder);
        const [envelopes] = operatingEnvelopes(network, members, rule, solve);
        const points = [
          () => 0,
          () => 1,
          ...Array.from({ length: 5 }, () => () => shares.next().value as number),
        ];
        for (const share of points) {
          const p = new Float64Array(network.buses.length);
          envelopes!.forEach((envelope, i) => {
            p[members[i]!.bus] = -envelope.export + share() * (envelope.export + envelope.import);
          });
          const state = powerFlow(tree, p, network.periods[0]!.q);
          expect(violations(tree, state, 2e-9)).toEqual([]);
        }
      }),
      { numRuns: 25 },
    );
  });

  it('reach a limit with some members importing and others exporting, or every capacity', () => {
    fc.assert(
      fc.property(feeders(0), (feeder) => {
        const network = networkOf(feederData(feeder, { vmin: 0.95, vmax: 1.05 }));
        const tree = radialTree(network);
        const members = membersOf(feeder);
        const [equal] = operatingEnvelopes(network, members, 'equal', solve);
        const [maximal] = operatingEnvelopes(network, members, 'maximal', solve);
        const { q } = network.periods[0]!;
        const breaksAt = (importing: (i: number) => boolean, share: number): boolean => {
          const p = new Float64Array(network.buses.length);
          equal!.forEach((each, i) => {
            p[members[i]!.bus] = share * (importing(i) ? each.import : -each.export);
          });
          return violations(tree, powerFlow(tree, p, q), 0).length > 0;
        };
        const corners = Array.from({ length: 2 ** members.length }, (_, corner) => corner);
        const isReached = corners.some((corner) =>
          [0.5005, 1.001].some((share) => breaksAt((i) => (corner & (1 << i)) !== 0, share)),
        );
        const isFull = equal!.every((each) => each.import === CAPACITY && each.export === CAPACITY);
        expect(isFull || isReached).toBe(true);
        for (const way of ['import', 'export'] as const) {
          const weighed = (envelopes: typeof equal): number =>
            sum(envelopes!.map((each, i) => members[i]!.weight * each[way]));
          expect(weighed(maximal)).toBeGreaterThan(weighed(equal) * (1 - 1e-6));
        }
      }),
      { numRuns: 15 },
    );
  });
});

describe('trades of random radial feeders', () => {
  it('pay the difference of prices at their ends, are admitted as far as they gain from it, and keep the limits', () => {
    const proposals = fc.array(
      fc.record({ from: fc.nat(), to: fc.nat(), quantity: thousandths(10, 200), gain: thousandths(1, 500) }),
      {
        minLength: 1,
        maxLength: 6,
      },
    );
    fc.assert(
      fc.property(feeders(0), proposals, (feeder, drawn) => {
        const count = feeder.p.length + 1;
        const tree = radialTree(networkOf(feederData(feeder, { vmin: 0.9, vmax: 1.1 })));
        const trades = drawn.map(({ from, to, ...trade }, i) => ({
          ...trade,
          id: `t${i}`,
          from: from % count,
          to: to % count,
        }));
        const { pricing, trades: admitted } = admitTrades(tree, 0, trades, solve);
        expect(pricing.broken).toEqual([]);
        admitted.forEach(({ status, charge }, i) => {
          const { from, to, gain } = trades[i]!;
          const { p } = pricing.prices;
          expect(charge.total).toBeCloseTo(p[to]!.dual - p[from]!.dual, 9);
          expect(charge.loss + charge.congestion + charge.voltage).toBeCloseTo(charge.total, 9);
          const worth = gain - charge.total;
          expect(status === 'ADMITTED' ? 0 : worth).toBeLessThanOrEqual(1e-3);
          expect(status === 'REFUSED' ? 0 : worth).toBeGreaterThanOrEqual(-1e-3);
        });
      }),
      { numRuns: 25 },
    );
  });

  it('refuses two trades of one id and a quantity that is none', () => {
    const tree = radialTree(networkOf(feederData({ parents: [0], r: [0.01], x: [0.01], p: [0], q: [0] })));
    const trade = { id: 'a', from: 0, to: 1, quantity: 1, gain: 1 };
    for (const bad of [[trade, trade], [{ ...trade, quantity: 0 }], [{ ...trade, gain: Number.NaN }]]) {
      expect(() => admitTrades(tree, 0, bad, solve)).toThrow(DomainError);
    }
  });
});
