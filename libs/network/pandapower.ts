import { DomainError } from '#core';
import type { BusData, GeneratorData, LineData, NetworkData } from './network-data.ts';
import {
  inService,
  malformed,
  numberIn,
  pandapowerObject,
  tableOf,
  type TableRow,
} from './pandapower-tables.ts';

type Tables = Readonly<Record<(typeof READ)[number], readonly TableRow[]>>;

const READ = [
  'bus',
  'line',
  'trafo',
  'load',
  'sgen',
  'storage',
  'shunt',
  'switch',
  'ext_grid',
  'poly_cost',
] as const;
/** Tables of elements that would change the flow and are not read: refused when one is in service. */
const NOT_READ = [
  'gen',
  'trafo3w',
  'impedance',
  'ward',
  'xward',
  'dcline',
  'motor',
  'asymmetric_load',
  'asymmetric_sgen',
];

const unsupported = (what: string): DomainError =>
  new DomainError('PANDAPOWER_UNSUPPORTED', `expected no ${what}, got one in service`, 'invalid', {
    element: what,
  });

/**
 * A network from pandapower's JSON (`pandapower.to_json`): buses, lines with their charging, two-winding transformers at
 * neutral tap, constant-power loads, static generators and storages as negative and positive loads, shunts, switches (open
 * line and transformer switches open their element, closed bus–bus switches make one bus of two), one external grid as the
 * root, and linear costs of the grid and of controllable static generators (poly_cost) as prices.
 * Powers in MW, impedances in per unit on sn_mva; a bus is named by its index.
 * @throws PANDAPOWER_MALFORMED, PANDAPOWER_UNSUPPORTED naming what is not read, NETWORK_TOO_LARGE
 */
export function networkFromPandapower(json: unknown): NetworkData {
  const network = pandapowerObject(json);
  for (const name of NOT_READ) if (tableOf(network, name).some(inService)) throw unsupported(name);
  const tables = Object.fromEntries(READ.map((name) => [name, tableOf(network, name)])) as unknown as Tables;
  const mva = network['sn_mva'];
  const hertz = network['f_hz'] ?? 50;
  if (typeof mva !== 'number' || typeof hertz !== 'number')
    throw malformed('numbers sn_mva and f_hz', 'settings');
  const nodes = nodesOf(tables);
  const all = [...linesOf(tables, nodes, mva, hertz), ...transformersOf(tables, nodes, mva)];
  // A line between two buses that a closed switch makes one carries nothing.
  const branches = all.filter(({ line }) => line.from !== line.to);
  const grid = gridOf(tables);
  const root = nodes.nameOf(numberIn(grid, 'bus'));
  return {
    base: { kv: nodes.voltageOf(numberIn(grid, 'bus')), mva },
    powerUnit: 'MW',
    impedanceUnit: 'pu',
    buses: busesOf(tables, nodes, branches),
    lines: branches.map(({ line }) => line),
    generators: generatorsOf(tables, nodes),
    root,
    rootVoltage: numberIn(grid, 'vm_pu', 1),
    ...gridPrice(tables, grid),
  };
}

/** Buses in service, those that closed bus–bus switches join under the name of the lowest. */
interface Nodes {
  nameOf(bus: number): string;
  has(bus: number): boolean;
  voltageOf(bus: number): number;
}

function nodesOf({ bus, switch: switches }: Tables): Nodes {
  const rows = new Map(bus.filter(inService).map((row) => [row.index, row]));
  const joined = new Map<number, number>();
  const lowest = (index: number): number => {
    const below = joined.get(index);
    return below === undefined ? index : lowest(below);
  };
  for (const row of switches) {
    if (row.cells['et'] !== 'b' || row.cells['closed'] === false) continue;
    const [a, b] = [lowest(numberIn(row, 'bus')), lowest(numberIn(row, 'element'))];
    if (a !== b) joined.set(Math.max(a, b), Math.min(a, b));
  }
  const rowOf = (index: number): TableRow => {
    const row = rows.get(index);
    if (row === undefined) throw malformed(`bus ${index} in service`, 'bus');
    return row;
  };
  return {
    nameOf: (index) => String(lowest(rowOf(index).index)),
    has: (index) => rows.has(index),
    voltageOf: (index) => numberIn(rowOf(index), 'vn_kv'),
  };
}

interface Branch {
  readonly line: LineData;
  /** MVA at 1 pu that either end consumes and gives: conductance, susceptance. */
  readonly ends: readonly { readonly bus: string; readonly shuntP: number; readonly shuntQ: number }[];
}

const isOpen = ({ switch: switches }: Tables, kind: 'l' | 't', index: number): boolean =>
  switches.some(
    ({ cells }) => cells['et'] === kind && cells['element'] === index && cells['closed'] === false,
  );

function linesOf(tables: Tables, nodes: Nodes, mva: number, hertz: number): Branch[] {
  const rows = tables.line.filter((row) => inService(row) && !isOpen(tables, 'l', row.index));
  return rows.flatMap((row): Branch[] => {
    const [fromBus, toBus] = [numberIn(row, 'from_bus'), numberIn(row, 'to_bus')];
    if (!nodes.has(fromBus) || !nodes.has(toBus)) return [];
    const [from, to] = [nodes.nameOf(fromBus), nodes.nameOf(toBus)];
    const [kv, length, parallel] = [
      nodes.voltageOf(fromBus),
      numberIn(row, 'length_km'),
      numberIn(row, 'parallel', 1),
    ];
    const perUnit = (length * mva) / (kv * kv * parallel);
    const siemens = length * parallel * kv * kv;
    const susceptance = 2 * Math.PI * hertz * numberIn(row, 'c_nf_per_km', 0) * 1e-9 * siemens;
    const conductance = numberIn(row, 'g_us_per_km', 0) * 1e-6 * siemens;
    const limit = Math.sqrt(3) * kv * numberIn(row, 'max_i_ka', Infinity) * numberIn(row, 'df', 1) * parallel;
    const share = numberIn(row, 'max_loading_percent', 100) / 100;
    const half = { shuntP: conductance / 2, shuntQ: susceptance / 2 };
    return [
      {
        line: {
          from,
          to,
          r: numberIn(row, 'r_ohm_per_km') * perUnit,
          x: numberIn(row, 'x_ohm_per_km') * perUnit,
          limit: limit * share,
        },
        ends: [
          { bus: from, ...half },
          { bus: to, ...half },
        ],
      },
    ];
  });
}

/** Short-circuit impedance in series; the iron's losses and magnetising power at 1 pu at the high-voltage side. */
function transformersOf(tables: Tables, nodes: Nodes, mva: number): Branch[] {
  const rows = tables.trafo.filter((row) => inService(row) && !isOpen(tables, 't', row.index));
  return rows.map((row): Branch => {
    const [high, low] = [numberIn(row, 'hv_bus'), numberIn(row, 'lv_bus')];
    requireNeutral(row, nodes, high, low);
    const [rated, parallel] = [numberIn(row, 'sn_mva'), numberIn(row, 'parallel', 1)];
    const [z, r] = [numberIn(row, 'vk_percent') / 100, numberIn(row, 'vkr_percent') / 100];
    const [whole, iron] = [(numberIn(row, 'i0_percent', 0) / 100) * rated, numberIn(row, 'pfe_kw', 0) / 1000];
    const scale = mva / (rated * parallel);
    return {
      line: {
        from: nodes.nameOf(high),
        to: nodes.nameOf(low),
        r: r * scale,
        x: Math.sqrt(Math.max(0, z * z - r * r)) * scale,
        limit: (rated * parallel * numberIn(row, 'df', 1) * numberIn(row, 'max_loading_percent', 100)) / 100,
      },
      ends: [
        {
          bus: nodes.nameOf(high),
          shuntP: iron * parallel,
          shuntQ: -Math.sqrt(Math.max(0, whole * whole - iron * iron)) * parallel,
        },
      ],
    };
  });
}

function requireNeutral(row: TableRow, nodes: Nodes, high: number, low: number): void {
  const tap = numberIn(row, 'tap_pos', 0) - numberIn(row, 'tap_neutral', 0);
  const ratio =
    numberIn(row, 'vn_hv_kv') / nodes.voltageOf(high) / (numberIn(row, 'vn_lv_kv') / nodes.voltageOf(low));
  if (tap * numberIn(row, 'tap_step_percent', 0) !== 0 || Math.abs(ratio - 1) > 1e-9) {
    throw unsupported('transformer off its nominal ratio');
  }
}

function busesOf(tables: Tables, nodes: Nodes, branches: readonly Branch[]): BusData[] {
  const buses = new Map<
    string,
    { id: string; p: number; q: number; vmin: number; vmax: number; shuntP: number; shuntQ: number }
  >();
  for (const row of tables.bus.filter(inService)) {
    const id = nodes.nameOf(row.index);
    const { vmin = 0, vmax = Infinity } = buses.get(id) ?? {};
    buses.set(id, {
      id,
      p: 0,
      q: 0,
      shuntP: 0,
      shuntQ: 0,
      vmin: Math.max(vmin, numberIn(row, 'min_vm_pu', 0)),
      vmax: Math.min(vmax, numberIn(row, 'max_vm_pu', Infinity)),
    });
  }
  const elements = [
    ...tables.load.map((row) => ({ row, sign: 1 })),
    ...tables.sgen.filter((row) => !isOffered(tables, row)).map((row) => ({ row, sign: -1 })),
    ...tables.storage.map((row) => ({ row, sign: 1 })),
  ];
  for (const { row, sign } of elements) {
    if (!inService(row) || !nodes.has(numberIn(row, 'bus'))) continue;
    requireConstantPower(row);
    const bus = buses.get(nodes.nameOf(numberIn(row, 'bus')))!;
    bus.p += sign * numberIn(row, 'p_mw') * numberIn(row, 'scaling', 1);
    bus.q += sign * numberIn(row, 'q_mvar', 0) * numberIn(row, 'scaling', 1);
  }
  for (const row of tables.shunt.filter(inService)) {
    const steps = numberIn(row, 'step', 1);
    const scale = steps * (nodes.voltageOf(numberIn(row, 'bus')) / numberIn(row, 'vn_kv')) ** 2;
    const bus = buses.get(nodes.nameOf(numberIn(row, 'bus')))!;
    bus.shuntP += numberIn(row, 'p_mw', 0) * scale;
    bus.shuntQ -= numberIn(row, 'q_mvar') * scale;
  }
  for (const end of branches.flatMap(({ ends }) => ends)) {
    const bus = buses.get(end.bus)!;
    bus.shuntP += end.shuntP;
    bus.shuntQ += end.shuntQ;
  }
  return [...buses.values()];
}

/** Older files say const_z_percent, newer ones a percentage each for p and q. */
function requireConstantPower({ cells }: TableRow): void {
  const share = Object.entries(cells).find(
    ([column, value]) => /^const_[zi]_/.test(column) && Number(value) !== 0,
  );
  if (share !== undefined) throw unsupported('load that depends on voltage');
}

function gridOf({ ext_grid: grids }: Tables): TableRow {
  const [grid, ...more] = grids.filter(inService);
  if (grid === undefined || more.length > 0) throw malformed('one external grid in service', 'ext_grid');
  return grid;
}

/** The linear cost of an element; a quadratic one has no price. @throws PANDAPOWER_UNSUPPORTED */
function costOf({ poly_cost: costs }: Tables, kind: string, index: number): number | undefined {
  const row = costs.find(({ cells }) => cells['et'] === kind && cells['element'] === index);
  if (row === undefined) return undefined;
  if (numberIn(row, 'cp2_eur_per_mw2', 0) !== 0) throw unsupported('quadratic cost');
  return numberIn(row, 'cp1_eur_per_mw');
}

function gridPrice(tables: Tables, grid: TableRow): { readonly price?: number } {
  const price = costOf(tables, 'ext_grid', grid.index);
  return price === undefined ? {} : { price };
}

const isOffered = (tables: Tables, row: TableRow): boolean =>
  row.cells['controllable'] === true && costOf(tables, 'sgen', row.index) !== undefined;

function generatorsOf(tables: Tables, nodes: Nodes): GeneratorData[] {
  return tables.sgen
    .filter((row) => inService(row) && isOffered(tables, row))
    .map((row) => ({
      id: `sgen ${row.index}`,
      bus: nodes.nameOf(numberIn(row, 'bus')),
      cost: costOf(tables, 'sgen', row.index)!,
      pmin: numberIn(row, 'min_p_mw', 0),
      pmax: numberIn(row, 'max_p_mw', numberIn(row, 'p_mw')),
      qmin: numberIn(row, 'min_q_mvar', 0),
      qmax: numberIn(row, 'max_q_mvar', 0),
    }));
}
