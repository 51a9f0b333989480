import { DomainError } from '#core';
import { sharedUnit } from '#metering';

/** Energies that are forecast: consumption, generation behind the meter, or consumption − generation. */
export const ENERGY_SERIES = ['load', 'pv', 'net'] as const;
type EnergySeries = (typeof ENERGY_SERIES)[number];

/**
 * What is forecast: an energy of the publisher, or an intensity or price by the name of its column in the publisher's files and in
 * the card of the model, which ends in its unit (`libs/metering/quantity.ts`): `intensity_g_per_kwh`, `day_ahead_eur_per_mwh`.
 */
export type ForecastSeries = string;

/** What the integers of a series' quantiles are. */
export interface SeriesUnit {
  readonly isEnergy: boolean;
  /** `Wh`, `gCO2e/kWh`, `EUR/MWh`. */
  readonly unit: string;
  /** Integers in one unit: whole Wh, thousandths of everything else. */
  readonly scale: 1 | 1000;
  /** Least quantile that can be true, in units. */
  readonly least: number;
}

const isEnergyName = (series: ForecastSeries): series is EnergySeries =>
  ENERGY_SERIES.some((name) => name === series);

function unitOf(series: ForecastSeries): SeriesUnit | null {
  if (isEnergyName(series))
    return {
      isEnergy: true,
      unit: 'Wh',
      scale: 1,
      least: series === 'net' ? Number.NEGATIVE_INFINITY : 0,
    };
  const shared = sharedUnit(series);
  return shared && { isEnergy: false, unit: shared.unit, scale: 1000, least: shared.least };
}

/** Of a series that there is. @throws FORECAST_SERIES_UNKNOWN */
export function seriesUnit(series: ForecastSeries): SeriesUnit {
  const unit = unitOf(series);
  if (unit !== null) return unit;
  throw new DomainError(
    'FORECAST_SERIES_UNKNOWN',
    `expected ${ENERGY_SERIES.join(', ')}, or a column whose name ends in the unit of an intensity or of a price in a currency, got another`,
  );
}

/** @throws FORECAST_SERIES_UNKNOWN */
export function requireSeries(text: string): ForecastSeries {
  seriesUnit(text);
  return text;
}

/** Intensities and prices do not add up over members. @throws FORECAST_SERIES_NOT_ENERGY, FORECAST_SERIES_UNKNOWN */
export function requireEnergy(series: ForecastSeries): void {
  if (seriesUnit(series).isEnergy) return;
  throw new DomainError(
    'FORECAST_SERIES_NOT_ENERGY',
    `expected a series whose values add up, ${ENERGY_SERIES.join(', ')}, got an intensity or a price`,
  );
}

/** Under which name forecasts of a column are published; null where they are not. */
export const publishedAs = (column: string): ForecastSeries | null =>
  ENERGY_SERIES.find((name) => `${name}_kwh` === column) ?? (sharedUnit(column) ? column : null);
