import type { Migration } from '#persistence';

/** A session says what it trades and how long its slots are; those before traded energy by the hour. */
export const marketProductsMigration: Migration = {
  name: '0040-market-products',
  statements: [
    'ALTER TABLE market_session ADD COLUMN resolution_minutes integer NOT NULL DEFAULT 60',
    "ALTER TABLE market_session ADD COLUMN product text NOT NULL DEFAULT 'energy'",
  ],
};
