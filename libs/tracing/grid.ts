import { DomainError } from '#core';
import type { FlowTopology } from './tracer.ts';

/** What a zone says of an hour in MWh; null: known to be missing. Negative generation is load, of a storage its charge. */
export interface ZoneRecord {
  readonly id: string;
  readonly generation: Readonly<Record<string, number | null>>;
  readonly demand?: number | null | undefined;
  /** Generation of all fuels, as said beside them. */
  readonly netGeneration?: number | null | undefined;
  /** Exports less imports over all lines, as said beside them. */
  readonly interchange?: number | null | undefined;
}

/** MWh from → to over a line; negative flows the other way. */
export interface FlowRecord {
  readonly from: string;
  readonly to: string;
  readonly mwh: number | null;
  /** Which end measured it; where both did, cleaning reconciles them. */
  readonly reportedBy?: string | undefined;
}

export interface HourRecord {
  readonly zones: readonly ZoneRecord[];
  readonly flows: readonly FlowRecord[];
}

export interface GridSource {
  readonly zone: number;
  readonly fuel: string;
  /** It charges as well: its generation may be negative. */
  readonly storage: boolean;
}

/** Zones, sources and lines by number, in the order of their names: results are the same in any order of the input. */
export interface Grid {
  readonly zones: readonly string[];
  readonly sources: readonly GridSource[];
  readonly topology: FlowTopology;
}

/** An hour's data in MWh, one a source, zone or line of the grid; NaN: not stated. */
export interface GridHour {
  readonly generation: Float64Array;
  readonly demand: Float64Array;
  readonly netGeneration: Float64Array;
  readonly interchange: Float64Array;
  /** Positive from → to, as measured where the line leaves, or by nobody in particular. */
  readonly flowFrom: Float64Array;
  /** Positive from → to, as measured where it arrives. */
  readonly flowTo: Float64Array;
  /** 1 for zones, sources and lines that the hour names. */
  readonly named: { readonly zones: Uint8Array; readonly sources: Uint8Array; readonly lines: Uint8Array };
}

/** Something the reader should know of the input that does not stop it from being used. */
export interface GridFinding {
  readonly kind: 'self-flow-left-out' | 'both-directions-netted';
  /** Position in the hours given. */
  readonly hour: number;
  readonly from: string;
  readonly to: string;
}

export const byName = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/**
 * Numbers the union of what the hours name. Flows of one pair of zones add up, signed: one line each.
 * @throws ZONE_DUPLICATE, FLOW_ZONE_UNKNOWN, FLOW_REPORTER_UNKNOWN
 */
export function gridOf(
  records: readonly HourRecord[],
  isStorage: (zone: string, fuel: string) => boolean,
): { grid: Grid; hours: GridHour[]; findings: GridFinding[] } {
  const { zones, fuels, pairs } = named(records);
  const zoneNumber = new Map(zones.map((id, i) => [id, i]));
  const sources = zones.flatMap((id, zone) =>
    [...fuels.get(id)!]
      .toSorted(byName)
      .map((fuel): GridSource => ({ zone, fuel, storage: isStorage(id, fuel) })),
  );
  const lines = zones.flatMap((from) =>
    [...(pairs.get(from) ?? [])]
      .toSorted(byName)
      .map((to) => [zoneNumber.get(from)!, zoneNumber.get(to)!] as const),
  );
  const topology = {
    zones: zones.length,
    from: Int32Array.from(lines, ([from]) => from),
    to: Int32Array.from(lines, ([, to]) => to),
  };
  const grid = { zones, sources, topology };
  const findings: GridFinding[] = [];
  const read = hourReader(grid, zoneNumber, findings);
  return { grid, hours: records.map(read), findings };
}

/** Zones, the fuels of each, and the pairs that lines join: of each its later names. */
function named(records: readonly HourRecord[]): {
  zones: string[];
  fuels: Map<string, Set<string>>;
  pairs: Map<string, Set<string>>;
} {
  const fuels = new Map<string, Set<string>>();
  const pairs = new Map<string, Set<string>>();
  for (const { zones, flows } of records) {
    const ids = new Set<string>();
    for (const { id, generation } of zones) {
      if (ids.has(id)) throw refusal('ZONE_DUPLICATE', 'each zone once in an hour', id);
      ids.add(id);
      const own = entryOf(fuels, id);
      for (const fuel of Object.keys(generation)) own.add(fuel);
    }
    for (const flow of flows) {
      requireEnds(flow, ids);
      const [low, high] = endsOf(flow);
      if (low !== high) entryOf(pairs, low).add(high);
    }
  }
  return { zones: [...fuels.keys()].toSorted(byName), fuels, pairs };
}

/** @throws FLOW_ZONE_UNKNOWN, FLOW_REPORTER_UNKNOWN */
function requireEnds({ from, to, reportedBy = from }: FlowRecord, ids: ReadonlySet<string>): void {
  const stranger = [from, to].find((id) => !ids.has(id));
  if (stranger !== undefined) throw refusal('FLOW_ZONE_UNKNOWN', "flows between the hour's zones", stranger);
  if (reportedBy !== from && reportedBy !== to) {
    throw refusal('FLOW_REPORTER_UNKNOWN', `a flow reported by ${from} or ${to}`, reportedBy);
  }
}

/** In the order of their names. */
const endsOf = ({ from, to }: FlowRecord): readonly [string, string] => (from < to ? [from, to] : [to, from]);

function entryOf(sets: Map<string, Set<string>>, key: string): Set<string> {
  const known = sets.get(key);
  if (known !== undefined) return known;
  const fresh = new Set<string>();
  sets.set(key, fresh);
  return fresh;
}

const refusal = (code: string, expected: string, zone: string): DomainError =>
  new DomainError(code, `expected ${expected}, got ${JSON.stringify(zone)}`, 'invalid', { zone });

type Read = (record: HourRecord, hour: number) => GridHour;

function hourReader(
  { zones, sources, topology }: Grid,
  zoneNumber: ReadonlyMap<string, number>,
  findings: GridFinding[],
): Read {
  const sourceNumber = zones.map(() => new Map<string, number>());
  sources.forEach(({ zone, fuel }, i) => sourceNumber[zone]!.set(fuel, i));
  const lineNumber = zones.map(() => new Map<number, number>());
  topology.from.forEach((from, line) => lineNumber[from]!.set(topology.to[line]!, line));
  const readZones = (record: HourRecord, to: GridHour): void => {
    for (const { id, generation, demand, netGeneration, interchange } of record.zones) {
      const zone = zoneNumber.get(id)!;
      to.named.zones[zone] = 1;
      to.demand[zone] = demand ?? NaN;
      to.netGeneration[zone] = netGeneration ?? NaN;
      to.interchange[zone] = interchange ?? NaN;
      for (const [fuel, mwh] of Object.entries(generation)) {
        const source = sourceNumber[zone]!.get(fuel)!;
        to.named.sources[source] = 1;
        to.generation[source] = mwh ?? NaN;
      }
    }
  };
  const readFlow = (flow: FlowRecord, hour: number, to: GridHour): void => {
    const [low, high] = endsOf(flow);
    const line = lineNumber[zoneNumber.get(low)!]!.get(zoneNumber.get(high)!)!;
    to.named.lines[line] = 1;
    const mwh = flow.mwh ?? NaN;
    const signed = flow.from === low ? mwh : -mwh;
    const reports = flow.reportedBy === high ? to.flowTo : to.flowFrom;
    const before = reports[line]!;
    if (before * signed < 0) findings.push({ kind: 'both-directions-netted', hour, from: low, to: high });
    reports[line] = Number.isNaN(before) ? signed : before + signed;
  };
  const readFlows = (record: HourRecord, hour: number, to: GridHour): void => {
    for (const flow of record.flows) {
      if (flow.from !== flow.to) readFlow(flow, hour, to);
      else findings.push({ kind: 'self-flow-left-out', hour, from: flow.from, to: flow.to });
    }
  };
  return (record, hour) => {
    const to = emptyHour(zones.length, sources.length, topology.from.length);
    readZones(record, to);
    readFlows(record, hour, to);
    return to;
  };
}

const unstated = (length: number): Float64Array => new Float64Array(length).fill(NaN);

/** Sources that the hour does not name generate nothing; all else that it does not say is not stated. */
function emptyHour(zones: number, sources: number, lines: number): GridHour {
  return {
    generation: new Float64Array(sources),
    demand: unstated(zones),
    netGeneration: unstated(zones),
    interchange: unstated(zones),
    flowFrom: unstated(lines),
    flowTo: unstated(lines),
    named: { zones: new Uint8Array(zones), sources: new Uint8Array(sources), lines: new Uint8Array(lines) },
  };
}
