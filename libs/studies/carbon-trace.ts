import { DomainError, isoInstant } from '#core';
import {
  type EmissionChecks,
  type GridFinding,
  hourTracer,
  type HourTrace,
  type Imbalance,
  provenanceOf,
  storageLedger,
  type StorageRule,
} from '#tracing';
import { z } from 'zod';
import { type Flag, suspectIntensities } from './carbon-flag.ts';
import { CO2E, emissionsOf, factorBook, type UsedFactor, valueOf } from './carbon-trace-factors.ts';
import { type Balanced, balancer, traceFrame, type TraceFrame } from './carbon-trace-frame.ts';
import { KG_PER_MWH, type TraceInput, traceInput } from './carbon-trace-input.ts';
import { zoneTotals } from './carbon-trace-totals.ts';
import {
  type Correction,
  corrections,
  correctionsByZone,
  type FlowView,
  flowViews,
  type ProvenanceView,
  provenanceView,
  type ZoneView,
  zoneViews,
} from './carbon-trace-view.ts';
import type { Study } from './study.ts';

export const TRACE_METHOD = 'gridcommons/flow-tracing/1';

const traceOptions = z.strictObject({
  clean: z.boolean().optional().describe('whether data that do not balance are cleaned (default) or refused'),
  provenance: z.boolean().optional().describe('which sources serve which demands and lines'),
});

type TraceOptions = z.infer<typeof traceOptions>;

export interface TraceChecks extends EmissionChecks {
  /** Where the stated data fit together least, before cleaning. */
  readonly largestImbalance: Imbalance | null;
  readonly imbalances: number;
  readonly cleaned: boolean;
}

export interface TracedHour {
  readonly start?: string;
  readonly zones: readonly ZoneView[];
  readonly flows: readonly FlowView[];
  readonly checks: TraceChecks;
  /** The largest first. */
  readonly corrections: readonly Correction[];
  /** Smaller ones that are not listed. */
  readonly correctionsLeftOut?: number;
  readonly provenance?: ProvenanceView;
}

export interface StockView {
  readonly zone: string;
  readonly fuel: string;
  readonly mwh: number;
  /** kg of the first pollutant. */
  readonly emissions: number;
  readonly unknownMwh: number;
}

export interface TraceResult extends Omit<TracedHour, 'start' | 'flows' | 'corrections'> {
  readonly method: string;
  readonly averaging: 'average';
  readonly units: { readonly intensity: string; readonly emissions: string; readonly energy: string };
  readonly pollutants: readonly string[];
  readonly factors: readonly UsedFactor[];
  readonly findings: readonly (Omit<GridFinding, 'hour'> & { readonly hour: number })[];
  readonly flags: readonly Flag[];
  /** What storage holds after the last hour. */
  readonly storage: readonly StockView[];
  readonly flows?: readonly FlowView[];
  readonly corrections?: readonly Correction[];
  /** Where hours were given; `zones` and `checks` are of all of them. */
  readonly hours?: readonly TracedHour[];
}

/** `carbon trace`. */
export const traceStudy: Study<TraceInput, TraceOptions, TraceResult> = {
  verb: 'trace',
  method: null,
  title: 'average emissions of what zones use, traced along the flows between them',
  input: traceInput,
  options: traceOptions,
  run(input, options, { progress }) {
    const { pollutants } = input;
    const frame = traceFrame(input);
    const tracer = hourTracer(frame.grid, pollutants.length);
    const factors = factorBook(frame.grid, input);
    const ledger = storageLedger(frame.grid, storageRules(input), pollutants.length);
    const balance = balancer(frame, input, options.clean ?? true);
    const hours = frame.records.map((record, i): TracedHour => {
      const balanced = balance(i);
      const emissions = emissionsOf({ grid: frame.grid, factors, pollutants }, record, balanced.hour);
      ledger.discharge(balanced.hour, emissions);
      const trace = tracer.trace(balanced.hour, emissions);
      ledger.charge(balanced.hour, trace);
      progress({ share: (i + 1) / frame.records.length, text: `hours traced: ${i + 1}` });
      return hourView({ frame, input, options }, i, balanced, { trace, fuels: tracer.fuels });
    });
    const used = factors.used();
    const common = {
      method: TRACE_METHOD,
      averaging: 'average' as const,
      units: { intensity: 'kg/MWh', emissions: 'kg', energy: 'MWh' },
      pollutants,
      factors: used,
      flags: suspects(used, pollutants, hours),
      findings: frame.findings,
      storage: ledger.stocks().map(({ source, kg, ...stock }) => {
        const { zone, fuel } = frame.grid.sources[source]!;
        return { zone: frame.grid.zones[zone]!, fuel, ...stock, emissions: kg[0] ?? 0 };
      }),
    };
    if (input.hours === undefined) {
      const { start: _, ...only } = hours[0]!;
      return { ...common, ...only };
    }
    return {
      ...common,
      zones: zoneTotals(
        hours.map(({ zones }) => zones),
        pollutants,
      ),
      checks: totalChecks(hours.map(({ checks }) => checks)),
      hours,
    };
  },
};

/** Initial intensities in kg/MWh, one a pollutant. */
const storageRules = ({ storage, pollutants, factorUnit }: TraceInput): StorageRule[] =>
  storage.map(({ initial, ...rule }) => ({
    ...rule,
    ...(initial === undefined
      ? {}
      : {
          initial: {
            mwh: initial.mwh,
            kgPerMwh: pollutants.map(
              (name, q) => (valueOf(initial.intensity, q, name) ?? 0) * KG_PER_MWH[factorUnit],
            ),
          },
        }),
  }));

/** Of an hour; the rest is counted. */
const MAX_CORRECTIONS = 1_000;
/** Every zone's share in every load and line. */
const MAX_PROVENANCE_ZONES = 500;

interface Asked {
  readonly frame: TraceFrame;
  readonly input: TraceInput;
  readonly options: TraceOptions;
}

/** @throws TRACE_PROVENANCE_TOO_LARGE */
function hourView(
  { frame, input: { pollutants }, options }: Asked,
  i: number,
  { hour, imbalances }: Balanced,
  { trace, fuels }: { trace: HourTrace; fuels: readonly string[] },
): TracedHour {
  const { grid } = frame;
  const cleaned = imbalances.length > 0;
  const changed = cleaned ? corrections(grid, frame.said[i]!, hour) : [];
  const byZone = correctionsByZone(changed);
  const flagsOf = (zone: number): string[] => zoneFlags(frame, i, zone, byZone.has(grid.zones[zone]!));
  const views = zoneViews(grid, hour, trace, { fuels, pollutants }, flagsOf);
  const { startMs } = frame.records[i]!;
  const leftOut = changed.length - MAX_CORRECTIONS;
  return {
    ...(startMs === null ? {} : { start: isoInstant(startMs) }),
    zones: views.map((view) =>
      byZone.has(view.id) ? { ...view, correctionMwh: byZone.get(view.id)! } : view,
    ),
    flows: flowViews(grid, hour, trace, pollutants.length),
    checks: {
      ...trace.checks,
      largestImbalance: imbalances[0] ?? null,
      imbalances: imbalances.length,
      cleaned,
    },
    corrections: changed.slice(0, MAX_CORRECTIONS),
    ...(leftOut > 0 ? { correctionsLeftOut: leftOut } : {}),
    ...(options.provenance === true ? { provenance: traceProvenance(frame, hour) } : {}),
  };
}

function traceProvenance({ grid }: TraceFrame, hour: Balanced['hour']): ProvenanceView {
  if (grid.zones.length > MAX_PROVENANCE_ZONES) {
    const message = `expected at most ${MAX_PROVENANCE_ZONES} zones for provenance, got ${grid.zones.length}`;
    throw new DomainError('TRACE_PROVENANCE_TOO_LARGE', message, 'limit');
  }
  return provenanceView(grid, hour, provenanceOf(grid, hour));
}

/** Factors as used, and what zones come to, where it is CO2e that is traced. */
function suspects(
  used: readonly UsedFactor[],
  pollutants: readonly string[],
  hours: readonly TracedHour[],
): Flag[] {
  const factors = used.flatMap(({ pollutant, kgPerMwh }) => (pollutant === CO2E ? [kgPerMwh] : []));
  const traced = pollutants[0] === CO2E ? hours.flatMap(({ zones }) => zones) : [];
  const kgPerMwh = [...factors, ...traced.flatMap(({ intensity }) => intensity ?? [])];
  return suspectIntensities(kgPerMwh.map((each) => each / 1_000));
}

function zoneFlags(
  { grid, said, filled }: TraceFrame,
  i: number,
  zone: number,
  isCleaned: boolean,
): string[] {
  const { demand, generation, named } = said[i]!;
  const loads = grid.sources.some(
    (source, at) => source.zone === zone && !source.storage && generation[at]! < 0 && !isCleaned,
  );
  const flags = {
    'not-named': named.zones[zone] === 0,
    cleaned: isCleaned,
    imputed: filled.has(`${i} ${zone}`),
    'demand-from-balance':
      named.zones[zone] === 1 && Number.isNaN(demand[zone]!) && !filled.has(`${i} ${zone}`),
    'negative-generation-is-load': loads,
  };
  return Object.entries(flags).flatMap(([flag, holds]) => (holds ? [flag] : []));
}

function totalChecks(hours: readonly TraceChecks[]): TraceChecks {
  const sum = (of: 'producedKg' | 'consumedKg' | 'residualKg' | 'imbalances'): number =>
    hours.reduce((total, each) => total + each[of], 0);
  const worst = hours
    .flatMap(({ largestImbalance }) => (largestImbalance === null ? [] : [largestImbalance]))
    .toSorted((a, b) => Math.abs(b.mwh) - Math.abs(a.mwh));
  return {
    producedKg: sum('producedKg'),
    consumedKg: sum('consumedKg'),
    residualKg: sum('residualKg'),
    largestImbalance: worst[0] ?? null,
    imbalances: sum('imbalances'),
    cleaned: hours.some(({ cleaned }) => cleaned),
  };
}
