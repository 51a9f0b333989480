import { DomainError } from '#core';
import {
  isPandapower,
  type Network,
  NETWORK_LIMITS,
  type NetworkData,
  networkFromPandapower,
  networkOf,
} from '#network';
import { z } from 'zod';
import { decimal as exactDecimal } from './decimal-schema.ts';

/** Read as a double. */
const decimal = exactDecimal.transform(Number);
const series = z.union([decimal, z.array(decimal).min(1).max(NETWORK_LIMITS.periods)]);
const id = z.union([z.string().min(1).max(200), z.int()]);

const busData = z.strictObject({
  id,
  p: series
    .optional()
    .describe('active power it consumes, in `unit`: one number, or one a period; default 0'),
  q: series.optional().describe('reactive power it consumes, default 0'),
  vmin: decimal.optional().describe('lowest voltage, per unit; none where absent'),
  vmax: decimal.optional().describe('highest voltage, per unit; none where absent'),
  shuntP: decimal.optional().describe('what its shunt consumes at 1 pu, in `unit`'),
  shuntQ: decimal.optional().describe('reactive power its shunt gives at 1 pu, in `unit`'),
});

const lineData = z.strictObject({
  from: id,
  to: id,
  r: decimal.default(0).describe('resistance in `impedanceUnit`, default 0'),
  x: decimal.describe('reactance in `impedanceUnit`'),
  limit: decimal
    .optional()
    .describe('largest apparent power at either end, in `unit`; active power in the DC model'),
  in_service: z.boolean().default(true).describe('false leaves the line out'),
});

const generatorData = z.strictObject({
  id: id.optional().describe('default its bus and place in the list'),
  bus: id,
  p: series.optional().describe('what it produces in `powerflow`, default 0'),
  q: series.optional(),
  cost: series.optional().describe('price per `unit` and hour, default 0'),
  pmin: series.optional().describe('default 0; below 0 for a flexible load'),
  pmax: series.optional().describe('default p'),
  qmin: series.optional().describe('default 0'),
  qmax: series.optional().describe('default 0'),
});

const networkKeys = {
  base: z
    .strictObject({ kv: decimal, mva: decimal })
    .default({ kv: 1, mva: 1 })
    .describe('line voltage and three-phase power of the per-unit system; ohms are at this voltage'),
  unit: z.enum(['kW', 'MW', 'pu']).default('kW').describe('of every power; prices are per unit and hour'),
  impedanceUnit: z.enum(['ohm', 'pu']).default('ohm').describe('of r and x'),
  buses: z.array(busData).min(1).max(NETWORK_LIMITS.buses),
  lines: z.array(lineData).max(NETWORK_LIMITS.lines),
  generators: z.array(generatorData).max(NETWORK_LIMITS.generators).default([]),
  root: id.describe('bus at the grid: it holds its voltage and covers what is missing'),
  rootVoltage: decimal.default(1).describe('per unit'),
  price: series
    .optional()
    .describe('what the grid sells and buys for at the root; without one, generators supply everything'),
};

const trade = z.strictObject({
  id,
  from: id.describe("seller's bus"),
  to: id.describe("buyer's bus"),
  quantity: decimal.describe('in `unit`'),
  gain: decimal.describe('bid less ask, per `unit` and hour'),
});

const member = z.strictObject({
  bus: id,
  maxImport: decimal.optional().describe('capacity of its connection, in `unit`; none where absent'),
  maxExport: decimal.optional(),
  weight: decimal.default(1).describe('for the rules weighted and maximal'),
});

/** Input of `market network powerflow`. */
export const powerFlowInput = z.strictObject({
  ...networkKeys,
  model: z
    .enum(['exact', 'lindistflow', 'lindistflow-losses'])
    .default('exact')
    .describe('exact: backward–forward sweep'),
});

/** Input of `market network dlmp`. */
export const dlmpInput = z.strictObject({
  ...networkKeys,
  model: z
    .enum(['auto', 'exact', 'lindistflow', 'dc'])
    .default('auto')
    .describe(
      'exact: radial, with losses and voltages of the exact power flow; lindistflow: radial, lossless; dc: meshed, lossless, no voltages; auto: exact where the network is radial, else dc',
    ),
  trades: z
    .array(trade)
    .max(NETWORK_LIMITS.trades)
    .optional()
    .describe('proposed peer-to-peer trades, admitted under the limits (radial networks, one period)'),
});

/** Input of `market network envelope`. */
export const envelopeInput = z.strictObject({
  ...networkKeys,
  rule: z
    .enum(['equal', 'weighted', 'maximal'])
    .default('equal')
    .describe('one limit for all; limits in proportion to weights; largest weighted sum of limits'),
  members: z
    .array(member)
    .max(NETWORK_LIMITS.buses)
    .optional()
    .describe('connections that are given an envelope of net active power; default every bus but the root'),
});

export type PowerFlowInput = z.infer<typeof powerFlowInput>;
export type DlmpInput = z.infer<typeof dlmpInput>;
export type EnvelopeInput = z.infer<typeof envelopeInput>;
type NetworkInput = PowerFlowInput | DlmpInput | EnvelopeInput;

/** The verb's input, or a pandapower file in its place, with options of the command line put over either. */
export const orPandapower = <T>(
  schema: z.ZodType<T>,
  options: Readonly<Record<string, unknown>>,
): z.ZodType<T> =>
  z.preprocess((json) => {
    const input = isPandapower(json) ? inputOf(networkFromPandapower(json)) : json;
    return typeof input === 'object' && input !== null ? { ...input, ...options } : input;
  }, schema);

/** JSON knows no infinity: an infinite limit is an absent one. */
function inputOf({ powerUnit, ...data }: NetworkData): object {
  const finite = JSON.stringify(data, (_, value: unknown) => (value === Infinity ? undefined : value));
  return { ...JSON.parse(finite), unit: powerUnit };
}

/** Names are text inside. */
export function networkData(input: NetworkInput): NetworkData {
  const { base, unit, impedanceUnit, rootVoltage, price } = input;
  return {
    base,
    powerUnit: unit,
    impedanceUnit,
    root: String(input.root),
    rootVoltage,
    price,
    buses: input.buses.map((each) => ({ ...each, id: String(each.id) })),
    lines: input.lines.flatMap(({ in_service: inService, ...each }) =>
      inService ? [{ ...each, from: String(each.from), to: String(each.to) }] : [],
    ),
    generators: input.generators.map((each, i) => ({
      ...each,
      id: String(each.id ?? `${each.bus} #${i + 1}`),
      bus: String(each.bus),
    })),
  };
}

/** A checked network and the names of its buses as the caller wrote them, by bus number. */
export interface NamedNetwork {
  readonly network: Network;
  readonly names: readonly (string | number)[];
  /** @throws NETWORK_BUS_UNKNOWN */
  readonly numberOf: (name: string | number, what: string) => number;
}

/** @throws the codes of networkOf */
export function namedNetwork(input: NetworkInput): NamedNetwork {
  const network = networkOf(networkData(input));
  const written = new Map(input.buses.map(({ id: name }) => [String(name), name]));
  const numbers = new Map(network.buses.map(({ id: name }, bus) => [name, bus]));
  return {
    network,
    names: network.buses.map(({ id: name }) => written.get(name)!),
    numberOf(name, what) {
      const bus = numbers.get(String(name));
      if (bus !== undefined) return bus;
      const message = `expected a bus of the network as ${what}, got ${name}`;
      throw new DomainError('NETWORK_BUS_UNKNOWN', message, 'invalid', { bus: String(name) });
    },
  };
}
