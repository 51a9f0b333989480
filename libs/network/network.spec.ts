import { beforeAll, describe, expect, it } from '@jest/globals';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import {
  dispatchDc,
  losses,
  type NetworkData,
  networkFromCsv,
  networkFromPandapower,
  networkOf,
  operatingEnvelopes,
  powerFlow,
  priceRadial,
  radialTree,
} from './index.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem, { primalTolerance: 1e-9, dualTolerance: 1e-9 });
});

const code = (expected: string): unknown => expect.objectContaining({ code: expected });

/** grid – a – b, in per unit. */
const FEEDER: NetworkData = {
  base: { kv: 10, mva: 1 },
  powerUnit: 'pu',
  impedanceUnit: 'pu',
  root: 'grid',
  price: 20,
  buses: [{ id: 'grid' }, { id: 'a', p: 0.1 }, { id: 'b', p: 0.2, q: 0.1 }],
  lines: [
    { from: 'grid', to: 'a', r: 0.01, x: 0.02 },
    { from: 'b', to: 'a', r: 0.02, x: 0.02 },
  ],
};

describe('a network that is none', () => {
  const [grid, a, b] = FEEDER.buses;
  const [first, second] = FEEDER.lines;
  it.each<[string, Partial<NetworkData>]>([
    ['NETWORK_BUS_DUPLICATE', { buses: [grid!, a!, b!, a!] }],
    ['NETWORK_BUS_UNKNOWN', { root: 'nowhere' }],
    ['NETWORK_BUS_UNKNOWN', { lines: [first!, { ...second!, to: 'nowhere' }] }],
    ['NETWORK_BUS_UNKNOWN', { generators: [{ id: 'g', bus: 'nowhere', pmax: 1 }] }],
    ['NETWORK_DISCONNECTED', { lines: [first!] }],
    ['NETWORK_LINE', { lines: [first!, { ...second!, r: -0.1 }] }],
    ['NETWORK_LINE', { lines: [first!, { ...second!, r: 0, x: 0 }] }],
    ['NETWORK_LINE', { lines: [first!, { ...second!, limit: 0 }] }],
    ['NETWORK_LINE', { lines: [first!, second!, { from: 'a', to: 'a', r: 1, x: 1 }] }],
    ['NETWORK_NUMBER', { buses: [grid!, a!, { id: 'b', p: Number.NaN }] }],
    ['NETWORK_VOLTAGE_LIMITS', { buses: [grid!, a!, { id: 'b', vmin: 1.1, vmax: 0.9 }] }],
    ['NETWORK_BASE', { base: { kv: 0, mva: 1 } }],
    ['NETWORK_PERIODS', { price: [1, 2], buses: [grid!, a!, { id: 'b', p: [1, 2, 3] }] }],
    ['NETWORK_GENERATOR', { generators: [{ id: 'g', bus: 'a', pmin: 2, pmax: 1 }] }],
    ['NETWORK_GENERATOR', { generators: [1, 2].map(() => ({ id: 'g', bus: 'a', pmax: 1 })) }],
  ])('is refused with %s: %j', (expected, change) => {
    expect(() => networkOf({ ...FEEDER, ...change })).toThrow(code(expected));
  });

  it('is refused where a tree is needed and a line closes a loop', () => {
    const meshed = networkOf({
      ...FEEDER,
      lines: [...FEEDER.lines, { from: 'grid', to: 'b', r: 0.01, x: 0.01 }],
    });
    expect(() => radialTree(meshed)).toThrow(code('NETWORK_MESHED'));
  });
});

const price = (data: NetworkData) => priceRadial(radialTree(networkOf(data)), solve)[0]!;

describe('a limit that holds', () => {
  it('on a line: the price behind it is that of the plant there, the difference is congestion', () => {
    const { prices, broken, dispatch, exact } = price({
      ...FEEDER,
      lines: [FEEDER.lines[0]!, { ...FEEDER.lines[1]!, limit: 0.15 }],
      generators: [{ id: 'plant', bus: 'b', cost: 50, pmax: 1, qmax: 0.1 }],
    });
    expect(prices.p[1]!.dual).toBeCloseTo(50, 6);
    expect(prices.p[1]!.congestion).toBeGreaterThan(25);
    expect(prices.p[0]!.congestion).toBeCloseTo(0, 2);
    expect(dispatch.binding).toMatchObject([{ kind: 'line' }]);
    expect(broken).toEqual([]);
    expect(exact.p[2]!).toBeLessThanOrEqual(0.15);
  });

  it('on a voltage: what a plant earns at its own bus is its cost, the rest is the voltage', () => {
    const { prices, rents } = price({
      ...FEEDER,
      buses: [FEEDER.buses[0]!, FEEDER.buses[1]!, { ...FEEDER.buses[2]!, vmin: 0.992 }],
      generators: [{ id: 'plant', bus: 'b', cost: 50, pmax: 1 }],
    });
    const { energy, loss, voltage, dual } = prices.p[1]!;
    expect(dual).toBeCloseTo(50, 6);
    expect(energy).toBe(20);
    expect(voltage).toBeCloseTo(30 - loss, 6);
    expect(rents.voltage).toBeGreaterThan(0);
  });

  it('that nothing can keep is named', () => {
    const { buses } = FEEDER;
    const low = { ...FEEDER, buses: [buses[0]!, buses[1]!, { ...buses[2]!, vmin: 0.999 }] };
    expect(() => price(low)).toThrow(
      expect.objectContaining({ code: 'NETWORK_INFEASIBLE', data: { limits: ['voltage of b'] } }),
    );
    const { price: _, ...island } = FEEDER;
    expect(() => price(island)).toThrow(
      expect.objectContaining({ code: 'NETWORK_INFEASIBLE', data: { limits: ['the balance of power'] } }),
    );
  });

  it('is not there for generators that supply everything: they do, losses too, at their cost', () => {
    const { price: _, ...island } = FEEDER;
    const { prices, dispatch, exact } = price({
      ...island,
      generators: [{ id: 'plant', bus: 'b', cost: 50, pmax: 1 }],
    });
    const load = island.buses.reduce((sum, { p = 0 }) => sum + Number(p), 0);
    expect(dispatch.gridP).toBe(0);
    expect(exact.p[0]!).toBeCloseTo(0, 7);
    expect(dispatch.x[0]!).toBeGreaterThan(load);
    expect(prices.p[1]!.dual).toBeCloseTo(50, 6);
    expect(() => price({ ...island, generators: [{ id: 'plant', bus: 'b', cost: 50, pmax: load }] })).toThrow(
      code('NETWORK_INFEASIBLE'),
    );
  });

  it('prices a meshed network by the DC model, whose rent is that of its lines', () => {
    const [mesh] = dispatchDc(
      networkOf({
        ...FEEDER,
        lines: [...FEEDER.lines, { from: 'grid', to: 'b', r: 0.01, x: 0.01, limit: 0.05 }],
        generators: [{ id: 'plant', bus: 'b', cost: 50, pmax: 1 }],
      }),
      solve,
    );
    const rent = mesh!.flows.reduce((sum, flow, l) => sum - mesh!.lineDuals[l]! * Math.abs(flow), 0);
    expect(mesh!.congestionRent).toBeCloseTo(rent, 9);
    for (const { energy, congestion, dual } of mesh!.prices) expect(energy + congestion).toBeCloseTo(dual, 9);
    expect(mesh!.prices[1]!.dual).toBeCloseTo(50, 6);
  });
});

describe('operating envelopes', () => {
  const members = [{ bus: 0, maxImport: 1, maxExport: Infinity, weight: 1 }];

  it('are refused where nothing limits a member, and where limits are broken without any', () => {
    const free = networkOf({ ...FEEDER, lines: FEEDER.lines.map((line) => ({ ...line, r: 0, x: -1e-9 })) });
    expect(() => operatingEnvelopes(free, members, 'equal', solve)).toThrow(code('ENVELOPE_UNBOUNDED'));
    const [grid, a, b] = FEEDER.buses;
    const tight = networkOf({ ...FEEDER, buses: [grid!, a!, { ...b!, vmin: 0.999 }] });
    expect(() => operatingEnvelopes(tight, members, 'equal', solve)).toThrow(code('ENVELOPE_INFEASIBLE'));
    expect(() => operatingEnvelopes(tight, [{ ...members[0]!, weight: 0 }], 'weighted', solve)).toThrow(
      code('ENVELOPE_MEMBER'),
    );
  });
});

const table = (columns: string[], rows: unknown[][]) => ({
  _class: 'DataFrame',
  _object: JSON.stringify({ columns, index: rows.map((_, i) => i), data: rows }),
});
const pandapower = (tables: object) => ({
  _class: 'pandapowerNet',
  _object: {
    sn_mva: 1,
    f_hz: 50,
    bus: table(
      ['vn_kv', 'in_service'],
      [
        [20, true],
        [0.4, true],
        [0.4, true],
        [0.4, true],
      ],
    ),
    ext_grid: table(['bus', 'vm_pu', 'in_service'], [[0, 1.02, true]]),
    line: table(
      [
        'from_bus',
        'to_bus',
        'length_km',
        'r_ohm_per_km',
        'x_ohm_per_km',
        'c_nf_per_km',
        'max_i_ka',
        'parallel',
        'in_service',
      ],
      [[1, 2, 0.1, 0.6, 0.08, 200, 0.27, 1, true]],
    ),
    trafo: table(
      [
        'hv_bus',
        'lv_bus',
        'sn_mva',
        'vn_hv_kv',
        'vn_lv_kv',
        'vk_percent',
        'vkr_percent',
        'pfe_kw',
        'i0_percent',
        'in_service',
      ],
      [[0, 1, 0.4, 20, 0.4, 6, 1.425, 1.35, 0.3375, true]],
    ),
    load: table(['bus', 'p_mw', 'q_mvar', 'scaling', 'in_service'], [[3, 0.03, 0.01, 1, true]]),
    switch: table(['bus', 'element', 'et', 'closed'], [[2, 3, 'b', true]]),
    ...tables,
  },
});

describe('files of networks', () => {
  it('in CSV are the same network; empty cells are absent, lines out of service too', () => {
    const buses = 'id,p,q\ngrid,,\na,0.1,\nb,0.2,0.1\n';
    const lines = 'from,to,r,x,in_service\ngrid,a,0.01,0.02,1\nb,a,0.02,0.02,\ngrid,b,1,1,0\n';
    expect(networkOf({ ...FEEDER, ...networkFromCsv({ buses, lines }) })).toEqual(networkOf(FEEDER));
  });

  it.each([
    ['id,p,colour\n', 'from,to,r,x\n'],
    ['id\na\n', 'from,to,r\n'],
    ['id,p\na,many\n', 'from,to,r,x\n'],
    ['id,p\na\n', 'from,to,r,x\n'],
    ['id\na\n', 'from,to,r,x\na,,1,1\n'],
  ])('in CSV are refused: %j %j', (buses, lines) => {
    expect(() => networkFromCsv({ buses, lines })).toThrow(code('NETWORK_CSV'));
  });

  it('of pandapower: transformer, line, closed switch and grid of a small low-voltage network', () => {
    const data = networkFromPandapower(pandapower({}));
    expect(data).toMatchObject({ root: '0', rootVoltage: 1.02, base: { kv: 20, mva: 1 } });
    expect(data.buses.map(({ id }) => id)).toEqual(['0', '1', '2']);
    const [line, transformer] = data.lines;
    // 0.6 Ω/km × 0.1 km at 0.4 kV and 1 MVA; 1.425 % at 0.4 MVA; √3 × 0.4 kV × 0.27 kA.
    expect(line!.r).toBeCloseTo(0.06 / 0.16, 12);
    expect(line!.limit).toBeCloseTo(Math.sqrt(3) * 0.4 * 0.27, 12);
    expect(transformer!.r).toBeCloseTo(0.01425 / 0.4, 12);
    expect(Math.hypot(transformer!.r, transformer!.x)).toBeCloseTo(0.06 / 0.4, 12);
    const tree = radialTree(networkOf(data));
    const { p, q } = tree.network.periods[0]!;
    const state = powerFlow(tree, p, q);
    const iron = 0.00135 * state.v[0]!;
    expect(state.p[0]!).toBeCloseTo(0.03 + losses(tree, state).p + iron, 9);
  });

  it('of pandapower are refused by the name of what is not read', () => {
    const unsupported = [
      { gen: table(['bus', 'in_service'], [[1, true]]) },
      { load: table(['bus', 'p_mw', 'const_z_p_percent', 'in_service'], [[3, 0.03, 50, true]]) },
      { poly_cost: table(['element', 'et', 'cp1_eur_per_mw', 'cp2_eur_per_mw2'], [[0, 'ext_grid', 1, 1]]) },
    ];
    for (const tables of unsupported) {
      expect(() => networkFromPandapower(pandapower(tables))).toThrow(code('PANDAPOWER_UNSUPPORTED'));
    }
    for (const json of [
      {},
      { _class: 'pandapowerNet' },
      pandapower({ bus: 1 }),
      pandapower({ ext_grid: undefined }),
    ]) {
      expect(() => networkFromPandapower(json)).toThrow(code('PANDAPOWER_MALFORMED'));
    }
  });
});
