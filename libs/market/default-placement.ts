import { hashJson, type Interval, type Json } from '#core';
import { CONTRIBUTION_CURRENCY } from './contribution.ts';
import type { DefaultOrder } from './default-orders.ts';
import { isoInterval } from './statement.ts';

/** Names the form of a placement; part of what is hashed, and of the ledger's memo. */
export const PLACEMENT_FORM = 'gridcommons/default-placement/1';

/** The orders that a market placed for one participant of one session, and the declaration that says so. */
export interface DefaultPlacement {
  readonly session: string;
  readonly participant: string;
  readonly declaration: string;
  /** Of the declaration. */
  readonly signature: string;
  readonly orders: readonly PlacedDefault[];
}

type PlacedDefault = Pick<DefaultOrder, 'order' | 'side' | 'quantityWh' | 'pricePerMwh'> & {
  readonly interval: Interval;
};

/** Lower-case hex SHA-256 of the canonical form. A participant that has its declaration computes the same. */
export function placementHash({ orders, ...of }: DefaultPlacement): Promise<string> {
  const placed = orders.map(({ order, interval, side, quantityWh, pricePerMwh }): Json => ({
    order,
    interval: isoInterval(interval),
    side,
    quantityWh,
    pricePerMwh,
  }));
  return hashJson({ form: PLACEMENT_FORM, ...of, orders: placed });
}

/** The ledger entry that certifies a placement to its participant, but for when it is booked. */
export const placementEntry = (of: Pick<DefaultPlacement, 'session' | 'participant'>, hash: string) => ({
  type: 'market.default-orders',
  reference: `${of.session}/${of.participant}`,
  currency: CONTRIBUTION_CURRENCY,
  memo: `${PLACEMENT_FORM} ${hash}`,
  postings: [
    { account: `participant:${of.participant}`, amountMinor: 1 },
    { account: 'default-orders', amountMinor: -1 },
  ],
});
