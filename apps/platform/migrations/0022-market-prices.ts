import type { Migration } from '#persistence';

/** A trade has a price a side: what lies between the two is the market's. */
export const marketPricesMigration: Migration = {
  name: '0022-market-prices',
  statements: [
    'ALTER TABLE market_trade RENAME COLUMN price_per_mwh TO buy_price_per_mwh',
    'ALTER TABLE market_trade ADD COLUMN sell_price_per_mwh bigint',
    // Forced policies bind the owner too: it would see no row to update.
    'ALTER TABLE market_trade NO FORCE ROW LEVEL SECURITY',
    'UPDATE market_trade SET sell_price_per_mwh = buy_price_per_mwh',
    'ALTER TABLE market_trade FORCE ROW LEVEL SECURITY',
    'ALTER TABLE market_trade ALTER COLUMN sell_price_per_mwh SET NOT NULL',
  ],
};
