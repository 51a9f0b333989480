import { DomainError } from '#core';
import {
  at,
  type BusData,
  type GeneratorData,
  impedancePerUnit,
  type LineData,
  type NetworkData,
  powerPerUnit,
  type Series,
} from './network-data.ts';

/** Per unit; squared voltages are what linear models bound. */
export interface Bus {
  readonly id: string;
  /** 0 without a limit. */
  readonly vmin: number;
  /** ∞ without a limit. */
  readonly vmax: number;
  /** Shunt: consumes g·v + … active and gives b·v reactive power at squared voltage v. */
  readonly g: number;
  readonly b: number;
}

/** Per unit, between numbers of buses. */
export interface Line {
  readonly from: number;
  readonly to: number;
  readonly r: number;
  readonly x: number;
  /** ∞ without a limit. */
  readonly limit: number;
}

export interface Generator {
  readonly id: string;
  readonly bus: number;
}

/** Consumption and offers of one period, per unit; prices per unit of the owner's power and hour. */
export interface Period {
  readonly p: Float64Array;
  readonly q: Float64Array;
  readonly offers: readonly Offer[];
  /** Of the grid at the root; null where generators supply everything. */
  readonly price: number | null;
}

/** What a generator offers in a period. */
export interface Offer {
  readonly bus: number;
  /** What it produces in a power flow. */
  readonly p: number;
  readonly q: number;
  readonly cost: number;
  readonly pmin: number;
  readonly pmax: number;
  readonly qmin: number;
  readonly qmax: number;
}

/** A checked network, per unit. Buses, lines and generators are sorted, so that the order of an input changes no result. */
export interface Network {
  readonly buses: readonly Bus[];
  readonly lines: readonly Line[];
  readonly generators: readonly Generator[];
  readonly root: number;
  readonly rootVoltage: number;
  readonly periods: readonly Period[];
  /** Owner's power units in 1 pu. */
  readonly powerUnit: number;
}

export const NETWORK_LIMITS = {
  buses: 10_000,
  lines: 20_000,
  generators: 10_000,
  trades: 1_000,
  periods: 10_000,
} as const;

const invalid = (code: string, expected: string, got: unknown, data = {}): DomainError =>
  new DomainError(code, `expected ${expected}, got ${String(got)}`, 'invalid', data);

const WHOLE = /^\d{1,15}$/;
/** Numbers by value, then everything else by its characters: the same on every machine. */
const byName = (a: string, b: string): number => {
  const [number, other] = [WHOLE.test(a), WHOLE.test(b)];
  if (number && other && Number(a) !== Number(b)) return Number(a) - Number(b);
  if (number !== other) return number ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
};

/**
 * Checks a network and takes it to per unit.
 * @throws NETWORK_TOO_LARGE, NETWORK_NUMBER, NETWORK_BASE, NETWORK_BUS_DUPLICATE, NETWORK_BUS_UNKNOWN, NETWORK_LINE,
 * NETWORK_VOLTAGE_LIMITS, NETWORK_GENERATOR, NETWORK_PERIODS, NETWORK_DISCONNECTED
 */
export function networkOf(data: NetworkData): Network {
  requireSizes(data);
  const { base, powerUnit = 'kW', impedanceUnit = 'ohm' } = data;
  requireBase(data);
  const power = powerPerUnit(powerUnit, base.mva);
  const impedance = impedancePerUnit(impedanceUnit, base);
  const buses = data.buses.toSorted((a, b) => byName(a.id, b.id));
  const numbers = numbersOf(buses);
  const numberOf = (id: string, what: string): number => {
    const number = numbers.get(id);
    if (number === undefined) {
      throw invalid('NETWORK_BUS_UNKNOWN', `a bus of the network as ${what}`, id, { bus: id });
    }
    return number;
  };
  const generators = sortedGenerators(data.generators ?? []);
  const network: Network = {
    buses: buses.map((bus) => busOf(bus, power)),
    lines: linesOf(data.lines, numberOf, power, impedance),
    generators: generators.map(({ id, bus }) => ({ id, bus: numberOf(bus, `bus of ${id}`) })),
    root: numberOf(data.root, 'root'),
    rootVoltage: data.rootVoltage ?? 1,
    periods: periodsOf(data, buses, generators, (bus) => numberOf(bus, 'bus'), power),
    powerUnit: power,
  };
  requireConnected(network);
  return network;
}

function requireBase({ base: { kv, mva }, rootVoltage = 1 }: NetworkData): void {
  if (!(kv > 0 && mva > 0 && kv < 1e4 && mva < 1e6)) {
    throw invalid('NETWORK_BASE', 'a base above 0 kV and 0 MVA', `${kv} kV and ${mva} MVA`);
  }
  if (!(rootVoltage >= 0.5 && rootVoltage <= 1.5)) {
    throw invalid('NETWORK_NUMBER', 'a voltage of the root within 0.5 and 1.5 pu', rootVoltage);
  }
}

function requireSizes({ buses, lines, generators = [] }: NetworkData): void {
  const sizes = { buses: buses.length, lines: lines.length, generators: generators.length };
  for (const [name, size] of Object.entries(sizes)) {
    const limit = NETWORK_LIMITS[name as keyof typeof sizes];
    if (size > limit) {
      const message = `expected at most ${limit} ${name}, got ${size}`;
      throw new DomainError('NETWORK_TOO_LARGE', message, 'limit', { [name]: size });
    }
  }
}

function numbersOf(buses: readonly BusData[]): Map<string, number> {
  const numbers = new Map<string, number>();
  buses.forEach(({ id }, i) => {
    if (numbers.has(id)) throw invalid('NETWORK_BUS_DUPLICATE', 'one bus an id', `two of ${id}`, { bus: id });
    numbers.set(id, i);
  });
  return numbers;
}

function finite(value: number, what: string): number {
  if (!Number.isFinite(value)) throw invalid('NETWORK_NUMBER', `a finite ${what}`, value);
  return value;
}

function busOf({ id, vmin = 0, vmax = Infinity, shuntP = 0, shuntQ = 0 }: BusData, power: number): Bus {
  if (!(vmin >= 0 && vmin <= vmax && vmax > 0)) {
    throw invalid('NETWORK_VOLTAGE_LIMITS', `0 ≤ vmin ≤ vmax at ${id}`, `${vmin} and ${vmax}`, { bus: id });
  }
  return {
    id,
    vmin,
    vmax,
    g: finite(shuntP, `shuntP at ${id}`) / power,
    b: finite(shuntQ, `shuntQ at ${id}`) / power,
  };
}

function linesOf(
  lines: readonly LineData[],
  numberOf: (id: string, what: string) => number,
  power: number,
  impedance: number,
): Line[] {
  const perUnit = lines.map((line) => {
    const { from, to, r, x, limit = Infinity } = line;
    const name = `line ${from}–${to}`;
    const ends = { from: numberOf(from, `end of ${name}`), to: numberOf(to, `end of ${name}`) };
    const bad = [
      [ends.from === ends.to, 'two ends'],
      [!(r >= 0 && Number.isFinite(r) && Number.isFinite(x)), 'r ≥ 0 and a finite x'],
      [r === 0 && x === 0, 'an impedance above 0'],
      [!(limit > 0), 'a limit above 0'],
    ].find(([broken]) => broken);
    if (bad !== undefined) {
      throw invalid('NETWORK_LINE', `${String(bad[1])} at ${name}`, `r ${r}, x ${x}, limit ${limit}`, {
        from,
        to,
      });
    }
    return { ...ends, r: r / impedance, x: x / impedance, limit: limit / power };
  });
  return perUnit.toSorted((a, b) => a.from - b.from || a.to - b.to || a.r - b.r || a.x - b.x);
}

function sortedGenerators(generators: readonly GeneratorData[]): GeneratorData[] {
  const sorted = generators.toSorted((a, b) => byName(a.id, b.id));
  sorted.forEach(({ id }, i) => {
    if (sorted[i - 1]?.id === id) {
      throw invalid('NETWORK_GENERATOR', 'one generator an id', `two of ${id}`, { generator: id });
    }
  });
  return sorted;
}

function periodsOf(
  data: NetworkData,
  buses: readonly BusData[],
  generators: readonly GeneratorData[],
  numberOf: (bus: string) => number,
  power: number,
): Period[] {
  const series = [
    data.price,
    ...buses.flatMap(({ p, q }) => [p, q]),
    ...generators.flatMap(({ p, q, cost, pmin, pmax, qmin, qmax }) => [p, q, cost, pmin, pmax, qmin, qmax]),
  ].filter((value) => value !== undefined);
  const count = periodCount(series);
  for (const value of series) requireFiniteSeries(value);
  return Array.from({ length: count }, (_, t) => ({
    p: Float64Array.from(buses, ({ p = 0 }) => at(p, t) / power),
    q: Float64Array.from(buses, ({ q = 0 }) => at(q, t) / power),
    offers: generators.map((generator) => offerOf(generator, numberOf(generator.bus), t, power)),
    price: data.price === undefined ? null : at(data.price, t),
  }));
}

function periodCount(series: readonly Series[]): number {
  const lengths = new Set(series.filter((value) => typeof value !== 'number').map(({ length }) => length));
  const [length = 1] = lengths;
  if (lengths.size > 1 || length === 0) {
    throw invalid('NETWORK_PERIODS', 'series of one length above 0', [...lengths].join(' and '));
  }
  if (length > NETWORK_LIMITS.periods) {
    const message = `expected at most ${NETWORK_LIMITS.periods} periods, got ${length}`;
    throw new DomainError('NETWORK_TOO_LARGE', message, 'limit', { periods: length });
  }
  return length;
}

function requireFiniteSeries(series: Series): void {
  for (const value of typeof series === 'number' ? [series] : series) finite(value, 'number');
}

function offerOf(
  { id, p = 0, q = 0, cost = 0, pmin = 0, pmax = p, qmin = 0, qmax = 0 }: GeneratorData,
  bus: number,
  t: number,
  power: number,
): Offer {
  const range = { pmin: at(pmin, t), pmax: at(pmax, t), qmin: at(qmin, t), qmax: at(qmax, t) };
  if (range.pmin > range.pmax || range.qmin > range.qmax) {
    throw invalid('NETWORK_GENERATOR', `pmin ≤ pmax and qmin ≤ qmax of ${id}`, JSON.stringify(range), {
      generator: id,
    });
  }
  return {
    bus,
    p: at(p, t) / power,
    q: at(q, t) / power,
    cost: at(cost, t),
    pmin: range.pmin / power,
    pmax: range.pmax / power,
    qmin: range.qmin / power,
    qmax: range.qmax / power,
  };
}

/** Net consumption when every generator produces what it is set to. */
export function setPoints({ p, q, offers }: Period): { readonly p: Float64Array; readonly q: Float64Array } {
  const net = { p: p.slice(), q: q.slice() };
  for (const offer of offers) {
    net.p[offer.bus]! -= offer.p;
    net.q[offer.bus]! -= offer.q;
  }
  return net;
}

/** @throws NETWORK_DISCONNECTED naming what no line leads to */
function requireConnected({ buses, lines, root }: Network): void {
  const neighbours: number[][] = buses.map(() => []);
  for (const { from, to } of lines) {
    neighbours[from]!.push(to);
    neighbours[to]!.push(from);
  }
  const reached = new Set([root]);
  for (const bus of reached) for (const next of neighbours[bus]!) reached.add(next);
  if (reached.size === buses.length) return;
  const alone = buses.filter((_, i) => !reached.has(i)).map(({ id }) => id);
  throw invalid(
    'NETWORK_DISCONNECTED',
    'every bus connected to the root',
    `${alone.length} apart: ${alone.slice(0, 5).join(', ')}`,
    { buses: alone.slice(0, 20) },
  );
}
