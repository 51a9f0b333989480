import type { EntityManager } from 'typeorm';
import { HOUR_MS, interval } from '#core';
import { insertRows } from '#persistence';
import { type Given, givenWithin } from '../carbon/accounting.ts';
import { givenDuring } from '../carbon/attribute-session.ts';
import { type MarketSession, MarketTrade } from '../market/market.entities.ts';
import { dayOf } from '../market/session-slots.ts';
import { tenantsOf } from '../market/settlement-books.ts';
import { newestStatements } from '../market/settlement-facts.ts';
import { CertificateClaim, CertificateShortfall } from './certificates.entities.ts';
import { ownIssuedDuring } from './issued-exports.ts';
import type { Holder } from './registry-store.ts';

/** More than a meter says, of one slot. */
export interface Excess extends Holder {
  readonly startMs: number;
  readonly wh: number;
}

/**
 * Writes down, in place of what was written before, where certificates say more than the newest statements of a session:
 * production issued beyond exports and passed on, claimed or expired already (`beyondTrades`, and what sellers had issued for
 * themselves), and consumption claimed beyond imports. Nothing of it can be undone; nothing more is issued or claimed there.
 */
export async function flagShortfalls(
  manager: EntityManager,
  session: MarketSession,
  beyondTrades: readonly Excess[],
): Promise<void> {
  const day = dayOf(session);
  const [own, given] = [await ownIssuedDuring(manager, day), await givenDuring(manager, day, null)];
  const claimed = await claimedDuring(manager, session);
  const tenants = tenantsOf(await manager.findBy(MarketTrade, { sessionId: session.id }));
  const found = beyondTrades.map((excess) => ({ ...excess, kind: 'production' as const }));
  const shortfalls = new Map<string, CertificateShortfall>();
  const add = (
    participantId: string,
    startMs: number,
    kind: 'production' | 'consumption',
    wh: number,
  ): void => {
    if (wh <= 0) return;
    const key = `${startMs} ${participantId} ${kind}`;
    const quantityWh = wh + (shortfalls.get(key)?.quantityWh ?? 0);
    const tenantId = tenants.get(participantId)!;
    shortfalls.set(key, { tenantId, sessionId: session.id, participantId, startsAt: new Date(startMs), kind, quantityWh }); // prettier-ignore
  };
  for (const { participantId, startMs, kind, wh } of found) add(participantId, startMs, kind, wh);
  for (const { member, interval: slot, netImportWh, netExportWh } of await newestStatements(
    manager,
    session,
  )) {
    const ownWh = givenWithin(slot, member, own);
    const beyondWh = ownWh + givenWithin(slot, member, given) - netExportWh;
    add(member, slot.startMs, 'production', Math.min(ownWh, beyondWh));
    add(member, slot.startMs, 'consumption', givenWithin(slot, member, claimed) - netImportWh);
  }
  await manager.delete(CertificateShortfall, { sessionId: session.id });
  await insertRows(manager, CertificateShortfall, [...shortfalls.values()]);
}

async function claimedDuring(manager: EntityManager, session: MarketSession): Promise<Given[]> {
  const rows = await manager
    .createQueryBuilder(CertificateClaim, 'claim')
    .where('claim.starts_at > :from AND claim.starts_at < :to', {
      from: new Date(session.startsAt.getTime() - HOUR_MS),
      to: session.endsAt,
    })
    .getMany();
  return rows.map(({ participantId, startsAt, endsAt, quantityWh }) => ({
    participantId,
    slot: interval(startsAt.getTime(), endsAt.getTime()),
    givenWh: quantityWh,
  }));
}
