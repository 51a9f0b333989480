import { type EntityManager, In } from 'typeorm';
import { LOCAL_TECHNOLOGY } from '#carbon';
import { DAY_MS, hashJson, type Interval } from '#core';
import type { AccountHour } from '../carbon/accounting.ts';
import { attributedTrades, attributeSession, holdAttributes } from '../carbon/attribute-session.ts';
import type { Booking } from '../ledger/ledger.service.ts';
import { transfer } from '../market/house-accounts.ts';
import { MarketOrder, type MarketSession, MarketTrade } from '../market/market.entities.ts';
import { slotAt } from '../market/session-slots.ts';
import { CertificateIssue, CertificateRow } from './certificates.entities.ts';
import { type Holder, issueTo, passOn, whOf } from './registry-store.ts';
import { type Excess, flagShortfalls } from './shortfalls.ts';
import { withdrawFrom, withdrawOwnBeyondExport } from './withdrawals.ts';

/** Certificates expire so long after their interval (EnergyTag leaves it to each scheme and asks that it is declared). */
export const VALIDITY_MS = 730 * DAY_MS;

interface Certified {
  readonly hours: readonly AccountHour[];
  /** A ledger entry for each seller that certificates were issued for. */
  readonly bookings: readonly Booking[];
}

/**
 * Attributes a session's traded energy by a version of its settlement, and lets certificates follow: where the buyer's order
 * asked for green energy, exactly what is attributed to it stands in certificates issued to the seller and passed on to the
 * buyer. A later version issues what is more, and withdraws what is less as far as it is not claimed yet.
 * Call it in the transaction that settles.
 */
export async function attributeAndCertify(
  manager: EntityManager,
  session: MarketSession,
  { version, atMs }: { readonly version: number; readonly atMs: number },
): Promise<Certified> {
  await holdAttributes(manager);
  if (version > 1) await withdrawOwnBeyondExport(manager, session, atMs);
  const hours = await attributeSession(manager, session, version);
  const wanted = await greenDeliveries(manager, session);
  const issued = await issuedForTrades(manager, session.id);
  const fresh: CertificateIssue['id'][] = [];
  const short: Excess[] = [];
  for (const [key, delivery] of wanted) {
    const standingWh = issued.get(key)?.wh ?? 0;
    if (delivery.wh > standingWh) fresh.push(await passToBuyer(manager, session, delivery, { wh: delivery.wh - standingWh, atMs })); // prettier-ignore
  }
  for (const [key, { issues, wh, seller, startMs }] of issued) {
    const missingWh = await withdrawFrom(manager, { issues, wh: wh - (wanted.get(key)?.wh ?? 0), atMs });
    if (missingWh > 0) short.push({ ...seller, startMs, wh: missingWh });
  }
  await flagShortfalls(manager, session, short);
  return { hours, bookings: await batchBookings(manager, session, { version, atMs, issues: fresh }) };
}

interface Delivery {
  readonly seller: Holder;
  readonly buyer: Holder;
  readonly startMs: number;
  readonly wh: number;
}

const keyOf = (sellerId: string, buyerId: string, startMs: number): string =>
  `${startMs} ${sellerId} ${buyerId}`;

/** What is attributed to buyers whose orders asked for green energy, by seller, buyer and slot. */
async function greenDeliveries(
  manager: EntityManager,
  session: MarketSession,
): Promise<Map<string, Delivery>> {
  const green = await greenTrades(manager, session.id);
  const deliveries = new Map<string, Delivery>();
  if (green.size === 0) return deliveries;
  for (const { trade, attributedWh } of await attributedTrades(manager, session)) {
    if (attributedWh === 0 || !green.has(trade.id)) continue;
    const key = keyOf(trade.sellerId, trade.buyerId, trade.intervalStartMs);
    deliveries.set(key, {
      seller: { tenantId: trade.sellerTenantId, participantId: trade.sellerId },
      buyer: { tenantId: trade.buyerTenantId, participantId: trade.buyerId },
      startMs: trade.intervalStartMs,
      wh: attributedWh + (deliveries.get(key)?.wh ?? 0),
    });
  }
  return deliveries;
}

/** Ids of trades whose buyer's order prefers green energy; orders of order books have no preferences. */
async function greenTrades(manager: EntityManager, sessionId: string): Promise<ReadonlySet<string>> {
  const rows = await manager
    .createQueryBuilder(MarketTrade, 'trade')
    .select('trade.id', 'id')
    .innerJoin(
      MarketOrder,
      'bid',
      'bid.session_id = trade.session_id AND bid.participant_id = trade.buyer_participant_id AND bid.order_id = trade.buy_order_id',
    )
    .where("trade.session_id = :sessionId AND trade.venue = 'auction'", { sessionId })
    .andWhere("bid.terms->'preferences'->>'green' = 'true'")
    .getRawMany<{ id: string }>();
  return new Set(rows.map(({ id }) => id));
}

interface IssuedForTrade {
  readonly seller: Holder;
  readonly startMs: number;
  readonly issues: readonly string[];
  /** Not withdrawn. */
  readonly wh: number;
}

async function issuedForTrades(
  manager: EntityManager,
  sessionId: string,
): Promise<Map<string, IssuedForTrade>> {
  const issues = await manager.findBy(CertificateIssue, { sessionId, kind: 'production' });
  const traded = issues.filter(({ tradedTo }) => tradedTo !== null);
  const rows = await manager.findBy(CertificateRow, {
    issueId: In(traded.map(({ id }) => id)),
    standing: true,
    state: 'withdrawn',
  });
  const withdrawnWh = new Map<string, number>();
  for (const row of rows) withdrawnWh.set(row.issueId, whOf(row) + (withdrawnWh.get(row.issueId) ?? 0));
  const byKey = new Map<string, IssuedForTrade>();
  for (const { id, tenantId, participantId, tradedTo, startsAt, quantityWh } of traded) {
    const key = keyOf(participantId, tradedTo!, startsAt.getTime());
    const before = byKey.get(key);
    byKey.set(key, {
      seller: { tenantId, participantId },
      startMs: startsAt.getTime(),
      issues: [...(before?.issues ?? []), id],
      wh: (before?.wh ?? 0) + quantityWh - (withdrawnWh.get(id) ?? 0),
    });
  }
  return byKey;
}

async function passToBuyer(
  manager: EntityManager,
  session: MarketSession,
  { seller, buyer, startMs }: Delivery,
  { wh, atMs }: { readonly wh: number; readonly atMs: number },
): Promise<string> {
  const slot: Interval = slotAt(session, startMs);
  const issued = await issueTo(manager, {
    ...seller,
    sessionId: session.id,
    resolutionMinutes: session.resolutionMinutes,
    slot,
    kind: 'production',
    area: session.zone,
    technology: LOCAL_TECHNOLOGY,
    wh,
    tradedTo: buyer.participantId,
    expiresMs: slot.endMs + VALIDITY_MS,
    atMs,
  });
  await passOn(manager, issued, { to: buyer, sessionId: session.id, atMs });
  return issued.issueId;
}

const BATCH_FORM = 'gridcommons/certificate-batch/1';

/** The ledger keeps the hash of what was issued for each seller: its chain and proofs cover the batch. */
async function batchBookings(
  manager: EntityManager,
  { id: sessionId }: MarketSession,
  {
    version,
    atMs,
    issues,
  }: { readonly version: number; readonly atMs: number; readonly issues: readonly string[] },
): Promise<Booking[]> {
  const rows = issues.length === 0 ? [] : await manager.findBy(CertificateIssue, { id: In([...issues]) });
  const sellers = new Map<string, CertificateIssue[]>();
  for (const row of rows) sellers.set(row.participantId, [...(sellers.get(row.participantId) ?? []), row]);
  const bookings: Booking[] = [];
  for (const [participantId, batch] of [...sellers].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const hash = await hashJson([BATCH_FORM, batch.map(({ eventHash }) => eventHash).toSorted()]);
    const draft = {
      type: 'certificates.issued',
      reference: `${sessionId}/${participantId}/${version}`,
      currency: 'XXX',
      postings: transfer('certificates', participantId, 1),
      memo: `${BATCH_FORM} ${hash}`,
      atMs,
    };
    bookings.push({ draft, holders: [batch[0]!.tenantId] });
  }
  return bookings;
}
