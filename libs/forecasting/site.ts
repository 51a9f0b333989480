import { DomainError, type Interval } from '#core';
import type { MeterSeries } from '#metering';
import { adaptiveQuantiles, replayDays } from './adaptive.ts';
import { forecastDay, loadPoint, type PointForecast, type SiteMap } from './day-ahead.ts';
import { type Epochs, localMidnights } from './epochs.ts';
import { type InputScales, inputRows, inputScales, NO_INPUTS, type SiteInputs } from './inputs.ts';
import { fitProfile, type SiteProfile } from './profile.ts';
import { fitPv, pvForecast, type PvRidge } from './pv.ts';
import {
  type Calibration,
  type DayQuantiles,
  difficultyKwh,
  NOMINAL_LEVELS,
  type PastErrors,
  pastErrors,
  quantileForecast,
  type TailLevels,
} from './quantiles.ts';
import { type DayAheadModel, type LinearMap, validationMap } from './ridge.ts';
import { positionOf, valuesFrom } from './series.ts';

/** A site's readings as its forecaster sees them. */
export interface SiteReadings {
  /** The consumption; or an intensity or a price in its own unit, alone. */
  readonly load: MeterSeries;
  /** Least that `load` can be; 0 where absent, −∞ of a price. */
  readonly least?: number;
  /** Generation ≥ 0; absent where the site has none. */
  readonly pv?: MeterSeries;
  readonly zone: string;
  /** How long after the local midnight it issues, whose errors its intervals are read from; 0 where absent. */
  readonly sinceMidnightMs?: number;
  /** What a model with inputs sees of them. */
  readonly inputs?: SiteInputs;
}

/** Everything a site forecasts with. It knows the hours of the two epochs and nothing later. */
export interface SiteForecaster {
  readonly model: DayAheadModel;
  readonly profile: SiteProfile;
  /** Of the columns that the model sees. */
  readonly scales: InputScales;
  /** Null: PV is the median of the last ten days. */
  readonly pvRidge: PvRidge | null;
  readonly residuals: {
    readonly load: PastErrors;
    readonly pv?: PastErrors;
    readonly net: PastErrors;
  };
  /** End of the epochs: days from here on are followed as they are delivered. */
  readonly followedFromMs: number;
}

/** A day ahead at one site, kWh by step from `issueMs` on; net = load − PV, positive where the site buys. */
export interface SiteForecast {
  readonly issueMs: number;
  readonly load: DayQuantiles;
  readonly pv?: DayQuantiles;
  readonly net: DayQuantiles;
  readonly filledSteps: number;
}

/** The issue times of whole local days in a range. */
const dailyIssues = ({ zone, sinceMidnightMs = 0 }: SiteReadings, range: Interval): number[] =>
  localMidnights(zone, range).map((midnightMs) => midnightMs + sinceMidnightMs);

const difference = (a: Float64Array, b: Float64Array) => a.map((value, h) => value - b[h]!);

/** load − PV over the hours of `load`, NaN where either is missing. */
function netSeries(load: MeterSeries, pv: MeterSeries): MeterSeries {
  return {
    ...load,
    values: difference(load.values, valuesFrom(pv, load.startMs, load.values.length)),
  };
}

/** The readings before `endMs` alone. */
function upTo(series: MeterSeries, endMs: number): MeterSeries {
  return { ...series, values: series.values.slice(0, Math.max(0, positionOf(series, endMs))) };
}

/**
 * Prepares a site to forecast with `model`. Residuals are those of forecasts at the local midnights of the validation part by
 * the map and profile of the training part, both of which have not seen it; forecasts then use the profile of both parts.
 * Net residuals are taken of the net itself, so that load and PV errors need not be independent.
 * @param pvModel of the same steps and horizon; used where it forecast the validation part better than the median of ten days
 * @throws PROFILE_EMPTY, RESIDUALS_MISSING, STEP_MISALIGNED
 */
export function fitSite(
  readings: SiteReadings,
  epochs: Epochs,
  model: DayAheadModel,
  pvModel?: DayAheadModel,
): SiteForecaster {
  const { zone } = readings;
  const { horizon } = model;
  const { endMs } = epochs.validation;
  const load = upTo(readings.load, endMs);
  const calibration: Calibration = {
    issuesMs: dailyIssues(readings, epochs.validation),
    range: epochs.train,
    horizon,
  };

  const trainProfile = fitProfile(load, zone, epochs.train, model.cycle);
  const profile = fitProfile(load, zone, { startMs: epochs.train.startMs, endMs }, model.cycle);
  const scales = model.inputs
    ? inputScales(readings.inputs ?? NO_INPUTS, epochs.train, model)
    : new Map<string, never>();
  const pointOfLoad = loadPoint(siteMap(validationMap(model), trainProfile, scales, readings), load);
  const ofLoad = pastErrors(pointOfLoad, load, calibration);
  const fitted = { model, profile, scales, followedFromMs: endMs };
  if (readings.pv === undefined)
    return { ...fitted, pvRidge: null, residuals: { load: ofLoad, net: ofLoad } };

  const pv = upTo(readings.pv, endMs);
  const { ridge: pvRidge, validationPoint: pointOfPv } = fitPv(
    pv,
    zone,
    epochs,
    horizon,
    pvModel && { model: pvModel, siteMap: pvMap(scales, pv, readings) },
  );
  const pointOfNet: PointForecast = (issueMs) => difference(pointOfLoad(issueMs), pointOfPv(issueMs));
  const residuals = {
    load: ofLoad,
    pv: pastErrors(pointOfPv, pv, calibration),
    net: pastErrors(pointOfNet, netSeries(load, pv), calibration),
  };
  return { ...fitted, pvRidge, residuals };
}

/** Of PV instead of the load. */
const pvMap =
  (scales: InputScales, pv: MeterSeries, readings: SiteReadings) =>
  (map: LinearMap, profile: SiteProfile): SiteMap =>
    siteMap(map, profile, scales, { ...readings, load: pv });

function siteMap(
  map: LinearMap,
  profile: SiteProfile,
  scales: InputScales,
  { load, zone, inputs = NO_INPUTS }: SiteReadings,
): SiteMap {
  return { map, profile, zone, inputsAt: map.inputs && inputRows(load, zone, map, inputs, scales) };
}

/** A point forecast of a series whose errors were known at the end of the epochs. */
interface Followed {
  readonly point: PointForecast;
  readonly series: MeterSeries;
  readonly residuals: PastErrors;
  readonly floorKwh: number;
  /** What p10 and p90 are the tails of; of 10 and 90 % where absent. */
  readonly nominal?: TailLevels;
}

/**
 * Quantiles at issue times (ascending) about the point forecast, spread by what the series was like in the week before and
 * by how the intervals of the days delivered since the epochs had held. Reads nothing at or after an issue time for it.
 */
function spread(
  { point, series, residuals, floorKwh, nominal }: Followed,
  { followedFromMs }: SiteForecaster,
  readings: SiteReadings,
  issuesMs: readonly number[],
): DayQuantiles[] {
  const delivered = dailyIssues(readings, {
    startMs: followedFromMs,
    endMs: Math.max(followedFromMs, ...issuesMs),
  });
  const states = replayDays(residuals, { point, actual: series, issuesMs: delivered }, issuesMs, nominal);
  return issuesMs.map((issueMs, i) => {
    const difficulty = difficultyKwh(series, issueMs, residuals.leastDifficultyKwh);
    return quantileForecast(point(issueMs), adaptiveQuantiles(states[i]!), difficulty, floorKwh);
  });
}

/** The load at issue times (ascending) for scoring: all NaN where the look-back is too sparse to forecast. */
export const loadQuantiles = (
  forecaster: SiteForecaster,
  readings: SiteReadings,
  issuesMs: readonly number[],
): DayQuantiles[] => loadSpreads(forecaster, readings, issuesMs, [NOMINAL_LEVELS])[0]!;

/** The same by what p10 and p90 are to be the tails of. */
export function loadSpreads(
  forecaster: SiteForecaster,
  readings: SiteReadings,
  issuesMs: readonly number[],
  nominals: readonly TailLevels[],
): DayQuantiles[][] {
  const { load, least: floorKwh = 0 } = readings;
  const { model, profile, scales, residuals } = forecaster;
  const point = remembering(loadPoint(siteMap(model, profile, scales, readings), load));
  const followed = { point, series: load, residuals: residuals.load, floorKwh };
  return nominals.map((nominal) => spread({ ...followed, nominal }, forecaster, readings, issuesMs));
}

/** Each day is asked for by every interval, and again once it has been delivered. */
function remembering(point: PointForecast): PointForecast {
  const known = new Map<number, Float64Array>();
  return (issueMs) => {
    const before = known.get(issueMs) ?? point(issueMs);
    known.set(issueMs, before);
    return before;
  };
}

/**
 * p10, p50 and p90 of load, PV and net for the steps from `issueMs` on. Reads nothing at or after `issueMs` but columns known ahead.
 * @throws LOOKBACK_TOO_SPARSE, INPUTS_MISSING, PV_HISTORY_EMPTY where PV has too few readings in its look-back or, without a
 *   ridge, none of some hour of the day in the last ten days
 */
export function forecastSite(
  forecaster: SiteForecaster,
  readings: SiteReadings,
  issueMs: number,
): SiteForecast {
  const { model, profile, scales, pvRidge, residuals } = forecaster;
  const load = upTo(readings.load, issueMs);
  const site = siteMap(model, profile, scales, readings);
  const { filledSteps } = forecastDay(site, load, issueMs);
  const ofLoad = loadQuantiles(forecaster, { ...readings, load }, [issueMs])[0]!;
  if (readings.pv === undefined || residuals.pv === undefined) {
    return { issueMs, load: ofLoad, net: ofLoad, filledSteps };
  }
  const pv = upTo(readings.pv, issueMs);
  const pvSite = pvRidge && pvMap(scales, pv, readings)(pvRidge.model, pvRidge.profile);
  const pointOfPv = pvForecast(pvSite, pv, model.horizon);
  if (pointOfPv(issueMs).some(Number.isNaN)) {
    throw new DomainError(
      'PV_HISTORY_EMPTY',
      'expected PV readings to forecast from: of the look-back, or of every hour of the day in the last ten days',
    );
  }
  const pointOfLoad = loadPoint(site, load);
  const pointOfNet: PointForecast = (atMs) => difference(pointOfLoad(atMs), pointOfPv(atMs));
  const ofPv: Followed = { point: pointOfPv, series: pv, residuals: residuals.pv, floorKwh: 0 };
  const ofNet: Followed = {
    point: pointOfNet,
    series: netSeries(load, pv),
    residuals: residuals.net,
    floorKwh: Number.NEGATIVE_INFINITY,
  };
  const at = (followed: Followed) => spread(followed, forecaster, readings, [issueMs])[0]!;
  return { issueMs, load: ofLoad, pv: at(ofPv), net: at(ofNet), filledSteps };
}
