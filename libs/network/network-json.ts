import { DomainError } from '#core';
import type { BusData, GeneratorData, LineData, NetworkData, Series } from './network-data.ts';
import { networkFromPandapower } from './pandapower.ts';
import { isPandapower } from './pandapower-tables.ts';

type Reader<T> = (value: unknown, where: string) => T;
type Fields = Readonly<Record<string, { readonly read: Reader<unknown>; readonly optional?: true }>>;

const MAX_NAME = 200;

/** @throws NETWORK_JSON naming the place, never the value */
function refuse(expected: string, where: string): never {
  throw new DomainError('NETWORK_JSON', `expected ${expected} at ${where}, got something else`, 'invalid', {
    where,
  });
}

const number: Reader<number> = (value, where) => {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : refuse('a number', where);
};

const name: Reader<string> = (value, where) => {
  const text = Number.isSafeInteger(value) ? String(value) : value;
  return typeof text === 'string' && text !== '' && text.length <= MAX_NAME ? text : refuse('a name', where);
};

const flag: Reader<boolean> = (value, where) =>
  typeof value === 'boolean' ? value : refuse('true or false', where);

const series: Reader<Series> = (value, where) =>
  Array.isArray(value) ? value.map((each, i) => number(each, `${where}[${i}]`)) : number(value, where);

const oneOf =
  (...words: readonly string[]): Reader<string> =>
  (value, where) =>
    words.includes(value as string) ? (value as string) : refuse(words.join(', '), where);

const list =
  <T>(read: Reader<T>): Reader<T[]> =>
  (value, where) =>
    Array.isArray(value) ? value.map((each, i) => read(each, `${where}[${i}]`)) : refuse('a list', where);

/** An object of these fields and no others. */
const object =
  <T>(fields: Fields): Reader<T> =>
  (value, where) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return refuse('an object', where);
    const given = value as Readonly<Record<string, unknown>>;
    const unknown = Object.keys(given).find((key) => !Object.hasOwn(fields, key));
    if (unknown !== undefined) refuse(`no field ${JSON.stringify(unknown.slice(0, 64))}`, where);
    const read = Object.entries(fields).flatMap(([key, { read: of, optional }]) =>
      optional && given[key] === undefined ? [] : [[key, of(given[key], `${where}.${key}`)]],
    );
    return Object.fromEntries(read) as T;
  };

const must = (read: Reader<unknown>) => ({ read });
const may = (read: Reader<unknown>) => ({ read, optional: true as const });

const bus = object<BusData>({
  id: must(name),
  p: may(series),
  q: may(series),
  vmin: may(number),
  vmax: may(number),
  shuntP: may(number),
  shuntQ: may(number),
});
interface JsonLine extends LineData {
  readonly in_service?: boolean;
}
const line = object<JsonLine>({
  from: must(name),
  to: must(name),
  r: may(number),
  x: must(number),
  limit: may(number),
  in_service: may(flag),
});
interface JsonGenerator extends Omit<GeneratorData, 'id'> {
  readonly id?: string;
}
const generator = object<JsonGenerator>({
  id: may(name),
  bus: must(name),
  ...Object.fromEntries(['p', 'q', 'cost', 'pmin', 'pmax', 'qmin', 'qmax'].map((key) => [key, may(series)])),
});

interface JsonNetwork extends Omit<NetworkData, 'base' | 'powerUnit' | 'lines' | 'generators'> {
  readonly base?: NetworkData['base'];
  readonly unit?: NetworkData['powerUnit'];
  readonly lines: readonly JsonLine[];
  readonly generators?: readonly JsonGenerator[];
}
const network = object<JsonNetwork>({
  base: may(object({ kv: must(number), mva: must(number) })),
  unit: may(oneOf('kW', 'MW', 'pu')),
  impedanceUnit: may(oneOf('ohm', 'pu')),
  buses: must(list(bus)),
  lines: must(list(line)),
  generators: may(list(generator)),
  root: must(name),
  rootVoltage: may(number),
  price: may(series),
});

/**
 * A network from the JSON of `market network`, or from a pandapower file. Lines out of service are left out.
 * @throws NETWORK_JSON naming the place, and what networkFromPandapower throws; what it means, networkOf checks
 */
export function networkFromJson(json: unknown): NetworkData {
  if (isPandapower(json)) return networkFromPandapower(json);
  const { base = { kv: 1, mva: 1 }, unit = 'kW', lines, generators = [], ...rest } = network(json, 'network');
  return {
    ...rest,
    base,
    powerUnit: unit,
    lines: lines.flatMap(({ in_service: inService = true, ...each }) =>
      inService ? [{ ...each, r: each.r ?? 0 }] : [],
    ),
    generators: generators.map((each, i) => ({ ...each, id: each.id ?? `${each.bus} #${i + 1}` })),
  };
}
