import { isoInstant } from '#core';
import { READING_QUALITIES } from '#metering';
import type { MarketClearing, MarketSettlement, MarketTrade } from '../market/market.entities.ts';
import type { PublishedEmissions } from '../carbon/publication.types.ts';
import type { ReadingRow } from '../series/read-readings.ts';
import type { Column } from '../tables/table.ts';

/** The fields of the GraphQL types, named as columns are. */
export const CLEARING_COLUMNS: readonly Column<MarketClearing>[] = [
  { name: 'starts_at', kind: 'instant', of: ({ startsAt }) => startsAt },
  { name: 'quantity_wh', kind: 'long', of: ({ quantityWh }) => quantityWh },
  { name: 'price_per_mwh', kind: 'long', nullable: true, of: ({ pricePerMwh }) => pricePerMwh },
];

export const TRADE_COLUMNS: readonly Column<MarketTrade>[] = [
  { name: 'id', kind: 'text', of: ({ id }) => id },
  { name: 'starts_at', kind: 'instant', of: ({ startsAt }) => startsAt },
  { name: 'venue', kind: 'text', of: ({ venue }) => venue },
  { name: 'quantity_wh', kind: 'long', of: ({ quantityWh }) => quantityWh },
  { name: 'buy_price_per_mwh', kind: 'long', of: ({ buyPricePerMwh }) => buyPricePerMwh },
  { name: 'sell_price_per_mwh', kind: 'long', of: ({ sellPricePerMwh }) => sellPricePerMwh },
  { name: 'buyer_organisation_id', kind: 'text', of: ({ buyerTenantId }) => buyerTenantId },
  { name: 'seller_organisation_id', kind: 'text', of: ({ sellerTenantId }) => sellerTenantId },
  { name: 'buyer_participant_id', kind: 'text', of: ({ buyerParticipantId }) => buyerParticipantId },
  { name: 'seller_participant_id', kind: 'text', of: ({ sellerParticipantId }) => sellerParticipantId },
  { name: 'traded_at', kind: 'instant', nullable: true, of: ({ tradedAt }) => tradedAt },
];

export const SETTLEMENT_COLUMNS: readonly Column<MarketSettlement>[] = [
  { name: 'participant_id', kind: 'text', of: ({ participantId }) => participantId },
  { name: 'version', kind: 'integer', of: ({ version }) => version },
  { name: 'bought_wh', kind: 'long', of: ({ boughtWh }) => boughtWh },
  { name: 'sold_wh', kind: 'long', of: ({ soldWh }) => soldWh },
  { name: 'shortfall_wh', kind: 'long', of: ({ shortfallWh }) => shortfallWh },
  { name: 'excess_wh', kind: 'long', of: ({ excessWh }) => excessWh },
  { name: 'local_minor', kind: 'long', of: ({ localMinor }) => localMinor },
  { name: 'charge_minor', kind: 'long', of: ({ chargeMinor }) => chargeMinor },
  { name: 'deviation_minor', kind: 'long', of: ({ deviationMinor }) => deviationMinor },
  { name: 'savings_minor', kind: 'long', of: ({ savingsMinor }) => savingsMinor },
  { name: 'missing_hours', kind: 'text', of: ({ missingHours }) => missingHours.map((at) => isoInstant(at.getTime())).join(' ') }, // prettier-ignore
];

/** An hour of a grid series. */
export interface IntensityRow {
  readonly seriesId: string;
  readonly start: Date;
  readonly kgCo2ePerKwh: string;
}

export const INTENSITY_COLUMNS: readonly Column<IntensityRow>[] = [
  { name: 'series_id', kind: 'text', of: ({ seriesId }) => seriesId },
  { name: 'starts_at', kind: 'instant', of: ({ start }) => start },
  { name: 'kgco2e_per_kwh', kind: 'decimal', of: ({ kgCo2ePerKwh }) => Number(kgCo2ePerKwh) },
];

export const EMISSIONS_COLUMNS: readonly Column<PublishedEmissions>[] = [
  { name: 'id', kind: 'text', of: ({ id }) => id },
  { name: 'organisation_id', kind: 'text', of: ({ organisationId }) => organisationId },
  { name: 'participant_id', kind: 'text', of: ({ participantId }) => participantId },
  { name: 'starts_at', kind: 'instant', of: ({ start }) => start },
  { name: 'ends_at', kind: 'instant', of: ({ end }) => end },
  { name: 'version', kind: 'integer', of: ({ version }) => version },
  { name: 'hours', kind: 'integer', of: ({ hours }) => hours },
  { name: 'location_grams', kind: 'long', of: ({ locationGrams }) => locationGrams },
  { name: 'market_grams', kind: 'long', of: ({ marketGrams }) => marketGrams },
  { name: 'basis', kind: 'text', of: ({ basis }) => basis },
  { name: 'method_version', kind: 'text', of: ({ methodVersion }) => methodVersion },
  { name: 'published_at', kind: 'instant', of: ({ publishedAt }) => publishedAt },
];

export const READING_COLUMNS: readonly Column<ReadingRow>[] = [
  { name: 'starts_at', kind: 'instant', of: ({ startMs }) => new Date(startMs) },
  { name: 'ends_at', kind: 'instant', of: ({ endMs }) => new Date(endMs) },
  { name: 'value', kind: 'decimal', of: ({ value }) => Number(value) },
  { name: 'known', kind: 'integer', of: ({ known }) => known },
  { name: 'expected', kind: 'integer', of: ({ expected }) => expected },
  { name: 'revision', kind: 'integer', nullable: true, of: ({ revision }) => revision },
  { name: 'quality', kind: 'text', nullable: true, of: ({ quality }) => (quality === null ? null : READING_QUALITIES[quality]!) }, // prettier-ignore
  { name: 'recorded_at', kind: 'instant', of: ({ recordedAt }) => recordedAt },
];
