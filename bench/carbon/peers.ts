import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { totalsOf, tracer } from '#tracing';
import { peerPython, PeersUnavailable, reasonOf, runScript } from '../peers/python.ts';
import { factorsOf, randomGrid, randomHours, rounded, type Show } from './networks.ts';

/** The compiler writes to dist/bench/carbon; scripts and requirements stay where they were written. */
const here = join(resolve(import.meta.dirname, '../../..'), 'bench', 'carbon', 'peers');

const ZONES = 72;
/** A third of a year: as dense matrices they are 121 MB. */
const HOURS = 2_920;
const RUN_LIMIT_MS = 5 * 60_000;
/** kg/MWh, relative. */
const AGREEMENT = 1e-6;

/** `peers.gridemissions`: consumption_emissions of the package beside ours, from arrays to intensities of the same hours. */
export function compareGridemissions(show: Show): object {
  try {
    const requirements = join(here, 'gridemissions.txt');
    const python = peerPython(show, { requirements, imports: 'numpy, pandas, packaging', complete: true });
    return { gridemissions: compared(python, show) };
  } catch (error) {
    if (!(error instanceof PeersUnavailable)) throw error;
    show(`gridemissions  skipped: ${error.message}`);
    return { gridemissions: { skipped: error.message } };
  }
}

/** @throws PeersUnavailable where its script fails */
function compared(python: string, show: Show): object {
  const grid = randomGrid(ZONES, ZONES);
  const hours = randomHours(grid, HOURS, 1);
  const factors = factorsOf(grid);
  const generation = hours.map((hour) => totalsOf(grid, hour.generation, hour.flow).netGeneration);
  const emissions = hours.map((hour) => {
    const kg = hour.generation.map((mwh, i) => mwh * factors[i]!);
    return totalsOf(grid, kg, hour.flow).netGeneration;
  });
  const ours = emissions.map((kg) => kg.slice());
  const started = performance.now();
  const traced = tracer(grid.topology);
  hours.forEach(({ flow }, i) => {
    traced.setHour(generation[i]!, flow);
    traced.upstream(ours[i]!, 1);
  });
  const oursSeconds = (performance.now() - started) / 1000;
  const lines = [...grid.topology.from].map((from, line) => [from, grid.topology.to[line]!]);
  const theirs = theirsOf(python, {
    zones: ZONES,
    lines,
    generation,
    emissions,
    flows: hours.map(({ flow }) => flow),
  });
  const apart = ours
    .flatMap((row) => [...row])
    .reduce((most, x, i) => Math.max(most, Math.abs(x - theirs.intensities[i]!) / Math.max(1, x)), 0);
  if (apart > AGREEMENT)
    throw new Error(`expected intensities of gridemissions as ours, got them ${apart} apart`);
  const speedup = theirs.seconds / oursSeconds;
  show(
    `gridemissions  ${ZONES} zones, ${HOURS} hours  ${theirs.seconds.toFixed(2)} s, ours ${oursSeconds.toFixed(4)} s, ${speedup.toFixed(0)} ×`,
  );
  return {
    zones: ZONES,
    lines: lines.length,
    hours: HOURS,
    speedup: rounded(speedup),
    seconds: rounded(theirs.seconds),
    oursSeconds: rounded(oursSeconds),
    apart: rounded(apart),
  };
}

interface PeerInput {
  readonly zones: number;
  readonly lines: readonly (readonly number[])[];
  readonly generation: readonly Float64Array[];
  readonly emissions: readonly Float64Array[];
  readonly flows: readonly Float64Array[];
}

function theirsOf(
  python: string,
  { zones, lines, ...tables }: PeerInput,
): { seconds: number; intensities: Float64Array } {
  const folder = mkdtempSync(join(tmpdir(), 'gridcommons-bench-'));
  try {
    writeFileSync(join(folder, 'grid.json'), JSON.stringify({ zones, lines }));
    for (const [name, rows] of Object.entries(tables)) {
      writeFileSync(
        join(folder, `${name}.f64`),
        Buffer.concat(rows.map((row) => Buffer.from(row.buffer, row.byteOffset, row.byteLength))),
      );
    }
    const { seconds } = runScript(python, join(here, 'gridemissions_trace.py'), [folder], RUN_LIMIT_MS) as {
      seconds: number;
    };
    const bytes = readFileSync(join(folder, 'intensities.f64'));
    return { seconds, intensities: new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8) };
  } catch (error) {
    throw new PeersUnavailable(reasonOf(error), { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
