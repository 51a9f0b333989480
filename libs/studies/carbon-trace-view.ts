import {
  type BalancedHour,
  type Grid,
  type GridHour,
  type HourTrace,
  intensityOf,
  type Provenance,
  totalsOf,
  TRACED,
  WITHOUT_SOURCE,
} from '#tracing';

export interface PollutantView {
  /** kg/MWh, which is g/kWh; null: not known, a flag says why. */
  readonly intensity: number | null;
  /** kg. */
  readonly emissions: number | null;
}

export interface ZoneView extends PollutantView {
  readonly id: string;
  readonly demandMwh: number;
  readonly generationMwh: number;
  /** Shares of fuels in what it uses; null where nothing flows. */
  readonly mix: Readonly<Record<string, number>> | null;
  /** Where more than one was asked for. */
  readonly pollutants?: Readonly<Record<string, PollutantView>>;
  /** Σ |correction| of its data and half of its lines', where the hour was cleaned. */
  readonly correctionMwh?: number;
  readonly flags: readonly string[];
}

export interface FlowView {
  readonly from: string;
  readonly to: string;
  readonly mwh: number;
  /** kg of the first pollutant that the energy carries. */
  readonly emissions: number | null;
}

/** One datum that cleaning changed, or that nobody stated. */
export interface Correction {
  readonly zone: string;
  readonly what: 'generation' | 'demand' | 'netGeneration' | 'interchange' | 'flow';
  readonly fuel?: string;
  readonly to?: string;
  readonly reportedBy?: string;
  readonly statedMwh: number | null;
  readonly cleanedMwh: number;
}

/** Of shares and MWh: below it there is nothing to tell. */
const NOTHING = 1e-12;

export function zoneViews(
  grid: Grid,
  hour: BalancedHour,
  trace: HourTrace,
  names: { readonly fuels: readonly string[]; readonly pollutants: readonly string[] },
  flagsOf: (zone: number) => readonly string[],
): ZoneView[] {
  const { netGeneration } = totalsOf(grid, hour.generation, hour.flow);
  return grid.zones.map((id, zone) => {
    const views = names.pollutants.map((_, q): PollutantView => {
      const intensity = intensityOf(trace, zone, q);
      return { intensity, emissions: intensity === null ? null : intensity * hour.demand[zone]! };
    });
    return {
      id,
      ...(views[0] ?? { intensity: null, emissions: null }),
      demandMwh: hour.demand[zone]!,
      generationMwh: netGeneration[zone]!,
      mix: trace.states[zone] === TRACED ? mixOf(trace, zone, names.fuels) : null,
      ...(views.length > 1
        ? { pollutants: Object.fromEntries(names.pollutants.map((name, q) => [name, views[q]!])) }
        : {}),
      flags: [...stateFlags(trace, zone, names.pollutants.length > 0), ...flagsOf(zone)],
    };
  });
}

function mixOf({ mix }: HourTrace, zone: number, fuels: readonly string[]): Record<string, number> {
  const shares = fuels.map((fuel, f) => [fuel, mix[zone * fuels.length + f]!] as const);
  return Object.fromEntries(shares.filter(([, share]) => share > NOTHING));
}

function stateFlags(trace: HourTrace, zone: number, asksForEmissions: boolean): string[] {
  const state = trace.states[zone];
  if (state !== TRACED) return [state === WITHOUT_SOURCE ? 'circular-flow' : 'no-throughflow'];
  return asksForEmissions && intensityOf(trace, zone, 0) === null
    ? ['storage-charged-at-unknown-intensity']
    : [];
}

export function flowViews(
  { zones, topology }: Grid,
  hour: BalancedHour,
  trace: HourTrace,
  pollutants: number,
): FlowView[] {
  return [...hour.flow].flatMap((signed, line) => {
    if (Math.abs(signed) <= NOTHING) return [];
    const ends = [topology.from[line]!, topology.to[line]!];
    const [from, to] = signed > 0 ? ends : ends.toReversed();
    const mwh = Math.abs(signed);
    const intensity = pollutants > 0 ? intensityOf(trace, from!, 0) : null;
    return [
      { from: zones[from!]!, to: zones[to!]!, mwh, emissions: intensity === null ? null : intensity * mwh },
    ];
  });
}

/** What cleaning changed of what was stated, the largest first. */
export function corrections(grid: Grid, said: GridHour, hour: BalancedHour): Correction[] {
  const { zones, sources, topology } = grid;
  const totals = totalsOf(grid, hour.generation, hour.flow);
  const list: Correction[] = [];
  const add = (of: Omit<Correction, 'statedMwh' | 'cleanedMwh'>, stated: number, cleaned: number): void => {
    if (Math.abs(stated - cleaned) <= CORRECTED * Math.max(1, Math.abs(stated))) return;
    list.push({ ...of, statedMwh: Number.isNaN(stated) ? null : stated, cleanedMwh: cleaned });
  };
  sources.forEach(({ zone, fuel }, i) =>
    add({ zone: zones[zone]!, what: 'generation', fuel }, said.generation[i]!, hour.generation[i]!),
  );
  zones.forEach((zone, i) => {
    if (said.named.zones[i] === 0) return;
    add({ zone, what: 'demand' }, said.demand[i]!, hour.demand[i]!);
    for (const what of ['netGeneration', 'interchange'] as const) {
      if (!Number.isNaN(said[what][i]!)) add({ zone, what }, said[what][i]!, totals[what][i]!);
    }
  });
  topology.from.forEach((from, line) => {
    const [zone, to] = [zones[from]!, zones[topology.to[line]!]!];
    const [before, after] = [said.flowFrom[line]!, said.flowTo[line]!];
    const isOpen = Number.isNaN(before) && Number.isNaN(after);
    if (!Number.isNaN(before) || (isOpen && said.named.lines[line] === 1)) {
      add(
        { zone, what: 'flow', to, ...(Number.isNaN(after) ? {} : { reportedBy: zone }) },
        before,
        hour.flow[line]!,
      );
    }
    if (!Number.isNaN(after)) add({ zone, what: 'flow', to, reportedBy: to }, after, hour.flow[line]!);
  });
  return list.toSorted((a, b) => sizeOf(b) - sizeOf(a));
}

/** Of what was stated: solvers' rounding is no correction. */
const CORRECTED = 1e-9;

/** Σ |correction| of the zones that have any. */
export function correctionsByZone(list: readonly Correction[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const each of list) {
    const ends = each.to === undefined ? [each.zone] : [each.zone, each.to];
    for (const zone of ends) sums.set(zone, (sums.get(zone) ?? 0) + sizeOf(each) / ends.length);
  }
  return sums;
}

const sizeOf = ({ statedMwh, cleanedMwh }: Correction): number => Math.abs(cleanedMwh - (statedMwh ?? 0));

export interface ProvenanceView {
  readonly demands: readonly {
    readonly zone: string;
    readonly mwh: number;
    readonly from: readonly SourceShare[];
  }[];
  readonly lines: readonly {
    readonly from: string;
    readonly to: string;
    readonly mwh: number;
    readonly sources: readonly SourceShare[];
    readonly sinks: readonly { readonly zone: string; readonly mwh: number }[];
  }[];
}

interface SourceShare {
  readonly zone: string;
  readonly fuel: string;
  readonly mwh: number;
}

const sumOf = (mwh: Float64Array): number => mwh.reduce((sum, each) => sum + each, 0);

export function provenanceView(grid: Grid, { flow }: BalancedHour, provenance: Provenance): ProvenanceView {
  const { zones, sources, topology } = grid;
  const bySource = (mwh: Float64Array): SourceShare[] =>
    sources.flatMap(({ zone, fuel }, i) =>
      mwh[i]! > NOTHING ? [{ zone: zones[zone]!, fuel, mwh: mwh[i]! }] : [],
    );
  return {
    demands: provenance.loads.map((mwh, i) => ({ zone: zones[i]!, mwh: sumOf(mwh), from: bySource(mwh) })),
    lines: [...flow].map((signed, line) => {
      const ends = [zones[topology.from[line]!]!, zones[topology.to[line]!]!];
      const [from, to] = signed < 0 ? ends.toReversed() : ends;
      const byLoad = provenance.linesByLoad[line]!;
      return {
        from: from!,
        to: to!,
        mwh: Math.abs(signed),
        sources: bySource(provenance.linesBySource[line]!),
        sinks: zones.flatMap((zone, i) => (byLoad[i]! > NOTHING ? [{ zone, mwh: byLoad[i]! }] : [])),
      };
    }),
  };
}
