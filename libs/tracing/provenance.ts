import type { Grid } from './grid.ts';
import type { BalancedHour } from './reconciliation.ts';
import { tracer } from './tracer.ts';

/** Which sources and loads an hour's energy connects, by average participations; MWh. */
export interface Provenance {
  /** `loads[i]`: what zone i uses, from each source at [source]. */
  readonly loads: readonly Float64Array[];
  /** `lines[l]`: what line l carries, from each source. */
  readonly linesBySource: readonly Float64Array[];
  /** `lines[l]`: what line l carries, to the load of each zone. */
  readonly linesByLoad: readonly Float64Array[];
}

/**
 * Average participations (Bialek 1996; Olmos & Pérez-Arriaga 2007): upstream, each MWh in a zone comes from the sources of
 * all that flowed in; downstream, it ends in loads and lines as all that leaves the zone does.
 */
export function provenanceOf(grid: Grid, { generation, demand, flow }: BalancedHour): Provenance {
  const { zones, sources, topology } = grid;
  const count = zones.length;
  const supply = new Float64Array(count);
  const load = Float64Array.from(demand);
  sources.forEach(({ zone }, i) => {
    if (generation[i]! > 0) supply[zone]! += generation[i]!;
    else load[zone]! -= generation[i]!;
  });
  const flows = tracer(topology);
  flows.setHour(supply, flow);
  const from = diagonalOf(supply);
  flows.upstream(from, count);
  const to = diagonalOf(load);
  flows.downstream(to, count);
  // A zone's generation mixes before it leaves: each of its sources has its share of all that comes from the zone.
  const bySource = (zone: number, mwh: number): Float64Array =>
    Float64Array.from(sources, ({ zone: origin }, i) =>
      generation[i]! > 0 ? (mwh * from[zone * count + origin]! * generation[i]!) / supply[origin]! : 0,
    );
  const ends = [...flow].map((mwh, line) =>
    mwh >= 0
      ? { out: topology.from[line]!, into: topology.to[line]!, mwh }
      : { out: topology.to[line]!, into: topology.from[line]!, mwh: -mwh },
  );
  return {
    loads: zones.map((_, zone) => bySource(zone, load[zone]!)),
    linesBySource: ends.map(({ out, mwh }) => bySource(out, mwh)),
    linesByLoad: ends.map(({ into, mwh }) =>
      to.slice(into * count, (into + 1) * count).map((share) => share * mwh),
    ),
  };
}

function diagonalOf(values: Float64Array): Float64Array {
  const matrix = new Float64Array(values.length ** 2);
  values.forEach((value, i) => (matrix[i * values.length + i] = value));
  return matrix;
}
