import { DAY_MS, DomainError, HOUR_MS, isoInstant } from '#core';
import { ENERGY_SERIES, type ForecastSeries, seriesUnit } from './forecast-series.ts';

/** One forecast of one hour, as its owner publishes it. Quantiles in the integers of `seriesUnit`; load, PV and intensity never below 0. */
export interface Forecast {
  readonly series: ForecastSeries;
  readonly intervalStartMs: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
  /** Belief time: nothing later was known to the forecast. */
  readonly issuedAtMs: number;
  /** SHA-256 of the model, and of the task card of the round that trained it (null: trained alone). */
  readonly modelHash: string;
  readonly taskCardHash: string | null;
  /** The product it is one of, as its publisher says; null: of none. */
  readonly productId: string | null;
}

/** The one resolution so far (ISO 8601 duration). */
export const FORECAST_RESOLUTION = 'PT1H';
/** 96 hours of three series in one request. */
export const MAX_BATCH = 96 * ENERGY_SERIES.length;
/** Longer than any model's horizon that is published hour by hour. */
const MAX_HORIZON_MS = 31 * DAY_MS;
/** Wh, or thousandths: far above any member's hour or any price, and far below what sums of forecasts could lose. */
const MAX_QUANTILE = 1_000_000_000_000;
/** How far a node's clock may run ahead of the platform's. */
const CLOCK_TOLERANCE_MS = 300_000;

export type VersionedForecast = Forecast & { readonly version: number };

/** What identifies the successive versions of one publisher's forecast. */
export const forecastKey = ({
  series,
  intervalStartMs,
}: Pick<Forecast, 'series' | 'intervalStartMs'>): string => `${series} ${intervalStartMs}`;

/** Refuses a batch that breaks a rule, whole. @throws FORECAST_* (see each rule). */
export function requireBatch(batch: readonly Forecast[], nowMs: number): void {
  if (batch.length === 0 || batch.length > MAX_BATCH) {
    throw new DomainError(
      'FORECAST_BATCH_SIZE',
      `expected 1 to ${MAX_BATCH} forecasts (96 hours of each series), got ${batch.length}`,
      'limit',
    );
  }
  const seen = new Set<string>();
  for (const forecast of batch) {
    requireForecast(forecast, nowMs);
    const key = forecastKey(forecast);
    if (seen.has(key)) throw refusal('FORECAST_REPEATED', 'each series and hour once in a batch', forecast);
    seen.add(key);
  }
}

interface Rule {
  readonly code: string;
  readonly expected: string;
  readonly holds: (forecast: Forecast, nowMs: number) => boolean;
}

function areIntegers({ p10, p50, p90 }: Forecast): boolean {
  return [p10, p50, p90].every((value) => Number.isSafeInteger(value) && Math.abs(value) <= MAX_QUANTILE);
}

const SHA256_HEX = /^[0-9a-f]{64}$/;

/** In this order: a later rule may rely on an earlier one. */
const RULES: readonly Rule[] = [
  {
    code: 'FORECAST_OFF_GRID',
    expected: 'a start on a quarter of the UTC hour, where every zone has its local hours',
    holds: ({ intervalStartMs }) => intervalStartMs % (HOUR_MS / 4) === 0,
  },
  {
    code: 'FORECAST_ENERGY',
    expected: `whole Wh within ±${MAX_QUANTILE}`,
    holds: (forecast) => !seriesUnit(forecast.series).isEnergy || areIntegers(forecast),
  },
  {
    code: 'FORECAST_VALUE',
    expected: `at most three decimals within ±${MAX_QUANTILE / 1_000}`,
    holds: areIntegers,
  },
  {
    code: 'FORECAST_QUANTILES',
    expected: 'p10 ≤ p50 ≤ p90',
    holds: ({ p10, p50, p90 }) => p10 <= p50 && p50 <= p90,
  },
  {
    code: 'FORECAST_NEGATIVE',
    expected: 'load, PV and intensity ≥ 0',
    holds: ({ series, p10 }) => p10 >= seriesUnit(series).least,
  },
  {
    code: 'FORECAST_ISSUED_LATER',
    expected: 'an issue time that has come',
    holds: ({ issuedAtMs }, nowMs) => issuedAtMs <= nowMs + CLOCK_TOLERANCE_MS,
  },
  {
    code: 'FORECAST_NOT_AHEAD',
    expected: 'an hour after the issue time',
    holds: ({ intervalStartMs, issuedAtMs }) => intervalStartMs >= issuedAtMs,
  },
  {
    code: 'FORECAST_HORIZON',
    expected: 'an hour at most 31 days after the issue time',
    holds: ({ intervalStartMs, issuedAtMs }) => intervalStartMs - issuedAtMs <= MAX_HORIZON_MS,
  },
  {
    code: 'FORECAST_HASH',
    expected: 'SHA-256 in lower-case hex',
    holds: ({ modelHash, taskCardHash }) =>
      SHA256_HEX.test(modelHash) && (taskCardHash === null || SHA256_HEX.test(taskCardHash)),
  },
];

function requireForecast(forecast: Forecast, nowMs: number): void {
  const broken = RULES.find(({ holds }) => !holds(forecast, nowMs));
  if (broken !== undefined) throw refusal(broken.code, broken.expected, forecast);
}

/**
 * Which forecasts of a batch become new versions, given the latest version of each: a later issue does, the same issue
 * again is left out (a repeated request changes nothing).
 * @throws FORECAST_STALE for an earlier issue than the latest, FORECAST_VERSION_CONFLICT for other content of the same issue.
 */
export function nextVersions(
  batch: readonly Forecast[],
  latest: ReadonlyMap<string, VersionedForecast>,
): VersionedForecast[] {
  return batch.flatMap((forecast) => {
    const known = latest.get(forecastKey(forecast));
    if (known === undefined) return [{ ...forecast, version: 1 }];
    if (forecast.issuedAtMs < known.issuedAtMs) {
      throw refusal(
        'FORECAST_STALE',
        `an issue time after ${isoInstant(known.issuedAtMs)}`,
        forecast,
        'conflict',
      );
    }
    if (forecast.issuedAtMs > known.issuedAtMs) return [{ ...forecast, version: known.version + 1 }];
    if (!isSameForecast(forecast, known)) {
      throw refusal('FORECAST_VERSION_CONFLICT', 'what this issue said before', forecast, 'conflict');
    }
    return [];
  });
}

/** Not the product, which is what its publisher makes of it: the first word stays. */
const isSameForecast = (a: Forecast, b: Forecast): boolean =>
  a.p10 === b.p10 &&
  a.p50 === b.p50 &&
  a.p90 === b.p90 &&
  a.modelHash === b.modelHash &&
  a.taskCardHash === b.taskCardHash;

/** Names the hour, never a quantity: the batch may be refused because it was not meant to be published. */
const refusal = (
  code: string,
  expected: string,
  { series, intervalStartMs }: Forecast,
  kind: 'invalid' | 'conflict' = 'invalid',
): DomainError => {
  const intervalStart = Number.isSafeInteger(intervalStartMs)
    ? isoInstant(intervalStartMs)
    : String(intervalStartMs);
  return new DomainError(code, `expected ${expected}, got another for ${series} at ${intervalStart}`, kind, {
    series,
    intervalStart,
  });
};
