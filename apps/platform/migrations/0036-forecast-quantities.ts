import type { Migration } from '#persistence';

/** Forecasts of intensities and prices beside energies, and of which product they are. */
export const forecastQuantitiesMigration: Migration = {
  name: '0036-forecast-quantities',
  statements: [
    'ALTER TABLE forecast RENAME COLUMN p10_wh TO p10',
    'ALTER TABLE forecast RENAME COLUMN p50_wh TO p50',
    'ALTER TABLE forecast RENAME COLUMN p90_wh TO p90',
    'ALTER TABLE forecast ADD product_id uuid REFERENCES forecast_product',
    'CREATE INDEX ON forecast (product_id, sequence)',
  ],
};
