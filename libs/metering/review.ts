import { HOUR_MS } from '#core';
import { type Finding, Places } from './finding.ts';
import { isGeneration, isLoad, isWeather, quantityOf } from './quantity.ts';
import type { MeterSeries } from './series.ts';
import { reviewUnits } from './unit-review.ts';

/*
 * What one column shows by itself. Its unit and the first word of its name tell what may be expected of it (`quantityOf`).
 */

/** An inverter draws a little from the grid at night; beyond this share of its maximum a negative value is no standby. */
const STANDBY_SHARE = 0.05;

/** Zeros are suspicious beyond this share: a load is hardly ever off, generation rests at night and in snow. */
const ZERO_SHARE = { load: 0.5, generation: 0.95 };

const ANY = { least: Number.NEGATIVE_INFINITY, most: Number.POSITIVE_INFINITY };

const CONSTANT_MS = 24 * HOUR_MS;
/** Zero for a day is an empty house; for a week, more likely a dead meter. */
const CONSTANT_ZERO_MS = 7 * 24 * HOUR_MS;

/** From how long on a run of one value is doubtful. A tariff may stand for years; it may be dry, still and dark for weeks. */
function constantLimitMs(name: string, value: number): number {
  const kind = quantityOf(name)?.kind;
  if (kind === 'price') return Number.POSITIVE_INFINITY;
  if (value !== 0 || kind === 'temperature' || kind === 'pressure') return CONSTANT_MS;
  return isWeather(name) ? Number.POSITIVE_INFINITY : CONSTANT_ZERO_MS;
}

/** Least value that counts as zero: an inverter's own consumption, an irradiance sensor's offset at night. */
function standbyOf(name: string, values: Float64Array): number {
  if (!isGeneration(name) && quantityOf(name)?.kind !== 'irradiance') return 0;
  return -STANDBY_SHARE * values.reduce((most, value) => (value > most ? value : most), 0);
}

function withinRange(name: string, series: MeterSeries): { values: Float64Array; findings: Finding[] } {
  const { least, most } = quantityOf(name) ?? ANY;
  const standby = standbyOf(name, series.values);
  const zeroed = new Places();
  const negative = new Places();
  const beyond = new Places();
  const values = series.values.map((value, i) => {
    if (Number.isNaN(value) || (value >= least && value <= most)) return value;
    const isStandby = least === 0 && value < 0 && value >= standby;
    const isNegative = least === 0 && value < 0;
    const places = isStandby ? zeroed : isNegative ? negative : beyond;
    places.add(series.startMs + i * series.resolutionMs, series.resolutionMs);
    return isStandby ? 0 : Number.NaN;
  });
  const gravity = ({ count }: Places) => (count > values.length / 10 ? 'severe' : 'warning');
  const small = `${zeroed.count} small negative values count as zero (standby)`;
  const below = `${negative.count} values are below zero and count as missing`;
  const outside = `${beyond.count} values are beyond what this quantity can be and count as missing`;
  const findings = [
    ...zeroed.finding('NEGATIVE', 'info', name, small),
    ...negative.finding('NEGATIVE', gravity(negative), name, below),
    ...beyond.finding('OUT_OF_RANGE', gravity(beyond), name, outside),
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

export function mostlyZero(name: string, series: MeterSeries): Finding[] {
  // It rains seldom, and at night nothing shines.
  if (isWeather(name)) return [];
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

export function constantRuns(name: string, series: MeterSeries): Finding[] {
  const { values, startMs, resolutionMs } = series;
  const places = new Places();
  let from = 0;
  for (let i = 1; i <= values.length; i += 1) {
    if (i < values.length && values[i] === values[from]) continue;
    const durationMs = (i - from) * resolutionMs;
    if (!Number.isNaN(values[from]) && durationMs >= constantLimitMs(name, values[from]!))
      places.add(startMs + from * resolutionMs, durationMs, i - from);
    from = i;
  }
  const message = `${places.count} values belong to runs of one value for a day or longer (zero: a week)`;
  return places.finding('CONSTANT', 'warning', name, message);
}

/** Energy and power, and what a name says nothing of: their values are ratios of one another. Prices and weather leap. */
const isFlow = (name: string) => ['energy', 'power', undefined].includes(quantityOf(name)?.kind);

/** Findings about one column, and its values with those that cannot be true made missing. */
export function reviewColumn(
  name: string,
  series: MeterSeries,
  hasRow: Uint8Array,
): { readonly values: Float64Array; readonly findings: readonly Finding[] } {
  const { values, findings } = withinRange(name, series);
  const kept = { ...series, values };
  return {
    values,
    findings: [
      ...blanks(name, series, hasRow),
      ...findings,
      ...mostlyZero(name, kept),
      ...constantRuns(name, kept),
      ...(isFlow(name) ? reviewUnits(name, kept) : []),
    ],
  };
}
