import type { BalancedHour, Grid } from '#tracing';
import { gridOf } from '#tracing';

export type Show = (text: string) => void;

export const rounded = (value: number): number => Number(value.toPrecision(3));

/** kgCO2e/MWh, and how often a zone has the fuel. */
const FUELS = [
  ['coal', 820, 0.5],
  ['gas', 490, 0.9],
  ['nuclear', 12, 0.4],
  ['hydro', 24, 0.7],
  ['wind', 11, 0.6],
  ['solar', 45, 0.7],
  ['oil', 650, 0.3],
  ['unknown', 700, 0.5],
] as const;

/** What generators burn, kg/MWh, one a source. */
export const factorsOf = ({ sources }: Grid): Float64Array =>
  Float64Array.from(sources, ({ fuel }) => FUELS.find(([name]) => name === fuel)![1]);

/** The same numbers on every machine (Park & Miller 1988). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

/**
 * Zones on a ring with two chords in three zones, most of them short, as neighbours are joined; 72 of them have some 120
 * lines (the balancing areas of EIA-930 have 152).
 */
export function randomGrid(zones: number, seed: number): Grid {
  const next = uniform(seed);
  const ids = Array.from({ length: zones }, (_, i) => `z${String(i).padStart(5, '0')}`);
  const flows = ids.flatMap((from, i) => {
    const reach = next() < 0.9 ? 12 : zones;
    const chord = ids[(i + 2 + Math.floor(next() * reach)) % zones]!;
    return [ids[(i + 1) % zones]!, ...(next() < 2 / 3 ? [chord] : [])].map((to) => ({ from, to, mwh: 1 }));
  });
  const records = ids.map((id) => {
    const fuels = FUELS.filter(([, , often]) => next() < often).map(([fuel]) => [fuel, 1]);
    return { id, generation: Object.fromEntries([['gas', 1], ...fuels]) as Record<string, number> };
  });
  return gridOf([{ zones: records, flows }], () => false).grid;
}

/** Balanced hours: zones send up to a tenth of what they generate over each line, one way or the other, and use the rest. */
export function randomHours({ zones, sources, topology }: Grid, hours: number, seed: number): BalancedHour[] {
  const next = uniform(seed);
  return Array.from({ length: hours }, () => {
    const generation = Float64Array.from(sources, () => Math.round(next() * 5_000));
    const supply = new Float64Array(zones.length);
    sources.forEach(({ zone }, i) => (supply[zone]! += generation[i]!));
    const demand = Float64Array.from(supply);
    const flow = Float64Array.from(topology.from, (from, line) => {
      const to = topology.to[line]!;
      const forward = next() < 0.5;
      const mwh = Math.round(next() * 0.1 * supply[forward ? from : to]!);
      demand[from]! += forward ? -mwh : mwh;
      demand[to]! += forward ? mwh : -mwh;
      return forward ? mwh : -mwh;
    });
    return { generation, demand, flow };
  });
}
