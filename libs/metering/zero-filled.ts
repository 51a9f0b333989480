import { HOUR_MS } from '#core';
import { type Finding, Places } from './finding.ts';
import { isWeather, quantityOf } from './quantity.ts';
import type { MeterSeries } from './series.ts';

/** A still, dark, freezing night happens; not a day and a night of it to the last decimal. */
const LEAST_MS = 24 * HOUR_MS;

interface NamedValues {
  readonly name: string;
  readonly values: Float64Array;
}

/** Runs of at least `least` steps at which each of the columns is exactly zero, as [from, to). */
function jointZeroRuns(columns: readonly NamedValues[], least: number): [number, number][] {
  const length = columns[0]?.values.length ?? 0;
  const runs: [number, number][] = [];
  let from = 0;
  for (let i = 0; i <= length; i += 1) {
    if (i < length && columns.every(({ values }) => values[i] === 0)) continue;
    if (i - from >= least) runs.push([from, i]);
    from = i + 1;
  }
  return runs;
}

/**
 * Weather that stands at zero in every column at once for hours was never measured: a service filled in what it did not have.
 * Such values are made missing. A temperature is among the columns, and another beside it.
 */
export function withoutZeroFilledWeather(
  columns: readonly NamedValues[],
  { startMs, resolutionMs }: Pick<MeterSeries, 'startMs' | 'resolutionMs'>,
): { readonly columns: readonly NamedValues[]; readonly findings: readonly Finding[] } {
  // Of rain zeros say nothing.
  const weather = columns.filter(({ name }) => isWeather(name) && !name.endsWith('_mm_per_h'));
  const hasTemperature = weather.some(({ name }) => quantityOf(name)?.kind === 'temperature');
  if (weather.length < 2 || !hasTemperature) return { columns, findings: [] };
  const runs = jointZeroRuns(weather, LEAST_MS / resolutionMs);
  if (runs.length === 0) return { columns, findings: [] };
  const places = new Places();
  for (const [from, to] of runs)
    places.add(startMs + from * resolutionMs, (to - from) * resolutionMs, to - from);
  const cleared = columns.map((column) => {
    if (!weather.includes(column)) return column;
    const values = Float64Array.from(column.values);
    for (const [from, to] of runs) values.fill(Number.NaN, from, to);
    return { name: column.name, values };
  });
  const message = `${places.count} steps have zero in all of ${weather.length} weather columns; they count as missing`;
  return { columns: cleared, findings: places.finding('ZERO_FILLED', 'warning', null, message) };
}

/**
 * The same where names say nothing of units: steps from which on until the end at least two columns are zero that are so hardly ever
 * before. Reported only.
 */
export function zeroTail(
  columns: readonly NamedValues[],
  grid: Pick<MeterSeries, 'startMs' | 'resolutionMs'>,
): Finding[] {
  const tails = columns.flatMap(({ name, values }) => {
    const last = values.findLastIndex((value) => value !== 0) + 1;
    const zerosBefore = values.subarray(0, last).filter((value) => value === 0).length;
    const isLong = (values.length - last) * grid.resolutionMs >= LEAST_MS;
    return isLong && last > 0 && zerosBefore <= last / 100 ? [{ name, from: last }] : [];
  });
  if (tails.length < 2) return [];
  const places = new Places();
  const length = columns[0]!.values.length;
  const from = Math.max(...tails.map((tail) => tail.from));
  places.add(grid.startMs + from * grid.resolutionMs, (length - from) * grid.resolutionMs, length - from);
  const names = tails.slice(0, 8).map(({ name }) => name);
  const message = `the last ${length - from} steps are zero in ${tails.length} columns that hardly are before: ${names.join(', ')}`;
  return places.finding('ZERO_FILLED', 'warning', null, message);
}
