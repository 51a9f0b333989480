import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { testEnvironment } from '#config';
import {
  type BalancedHour,
  type Grid,
  gridOf,
  hourTracer,
  imputed,
  parseEia930,
  reconciler,
  usualSizes,
} from '#tracing';
import { factorsOf, randomGrid, randomHours, rounded, type Show } from './networks.ts';

const YEAR_HOURS = 8_760;
const DAY_HOURS = 24;
/** Of produced emissions: what tracing must account for. */
const RESIDUAL = 1e-9;

const secondsOf = (work: () => void): number => {
  const started = performance.now();
  work();
  return (performance.now() - started) / 1000;
};

/** Seconds to trace the hours from generation and flows to intensity and mix, ordering included. */
function traceSeconds(grid: Grid, hours: readonly BalancedHour[]): number {
  const factors = factorsOf(grid);
  return secondsOf(() => {
    const tracer = hourTracer(grid, 1);
    const kg = new Float64Array(factors.length);
    const unknownMwh = new Float64Array(factors.length);
    for (const hour of hours) {
      for (let i = 0; i < kg.length; i += 1) kg[i] = factors[i]! * Math.max(0, hour.generation[i]!);
      const { checks } = tracer.trace(hour, { kg, unknownMwh });
      if (Math.abs(checks.residualKg) > RESIDUAL * checks.producedKg) {
        throw new Error(`expected all emissions accounted for, got ${checks.residualKg} kg left`);
      }
    }
  });
}

function measured(name: string, zones: number, count: number, show: Show): object {
  const grid = randomGrid(zones, zones);
  const seconds = traceSeconds(grid, randomHours(grid, count, 1));
  const lines = grid.topology.from.length;
  show(`${name}  ${zones} zones, ${lines} lines, ${count} hours  ${seconds.toFixed(3)} s`);
  return { zones, lines, hours: count, seconds: rounded(seconds) };
}

const TABLE = join('dirty', 'eia930_E_raw_2021-07-10_2021-07-20.csv.gz');
const PUBLISHED = { gammaMwh: 10, floors: { demandMwh: 1, netGenerationMwh: 1, fuelMwh: 1 } };

/** Recorded hours from raw data. */
function measuredHours(show: Show): object {
  const file = join(testEnvironment().dataDir, TABLE);
  if (!existsSync(file)) return { skipped: `no ${TABLE} in DATA_DIR` };
  const records = parseEia930(gunzipSync(readFileSync(file)).toString('utf8'));
  const { grid, hours: said } = gridOf(records, () => false);
  let cleaned: BalancedHour[] = [];
  const cleanSeconds = secondsOf(() => {
    const { hours } = imputed(said);
    const sizes = usualSizes(hours);
    const reconcile = reconciler(grid, PUBLISHED, hours);
    cleaned = hours.map((hour, i) => reconcile(hour, sizes[i]));
  });
  const seconds = traceSeconds(grid, cleaned);
  show(
    `eia930  ${grid.zones.length} areas, ${said.length} recorded hours  cleaned in ${cleanSeconds.toFixed(2)} s, traced in ${seconds.toFixed(3)} s`,
  );
  const lines = grid.topology.from.length;
  return {
    zones: grid.zones.length,
    lines,
    hours: said.length,
    cleanSeconds: rounded(cleanSeconds),
    seconds: rounded(seconds),
  };
}

export const measureTracing = (show: Show): object => ({
  year72: measured('year72', 72, YEAR_HOURS, show),
  zones3000: measured('zones3000', 3_000, DAY_HOURS, show),
  eia930: measuredHours(show),
});
