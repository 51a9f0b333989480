import type { EntityManager } from 'typeorm';
import { type Interval, roundDiv, sha256Now, toHex, toSafeInteger, utf8, WH_PER_MWH } from '#core';
import {
  type ClearingResult,
  isDisclosable,
  type Order,
  publicCertificate,
  publicReport,
  slotReport,
} from '#market';
import { insertRows } from '#persistence';
import { bookId } from './books.ts';
import type { Carriage } from './carriage.ts';
import { chargeRows, tenantsOfOrders } from './charges.ts';
import { MarketCharge } from './lots.entities.ts';
import { MarketClearing, type MarketOrder, MarketSession, MarketTrade } from './market.entities.ts';
import { storeCarriages } from './session-feeder.ts';
import { MarketRun } from './runs.entities.ts';

/** What one slot's book came to. */
export interface SlotResult {
  readonly slot: Interval;
  /** As its book has them. */
  readonly orders: readonly Order[];
  readonly result: ClearingResult;
  /** What became of the mechanism's trades on the session's feeder; none without one. */
  readonly carriages: readonly Carriage[];
}

/** The newest run of a session, null before the first. */
export const newestRun = (manager: EntityManager, sessionId: string): Promise<MarketRun | null> =>
  manager.findOne(MarketRun, { where: { sessionId }, order: { attempt: 'DESC' } });

/** Stores what slots of a session came to, none of which is stored yet. */
export async function storeSlots(
  manager: EntityManager,
  session: MarketSession,
  slots: readonly SlotResult[],
  orders: readonly MarketOrder[],
): Promise<void> {
  const byId = new Map(orders.map((row) => [bookId(row), row]));
  const tenants = tenantsOfOrders(orders);
  const isTold = ({ orders: book, result }: SlotResult): boolean =>
    isDisclosable(book, result.trades, (member) => tenants.get(member)!);
  await manager.insert(
    MarketClearing,
    slots.map((each) => toClearing(session.id, each, isTold(each))),
  );
  await insertRows(
    manager,
    MarketTrade,
    slots.flatMap((each) => tradesOf(session.id, each, byId)),
  );
  const charges = slots.flatMap(({ slot, result }) => chargeRows(session.id, slot, result, tenants));
  await insertRows(manager, MarketCharge, charges);
  for (const each of slots) {
    const { slot, carriages } = each;
    const tradeIdOf = (n: number): string => tradeId(session.id, slot.startMs, n);
    const told = { carriages, disclosable: isTold(each) };
    await storeCarriages(manager, { sessionId: session.id, slot, tradeIdOf }, told, orders);
  }
}

/** What few have set is left out here already: what is not stored nobody can read. */
function toClearing(
  sessionId: string,
  { slot, orders, result }: SlotResult,
  disclosable: boolean,
): MarketClearing {
  return {
    sessionId,
    startsAt: new Date(slot.startMs),
    quantityWh: result.quantityWh,
    pricePerMwh: result.pricePerMwh,
    certificate: publicCertificate(result.certificate, disclosable),
    report: publicReport(slotReport(slot, orders, result), disclosable),
  };
}

function tradesOf(
  sessionId: string,
  { slot, result }: SlotResult,
  byId: ReadonlyMap<string, MarketOrder>,
): MarketTrade[] {
  return result.trades.map((trade, n): MarketTrade => {
    const buy = byId.get(trade.buyOrder)!;
    const sell = byId.get(trade.sellOrder)!;
    return {
      id: tradeId(sessionId, slot.startMs, n),
      sessionId,
      startsAt: buy.startsAt,
      buyerTenantId: buy.tenantId,
      sellerTenantId: sell.tenantId,
      buyerParticipantId: buy.participantId,
      sellerParticipantId: sell.participantId,
      buyOrderId: buy.orderId,
      sellOrderId: sell.orderId,
      quantityWh: trade.quantityWh,
      buyPricePerMwh: trade.buyPricePerMwh,
      sellPricePerMwh: trade.sellPricePerMwh,
      venue: 'auction',
      tradedAt: null,
    };
  });
}

/** One trade has one id however often its slot is cleared (a UUID of version 8, RFC 9562): no run can store it twice. */
function tradeId(sessionId: string, startMs: number, n: number): string {
  const hex = toHex(sha256Now(utf8(`${sessionId}/${startMs}/${n}`)));
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Shows members what all runs of a session have stored. Sessions become visible one after the other, in their numbers' order. */
export async function publish(manager: EntityManager, { id }: MarketSession): Promise<void> {
  await manager.query("SELECT pg_advisory_xact_lock(hashtextextended('market cleared', 0))");
  const [totals] = await manager.query<{ trades: number; wh: string; sequence: string }[]>(
    `SELECT count(*)::int AS trades, coalesce(sum(quantity_wh), 0) AS wh,
       (SELECT coalesce(max(cleared_sequence), 0) + 1 FROM market_session) AS sequence
     FROM market_trade WHERE session_id = $1`,
    [id],
  );
  const { trades, wh, sequence } = totals!;
  const clearings = await manager.findBy(MarketClearing, { sessionId: id });
  await manager.update(
    MarketSession,
    { id },
    {
      state: 'CLEARED',
      tradeCount: trades,
      tradedWh: Number(wh),
      welfareMinor: welfareOf(clearings),
      clearedSequence: Number(sequence),
    },
  );
}

/** Null where a slot withholds its own: the sum less the others' would tell it. What trades nothing is worth nothing. */
function welfareOf(clearings: readonly MarketClearing[]): number | null {
  let exact = 0n;
  for (const { certificate, quantityWh } of clearings) {
    const { welfareExact } = certificate as { readonly welfareExact: string | null };
    if (welfareExact === null && quantityWh > 0) return null;
    exact += BigInt(welfareExact ?? 0);
  }
  return toSafeInteger(roundDiv(exact, WH_PER_MWH));
}
