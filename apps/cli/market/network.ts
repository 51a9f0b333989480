import {
  linDistFlow,
  networkFromCsv,
  operatingEnvelopes,
  powerFlow,
  radialTree,
  setPoints,
  violations,
} from '#network';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import { z } from 'zod';
import { readInput, readInputFile, requireInput } from '../input.ts';
import type { Output } from '../output.ts';
import {
  dlmpInput,
  type EnvelopeInput,
  envelopeInput,
  namedNetwork,
  orPandapower,
  type PowerFlowInput,
  powerFlowInput,
} from './network-input.ts';
import { type DlmpPeriod, dlmpPeriods } from './network-dlmp.ts';
import { asResult, brokenLimits, type BusName, type FlowView, flowView, tableText } from './network-view.ts';

/** Where a network comes from, and what the command line says besides. */
export interface NetworkSource {
  readonly input?: string;
  readonly buses?: string;
  readonly lines?: string;
  /** Keys of the input that options set. */
  readonly options: Readonly<Record<string, unknown>>;
}

const SCHEMAS = { powerflow: powerFlowInput, dlmp: dlmpInput, envelope: envelopeInput };

export function printNetworkSchema(verb: keyof typeof SCHEMAS, output: Output): void {
  const schema = z.toJSONSchema(SCHEMAS[verb], { io: 'input' });
  output.result(schema, JSON.stringify(schema, null, 2));
}

const MAX_CSV_BYTES = 64 * 2 ** 20;

async function read<T>(source: NetworkSource, schema: z.ZodType<T>): Promise<T> {
  const { input, buses, lines, options } = source;
  if (input !== undefined) return readInput(input, orPandapower(schema, options));
  const [busText, lineText] = await Promise.all(
    [buses!, lines!].map(async (path) => new TextDecoder().decode(await readInputFile(path, MAX_CSV_BYTES))),
  );
  const { buses: busData, lines: lineData } = networkFromCsv({ buses: busText!, lines: lineText! });
  return requireInput({ ...options, buses: busData, lines: lineData }, schema);
}

/** HiGHS prices a corner of a thousandth of a limit otherwise. */
const TOLERANCES = { primalTolerance: 1e-9, dualTolerance: 1e-9 };

async function solverOf(): Promise<LpSolve> {
  const solver = await loadSolver();
  return (problem) => solver.solve(problem, TOLERANCES);
}

export async function powerFlowFile(source: NetworkSource, output: Output): Promise<void> {
  const input = await read(source, powerFlowInput);
  const periods = powerFlowPeriods(input);
  output.result(
    { unit: input.unit, ...asResult(periods) },
    periods.map((period) => flowText(period, input.unit)).join('\n\n'),
  );
}

export interface PowerFlowPeriod extends FlowView {
  readonly model: string;
  /** Sweeps of the exact power flow. */
  readonly iterations: number;
  readonly violations: ReturnType<typeof brokenLimits>;
}

const BROKEN_BY = 1e-9;

/** @throws the codes of networkOf, radialTree and powerFlow */
export function powerFlowPeriods(input: PowerFlowInput): PowerFlowPeriod[] {
  const { network, names } = namedNetwork(input);
  const tree = radialTree(network);
  return tree.network.periods.map((period) => {
    const { p, q } = setPoints(period);
    const state =
      input.model === 'exact'
        ? powerFlow(tree, p, q)
        : linDistFlow(tree, p, q, input.model === 'lindistflow' ? 'none' : 'linearised');
    return {
      ...flowView(tree, names, state),
      model: input.model,
      iterations: state.iterations,
      violations: brokenLimits(tree, violations(tree, state, BROKEN_BY)),
    };
  });
}

function flowText(
  { voltages, flows, losses, supply, lowest, violations: broken }: PowerFlowPeriod,
  unit: string,
): string {
  return [
    `losses ${losses.p.toFixed(4)} ${unit}, supply ${supply.p.toFixed(4)} ${unit}, lowest voltage ${lowest.vm.toFixed(6)} pu at ${lowest.id}`,
    ...broken.map(
      ({ limit, value, bound }) => `broken: ${limit} ${value.toFixed(6)}, limit ${bound.toFixed(6)}`,
    ),
    tableText(
      ['bus', 'vm pu', 'va °'],
      voltages.map(({ id, vm, va }) => [String(id), vm, va ?? '–']),
    ),
    tableText(
      ['line', `p ${unit}`, `q ${unit}`, `loss ${unit}`],
      flows.map(({ from, to, p, q, loss }) => [`${from}–${to}`, p, q, loss]),
    ),
  ].join('\n\n');
}

export async function dlmpFile(source: NetworkSource, output: Output): Promise<void> {
  const input = await read(source, dlmpInput);
  const periods = dlmpPeriods(input, await solverOf());
  output.result({ unit: input.unit, ...asResult(periods) }, periods.map(priceText).join('\n\n'));
}

const priceText = ({ prices, generators, binding = [], trades = [] }: DlmpPeriod): string =>
  [
    tableText(
      ['bus', 'price', 'energy', 'loss', 'congestion', 'voltage'],
      prices.map(({ id, dual, energy, loss, congestion, voltage }) => [
        String(id),
        dual,
        energy,
        loss,
        congestion,
        voltage,
      ]),
    ),
    tableText(
      ['generator', 'p', 'q'],
      generators.map(({ id, p, q }) => [id, p, q]),
    ),
    tableText(
      ['limit that holds', 'bound', 'worth'],
      binding.map(({ limit, bound, shadowPrice }) => [limit, bound, shadowPrice]),
    ),
    tableText(
      ['trade', 'status', 'quantity', 'charge', 'loss', 'congestion', 'voltage'],
      trades.map(({ id, status, quantity, charge }) => [
        String(id),
        status,
        quantity,
        charge.total,
        charge.loss,
        charge.congestion,
        charge.voltage,
      ]),
    ),
  ]
    .filter((table) => table.includes('\n'))
    .join('\n\n');

export async function envelopeFile(source: NetworkSource, output: Output): Promise<void> {
  const input = await read(source, envelopeInput);
  const periods = envelopePeriods(input, await solverOf());
  const text = periods.map(({ envelopes }) =>
    tableText(
      ['bus', `import ${input.unit}`, `export ${input.unit}`],
      envelopes.map((each) => [String(each.id), each.import, each.export]),
    ),
  );
  output.result({ unit: input.unit, rule: input.rule, ...asResult(periods) }, text.join('\n\n'));
}

export interface EnvelopePeriod {
  readonly envelopes: readonly { readonly id: BusName; readonly import: number; readonly export: number }[];
  readonly totals: { readonly import: number; readonly export: number };
}

type Members = NonNullable<EnvelopeInput['members']>;

/** @throws the codes of networkOf and operatingEnvelopes */
export function envelopePeriods(input: EnvelopeInput, solve: LpSolve): EnvelopePeriod[] {
  const { network, names, numberOf } = namedNetwork(input);
  const unit = network.powerUnit;
  const everybody = names.flatMap((bus, i): Members => (i === network.root ? [] : [{ bus, weight: 1 }]));
  const members = (input.members ?? everybody).map(({ bus, maxImport, maxExport, weight }) => ({
    bus: numberOf(bus, 'member'),
    weight,
    maxImport: (maxImport ?? Infinity) / unit,
    maxExport: (maxExport ?? Infinity) / unit,
  }));
  return operatingEnvelopes(network, members, input.rule, solve).map((period) => {
    const envelopes = period.map((each, i) => ({
      id: names[members[i]!.bus]!,
      import: each.import * unit,
      export: each.export * unit,
    }));
    const total = (of: 'import' | 'export'): number => envelopes.reduce((sum, each) => sum + each[of], 0);
    return { envelopes, totals: { import: total('import'), export: total('export') } };
  });
}
