import { DomainError } from '#core';
import { type DayForecast, forecastDay, loadPoint, type PointForecast, pvPoint } from './day-ahead.ts';
import { type Epochs, localMidnights } from './epochs.ts';
import { fitProfile, type SiteProfile } from './profile.ts';
import {
  type DayQuantiles,
  quantileForecast,
  type ResidualQuantiles,
  residualQuantiles,
} from './quantiles.ts';
import { type DayAheadModel, validationMap } from './ridge.ts';
import { hourIndex, type HourlySeries, hoursFrom } from './series.ts';

/** A site's readings as its forecaster sees them. */
export interface SiteReadings {
  readonly load: HourlySeries;
  /** Generation ≥ 0; absent where the site has none. */
  readonly pv?: HourlySeries;
  readonly zone: string;
}

/** Everything a site forecasts with. It knows the hours of the two epochs and nothing later. */
export interface SiteForecaster {
  readonly model: DayAheadModel;
  readonly profile: SiteProfile;
  readonly residuals: {
    readonly load: ResidualQuantiles;
    readonly pv?: ResidualQuantiles;
    readonly net: ResidualQuantiles;
  };
}

/** A day ahead at one site, kWh by hour from `issueMs` on; net = load − PV, positive where the site buys. */
export interface SiteForecast {
  readonly issueMs: number;
  readonly load: DayQuantiles;
  readonly pv?: DayQuantiles;
  readonly net: DayQuantiles;
  readonly filledHours: number;
}

const difference = (a: Float64Array, b: Float64Array) => a.map((value, h) => value - b[h]!);

/** load − PV over the hours of `load`, NaN where either is missing. */
function netSeries(load: HourlySeries, pv: HourlySeries): HourlySeries {
  return {
    startMs: load.startMs,
    values: difference(load.values, hoursFrom(pv, load.startMs, load.values.length)),
  };
}

/** The readings before `endMs` alone. */
function upTo(series: HourlySeries, endMs: number): HourlySeries {
  return { startMs: series.startMs, values: series.values.slice(0, Math.max(0, hourIndex(series, endMs))) };
}

/**
 * Prepares a site to forecast with `model`. Residuals are those of forecasts at the local midnights of the validation part by
 * the map and profile of the training part, both of which have not seen it; forecasts then use the profile of both parts.
 * Net residuals are taken of the net itself, so that load and PV errors need not be independent.
 * @throws PROFILE_EMPTY, RESIDUALS_MISSING, HOUR_MISALIGNED
 */
export function fitSite(readings: SiteReadings, epochs: Epochs, model: DayAheadModel): SiteForecaster {
  const { zone } = readings;
  const { horizon } = model;
  const { endMs } = epochs.validation;
  const load = upTo(readings.load, endMs);
  const issues = localMidnights(zone, epochs.validation);
  const calibrate = (point: PointForecast, actual: HourlySeries) =>
    residualQuantiles(point, actual, issues, horizon);

  const trainProfile = fitProfile(load, zone, epochs.train, model.cycle);
  const profile = fitProfile(load, zone, { startMs: epochs.train.startMs, endMs }, model.cycle);
  const pointOfLoad = loadPoint(validationMap(model), trainProfile, load, zone);
  const ofLoad = calibrate(pointOfLoad, load);
  if (readings.pv === undefined) return { model, profile, residuals: { load: ofLoad, net: ofLoad } };

  const pv = upTo(readings.pv, endMs);
  const pointOfPv = pvPoint(pv, horizon);
  const pointOfNet: PointForecast = (issueMs) => difference(pointOfLoad(issueMs), pointOfPv(issueMs));
  const residuals = {
    load: ofLoad,
    pv: calibrate(pointOfPv, pv),
    net: calibrate(pointOfNet, netSeries(load, pv)),
  };
  return { model, profile, residuals };
}

/**
 * p10, p50 and p90 of load, PV and net for the hours from `issueMs` on. Reads nothing at or after `issueMs`.
 * @throws LOOKBACK_TOO_SPARSE, PV_HISTORY_EMPTY where an hour of the day has no PV reading in the last ten days
 */
export function forecastSite(
  forecaster: SiteForecaster,
  readings: SiteReadings,
  issueMs: number,
): SiteForecast {
  const { model, profile, residuals } = forecaster;
  const { energyKwh, filledHours }: DayForecast = forecastDay(
    model,
    profile,
    readings.load,
    issueMs,
    readings.zone,
  );
  const load = quantileForecast(energyKwh, residuals.load, 0);
  if (readings.pv === undefined || residuals.pv === undefined) {
    return { issueMs, load, net: quantileForecast(energyKwh, residuals.net, 0), filledHours };
  }
  const pvKwh = pvPoint(readings.pv, model.horizon)(issueMs);
  if (pvKwh.some(Number.isNaN)) {
    throw new DomainError(
      'PV_HISTORY_EMPTY',
      'expected a PV reading of every hour of the day in the last ten days',
    );
  }
  return {
    issueMs,
    load,
    pv: quantileForecast(pvKwh, residuals.pv, 0),
    net: quantileForecast(difference(energyKwh, pvKwh), residuals.net, Number.NEGATIVE_INFINITY),
    filledHours,
  };
}
