import { packed, type SymmetricPattern } from './elimination.ts';
import { sparseLu } from './sparse-lu.ts';

/** Zones by number and the lines between them: each pair once, none from a zone to itself. */
export interface FlowTopology {
  readonly zones: number;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** Why a zone has a composition, or has none. */
export const TRACED = 0;
/** Nothing is generated in it and nothing flows into it. */
export const WITHOUT_INFLOW = 1;
/** What flows through it comes from no generation: it goes in a circle. */
export const WITHOUT_SOURCE = 2;

/**
 * Flow tracing by proportional sharing (Bialek 1996; Kirschen, Allan & Strbac 1997; for emissions de Chalendar, Taggart &
 * Benson 2019): what leaves a zone is composed as the sum of what enters it. One topology, any number of hours.
 */
export interface Tracer {
  /**
   * The hour's flows: `supply` MWh generated a zone, ≥ 0, and `flow` MWh a line, positive from → to. A zone has the
   * composition x_i (P_i + Σ_j imp_ij) − Σ_j imp_ij x_j = s_i.
   */
  setHour(supply: Float64Array, flow: Float64Array): void;
  /** TRACED or why not, one a zone; of the hour that was set. */
  readonly states: Uint8Array;
  /** MWh that enter, one a zone: generation and imports. */
  readonly inflows: Float64Array;
  /**
   * In place: `sources` has what zone i brings in (kg, or MWh of a fuel) at `i · columns`, and then what a MWh that leaves
   * zone i carries of it; 0 in zones that are not traced.
   */
  upstream(sources: Float64Array, columns: number): void;
  /** In place: `sinks` has what zone i takes out, and then how much of a MWh that enters zone i ends there. */
  downstream(sinks: Float64Array, columns: number): void;
}

export function tracer(topology: FlowTopology): Tracer {
  const { zones, from, to } = topology;
  const ends = lineEnds(topology);
  const lu = sparseLu(ends);
  const states = new Uint8Array(zones);
  const inflows = new Float64Array(zones);
  const diagonal = new Float64Array(zones);
  const values = new Float64Array(ends.indices.length);
  const mark = supplied(topology, ends, states);
  /** −imp_ij stands in row i, column j; what comes out of a zone without a source is of no known kind and left out. */
  const place = (flow: Float64Array): void => {
    values.fill(0);
    for (let line = 0; line < from.length; line += 1) {
      const size = flow[line]!;
      const source = size > 0 ? from[line]! : to[line]!;
      if (Math.abs(size) <= NEGLIGIBLE_MWH || states[source] !== TRACED) continue;
      inflows[size > 0 ? to[line]! : from[line]!]! += Math.abs(size);
      values[size > 0 ? ends.atTo[line]! : ends.atFrom[line]!] = -Math.abs(size);
    }
  };
  const clearUntraced = (sides: Float64Array, columns: number): void => {
    for (let i = 0; i < zones; i += 1) {
      if (states[i] !== TRACED) sides.fill(0, i * columns, (i + 1) * columns);
    }
  };
  return {
    states,
    inflows,
    setHour(supply, flow) {
      mark(supply, flow);
      inflows.set(supply);
      place(flow);
      for (let i = 0; i < zones; i += 1) diagonal[i] = states[i] === TRACED ? inflows[i]! : 1;
      lu.factorize(diagonal, values, LEAST_PIVOT);
    },
    upstream(sources, columns) {
      clearUntraced(sources, columns);
      lu.solve(sources, columns);
    },
    downstream(sinks, columns) {
      clearUntraced(sinks, columns);
      lu.solveTransposed(sinks, columns);
    },
  };
}

/** Nothing: a flow of rounding would carry a composition of rounding. */
const NEGLIGIBLE_MWH = 1e-9;

/** Of a diagonal: below it a pivot is rounding, where next to nothing enters a large circle. */
const LEAST_PIVOT = 1e-14;

/** The lines of each zone; which line each stands for, and where line l stands in the row of its ends. */
interface LineEnds extends SymmetricPattern {
  readonly lines: Int32Array;
  readonly atFrom: Int32Array;
  readonly atTo: Int32Array;
}

function lineEnds({ zones, from, to }: FlowTopology): LineEnds {
  const linesOf: number[][] = Array.from({ length: zones }, () => []);
  from.forEach((zone, line) => linesOf[zone]!.push(line));
  to.forEach((zone, line) => linesOf[zone]!.push(line));
  const { starts, indices: lines } = packed(linesOf);
  const indices = new Int32Array(lines.length);
  const [atFrom, atTo] = [new Int32Array(from.length), new Int32Array(to.length)];
  for (let zone = 0; zone < zones; zone += 1) {
    for (let at = starts[zone]!; at < starts[zone + 1]!; at += 1) {
      const line = lines[at]!;
      const isFrom = from[line] === zone;
      indices[at] = isFrom ? to[line]! : from[line]!;
      (isFrom ? atFrom : atTo)[line] = at;
    }
  }
  return { starts, indices, lines, atFrom, atTo };
}

/** Marks the zones that some generation reaches along the flows, and why others have none. */
function supplied(
  { zones, from }: FlowTopology,
  { starts, indices, lines }: LineEnds,
  states: Uint8Array,
): (supply: Float64Array, flow: Float64Array) => void {
  const queue = new Int32Array(zones);
  let waiting = 0;
  const enqueue = (zone: number): void => {
    states[zone] = TRACED;
    queue[waiting] = zone;
    waiting += 1;
  };
  const reach = (zone: number, flow: Float64Array): void => {
    for (let at = starts[zone]!; at < starts[zone + 1]!; at += 1) {
      const line = lines[at]!;
      const outward = from[line] === zone ? flow[line]! : -flow[line]!;
      if (outward > NEGLIGIBLE_MWH && states[indices[at]!] !== TRACED) enqueue(indices[at]!);
    }
  };
  const reason = (zone: number, flow: Float64Array): number => {
    for (let at = starts[zone]!; at < starts[zone + 1]!; at += 1) {
      if (Math.abs(flow[lines[at]!]!) > NEGLIGIBLE_MWH) return WITHOUT_SOURCE;
    }
    return WITHOUT_INFLOW;
  };
  return (supply, flow) => {
    waiting = 0;
    states.fill(WITHOUT_INFLOW);
    for (let zone = 0; zone < zones; zone += 1) if (supply[zone]! > NEGLIGIBLE_MWH) enqueue(zone);
    for (let next = 0; next < waiting; next += 1) reach(queue[next]!, flow);
    for (let zone = 0; zone < zones; zone += 1) {
      if (states[zone] !== TRACED) states[zone] = reason(zone, flow);
    }
  };
}
