import { DAY_MS, DomainError, interval, isoInstant, startOfLocalDay } from '#core';
import type { InputTerms } from '#federation';
import type { MeterSeries } from '#metering';
import { type AheadScores, scoreAhead } from './ahead-scores.ts';
import { DAY_AHEAD_RIDGE, type RidgeModelConfig } from './config.ts';
import { seasonalNaive } from './day-ahead.ts';
import { type Epochs, localMidnights, splitDays } from './epochs.ts';
import type { SiteInputs } from './inputs.ts';
import { siteMoments } from './moments.ts';
import type { DayQuantiles } from './quantiles.ts';
import { type RidgeFit, fitRidge } from './ridge.ts';
import { positionOf, stepsPerDay, stepsPerWeek, valuesFrom } from './series.ts';
import { fitSite, forecastSite, loadSpreads, type SiteForecaster, type SiteReadings } from './site.ts';

/** A series that is forecast from its own past alone, or from that and what is known beside it. */
export interface OwnForecastRequest {
  /** Hourly; nothing of it at or after `issueMs` is read. */
  readonly series: MeterSeries;
  readonly zone: string;
  /** On a full hour. */
  readonly issueMs: number;
  readonly lookback: number;
  readonly horizon: number;
  /** Null: the look-back alone. */
  readonly inputTerms: InputTerms | null;
  readonly inputs: SiteInputs;
  /** Shares of hours that intervals are to hold, such as 0.8; one at least. */
  readonly coverages: readonly number[];
  /** Least value that can be true. */
  readonly least: number;
}

export interface AheadInterval {
  readonly coverage: number;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export interface OwnForecast {
  /** Median by hour from `issueMs` on. */
  readonly median: Float64Array;
  readonly intervals: readonly AheadInterval[];
  /** Hours of the cycle that is removed, chosen with the penalties on the newest fifth of the history. */
  readonly cycle: number;
  readonly lambda: number;
  readonly filledHours: number;
  /** What the map was fitted on, and what its penalties and errors are of. */
  readonly epochs: Epochs;
  /** Of the same procedure on the first four fifths of the history, over the newest one, which chose nothing in it. */
  readonly backtest: AheadScores;
}

/** Candidates, hours: the local day and the local week. */
const CYCLES = [24, 168] as const;

/**
 * The hours from `issueMs` on by a ridge of the series' own (its cycle removed, moments of its windows, penalties by validation) with
 * intervals as a site's own forecasts have them, and what the same procedure would have been worth over the newest fifth of the
 * history, beside both seasonal naive forecasts.
 * @throws SERIES_TOO_SHORT, HISTORY_TOO_SHORT, SERIES_SPARSE, RIDGE_CONFIG_INVALID, MOMENTS_EMPTY, LOOKBACK_TOO_SPARSE,
 *   INPUTS_MISSING, RESIDUALS_MISSING
 */
export function forecastOwn(request: OwnForecastRequest): OwnForecast {
  const { series, zone, issueMs, horizon, coverages } = request;
  const past = { ...series, values: series.values.slice(0, Math.max(0, positionOf(series, issueMs))) };
  const days = splitDays(zone, interval(series.startMs, Math.min(issueMs, endOf(past))));
  requireHistory(days.validation, horizon);
  requireDense(past);
  const readings: SiteReadings = {
    load: past,
    zone,
    least: request.least,
    inputs: request.inputs,
    sinceMidnightMs: issueMs - startOfLocalDay(zone, issueMs),
  };
  const backtest = scoredBy(request, readings, fitted(request, readings, days), days.test);
  const epochs = {
    train: interval(days.train.startMs, days.validation.endMs),
    validation: days.test,
  };
  const { forecaster, fit } = fitted(request, readings, epochs);
  const { filledSteps, load } = forecastSite(forecaster, readings, issueMs);
  const spreads = loadSpreads(forecaster, readings, [issueMs], coverages.map(tailsOf));
  const intervals = coverages.map((coverage, i) => {
    const [{ p10: lower, p90: upper }] = spreads[i] as [DayQuantiles];
    return { coverage, lower, upper };
  });
  const { cycle, lambda } = fit;
  return { median: load.p50, intervals, cycle, lambda, filledHours: filledSteps, epochs, backtest };
}

const endOf = ({ startMs, resolutionMs, values }: MeterSeries): number =>
  startMs + values.length * resolutionMs;

const tailsOf = (coverage: number) => ({ lower: (1 - coverage) / 2, upper: (1 + coverage) / 2 });

/** A part that penalties are chosen on must hold several horizons. @throws HISTORY_TOO_SHORT */
function requireHistory({ startMs, endMs }: Epochs['validation'], horizon: number): void {
  const days = Math.floor((endMs - startMs) / DAY_MS);
  const least = 2 + Math.ceil(horizon / 24);
  if (days >= least) return;
  throw new DomainError(
    'HISTORY_TOO_SHORT',
    `expected ${5 * least} days of history for ${horizon} hours ahead, got ${5 * days}`,
    'invalid',
    { days: 5 * days, least: 5 * least },
  );
}

/** @throws SERIES_SPARSE */
function requireDense({ startMs, values }: MeterSeries): void {
  const known = values.reduce((count, value) => (Number.isNaN(value) ? count : count + 1), 0);
  if (2 * known >= values.length) return;
  throw new DomainError(
    'SERIES_SPARSE',
    `expected values in half of the ${values.length} hours from ${isoInstant(startMs)} on, got ${known}`,
  );
}

interface Fitted {
  readonly forecaster: SiteForecaster;
  readonly fit: RidgeFit;
}

function fitted(request: OwnForecastRequest, readings: SiteReadings, epochs: Epochs): Fitted {
  const fits = CYCLES.map((cycle) => {
    const config = configOf(request, cycle);
    return fitRidge(siteMoments(readings.load, readings.zone, epochs, config, request.inputs), config);
  });
  const fit = fits.reduce((best, each) => (lossOf(each) < lossOf(best) ? each : best));
  return { forecaster: fitSite(readings, epochs, fit), fit };
}

const lossOf = ({ validationLosses }: RidgeFit): number => Math.min(...validationLosses);

const configOf = (
  { lookback, horizon, inputTerms }: OwnForecastRequest,
  cycle: number,
): RidgeModelConfig => ({
  ...DAY_AHEAD_RIDGE,
  statistic: 'moments',
  lookback,
  horizon,
  cycle,
  inputs: inputTerms,
});

function scoredBy(
  { horizon, coverages }: OwnForecastRequest,
  readings: SiteReadings,
  { forecaster }: Fitted,
  test: Epochs['validation'],
): AheadScores {
  const { load, zone, sinceMidnightMs = 0 } = readings;
  const horizonMs = horizon * load.resolutionMs;
  const issuesMs = localMidnights(zone, test)
    .map((midnightMs) => midnightMs + sinceMidnightMs)
    .filter((issueMs) => issueMs + horizonMs <= test.endMs);
  const spreads = loadSpreads(forecaster, readings, issuesMs, coverages.map(tailsOf));
  return scoreAhead({
    actual: issuesMs.map((issueMs) => valuesFrom(load, issueMs, horizon)),
    forecast: spreads[0]!.map(({ p50 }) => p50),
    naive24: issuesMs.map(seasonalNaive(load, stepsPerDay(load), horizon)),
    naive168: issuesMs.map(seasonalNaive(load, stepsPerWeek(load), horizon)),
    intervals: coverages.map((coverage, i) => ({ coverage, quantiles: spreads[i]! })),
  });
}
