import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import {
  dispatchDc,
  type LineData,
  linDistFlow,
  losses,
  type NetworkData,
  networkFromPandapower,
  networkOf,
  powerFlow,
  radialTree,
} from './index.ts';
import { published, readCase } from '../../test/harness/published-cases.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

interface FeederCase {
  readonly base: { readonly kV: number; readonly MVA: number; readonly slack_bus: number };
  readonly bus: { readonly rows: readonly (readonly [number, number, number])[] };
  readonly branch: { readonly rows: readonly (readonly [number, number, number, number, number])[] };
  readonly expected: {
    readonly loss_kW: number;
    readonly loss_kvar: number;
    readonly min_vm: number;
    readonly min_bus: number;
    readonly ext_grid_MW: number;
    readonly vm: readonly number[];
  };
  readonly tolerance: { readonly loss_kW: number; readonly vm: number };
}

published('published power flows', () => {
  const feeder: FeederCase = JSON.parse(readCase('25_ieee33_base_power_flow.json'));
  const data: NetworkData = {
    base: { kv: feeder.base.kV, mva: feeder.base.MVA },
    root: String(feeder.base.slack_bus),
    buses: feeder.bus.rows.map(([id, p, q]) => ({ id: String(id), p, q })),
    lines: feeder.branch.rows
      .filter(([, , , , inService]) => inService === 1)
      .map(([from, to, r, x]) => ({ from: String(from), to: String(to), r, x })),
  };
  const { expected, tolerance } = feeder;

  it('IEEE 33-bus, Baran & Wu 1989: losses, voltages and supply of the exact power flow', () => {
    const network = networkOf(data);
    const tree = radialTree(network);
    const { p, q } = network.periods[0]!;
    const state = powerFlow(tree, p, q);
    const lost = losses(tree, state);
    expect(Math.abs(lost.p * network.powerUnit - expected.loss_kW)).toBeLessThan(tolerance.loss_kW);
    expect(Math.abs(lost.q * network.powerUnit - expected.loss_kvar)).toBeLessThan(tolerance.loss_kW);
    expect((state.p[0]! * network.powerUnit) / 1000).toBeCloseTo(expected.ext_grid_MW, 6);
    const voltages = network.buses.map((_, bus) => Math.sqrt(state.v[tree.positionOf[bus]!]!));
    feeder.bus.rows.forEach(([id], row) => {
      const bus = network.buses.findIndex((each) => each.id === String(id));
      expect(Math.abs(voltages[bus]! - expected.vm[row]!)).toBeLessThan(tolerance.vm);
    });
    const lowest = voltages.indexOf(Math.min(...voltages));
    expect(network.buses[lowest]!.id).toBe(String(expected.min_bus));
    expect(voltages[lowest]!).toBeCloseTo(expected.min_vm, 9);
  });

  it('IEEE 33-bus: LinDistFlow shows 0.91593 where the exact minimum is 0.91309', () => {
    const network = networkOf(data);
    const tree = radialTree(network);
    const { p, q } = network.periods[0]!;
    expect(Math.sqrt(Math.min(...linDistFlow(tree, p, q, 'none').v))).toBeCloseTo(0.91593, 5);
    expect(Math.sqrt(Math.min(...powerFlow(tree, p, q).v))).toBeCloseTo(0.91309, 5);
    const withLosses = linDistFlow(tree, p, q, 'linearised');
    expect(Math.abs(Math.sqrt(Math.min(...withLosses.v)) - expected.min_vm)).toBeLessThan(3e-4);
  });
});

interface NodalCase {
  readonly id: string;
  readonly demand?: Readonly<Record<string, number>> | readonly number[];
  readonly generators?:
    string | readonly { readonly bus: number; readonly cost: number; readonly cap: number }[];
  readonly lines?:
    | string
    | readonly {
        readonly f: string | number;
        readonly t: string | number;
        readonly x: number;
        readonly cap: number;
      }[];
  readonly expected: {
    readonly supply?: readonly number[];
    readonly flow?: Readonly<Record<string, number>>;
    readonly price?: readonly number[];
    readonly objective?: number;
    readonly objective_delta?: number;
    readonly dispatch?: readonly number[];
    readonly lmp?: readonly number[];
    readonly flow_12?: number;
    readonly flow_23?: number;
    readonly flow_13?: number;
  };
}

const linesOf = ({ lines }: NodalCase): LineData[] => {
  if (typeof lines === 'string' || lines === undefined) throw new TypeError('expected lines in the case');
  return lines.map(({ f, t, x, cap }) => ({ from: String(f), to: String(t), r: 0, x, limit: cap }));
};

/** Ten steps a node, 1 000 MW each, as the case says in words. */
const assumeGenerators = ['node1', 'node2', 'node3'].flatMap((bus, node) =>
  Array.from({ length: 10 }, (_, step) => ({
    id: `${bus} ${step}`,
    bus,
    cost: 5 + 10 * node + step,
    pmax: 1000,
  })),
);

const units = { base: { kv: 1, mva: 100 }, powerUnit: 'MW', impedanceUnit: 'pu' } as const;

const costOfBaker = ({ dispatch }: { dispatch: readonly number[] }): number =>
  10 * dispatch[0]! + 20 * dispatch[1]! + 100 * dispatch[2]!;

published('published nodal prices', () => {
  const { cases }: { cases: readonly NodalCase[] } = JSON.parse(readCase('14_nodal_dc_lmp.json'));
  const named = (id: string): NodalCase => {
    const found = cases.find((each) => each.id === id);
    if (found === undefined) throw new TypeError(`expected the case ${id}`);
    return found;
  };

  it('ASSUME 3 nodes, both hours at once: supply, flows, and prices by complementary slackness', () => {
    const hours = [named('assume_hour0'), named('assume_hour1')];
    const demand = (node: string): number[] =>
      hours.map((hour) => (hour.demand as Record<string, number>)[node]!);
    const network = networkOf({
      ...units,
      root: 'node1',
      buses: ['node1', 'node2', 'node3'].map((id) => ({ id, p: demand(id) })),
      lines: linesOf(hours[0]!),
      generators: assumeGenerators,
    });
    dispatchDc(network, solve).forEach(({ generation, flows, prices }, t) => {
      const { supply, flow, price } = hours[t]!.expected;
      const supplied = network.buses.map((_, bus) =>
        network.generators.reduce((sum, each, i) => (each.bus === bus ? sum + generation[i]! * 100 : sum), 0),
      );
      supplied.forEach((value, bus) => expect(value).toBeCloseTo(supply![bus]!, 4));
      expect([...flows].map((value) => Math.round(value * 1e6) / 1e4)).toEqual(Object.values(flow!));
      const [one, two, three] = prices.map(({ dual }) => dual);
      expect(2 * two! - one! - three!).toBeCloseTo(0, 9);
      // At a step's edge any price between the steps is one; inside a step it is the published one.
      const edge = t === 0 ? [21, 22] : [price![1]!, price![1]!];
      expect(two!).toBeGreaterThanOrEqual(edge[0]! - 1e-6);
      expect(two!).toBeLessThanOrEqual(edge[1]! + 1e-6);
    });
  });

  it('Baker 3 buses: dispatch, flows and a negative price at bus 1, and what one more MW there saves', () => {
    const base = named('baker_negative_lmp');
    const extra = named('baker_plus_1MW_at_bus1');
    const demand = base.demand as readonly number[];
    const network = networkOf({
      ...units,
      root: '1',
      buses: demand.map((p, i) => ({ id: String(i + 1), p: i === 0 ? [p, p + 1] : p })),
      lines: linesOf(base),
      generators: (base.generators as readonly { bus: number; cost: number; cap: number }[]).map(
        ({ bus, cost, cap }) => ({ id: String(bus), bus: String(bus), cost, pmax: cap }),
      ),
    });
    const [first, second] = dispatchDc(network, solve).map(({ generation, flows, prices }) => ({
      dispatch: [...generation].map((value) => Math.round(value * 1e8) / 1e6),
      flows: [...flows].map((value) => Math.round(value * 1e8) / 1e6),
      lmp: prices.map(({ dual }) => Math.round(dual * 1e6) / 1e6),
    }));
    const { expected } = base;
    expect(first!.dispatch).toEqual(expected.dispatch);
    // Lines are sorted: 1–2, 1–3, 2–3.
    expect(first!.flows).toEqual([expected.flow_12, expected.flow_13, expected.flow_23]);
    expect(first!.lmp).toEqual(expected.lmp);
    expect(costOfBaker(first!)).toBeCloseTo(expected.objective!, 6);
    expect(second!.dispatch).toEqual(extra.expected.dispatch);
    expect(costOfBaker(second!) - costOfBaker(first!)).toBeCloseTo(extra.expected.objective_delta!, 6);
  });
});

// oxlint-disable-next-line node/no-process-env -- a test may be pointed at another copy
const dataDir = process.env['DATA_DIR'];
const pandapowerFile = join(dataDir ?? '../shared/data', 'feeders', 'case33bw.json');
const stored = dataDir !== undefined || existsSync(pandapowerFile) ? describe : describe.skip;

stored(`pandapower's case33bw (${pandapowerFile})`, () => {
  it('reads as the 33-bus feeder with its tie lines open and its grid at 20 a MWh', () => {
    const data = networkFromPandapower(JSON.parse(readFileSync(pandapowerFile, 'utf8')));
    expect(data).toMatchObject({ root: '0', price: 20, powerUnit: 'MW' });
    const tree = radialTree(networkOf(data));
    const { p, q } = tree.network.periods[0]!;
    const state = powerFlow(tree, p, q);
    expect(losses(tree, state).p * tree.network.powerUnit).toBeCloseTo(0.202677126, 8);
    expect(Math.sqrt(Math.min(...state.v))).toBeCloseTo(0.9130904794, 9);
  });
});
