import type { Migration } from '#persistence';

/** A session says by which mechanism it clears, and what its market took or paid in. */
export const marketMechanismMigration: Migration = {
  name: '0023-market-mechanism',
  statements: [
    "ALTER TABLE market_session ADD COLUMN mechanism text NOT NULL DEFAULT 'uniform-price'",
    'ALTER TABLE market_session ALTER COLUMN mechanism DROP DEFAULT',
    'ALTER TABLE market_session ADD COLUMN market_minor bigint',
  ],
};
