import { byName, type Grid } from './grid.ts';
import type { BalancedHour } from './reconciliation.ts';
import { TRACED, tracer } from './tracer.ts';

/** What the sources of an hour emit, kg of each pollutant at `source · pollutants`; and MWh whose emissions nobody knows. */
export interface SourceEmissions {
  readonly kg: Float64Array;
  readonly unknownMwh: Float64Array;
}

/** Of one hour; the arrays are written anew with the next. */
export interface HourTrace {
  /** TRACED, or why not. */
  readonly states: Uint8Array;
  /** kg/MWh of each pollutant at `zone · pollutants`, of what is known. */
  readonly kgPerMwh: Float64Array;
  /** Share of each fuel at `zone · fuels`. */
  readonly mix: Float64Array;
  /** Share of unknown emissions; where there is any, `kgPerMwh` is not the zone's intensity. */
  readonly unknownShare: Float64Array;
  /** MWh used: demand, what storage charges, negative generation of others. */
  readonly loadMwh: Float64Array;
  readonly checks: EmissionChecks;
}

/** Σ x D = Σ F of the first pollutant, kg. */
export interface EmissionChecks {
  readonly producedKg: number;
  readonly consumedKg: number;
  /** Produced less consumed: what imbalances within their tolerance and rounding leave. */
  readonly residualKg: number;
}

export interface HourTracer {
  /** In the order of `mix`. */
  readonly fuels: readonly string[];
  trace(hour: BalancedHour, emissions: SourceEmissions): HourTrace;
}

/** Traces the hours of a grid, all pollutants and fuels of an hour in one factorisation. */
export function hourTracer(grid: Grid, pollutants: number): HourTracer {
  const fuels = [...new Set(grid.sources.map(({ fuel }) => fuel))].toSorted(byName);
  const count = grid.zones.length;
  const columns = pollutants + fuels.length + 1;
  const flows = tracer(grid.topology);
  const inputs: Inputs = {
    sides: new Float64Array(count * columns),
    supply: new Float64Array(count),
    loadMwh: new Float64Array(count),
  };
  const bringIn = inputsOf(grid, fuels, pollutants, inputs);
  const { sides, supply, loadMwh } = inputs;
  const kgPerMwh = new Float64Array(count * pollutants);
  const mix = new Float64Array(count * fuels.length);
  const unknownShare = new Float64Array(count);
  const takeOut = (): void => {
    for (let zone = 0; zone < count; zone += 1) {
      const at = zone * columns;
      for (let q = 0; q < pollutants; q += 1) kgPerMwh[zone * pollutants + q] = sides[at + q]!;
      for (let f = 0; f < fuels.length; f += 1) mix[zone * fuels.length + f] = sides[at + pollutants + f]!;
      unknownShare[zone] = sides[at + columns - 1]!;
    }
  };
  const consumed = (): number => {
    let kg = 0;
    for (let zone = 0; zone < count; zone += 1) kg += sides[zone * columns]! * loadMwh[zone]!;
    return kg;
  };
  return {
    fuels,
    trace(hour, emissions) {
      bringIn(hour, emissions);
      const producedKg = pollutants === 0 ? 0 : sumOfColumn(sides, columns);
      flows.setHour(supply, hour.flow);
      flows.upstream(sides, columns);
      takeOut();
      const consumedKg = pollutants === 0 ? 0 : consumed();
      const checks = { producedKg, consumedKg, residualKg: producedKg - consumedKg };
      return { states: flows.states, kgPerMwh, mix, unknownShare, loadMwh, checks };
    },
  };
}

/** Right-hand sides (kg of pollutants, MWh of fuels, MWh of unknown emissions; a row a zone), generation and loads. */
interface Inputs {
  readonly sides: Float64Array;
  readonly supply: Float64Array;
  readonly loadMwh: Float64Array;
}

function inputsOf(
  { sources }: Grid,
  fuels: readonly string[],
  pollutants: number,
  { sides, supply, loadMwh }: Inputs,
): (hour: BalancedHour, emissions: SourceEmissions) => void {
  const columns = pollutants + fuels.length + 1;
  const fuelOf = Int32Array.from(sources, ({ fuel }) => fuels.indexOf(fuel));
  const zoneOf = Int32Array.from(sources, ({ zone }) => zone);
  return ({ generation, demand }, { kg, unknownMwh }) => {
    sides.fill(0);
    supply.fill(0);
    loadMwh.set(demand);
    for (let source = 0; source < zoneOf.length; source += 1) {
      const zone = zoneOf[source]!;
      const mwh = generation[source]!;
      if (mwh <= 0) {
        loadMwh[zone]! -= mwh;
        continue;
      }
      supply[zone]! += mwh;
      const at = zone * columns;
      for (let q = 0; q < pollutants; q += 1) sides[at + q]! += kg[source * pollutants + q]!;
      sides[at + pollutants + fuelOf[source]!]! += mwh;
      sides[at + columns - 1]! += unknownMwh[source]!;
    }
  };
}

function sumOfColumn(sides: Float64Array, columns: number): number {
  let sum = 0;
  for (let at = 0; at < sides.length; at += columns) sum += sides[at]!;
  return sum;
}

/** Rounding below which no emissions count as unknown. */
const UNKNOWN_SHARE = 1e-9;

/** kg/MWh of a pollutant in a zone; null where nothing flows, the source is unknown, or emissions of a part are. */
export function intensityOf(trace: HourTrace, zone: number, pollutant: number): number | null {
  const pollutants = trace.kgPerMwh.length / trace.states.length;
  const isKnown = trace.states[zone] === TRACED && trace.unknownShare[zone]! <= UNKNOWN_SHARE;
  return isKnown && pollutants > 0 ? trace.kgPerMwh[zone * pollutants + pollutant]! : null;
}
