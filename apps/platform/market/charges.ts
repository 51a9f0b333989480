import type { Interval } from '#core';
import type { Charge, ClearingResult } from '#market';
import type { MarketCharge } from './lots.entities.ts';
import type { MarketOrder } from './market.entities.ts';

/** The organisation of every participant that has an order. */
export const tenantsOfOrders = (orders: readonly MarketOrder[]): ReadonlyMap<string, string> =>
  new Map(orders.map(({ participantId, tenantId }) => [participantId, tenantId]));

/** What a slot's clearing has members owe beside their trades, as it is stored. */
export function chargeRows(
  sessionId: string,
  slot: Interval,
  { charges }: Pick<ClearingResult, 'charges'>,
  tenants: ReadonlyMap<string, string>,
): MarketCharge[] {
  return charges.map(({ member, kind, amountExact }) => ({
    tenantId: tenants.get(member)!,
    sessionId,
    participantId: member,
    startsAt: new Date(slot.startMs),
    kind,
    amountExact,
  }));
}

export const chargesOf = (rows: readonly MarketCharge[]): Charge[] =>
  rows.map(({ participantId, kind, amountExact }) => ({ member: participantId, kind, amountExact }));
