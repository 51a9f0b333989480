import { type EmissionsAhead, emissionsAhead, type Fan } from '#carbon';
import { DomainError, HOUR_MS, isoInstant, parseInstant } from '#core';
import { forecastOwn, NO_INPUTS, type OwnForecast } from '#forecasting';
import { type MeterSeries, sharedUnit } from '#metering';
import { ReadingStore } from '../readings/reading-store.ts';

export interface EmissionsForecastOptions {
  /** An imported column, or one made of generation by source. */
  readonly intensity: string;
  readonly horizon: number;
  /** ISO 8601; the end of the shorter of both series when absent. */
  readonly at?: string;
  /** The imported files' when absent. */
  readonly zone?: string;
}

/** kgCO2e by hour from `issuedAt` on; stays with its owner. */
export interface EmissionsForecast {
  readonly method: 'gridcommons/emissions-forecast/1';
  readonly issuedAt: string;
  readonly intensity: string;
  /** What is drawn from the grid follows from it. */
  readonly energy: string;
  readonly coverage: number;
  readonly hours: readonly { readonly start: string; readonly kg: Fan }[];
  readonly totalKg: Fan;
  /** Skill of either forecast against the better seasonal naive one. */
  readonly skill: { readonly energy: number | null; readonly intensity: number | null };
}

const COVERAGE = 0.8;
const ENERGY = ['net_kwh', 'load_kwh'] as const;
const LOOKBACK = 168;

/**
 * What the site's own consumption will emit, from its own readings of energy and of a grid's intensity, both forecast by ridges of
 * their own. Nothing is published.
 * @throws DATA_DIR_IN_USE while the node runs, READINGS_COLUMN_UNKNOWN, READINGS_MISSING, ZONE_MISSING, INTENSITY_COLUMN and the codes of `forecastOwn`
 */
export async function forecastEmissions(
  path: string,
  options: EmissionsForecastOptions,
): Promise<EmissionsForecast> {
  const readings = await ReadingStore.open(path);
  try {
    return await forecastFrom(readings, options);
  } finally {
    await readings.close();
  }
}

async function forecastFrom(
  readings: Pick<ReadingStore, 'columns' | 'dataset' | 'coverage' | 'hourly'>,
  { intensity, horizon, at, ...said }: EmissionsForecastOptions,
): Promise<EmissionsForecast> {
  const unit = sharedUnit(intensity);
  if (unit?.kind !== 'carbon intensity')
    throw new DomainError('INTENSITY_COLUMN', `expected a column of a carbon intensity, got ${intensity}`);
  const columns = await readings.columns();
  const energy = ENERGY.find((column) => columns.includes(column)) ?? 'load_kwh';
  const zone = said.zone ?? (await importedZone(readings));
  const before = at === undefined ? Number.POSITIVE_INFINITY : parseInstant(at);
  const ofEnergy = await wholeOf(readings, energy, before);
  const ofIntensity = await wholeOf(readings, intensity, before);
  const issueMs = at === undefined ? Math.min(endOf(ofEnergy), endOf(ofIntensity)) : before;
  const ahead = (series: MeterSeries, least: number) =>
    forecastOwn({
      series,
      zone,
      issueMs,
      horizon,
      least,
      lookback: LOOKBACK,
      inputTerms: null,
      inputs: NO_INPUTS,
      coverages: [COVERAGE],
    });
  const energyAhead = ahead(ofEnergy, energy === 'net_kwh' ? Number.NEGATIVE_INFINITY : 0);
  const intensityAhead = ahead(ofIntensity, 0);
  const emissions = emissionsOf(issueMs, energyAhead, intensityAhead, unit.factor / 1_000);
  return {
    method: 'gridcommons/emissions-forecast/1',
    issuedAt: isoInstant(issueMs),
    intensity,
    energy,
    coverage: COVERAGE,
    hours: emissions.hours.map(({ startMs, kg }) => ({ start: isoInstant(startMs), kg })),
    totalKg: emissions.totalKg,
    skill: { energy: energyAhead.backtest.skill, intensity: intensityAhead.backtest.skill },
  };
}

/** @throws ZONE_MISSING */
async function importedZone(readings: Pick<ReadingStore, 'dataset'>): Promise<string> {
  const zone = (await readings.dataset())?.zone;
  if (zone) return zone;
  throw new DomainError('ZONE_MISSING', 'expected --zone, as the imported files name none, got nothing');
}

const endOf = ({ startMs, values }: MeterSeries): number => startMs + values.length * HOUR_MS;

/** By the full hours that are known. @throws READINGS_MISSING, READINGS_COLUMN_UNKNOWN */
async function wholeOf(
  readings: Pick<ReadingStore, 'coverage' | 'hourly'>,
  column: string,
  beforeMs: number,
): Promise<MeterSeries> {
  const covered = await readings.coverage(column, beforeMs);
  if (covered === null) throw new DomainError('READINGS_MISSING', `expected readings of ${column}, got none`);
  return readings.hourly(column, { startMs: covered.fromMs, endMs: covered.toMs }, beforeMs);
}

/** A surplus imports nothing. */
const importOf = (fan: Fan): Fan => ({
  median: Math.max(0, fan.median),
  lower: Math.max(0, fan.lower),
  upper: Math.max(0, fan.upper),
});

const fanAt = ({ median, intervals: [interval] }: OwnForecast, h: number, factor = 1): Fan => ({
  median: median[h]! * factor,
  lower: interval!.lower[h]! * factor,
  upper: interval!.upper[h]! * factor,
});

function emissionsOf(
  issueMs: number,
  energy: OwnForecast,
  intensity: OwnForecast,
  kgPerUnit: number,
): EmissionsAhead {
  return emissionsAhead(
    Array.from(energy.median, (_, h) => ({
      startMs: issueMs + h * HOUR_MS,
      importKwh: importOf(fanAt(energy, h)),
      kgPerKwh: fanAt(intensity, h, kgPerUnit),
    })),
  );
}

/** A line an hour, then the sum. */
export function emissionsText({ hours, totalKg, coverage }: EmissionsForecast): string {
  const line = (name: string, { median, lower, upper }: Fan): string =>
    `${name}  ${median.toFixed(3)} kgCO2e (${100 * coverage} % from ${lower.toFixed(3)} to ${upper.toFixed(3)})`;
  return [...hours.map(({ start, kg }) => line(start, kg)), line('all hours', totalKg)].join('\n');
}
