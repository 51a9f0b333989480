import { DomainError } from '#core';
import { seriesUnit } from './forecast-series.ts';
import type { ForecastRow } from './forecast.entity.ts';
import { type Forecast, FORECAST_RESOLUTION, type VersionedForecast } from './forecast.ts';
import type { ForecastInput, ForecastType } from './forecasts.types.ts';

/** @throws FORECAST_RESOLUTION, FORECAST_UNIT, FORECAST_SERIES_UNKNOWN */
export function toForecast(input: ForecastInput): Forecast {
  if (input.resolution !== FORECAST_RESOLUTION) {
    throw new DomainError('FORECAST_RESOLUTION', `expected resolution ${FORECAST_RESOLUTION}, got another`);
  }
  const { series, intervalStart, issuedAt, modelHash, taskCardHash = null, productId = null } = input;
  const [p10, p50, p90] = quantilesOf(input);
  const instants = { intervalStartMs: intervalStart, issuedAtMs: issuedAt };
  return { series, ...instants, p10, p50, p90, modelHash, taskCardHash, productId };
}

type Quantiles = readonly [p10: number, p50: number, p90: number];

/** In the integers of the series' unit. @throws FORECAST_UNIT, FORECAST_SERIES_UNKNOWN */
function quantilesOf({ series, p10Wh, p50Wh, p90Wh, p10, p50, p90 }: ForecastInput): Quantiles {
  const { isEnergy, unit, scale } = seriesUnit(series);
  const [own, other] = isEnergy
    ? [
        [p10Wh, p50Wh, p90Wh],
        [p10, p50, p90],
      ]
    : [
        [p10, p50, p90],
        [p10Wh, p50Wh, p90Wh],
      ];
  const known = own.filter((value) => typeof value === 'number');
  if (known.length < own.length || other.some((value) => typeof value === 'number')) {
    const fields = isEnergy ? 'p10Wh, p50Wh and p90Wh' : 'p10, p50 and p90';
    throw new DomainError('FORECAST_UNIT', `expected ${fields} of ${series} in ${unit}, got other quantiles`);
  }
  return known.map((value) => inIntegers(value, scale)) as unknown as Quantiles;
}

/** A decimal of three places is off its thousandths by a rounding of its own; more places stay a fraction, which is refused. */
function inIntegers(value: number, scale: number): number {
  const scaled = value * scale;
  const nearest = Math.round(scaled);
  return Math.abs(scaled - nearest) <= Number.EPSILON * Math.abs(scaled) ? nearest : scaled;
}

export function toRow(
  { intervalStartMs, issuedAtMs, ...fields }: VersionedForecast,
  owner: Pick<ForecastRow, 'tenantId' | 'participantId' | 'publishedAt'>,
): Omit<ForecastRow, 'sequence' | 'lateFor'> {
  return { ...fields, ...owner, intervalStart: new Date(intervalStartMs), issuedAt: new Date(issuedAtMs) };
}

export function toType({ sequence, tenantId, p10, p50, p90, ...fields }: ForecastRow): ForecastType {
  const { isEnergy, unit, scale } = seriesUnit(fields.series);
  const inWh = (value: number): number | null => (isEnergy ? value : null);
  return {
    ...fields,
    id: sequence,
    organisationId: tenantId,
    resolution: FORECAST_RESOLUTION,
    unit,
    p10: p10 / scale,
    p50: p50 / scale,
    p90: p90 / scale,
    p10Wh: inWh(p10),
    p50Wh: inWh(p50),
    p90Wh: inWh(p90),
  };
}

export const toVersion = ({ intervalStart, issuedAt, ...fields }: ForecastRow): VersionedForecast => ({
  ...fields,
  intervalStartMs: intervalStart.getTime(),
  issuedAtMs: issuedAt.getTime(),
});
