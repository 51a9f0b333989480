import type { MeterSeries } from '#metering';
import { loadPoint, type PointForecast, pvPoint, type SiteMap } from './day-ahead.ts';
import { type Epochs, localMidnights } from './epochs.ts';
import { fitProfile, type SiteProfile } from './profile.ts';
import { sampleQuantile } from './quantiles.ts';
import { type DayAheadModel, type LinearMap, validationMap } from './ridge.ts';
import { mean } from './scores.ts';
import { valuesFrom } from './series.ts';

/** A ridge of PV at one site. */
export interface PvRidge {
  readonly model: DayAheadModel;
  readonly profile: SiteProfile;
}

/** How a site's PV is forecast, and the same as it was before the validation part. */
export interface FittedPv {
  /** Null: by the median of the last ten days. */
  readonly ridge: PvRidge | null;
  readonly validationPoint: PointForecast;
}

const aboveZero =
  (point: PointForecast): PointForecast =>
  (issueMs) =>
    point(issueMs).map((value) => Math.max(0, value));

/** Day-ahead PV in kWh, NaN where the look-back is too sparse or no day has a reading of the hour. */
export const pvForecast = (ridge: SiteMap | null, pv: MeterSeries, horizon: number): PointForecast =>
  ridge ? aboveZero(loadPoint(ridge, pv)) : pvPoint(pv, horizon);

/**
 * Chooses between a shared ridge and the median of the last ten days by the spread of their errors at the midnights of the validation
 * part, which the map and profile of the training part have not seen.
 * @param pv nothing at or after the end of the validation part
 * @throws PROFILE_EMPTY, STEP_MISALIGNED
 */
export function fitPv(
  pv: MeterSeries,
  zone: string,
  epochs: Epochs,
  horizon: number,
  candidate?: {
    readonly model: DayAheadModel;
    readonly siteMap: (map: LinearMap, profile: SiteProfile) => SiteMap;
  },
): FittedPv {
  const median = { ridge: null, validationPoint: pvForecast(null, pv, horizon) };
  if (!candidate) return median;
  const { model, siteMap } = candidate;
  const { train, validation } = epochs;
  const profileOf = (endMs: number) => fitProfile(pv, zone, { startMs: train.startMs, endMs }, model.cycle);
  const past = pvForecast(siteMap(validationMap(model), profileOf(train.endMs)), pv, horizon);
  const ridge = { ridge: { model, profile: profileOf(validation.endMs) }, validationPoint: past };
  const issues = localMidnights(zone, validation);
  const errorsOf = (point: PointForecast) =>
    issues.map((issueMs) => {
      const forecast = point(issueMs);
      return valuesFrom(pv, issueMs, horizon).map((value, h) => value - forecast[h]!);
    });
  const [byRidge, byMedian] = [errorsOf(past), errorsOf(median.validationPoint)];
  return spread(byRidge, byMedian) < spread(byMedian, byRidge) ? ridge : median;
}

/**
 * Mean distance of errors from their median of the same step, over the steps that `other` has an error of, too: what is left of
 * them once quantiles of past errors have shifted a point forecast. NaN of none.
 */
function spread(errors: readonly Float64Array[], other: readonly Float64Array[]): number {
  const byStep = Array.from(errors[0] ?? [], (_, h) =>
    errors.map((day, d) => (Number.isNaN(other[d]![h]) ? Number.NaN : day[h]!)),
  );
  return mean(
    byStep.flatMap((step) => {
      const sorted = step.filter((error) => !Number.isNaN(error)).toSorted((a, b) => a - b);
      return sorted.map((error) => Math.abs(error - sampleQuantile(sorted, 0.5)));
    }),
  );
}
