import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Interval } from '#core';
import { type Fill, matchIncoming, type OpenOrder, type Side } from '#market';
import { insertRows } from '#persistence';
import { MarketTrade } from '../market/market.entities.ts';
import { IntradayBook, IntradayOrder } from './intraday.entities.ts';
import { type BookOrder, type OrderEnd, type PlacedIntradayOrder, toOrder } from './intraday-order.ts';

/** The order book of one slot of a session. */
export interface BookKey {
  readonly sessionId: string;
  readonly slot: Interval;
}

export interface OrderOwner {
  readonly tenantId: string;
  readonly participantId: string;
}

/** What an order did to its book. */
export interface BookChange {
  readonly tradedWh: number;
  readonly lastPricePerMwh: number | null;
}

/** A maker's price, and no order beyond an own one that it would meet: no book is ever crossed. */
const RULES = { priceRule: 'maker', selfTrade: 'cancel-incoming' } as const;

/** Until the transaction ends: one order at a time in a book. Take several in the order of time. */
export async function holdBook(manager: EntityManager, { sessionId, slot }: BookKey): Promise<void> {
  await hold(manager, `intraday ${sessionId} ${slot.startMs}`);
}

/** Until the transaction ends: one batch of a participant at a time, for its limits; before any book. */
export async function holdParticipant(
  manager: EntityManager,
  sessionId: string,
  participantId: string,
): Promise<void> {
  await hold(manager, `intraday ${sessionId} ${participantId}`);
}

const hold = (manager: EntityManager, name: string): Promise<unknown> =>
  manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);

/**
 * Matches an order against those that wait, and stores order, fills and trades. The book is held.
 * @returns how the book changed; null where it did not.
 */
export async function placeOrder(
  manager: EntityManager,
  book: BookKey,
  owner: OrderOwner,
  { order, nowMs }: { readonly order: PlacedIntradayOrder; readonly nowMs: number },
): Promise<BookChange | null> {
  const bookOrder = { ...order, participantId: owner.participantId, orderId: order.id };
  const waiting = await reachedOrders(manager, book, bookOrder, nowMs);
  const incoming = { order: toOrder(bookOrder, book.slot), timeInForce: order.timeInForce, atMs: nowMs };
  const { fills, leftWh, withdrawn } = matchIncoming(incoming, waiting, RULES);
  await manager.insert(IntradayOrder, {
    ...owner,
    sessionId: book.sessionId,
    orderId: order.id,
    startsAt: new Date(order.startMs),
    side: order.side,
    quantityWh: order.quantityWh,
    pricePerMwh: order.pricePerMwh,
    timeInForce: order.timeInForce,
    expiresAt: order.expiresAtMs === null ? null : new Date(order.expiresAtMs),
    signature: order.signature,
    receivedAt: new Date(nowMs),
    leftWh,
    ended: endOf(leftWh, withdrawn),
    cancelSignature: null,
  });
  await fillOrders(manager, fills);
  await insertRows(
    manager,
    MarketTrade,
    fills.map((fill) => toTrade(book, { ...owner, orderId: order.id, side: order.side }, fill)),
  );
  if (fills.length === 0 && (leftWh === 0 || withdrawn !== null)) return null;
  const tradedWh = fills.reduce((sum, { execution }) => sum + execution.quantityWh, 0);
  return { tradedWh, lastPricePerMwh: fills.at(-1)?.execution.pricePerMwh ?? null };
}

/** How an order ended by its matching; null where it waits. */
export function endOf(leftWh: number, withdrawn: 'self-trade' | 'unfilled' | null): OrderEnd | null {
  if (leftWh === 0) return 'FILLED';
  if (withdrawn === null) return null;
  return withdrawn === 'self-trade' ? 'SELF_TRADE' : 'UNFILLED';
}

/** An order that waits, as matching reads it, with its row. */
interface WaitingOrder extends OpenOrder {
  readonly sequence: string;
  readonly tenantId: string;
  readonly participantId: string;
  readonly orderId: string;
}

interface WaitingRow {
  readonly sequence: string;
  readonly tenant_id: string;
  readonly participant_id: string;
  readonly order_id: string;
  readonly price_per_mwh: string;
  readonly left_wh: string;
}

const ORDERING = {
  buy: { other: 'sell', reached: '<=', bestFirst: 'price_per_mwh ASC, sequence' },
  sell: { other: 'buy', reached: '>=', bestFirst: 'price_per_mwh DESC, sequence' },
} as const satisfies Record<Side, unknown>;

/** The orders an incoming one may trade with, best first; those behind what fills it are not read. */
async function reachedOrders(
  manager: EntityManager,
  { sessionId, slot }: BookKey,
  { side, pricePerMwh, quantityWh }: BookOrder,
  nowMs: number,
): Promise<WaitingOrder[]> {
  const { other, reached, bestFirst } = ORDERING[side];
  const rows = await manager.query<WaitingRow[]>(
    `SELECT sequence, tenant_id, participant_id, order_id, price_per_mwh, left_wh FROM (
       SELECT *, sum(left_wh) OVER (ORDER BY ${bestFirst}) - left_wh AS before_wh FROM market_intraday_order
       WHERE session_id = $1 AND starts_at = $2 AND ended IS NULL AND side = $3 AND price_per_mwh ${reached} $4
         AND (expires_at IS NULL OR expires_at > $5)) AS reached
     WHERE before_wh < $6 ORDER BY ${bestFirst}`,
    [sessionId, new Date(slot.startMs), other, pricePerMwh, new Date(nowMs), quantityWh],
  );
  return rows.map((row) => {
    const known = { participantId: row.participant_id, orderId: row.order_id, side: other };
    const leftWh = Number(row.left_wh);
    const waiting = { ...known, pricePerMwh: Number(row.price_per_mwh), quantityWh: leftWh };
    return {
      ...known,
      sequence: row.sequence,
      tenantId: row.tenant_id,
      order: toOrder(waiting, slot),
      leftWh,
    };
  });
}

async function fillOrders(manager: EntityManager, fills: readonly Fill<WaitingOrder>[]): Promise<void> {
  if (fills.length === 0) return;
  await manager.query(
    `UPDATE market_intraday_order waiting
     SET left_wh = left_wh - fill.wh, ended = CASE WHEN left_wh = fill.wh THEN 'FILLED' END
     FROM unnest($1::bigint[], $2::bigint[]) AS fill (sequence, wh) WHERE waiting.sequence = fill.sequence`,
    [fills.map(({ resting }) => resting.sequence), fills.map(({ execution }) => execution.quantityWh)],
  );
}

function toTrade(
  { sessionId, slot }: BookKey,
  taker: OrderOwner & Pick<BookOrder, 'orderId' | 'side'>,
  { resting, execution }: Fill<WaitingOrder>,
): MarketTrade {
  const [buy, sell] = taker.side === 'buy' ? [taker, resting] : [resting, taker];
  return {
    id: randomUUID(),
    sessionId,
    startsAt: new Date(slot.startMs),
    buyerTenantId: buy.tenantId,
    sellerTenantId: sell.tenantId,
    buyerParticipantId: buy.participantId,
    sellerParticipantId: sell.participantId,
    buyOrderId: buy.orderId,
    sellOrderId: sell.orderId,
    quantityWh: execution.quantityWh,
    buyPricePerMwh: execution.pricePerMwh,
    sellPricePerMwh: execution.pricePerMwh,
    venue: 'intraday',
    tradedAt: new Date(execution.atMs),
  };
}

/**
 * Tells the community that books of a session changed. Versions are drawn by one transaction at a time, so that they become
 * visible in their order: call it last, after the books have been held.
 */
export async function publishChanges(
  manager: EntityManager,
  sessionId: string,
  changes: ReadonlyMap<number, readonly BookChange[]>,
  nowMs: number,
): Promise<void> {
  if (changes.size === 0) return;
  await hold(manager, `intraday ${sessionId} versions`);
  for (const [startMs, ofBook] of changes) {
    const tradedWh = ofBook.reduce((sum, change) => sum + change.tradedWh, 0);
    const traded = ofBook.findLast(({ lastPricePerMwh }) => lastPricePerMwh !== null);
    await manager.query(
      `INSERT INTO market_intraday_book AS book
         (session_id, starts_at, version, last_price_per_mwh, last_traded_at, traded_wh)
       VALUES ($1, $2, (SELECT coalesce(max(version), 0) + 1 FROM market_intraday_book WHERE session_id = $1), $3, $4, $5)
       ON CONFLICT (session_id, starts_at) DO UPDATE SET
         version = EXCLUDED.version,
         last_price_per_mwh = coalesce(EXCLUDED.last_price_per_mwh, book.last_price_per_mwh),
         last_traded_at = coalesce(EXCLUDED.last_traded_at, book.last_traded_at),
         traded_wh = book.traded_wh + EXCLUDED.traded_wh`,
      [
        sessionId,
        new Date(startMs),
        traded?.lastPricePerMwh ?? null,
        traded === undefined ? null : new Date(nowMs),
        tradedWh,
      ],
    );
  }
}

/** One price of a book and all that waits at it. */
export interface BookLevel {
  readonly pricePerMwh: number;
  readonly quantityWh: number;
}

/** One side's levels, best first. What they are made of is not told. */
export async function bookLevels(
  manager: EntityManager,
  { sessionId, slot }: BookKey,
  side: Side,
  { depth, nowMs }: { readonly depth: number; readonly nowMs: number },
): Promise<BookLevel[]> {
  const rows = await manager.query<{ price_per_mwh: string; quantity_wh: string }[]>(
    `SELECT price_per_mwh, sum(left_wh) AS quantity_wh FROM market_intraday_order
     WHERE session_id = $1 AND starts_at = $2 AND ended IS NULL AND side = $3 AND (expires_at IS NULL OR expires_at > $4)
     GROUP BY price_per_mwh ORDER BY price_per_mwh ${side === 'buy' ? 'DESC' : 'ASC'} LIMIT $5`,
    [sessionId, new Date(slot.startMs), side, new Date(nowMs), depth],
  );
  return rows.map((row) => ({
    pricePerMwh: Number(row.price_per_mwh),
    quantityWh: Number(row.quantity_wh),
  }));
}

/** Books that changed after a version, in the order of their newest changes. */
export async function changedBooks(
  manager: EntityManager,
  sessionId: string,
  after: number,
  limit: number,
): Promise<IntradayBook[]> {
  return manager
    .createQueryBuilder(IntradayBook, 'book')
    .where('book.session_id = :sessionId AND book.version > :after', { sessionId, after })
    .orderBy('book.version')
    .limit(limit)
    .getMany();
}
