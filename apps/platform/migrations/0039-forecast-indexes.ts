import type { Migration } from '#persistence';

/** For a series of everybody in a delivery day, and for whoever polls for what has been issued since. */
export const forecastIndexesMigration: Migration = {
  name: '0039-forecast-indexes',
  statements: ['CREATE INDEX ON forecast (series, interval_start)', 'CREATE INDEX ON forecast (issued_at)'],
};
