import { DomainError } from '#core';
import {
  type BalancedHour,
  type Grid,
  type GridFinding,
  type GridHour,
  gridOf,
  type HourRecord,
  type HourWeights,
  type Imbalance,
  imputed,
  type Imputed,
  PUBLISHED_RULE,
  reconciler,
  stated,
  usualSizes,
} from '#tracing';
import { hoursOf, type TraceHour, type TraceInput } from './carbon-trace-input.ts';

/** The hours as they are computed with. */
export interface TraceFrame {
  readonly records: readonly TraceHour[];
  readonly grid: Grid;
  /** As stated. */
  readonly said: readonly GridHour[];
  /** What hours do not state filled in from others. */
  readonly hours: readonly GridHour[];
  /** `hour zone`, by number, where some of a zone's data were filled in. */
  readonly filled: ReadonlySet<string>;
  readonly findings: readonly GridFinding[];
  readonly weights: readonly HourWeights[] | undefined;
}

export function traceFrame(input: TraceInput): TraceFrame {
  const records = hoursOf(input);
  const isStorage = (zone: string, fuel: string): boolean =>
    input.storage.some((rule) => rule.fuel === fuel && (rule.zone ?? zone) === zone);
  const { grid, hours: said, findings } = gridOf(records, isStorage);
  const { hours, filled } = imputed(said);
  const filledZones = filled.flatMap((each) => zonesOf(grid, each).map((zone) => `${each.hour} ${zone}`));
  return { records, grid, said, hours, filled: new Set(filledZones), findings, weights: weightsOf(records) };
}

function zonesOf({ sources, topology }: Grid, { part, of }: Imputed): number[] {
  if (part === 'generation') return [sources[of]!.zone];
  return part.startsWith('flow') ? [topology.from[of]!, topology.to[of]!] : [of];
}

/** Given weights, read the way that what they weigh is. */
function weightsOf(records: readonly TraceHour[]): readonly HourWeights[] | undefined {
  const isWeighed = records.some(
    ({ zones, flows }) =>
      zones.some(({ weights }) => weights !== undefined) || flows.some(({ weight }) => weight !== undefined),
  );
  if (!isWeighed) return undefined;
  const weighed = records.map(({ zones, flows }): HourRecord => ({
    zones: zones.map(({ id, generation, weights }) => ({
      id,
      ...weights,
      generation: Object.fromEntries(
        Object.keys(generation).map((fuel) => [fuel, weights?.generation?.[fuel] ?? null]),
      ),
    })),
    flows: flows.map(({ from, to, reportedBy, weight }) => ({ from, to, reportedBy, mwh: weight ?? null })),
  }));
  return gridOf(weighed, () => false).hours.map((hour) => ({
    ...hour,
    flowFrom: hour.flowFrom.map(Math.abs),
    flowTo: hour.flowTo.map(Math.abs),
  }));
}

export interface Balanced {
  readonly hour: BalancedHour;
  readonly imbalances: readonly Imbalance[];
}

/** Balances an hour where it must be. @throws TRACE_UNBALANCED where it must not, BALANCE_INFEASIBLE */
export function balancer(
  frame: TraceFrame,
  { cleaning }: TraceInput,
  clean: boolean,
): (i: number) => Balanced {
  const rule = {
    ...PUBLISHED_RULE,
    gammaMwh: cleaning.gammaMwh,
    floors: {
      demandMwh: cleaning.demandFloorMwh,
      netGenerationMwh: cleaning.netGenerationFloorMwh,
      fuelMwh: cleaning.fuelFloorMwh,
    },
  };
  let reconcile: ReturnType<typeof reconciler> | undefined;
  let sizes: readonly HourWeights[] | undefined;
  return (i) => {
    const { hour, imbalances } = stated(frame.grid, frame.hours[i]!, cleaning.tolerance);
    const [worst] = imbalances;
    if (worst === undefined) return { hour, imbalances };
    if (!clean) {
      const message = `expected data that balance, got ${worst.mwh} MWh of ${worst.kind} off in ${worst.zone}`;
      throw new DomainError('TRACE_UNBALANCED', message, 'invalid', { ...worst, hour: i });
    }
    reconcile ??= reconciler(frame.grid, rule, frame.hours);
    sizes ??= usualSizes(frame.hours);
    return { hour: reconcile(frame.hours[i]!, sizes[i], frame.weights?.[i]), imbalances };
  };
}
