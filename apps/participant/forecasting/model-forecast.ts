import { DAY_MS, DomainError, type Interval, interval, isoInstant, parseInstant } from '#core';
import { forecastSaved, localMidnights, NO_INPUTS, type SavedModel, type SiteInputs } from '#forecasting';
import { predict } from '#training';
import type { SiteNode } from '../node/node.ts';
import { SiteDirectory } from '../node/site-directory.ts';
import { ReadingStore } from '../readings/reading-store.ts';
import { inputsFrom } from './site-inputs.ts';

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
  /** Share of the inputs that were missing and taken as usual; 0 for a model without any. */
  readonly missingInputs: number;
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
    const directory = new SiteDirectory(path);
    return await forecastFrom({ readings, directory }, saved, options);
  } finally {
    await readings.close();
  }
}

type Site = Pick<SiteNode, 'readings' | 'directory'>;

async function forecastFrom(
  site: Site,
  saved: SavedModel,
  { series: column, at, horizon, ...options }: ForecastOptions,
): Promise<ModelForecast> {
  const { readings } = site;
  const before = at === undefined ? Number.POSITIVE_INFINITY : parseInstant(at);
  const covered = await readings.coverage(column, before);
  if (covered === null)
    throw new DomainError('READINGS_MISSING', `expected readings of ${column} before ${at}, got none`);
  const zone = options.zone ?? (await readings.dataset())!.zone;
  if (zone === null)
    throw new DomainError('ZONE_MISSING', 'expected --zone, as the imported files name none, got nothing');
  const { terms } = saved;
  const issueMs = at === undefined ? lastIssue(terms, zone, covered.toMs) : before;
  const { stepMinutes } = terms;
  const known = { startMs: covered.fromMs, endMs: issueMs };
  const series = await readings.regular(column, known, { stepMinutes, zone, knownBeforeMs: issueMs });
  const inputs = await inputsOf(site, terms, known, zone);
  const request = { series, column, zone, inputs, known: { ...known, startMs: series.startMs }, issueMs };
  const asked = { ...request, ...(horizon !== undefined && { horizon }) };
  const { energyKwh, filledSteps, missingInputs } = await forecastSaved(saved, asked, predict);
  const issuedAt = isoInstant(issueMs);
  return { issuedAt, stepMinutes, energyKwh: [...energyKwh], filledSteps, missingInputs };
}

const inputTerms = (terms: SavedModel['terms']) => terms.inputs ?? null;

/** The end of the readings, or the last local midnight by then for a model that answers at midnights alone. */
function lastIssue(terms: SavedModel['terms'], zone: string, endMs: number): number {
  if (inputTerms(terms)?.issues !== 'midnights') return endMs;
  const around = { startMs: endMs - 2 * DAY_MS, endMs: endMs + 2 * DAY_MS };
  return localMidnights(zone, around).findLast((midnight) => midnight <= endMs)!;
}

/** What the model sees beside the series: columns known ahead over its whole horizon, others up to the issue time. */
function inputsOf(
  site: Site,
  terms: SavedModel['terms'],
  { startMs, endMs }: Interval,
  zone: string,
): Promise<SiteInputs> | SiteInputs {
  const inputs = inputTerms(terms);
  if (inputs === null) return NO_INPUTS;
  const { stepMinutes, horizon } = terms;
  const range = interval(startMs, endMs + horizon * stepMinutes * 60_000);
  return inputsFrom(site, inputs, range, { stepMinutes, zone, knownBeforeMs: endMs });
}

/** A line a step; local days are counted, as they are not all of one length. */
export function forecastText({ issuedAt, stepMinutes, energyKwh }: ModelForecast): string {
  const nameOf = (h: number): string =>
    stepMinutes * 60_000 === DAY_MS
      ? `day ${h + 1}`
      : isoInstant(parseInstant(issuedAt) + h * stepMinutes * 60_000);
  return energyKwh.map((value, h) => `${nameOf(h)}  ${value.toFixed(3)} kWh`).join('\n');
}
