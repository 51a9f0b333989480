import { DAY_MS, DomainError, isoInstant, parseInstant } from '#core';
import { forecastSaved, type SavedModel } from '#forecasting';
import { predict } from '#training';
import { ReadingStore } from '../readings/reading-store.ts';

export interface ForecastOptions {
  readonly series: string;
  /** ISO 8601; the end of the readings when absent. */
  readonly at?: string;
  /** Of local weeks; the imported files' when absent. */
  readonly zone?: string;
  /** Steps; the model's when absent. */
  readonly horizon?: number;
}

/** Energy by step from `issuedAt` on, kWh; stays with its owner. */
export interface ModelForecast {
  readonly issuedAt: string;
  readonly stepMinutes: number;
  readonly energyKwh: readonly number[];
  /** Steps of the look-back that had no reading. */
  readonly filledSteps: number;
}

/**
 * What a saved model expects of one of the site's own series, from the readings before `at` alone.
 * @throws DATA_DIR_IN_USE while the node runs, READINGS_COLUMN_UNKNOWN, READINGS_MISSING, ZONE_MISSING and the codes of `forecastSaved`
 */
export async function forecastByFile(
  path: string,
  saved: SavedModel,
  options: ForecastOptions,
): Promise<ModelForecast> {
  const readings = await ReadingStore.open(path);
  try {
    return await forecastFrom(readings, saved, options);
  } finally {
    await readings.close();
  }
}

async function forecastFrom(
  readings: ReadingStore,
  saved: SavedModel,
  { series: column, at, horizon, ...options }: ForecastOptions,
): Promise<ModelForecast> {
  const before = at === undefined ? Number.POSITIVE_INFINITY : parseInstant(at);
  const covered = await readings.coverage(column, before);
  if (covered === null)
    throw new DomainError('READINGS_MISSING', `expected readings of ${column} before ${at}, got none`);
  const zone = options.zone ?? (await readings.dataset())!.zone;
  if (zone === null)
    throw new DomainError('ZONE_MISSING', 'expected --zone, as the imported files name none, got nothing');
  const issueMs = at === undefined ? covered.toMs : before;
  const { stepMinutes } = saved.terms;
  const known = { startMs: covered.fromMs, endMs: issueMs };
  const series = await readings.regular(column, known, { stepMinutes, zone, knownBeforeMs: issueMs });
  const request = { series, column, zone, known: { ...known, startMs: series.startMs }, issueMs };
  const asked = { ...request, ...(horizon !== undefined && { horizon }) };
  const { energyKwh, filledSteps } = await forecastSaved(saved, asked, predict);
  return { issuedAt: isoInstant(issueMs), stepMinutes, energyKwh: [...energyKwh], filledSteps };
}

/** A line a step; local days are counted, as they are not all of one length. */
export function forecastText({ issuedAt, stepMinutes, energyKwh }: ModelForecast): string {
  const nameOf = (h: number): string =>
    stepMinutes * 60_000 === DAY_MS
      ? `day ${h + 1}`
      : isoInstant(parseInstant(issuedAt) + h * stepMinutes * 60_000);
  return energyKwh.map((value, h) => `${nameOf(h)}  ${value.toFixed(3)} kWh`).join('\n');
}
