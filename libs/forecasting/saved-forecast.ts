import { DomainError, HOUR_MS, type Interval, isoInstant } from '#core';
import type { SeenTerms } from '#federation';
import type { NetworkTerms } from '#learning';
import type { MeterSeries } from '#metering';
import {
  type DayForecast,
  forecastDay,
  pastDeviations,
  requireDenseLookback,
  requireInputs,
} from './day-ahead.ts';
import type { SavedModel, SavedNetwork, SavedRidge } from './model-file.ts';
import { DEVIATION_LIMIT } from './deviations.ts';
import { localMidnights } from './epochs.ts';
import {
  type InputRow,
  type InputShape,
  inputRows,
  inputScales,
  NO_INPUTS,
  type SiteInputs,
} from './inputs.ts';
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
  /** What a model with inputs sees of the site beside the series. */
  readonly inputs?: SiteInputs;
}

/** With the clock set back. */
const LONGEST_DAY_MS = 25 * HOUR_MS;

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
 * Nothing at or after `issueMs` is read, but of columns known ahead.
 * @throws HORIZON_BEYOND_MODEL, MODEL_SERIES_OTHER, MODEL_NEEDS_INPUTS, ISSUE_NOT_MIDNIGHT, INPUTS_MISSING, RESOLUTION_OTHER, PROFILE_EMPTY, LOOKBACK_TOO_SPARSE, STEP_MISALIGNED
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
  const past = { ...known, endMs: Math.min(known.endMs, issueMs) };
  const profile = fitProfile(series, zone, past, terms.cycle);
  const whole =
    'fits' in saved
      ? byRidge(saved, profile, { ...request, series, known: past })
      : await byNetwork(saved, profile, { ...request, series, known: past }, outputs);
  return { ...whole, energyKwh: whole.energyKwh.slice(0, horizon) };
}

function byRidge(
  { fits }: SavedRidge,
  profile: SiteProfile,
  { column, ...request }: Omit<ForecastRequest, 'horizon'>,
): DayForecast {
  const { series, zone, issueMs } = request;
  // A ridge of one series knows no unit: it may be tried on another.
  const map = fits.get(column) ?? (fits.size === 1 ? [...fits.values()][0] : undefined);
  if (!map) {
    throw new DomainError(
      'MODEL_SERIES_OTHER',
      `expected one of the model's series ${[...fits.keys()].join(', ')}, got ${column}`,
    );
  }
  const inputsAt = inputsOf(map, request);
  return forecastDay({ map, profile, zone, inputsAt }, series, issueMs);
}

/** What the model sees beside the look-back; null where it sees nothing. */
function inputsOf(
  shape: InputShape,
  { series, zone, issueMs, known, inputs = NO_INPUTS }: Omit<ForecastRequest, 'horizon' | 'column'>,
): InputRow | null {
  if (!shape.inputs) return null;
  requireInputColumns(shape.inputs, inputs);
  requireIssueTime(shape.inputs, zone, issueMs);
  return inputRows(series, zone, shape, inputs, inputScales(inputs, known, shape));
}

function requireInputColumns({ ahead, past }: SeenTerms, { columns }: SiteInputs): void {
  const missing = [...ahead, ...past].filter((name) => !columns.has(name));
  if (missing.length === 0) return;
  throw new DomainError(
    'MODEL_NEEDS_INPUTS',
    `expected the columns that the model sees beside the look-back, ${missing.join(', ')} not among them`,
    'invalid',
    { missing },
  );
}

/** A map learnt at midnights knows what the sun does at each of its hours, and nothing of other times of the day. */
function requireIssueTime({ issues }: SeenTerms, zone: string, issueMs: number): void {
  if (issues === 'every-step') return;
  const [midnight] = localMidnights(zone, { startMs: issueMs, endMs: issueMs + LONGEST_DAY_MS });
  if (midnight === issueMs) return;
  throw new DomainError(
    'ISSUE_NOT_MIDNIGHT',
    `expected a local midnight, which the model has learnt from, got ${isoInstant(issueMs)}`,
  );
}

async function byNetwork(
  { terms, state, refined }: SavedNetwork,
  profile: SiteProfile,
  request: Omit<ForecastRequest, 'horizon'>,
  outputs: NetworkOutputs,
): Promise<DayForecast> {
  const { series, zone, issueMs } = request;
  const { lookback } = terms;
  const { past, filledSteps } = pastDeviations(lookback, profile, series, issueMs, zone);
  requireDenseLookback(lookback, filledSteps);
  const { scaleKwh } = profile;
  const standardised = past.map((value) =>
    Math.max(-DEVIATION_LIMIT, Math.min(DEVIATION_LIMIT, value / scaleKwh)),
  );
  const last = standardised[lookback - 1]!;
  const issue = positionOf(series, issueMs);
  const inputs = inputsOf(terms, request)?.(issue, last) ?? new Float64Array();
  const missingInputs = requireInputs(inputs);
  const usual = inputs.map((value) => (Number.isNaN(value) ? 0 : value));
  const x = Float32Array.from([...standardised.map((value) => value - last), ...usual]);
  const answers = await outputs(terms, refined ?? state.weights, x);
  const energyKwh = Float64Array.from(
    answers,
    (value, h) => scaleKwh * (value + last) + profileAt(profile, zone, series, issue + h),
  );
  return { issueMs, energyKwh, filledSteps, missingInputs };
}
