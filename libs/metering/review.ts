import { HOUR_MS } from '#core';
import { type Finding, Places } from './finding.ts';
import type { MeterSeries } from './series.ts';
import { reviewUnits } from './unit-review.ts';

/*
 * What one column shows by itself. The first word of its name tells what may be expected of it: `load_…` is gross
 * consumption, `pv_…` generation, both never below zero; anything else (`net_kwh`, `battery_kwh`) may be signed.
 */

const isLoad = (name: string) => name.startsWith('load_');
const isGeneration = (name: string) => name.startsWith('pv_');

/** An inverter draws a little from the grid at night; beyond this share of its maximum a negative value is no standby. */
const STANDBY_SHARE = 0.05;

/** Zeros are suspicious beyond this share: a load is hardly ever off, generation rests at night and in snow. */
const ZERO_SHARE = { load: 0.5, generation: 0.95 };

const CONSTANT_MS = 24 * HOUR_MS;
/** Zero for a day is an empty house; for a week, more likely a dead meter. */
const CONSTANT_ZERO_MS = 7 * 24 * HOUR_MS;

function withoutNegatives(name: string, series: MeterSeries): { values: Float64Array; findings: Finding[] } {
  if (!isLoad(name) && !isGeneration(name)) return { values: series.values, findings: [] };
  const maximum = series.values.reduce((most, value) => (value > most ? value : most), 0);
  const standby = isGeneration(name) ? -STANDBY_SHARE * maximum : 0;
  const zeroed = new Places();
  const missing = new Places();
  const values = series.values.map((value, i) => {
    if (!(value < 0)) return value;
    const isStandby = value >= standby;
    (isStandby ? zeroed : missing).add(series.startMs + i * series.resolutionMs, series.resolutionMs);
    return isStandby ? 0 : Number.NaN;
  });
  const severity = missing.count > values.length / 10 ? 'severe' : 'warning';
  const findings = [
    ...zeroed.finding(
      'NEGATIVE',
      'info',
      name,
      `${zeroed.count} small negative values count as zero (standby)`,
    ),
    ...missing.finding(
      'NEGATIVE',
      severity,
      name,
      `${missing.count} values are below zero and count as missing`,
    ),
  ];
  return { values, findings };
}

function blanks(name: string, series: MeterSeries, hasRow: Uint8Array): Finding[] {
  const places = new Places();
  for (const [i, value] of series.values.entries()) {
    if (hasRow[i] === 1 && Number.isNaN(value))
      places.add(series.startMs + i * series.resolutionMs, series.resolutionMs);
  }
  return places.finding('BLANK', 'warning', name, `${places.count} rows have no value`);
}

function mostlyZero(name: string, series: MeterSeries): Finding[] {
  const limit = isLoad(name) ? ZERO_SHARE.load : ZERO_SHARE.generation;
  const zeros = new Places();
  let known = 0;
  for (const [i, value] of series.values.entries()) {
    if (!Number.isNaN(value)) known += 1;
    if (value === 0) zeros.add(series.startMs + i * series.resolutionMs, series.resolutionMs);
  }
  if (zeros.count <= limit * known) return [];
  return zeros.finding('MOSTLY_ZERO', 'warning', name, `${zeros.count} of ${known} values are zero`);
}

function constantRuns(name: string, series: MeterSeries): Finding[] {
  const { values, startMs, resolutionMs } = series;
  const places = new Places();
  let from = 0;
  for (let i = 1; i <= values.length; i += 1) {
    if (i < values.length && values[i] === values[from]) continue;
    const durationMs = (i - from) * resolutionMs;
    const limitMs = values[from] === 0 ? CONSTANT_ZERO_MS : CONSTANT_MS;
    if (durationMs >= limitMs && !Number.isNaN(values[from]))
      places.add(startMs + from * resolutionMs, durationMs, i - from);
    from = i;
  }
  const message = `${places.count} values belong to runs of one value for a day or longer (zero: a week)`;
  return places.finding('CONSTANT', 'warning', name, message);
}

/** Findings about one column, and its values with those that cannot be true made missing. */
export function reviewColumn(
  name: string,
  series: MeterSeries,
  hasRow: Uint8Array,
): { readonly values: Float64Array; readonly findings: readonly Finding[] } {
  const { values, findings } = withoutNegatives(name, series);
  const kept = { ...series, values };
  return {
    values,
    findings: [
      ...blanks(name, series, hasRow),
      ...findings,
      ...mostlyZero(name, kept),
      ...constantRuns(name, kept),
      ...reviewUnits(name, kept),
    ],
  };
}
