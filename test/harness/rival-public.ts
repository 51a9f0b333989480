/**
 * Columns whose values anybody enrolled may read, and why. What stands here is shown by design; any other value of the
 * database in an answer to the rival is a leak.
 */
export const PUBLIC_COLUMNS: Readonly<Record<string, string>> = {
  'organisation.id': 'members know who is a member',
  'organisation.name': 'members know who is a member',
  'participant.id': 'its public keys are what others verify and seal with',
  'participant.signing_key': 'public key',
  'participant.agreement_key': 'public key',
  'ledger_day.platform_key': 'the public key that the platform signs with',
  'ledger_day.hash': 'signed days are for everybody to keep',
  'ledger_day.head': 'as the day',
  'ledger_day.root': 'as the day',
  'ledger_day.previous': 'as the day',
  'ledger_day.signature': 'as the day',
  'ledger_entry.hash': 'the head of the ledger, which says nothing of its salted entries',
  'market_session.id': 'sessions are the community’s',
  'market_session.retail_per_mwh': 'terms of a session',
  'market_session.feed_in_per_mwh': 'terms of a session',
  'market_session.lot_commitment': 'the market’s own commitment, before the draw',
  'market_intraday_book.last_price_per_mwh': 'order books in sums are the community’s',
  'market_intraday_book.traded_wh': 'order books in sums are the community’s',
  'market_clearing.certificate': 'why prices are what they are; withheld where few have set them',
  'carbon_report.traded_wh': 'the sum over a session, of its whole community',
  'grid_series.id': 'grid intensities are read by everybody',
  'grid_series.csv_sha256': 'says which file a grid series came from',
  'published_emissions.location_grams': 'published by its owner',
  'published_emissions.market_grams': 'published by its owner',
  'published_emissions.signature': 'published by its owner',
  'published_emissions.factor_ids': 'published by its owner',
  'forecast_product.id': 'products are listed for all who may read forecasts',
  'forecast_gate.id': 'gates are rules for everybody',
  'forecast_gate.name': 'gates are rules for everybody',
  'forecast_terms.id': 'terms are an offer to everybody',
  'forecast_terms.price_per_day_minor': 'terms are an offer to everybody',
};

/** Rows that everybody is shown of tables that also hold others: `listed` of the catalogue. */
export const PUBLIC_ROWS: Readonly<Record<string, string>> = {
  data_sets: `status <> 'draft'`,
  data_set_versions: `data_set_id IN (SELECT id FROM data_sets WHERE status <> 'draft')`,
  data_offers: `data_set_id IN (SELECT id FROM data_sets WHERE status <> 'draft')`,
};
