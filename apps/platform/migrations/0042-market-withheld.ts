import type { Migration } from '#persistence';

const WITHHELD = JSON.stringify({
  efficientPriceInterval: { lowPerMwh: null, highPerMwh: null },
  efficientQuantityWh: null,
  welfareExact: null,
  bestWelfareExact: null,
  individualRationality: { buyPerMwh: null, sellPerMwh: null, chargedExact: null },
  withheld: 'FEW_PARTIES',
});

/**
 * A slot has a report of why its price is what it is, and neither it nor the certificate tells what few members' limits
 * are. Of sessions cleared before, nobody counted how many had set them: theirs is withheld, and so is their welfare.
 */
export const marketWithheldMigration: Migration = {
  name: '0042-market-withheld',
  statements: [
    'ALTER TABLE market_clearing ADD COLUMN report json',
    // Forced policies bind the owner too: it would see no row to update.
    'ALTER TABLE market_clearing NO FORCE ROW LEVEL SECURITY',
    `UPDATE market_clearing SET certificate = ((certificate::jsonb - 'details') || '${WITHHELD}'::jsonb)::json`,
    'ALTER TABLE market_clearing FORCE ROW LEVEL SECURITY',
    'ALTER TABLE market_session NO FORCE ROW LEVEL SECURITY',
    'UPDATE market_session SET welfare_minor = NULL',
    'ALTER TABLE market_session FORCE ROW LEVEL SECURITY',
  ],
};
