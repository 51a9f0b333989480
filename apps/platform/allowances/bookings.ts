import { isoInstant } from '#core';
import type { Posting } from '#ledger';
import type { Booking } from '../ledger/ledger.service.ts';
import type { KnownVintage } from './vintage.ts';

/** Between the two sides of a trade, so that each entry has one member in it and tells it nothing of the other. */
const CLEARING_ACCOUNT = 'allowances:clearing';

const holdings = (tenantId: string, { scheme, year }: KnownVintage): string =>
  `organisation:${tenantId}/allowances/${scheme}/${year}`;
const house = (name: 'issued' | 'surrendered' | 'cancelled', { scheme, year }: KnownVintage): string =>
  `allowances:${name}/${scheme}/${year}`;

const moved = (to: string, from: string, amountMinor: number): Posting[] => [
  { account: to, amountMinor },
  { account: from, amountMinor: -amountMinor },
];

interface Issue {
  readonly id: string;
  readonly tenantId: string;
  readonly issuerId: string;
  readonly tonnes: number;
  readonly atMs: number;
}

/** Allowances come from the issued account, which so stands below zero by all that was ever issued. */
export const issueBooking = (
  { id, tenantId, issuerId, tonnes, atMs }: Issue,
  vintage: KnownVintage,
): Booking => ({
  draft: {
    type: 'allowances.issue',
    reference: id,
    currency: vintage.codes.allowance,
    postings: moved(holdings(tenantId, vintage), house('issued', vintage), tonnes),
    memo: `allocation of ${vintage.year}`,
    atMs,
  },
  holders: [...new Set([tenantId, issuerId])],
});

interface Retired {
  readonly tenantId: string;
  readonly reference: string;
  readonly purpose: 'SURRENDER' | 'CANCEL';
  readonly tonnes: number;
  readonly atMs: number;
}

export const retirementBooking = (
  { tenantId, reference, purpose, tonnes, atMs }: Retired,
  vintage: KnownVintage,
): Booking => ({
  draft: {
    type: purpose === 'SURRENDER' ? 'allowances.surrender' : 'allowances.cancel',
    reference,
    currency: vintage.codes.allowance,
    postings: moved(
      house(purpose === 'SURRENDER' ? 'surrendered' : 'cancelled', vintage),
      holdings(tenantId, vintage),
      tonnes,
    ),
    memo: `${purpose.toLowerCase()} of ${vintage.year}`,
    atMs,
  },
  holders: [tenantId],
});

export interface TradeSides {
  readonly sequence: string;
  readonly buyer: { readonly tenantId: string; readonly participantId: string };
  readonly seller: { readonly tenantId: string; readonly participantId: string };
  readonly tonnes: number;
  readonly amountMinor: number;
  readonly atMs: number;
}

/** Allowances one way and money the other, each through the clearing account; no entry of money for a price of 0. */
export function tradeBookings(trade: TradeSides, vintage: KnownVintage): Booking[] {
  const { buyer, seller, tonnes, amountMinor, atMs } = trade;
  const entry = (side: 'buyer' | 'seller', kind: 'allowances' | 'money', postings: Posting[]): Booking => ({
    draft: {
      type: `allowances.trade.${kind}`,
      reference: `${trade.sequence}/${side}`,
      currency: kind === 'money' ? vintage.codes.currency : vintage.codes.allowance,
      postings,
      memo: `allowances of ${vintage.year} traded at ${isoInstant(atMs)}`,
      atMs,
    },
    holders: [trade[side].tenantId],
  });
  const allowances = [
    entry('seller', 'allowances', moved(CLEARING_ACCOUNT, holdings(seller.tenantId, vintage), tonnes)),
    entry('buyer', 'allowances', moved(holdings(buyer.tenantId, vintage), CLEARING_ACCOUNT, tonnes)),
  ];
  if (amountMinor === 0) return allowances;
  return [
    ...allowances,
    entry('buyer', 'money', moved(CLEARING_ACCOUNT, `participant:${buyer.participantId}`, amountMinor)),
    entry('seller', 'money', moved(`participant:${seller.participantId}`, CLEARING_ACCOUNT, amountMinor)),
  ];
}
