import type { EntityManager } from 'typeorm';
import {
  type AllowanceAccount,
  type AllowanceOrder,
  amountMinor,
  complianceYear,
  credit,
  deliver,
  reserve,
  toBookOrder,
} from '#allowances';
import { type Fill, matchIncoming, type OpenOrder, type Side, type TimeInForce } from '#market';
import { endOf } from '../intraday/order-books.ts';
import type { LedgerService } from '../ledger/ledger.service.ts';
import { type AllowanceAccountRow, AllowanceOrderRow, AllowanceTradeRow } from './allowances.entities.ts';
import { tradeBookings } from './bookings.ts';
import { accountOf, type KnownVintage, waitingOrders } from './vintage.ts';

export interface PlacedAllowanceOrder {
  readonly id: string;
  readonly side: Side;
  readonly tonnes: number;
  readonly priceMinorPerTonne: number;
  readonly timeInForce: TimeInForce;
  readonly expiresAtMs: number | null;
  readonly signature: string;
}

export interface OrderOwner {
  readonly tenantId: string;
  readonly participantId: string;
}

interface Waiting extends OpenOrder {
  readonly row: AllowanceOrderRow;
}

/** A maker's price, and no order beyond one of its own organisation that it would meet. */
const RULES = { priceRule: 'maker', selfTrade: 'cancel-incoming' } as const;

/**
 * Matches an order against those that wait, stores order, fills and trades, moves what is held and books it. The vintage is
 * held: what a sell order offers is reserved by nobody else meanwhile.
 * @throws ALLOWANCES_SHORT, TONNES_TOO_LARGE, ORDER_*, and what the ledger throws
 */
export async function placeOrder(
  manager: EntityManager,
  ledger: LedgerService,
  vintage: KnownVintage,
  {
    owner,
    order,
    nowMs,
  }: { readonly owner: OrderOwner; readonly order: PlacedAllowanceOrder; readonly nowMs: number },
): Promise<AllowanceOrderRow> {
  const interval = complianceYear(vintage.year);
  const incoming = toBookOrder({ ...order, member: owner.tenantId }, interval);
  const own = await accountOf(manager, owner.tenantId, vintage, nowMs);
  if (order.side === 'sell') reserve(own.account, order.tonnes);
  const waiting = await reachedOrders(manager, vintage, order, nowMs);
  const terms = { order: incoming, timeInForce: order.timeInForce, atMs: nowMs };
  const { fills, leftWh, withdrawn } = matchIncoming(terms, waiting, RULES);
  const row = await manager.save(
    manager.create(AllowanceOrderRow, {
      ...owner,
      scheme: vintage.scheme,
      year: vintage.year,
      orderId: order.id,
      side: order.side,
      tonnes: order.tonnes,
      priceMinorPerTonne: order.priceMinorPerTonne,
      timeInForce: order.timeInForce,
      expiresAt: order.expiresAtMs === null ? null : new Date(order.expiresAtMs),
      signature: order.signature,
      receivedAt: new Date(nowMs),
      leftTonnes: leftWh,
      ended: endOf(leftWh, withdrawn),
      cancelSignature: null,
    }),
  );
  for (const fill of fills) await settle(manager, ledger, vintage, { taker: row, fill, nowMs });
  return row;
}

const ORDERING = {
  buy: { other: 'sell', reached: '<=', best: 'ASC' },
  sell: { other: 'buy', reached: '>=', best: 'DESC' },
} as const satisfies Record<Side, unknown>;

/** The orders an incoming one may trade with, best first, at one price the longest waiting first. */
async function reachedOrders(
  manager: EntityManager,
  vintage: KnownVintage,
  { side, priceMinorPerTonne }: PlacedAllowanceOrder,
  nowMs: number,
): Promise<Waiting[]> {
  const { other, reached, best } = ORDERING[side];
  const rows = await waitingOrders(manager, vintage, nowMs)
    .andWhere(`o.side = :other AND o.priceMinorPerTonne ${reached} :price`, {
      other,
      price: priceMinorPerTonne,
    })
    .orderBy('o.priceMinorPerTonne', best)
    .addOrderBy('o.sequence')
    .getMany();
  const interval = complianceYear(vintage.year);
  return rows.map((row) => ({
    row,
    order: toBookOrder(orderOf(row), interval),
    leftWh: row.leftTonnes,
  }));
}

const orderOf = ({
  orderId,
  tenantId,
  side,
  tonnes,
  priceMinorPerTonne,
}: AllowanceOrderRow): AllowanceOrder => ({
  id: orderId,
  member: tenantId,
  side,
  tonnes,
  priceMinorPerTonne,
});

/** One trade: what waits, holdings of both sides, the trade itself and its entries. */
async function settle(
  manager: EntityManager,
  ledger: LedgerService,
  vintage: KnownVintage,
  {
    taker,
    fill,
    nowMs,
  }: { readonly taker: AllowanceOrderRow; readonly fill: Fill<Waiting>; readonly nowMs: number },
): Promise<void> {
  const { row: maker } = fill.resting;
  const { quantityWh: tonnes, pricePerMwh: priceMinorPerTonne } = fill.execution;
  const [buy, sell] = taker.side === 'buy' ? [taker, maker] : [maker, taker];
  maker.leftTonnes -= tonnes;
  if (maker.leftTonnes === 0) maker.ended = 'FILLED';
  await manager.save(maker);
  // What the seller's order offered is still reserved for it: delivery takes both.
  await moveHoldings(manager, { tenantId: sell.tenantId, vintage, nowMs }, ({ heldTonnes, reservedTonnes }) =>
    deliver({ heldTonnes, reservedTonnes: reservedTonnes + tonnes }, tonnes),
  );
  await moveHoldings(manager, { tenantId: buy.tenantId, vintage, nowMs }, (account) =>
    credit(account, tonnes),
  );
  const trade = await manager.save(
    manager.create(AllowanceTradeRow, {
      scheme: vintage.scheme,
      year: vintage.year,
      buyerTenantId: buy.tenantId,
      sellerTenantId: sell.tenantId,
      buyerParticipantId: buy.participantId,
      sellerParticipantId: sell.participantId,
      buyOrderId: buy.orderId,
      sellOrderId: sell.orderId,
      tonnes,
      priceMinorPerTonne,
      tradedAt: new Date(nowMs),
    }),
  );
  const sides = {
    sequence: trade.sequence,
    buyer: buy,
    seller: sell,
    tonnes,
    amountMinor: amountMinor(tonnes, priceMinorPerTonne),
    atMs: nowMs,
  };
  await ledger.append(manager, tradeBookings(sides, vintage));
}

/** Whose account of which vintage, and when. */
export interface AccountAt {
  readonly tenantId: string;
  readonly vintage: KnownVintage;
  readonly nowMs: number;
}

/** Changes what an organisation holds, and what was ever issued to it or retired by it. The vintage is held. */
export async function moveHoldings(
  manager: EntityManager,
  { tenantId, vintage, nowMs }: AccountAt,
  change: (account: AllowanceAccount) => AllowanceAccount,
  counted: Partial<Pick<AllowanceAccountRow, 'issuedTonnes' | 'surrenderedTonnes' | 'cancelledTonnes'>> = {},
): Promise<void> {
  const { row, account } = await accountOf(manager, tenantId, vintage, nowMs);
  row.heldTonnes = change(account).heldTonnes;
  row.issuedTonnes += counted.issuedTonnes ?? 0;
  row.surrenderedTonnes += counted.surrenderedTonnes ?? 0;
  row.cancelledTonnes += counted.cancelledTonnes ?? 0;
  await manager.save(row);
}
