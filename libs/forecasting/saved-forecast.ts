import { DomainError, type Interval } from '#core';
import type { NetworkTerms } from '#learning';
import type { MeterSeries } from '#metering';
import { type DayForecast, forecastDay, pastDeviations, requireDenseLookback } from './day-ahead.ts';
import type { SavedModel, SavedNetwork, SavedRidge } from './model-file.ts';
import { DEVIATION_LIMIT } from './deviations.ts';
import { fitProfile, profileAt, type SiteProfile } from './profile.ts';
import { positionOf, requireSteps } from './series.ts';

/** A network's outputs, as `predict` of the training engine computes them: rows × lookback to rows × horizon. */
export type NetworkOutputs = (
  network: NetworkTerms,
  weights: Float32Array,
  x: Float32Array,
) => Promise<Float32Array>;

/** At which site, from which readings, for when. */
export interface ForecastRequest {
  readonly series: MeterSeries;
  /** Name of the series, for a ridge of several. */
  readonly column: string;
  readonly zone: string;
  /** Readings that the site's own cycle and scale are taken from: none at or after `issueMs`. */
  readonly known: Interval;
  readonly issueMs: number;
  /** Steps to answer for; the model's own horizon when absent. */
  readonly horizon?: number;
}

function requireHorizon({ horizon: most }: { readonly horizon: number }, horizon: number): void {
  if (Number.isSafeInteger(horizon) && horizon >= 1 && horizon <= most) return;
  throw new DomainError(
    'HORIZON_BEYOND_MODEL',
    `expected a horizon from 1 to the model's ${most} steps, got ${horizon}`,
    'invalid',
    { most, got: horizon },
  );
}

/**
 * The steps from `issueMs` on by a model that was read from a file: the shared one, or what the site has refined it to.
 * Nothing at or after `issueMs` is read.
 * @throws HORIZON_BEYOND_MODEL, MODEL_SERIES_OTHER, MODEL_NEEDS_INPUTS, RESOLUTION_OTHER, PROFILE_EMPTY, LOOKBACK_TOO_SPARSE, STEP_MISALIGNED
 */
export async function forecastSaved(
  saved: SavedModel,
  { known, horizon = saved.terms.horizon, ...request }: ForecastRequest,
  outputs: NetworkOutputs,
): Promise<DayForecast> {
  const { terms } = saved;
  const { zone, issueMs } = request;
  requireHorizon(terms, horizon);
  requireSteps(request.series, terms);
  const { values } = request.series;
  const series = {
    ...request.series,
    values: values.slice(0, Math.max(0, positionOf(request.series, issueMs))),
  };
  const profile = fitProfile(series, zone, { ...known, endMs: Math.min(known.endMs, issueMs) }, terms.cycle);
  const whole =
    'fits' in saved
      ? byRidge(saved, profile, { ...request, series })
      : await byNetwork(saved, profile, { ...request, series }, outputs);
  return { ...whole, energyKwh: whole.energyKwh.slice(0, horizon) };
}

function byRidge(
  { fits }: SavedRidge,
  profile: SiteProfile,
  { series, column, zone, issueMs }: Omit<ForecastRequest, 'known' | 'horizon'>,
): DayForecast {
  // A ridge of one series knows no unit: it may be tried on another.
  const map = fits.get(column) ?? (fits.size === 1 ? [...fits.values()][0] : undefined);
  if (!map) {
    throw new DomainError(
      'MODEL_SERIES_OTHER',
      `expected one of the model's series ${[...fits.keys()].join(', ')}, got ${column}`,
    );
  }
  if (map.inputs !== null) {
    throw new DomainError(
      'MODEL_NEEDS_INPUTS',
      'expected a model of the look-back alone, got one that sees other inputs beside it',
    );
  }
  return forecastDay({ map, profile, zone, inputsAt: null }, series, issueMs);
}

async function byNetwork(
  { terms, state, refined }: SavedNetwork,
  profile: SiteProfile,
  { series, zone, issueMs }: Omit<ForecastRequest, 'known' | 'horizon'>,
  outputs: NetworkOutputs,
): Promise<DayForecast> {
  const { lookback } = terms;
  const { past, filledSteps } = pastDeviations(lookback, profile, series, issueMs, zone);
  requireDenseLookback(lookback, filledSteps);
  const { scaleKwh } = profile;
  const standardised = past.map((value) =>
    Math.max(-DEVIATION_LIMIT, Math.min(DEVIATION_LIMIT, value / scaleKwh)),
  );
  const last = standardised[lookback - 1]!;
  const x = Float32Array.from(standardised, (value) => value - last);
  const issue = positionOf(series, issueMs);
  const answers = await outputs(terms, refined ?? state.weights, x);
  const energyKwh = Float64Array.from(
    answers,
    (value, h) => scaleKwh * (value + last) + profileAt(profile, zone, series, issue + h),
  );
  return { issueMs, energyKwh, filledSteps, missingInputs: 0 };
}
