import { localDate } from '#core';
import type { Posting } from '#ledger';
import { closingTransfer, type Settlement } from '#market';
import type { Booking } from '../ledger/ledger.service.ts';
import type { MarketSession } from './market.entities.ts';

/**
 * House accounts. Every local amount and charge goes through the clearing account, so that each entry has one member in it
 * and can be shown to it whole. After each session the account is empty: what lies between buyers' and sellers' prices
 * goes to the surplus, or comes from the organiser.
 */
export const CLEARING_ACCOUNT = 'market:clearing';
export const RETAILER_ACCOUNT = 'retailer';
const SURPLUS_ACCOUNT = 'market:surplus';

export const transfer = (house: string, participantId: string, amountMinor: number): Posting[] => [
  { account: `participant:${participantId}`, amountMinor },
  { account: house, amountMinor: -amountMinor },
];

/** The entry that empties the clearing account, for the organiser to read; none where it is empty. */
export function closingBookings(
  { id, tenantId, zone, startsAt, currency }: MarketSession,
  settlement: Pick<Settlement, 'marketMinor'>,
  atMs: number,
): Booking[] {
  const closing = closingTransfer(settlement);
  if (closing === null) return [];
  const accounts = {
    clearing: CLEARING_ACCOUNT,
    surplus: SURPLUS_ACCOUNT,
    organiser: `organiser:${tenantId}`,
  };
  const draft = {
    reference: `${id}/market`,
    currency,
    atMs,
    type: closing.from === 'organiser' ? 'market.deficit' : 'market.surplus',
    memo: `market of ${localDate(zone, startsAt.getTime())}`,
    postings: [
      { account: accounts[closing.to], amountMinor: closing.amountMinor },
      { account: accounts[closing.from], amountMinor: -closing.amountMinor },
    ],
  };
  return [{ draft, holders: [tenantId] }];
}
