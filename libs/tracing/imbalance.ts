import type { Grid, GridHour } from './grid.ts';
import { type BalancedHour, totalsOf } from './reconciliation.ts';

/** Where what is stated does not fit together, MWh. */
export interface Imbalance {
  readonly zone: string;
  /**
   * demand: generation − exports + imports − demand; generation: what its fuels generate less what is said of all;
   * interchange: the same of its lines; flow: how its two ends differ; negative-demand: how far below 0 it is;
   * missing: a source or a line that is named without a value.
   */
  readonly kind: 'demand' | 'generation' | 'interchange' | 'flow' | 'negative-demand' | 'missing';
  readonly mwh: number;
}

/** Of what flows through a zone, or of a MWh where less does. */
export const BALANCE_TOLERANCE = 1e-6;

/**
 * The hour as it is stated, demand that is not from the balance, and what does not fit, the worst first. Data that are not
 * stated count as 0, flows of two measurements as their mean.
 */
export function stated(
  grid: Grid,
  hour: GridHour,
  tolerance = BALANCE_TOLERANCE,
): { hour: BalancedHour; imbalances: Imbalance[] } {
  const generation = hour.generation.map((mwh) => (Number.isNaN(mwh) ? 0 : mwh));
  const flow = hour.flowFrom.map((mwh, line) => meanOf(mwh, hour.flowTo[line]!));
  const { netGeneration, interchange } = totalsOf(grid, generation, flow);
  const demand = hour.demand.map((mwh, zone) =>
    Number.isNaN(mwh) ? netGeneration[zone]! - interchange[zone]! : mwh,
  );
  const through = throughflows(grid, generation, flow);
  const imbalances: Imbalance[] = [];
  const check = (i: number, kind: Imbalance['kind'], mwh: number): void => {
    if (Math.abs(mwh) > tolerance * Math.max(1, through[i]!))
      imbalances.push({ zone: grid.zones[i]!, kind, mwh });
  };
  grid.zones.forEach((_, i) => {
    check(i, 'demand', netGeneration[i]! - interchange[i]! - demand[i]!);
    check(i, 'generation', netGeneration[i]! - hour.netGeneration[i]!);
    check(i, 'interchange', interchange[i]! - hour.interchange[i]!);
    check(i, 'negative-demand', Math.min(0, demand[i]!));
  });
  grid.topology.from.forEach((from, line) => check(from, 'flow', hour.flowFrom[line]! - hour.flowTo[line]!));
  imbalances.push(...missing(grid, hour));
  return {
    hour: { generation, demand, flow },
    imbalances: imbalances.toSorted((a, b) => Math.abs(b.mwh) - Math.abs(a.mwh)),
  };
}

function missing({ zones, sources, topology }: Grid, hour: GridHour): Imbalance[] {
  const of = (zone: number): Imbalance => ({ zone: zones[zone]!, kind: 'missing', mwh: 0 });
  return [
    ...sources.flatMap(({ zone }, i) => (Number.isNaN(hour.generation[i]!) ? [of(zone)] : [])),
    ...[...topology.from].flatMap((zone, line) => {
      const isStated = !Number.isNaN(hour.flowFrom[line]!) || !Number.isNaN(hour.flowTo[line]!);
      return hour.named.lines[line] === 1 && !isStated ? [of(zone)] : [];
    }),
  ];
}

/** NaN where nobody stated it becomes 0. */
function meanOf(from: number, to: number): number {
  if (Number.isNaN(from)) return Number.isNaN(to) ? 0 : to;
  return Number.isNaN(to) ? from : (from + to) / 2;
}

function throughflows(
  { zones, sources, topology }: Grid,
  generation: Float64Array,
  flow: Float64Array,
): Float64Array {
  const through = new Float64Array(zones.length);
  sources.forEach(({ zone }, source) => (through[zone]! += Math.abs(generation[source]!)));
  topology.from.forEach((from, line) => {
    through[from]! += Math.abs(flow[line]!);
    through[topology.to[line]!]! += Math.abs(flow[line]!);
  });
  return through;
}
