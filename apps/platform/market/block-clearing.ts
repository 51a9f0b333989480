import { exactAmount, type Interval, isoInstant, type LpSolve } from '#core';
import { type BlockOrder, type BlockResult, clearBlocks, type ClearingResult } from '#market';
import { blockTermsOf } from './block-terms.ts';
import { bookId, toOrder } from './books.ts';
import type { MarketOrder, MarketSession } from './market.entities.ts';

/** What one slot came to in a clearing of all. */
interface BlockSlot {
  readonly slot: Interval;
  readonly orders: readonly BlockOrder[];
  readonly result: ClearingResult;
  /** Of no feeder: its sessions take no blocks. */
  readonly carriages: readonly never[];
}

/**
 * Clears all slots of a session together and says what came of each.
 * @throws what clearBlocks does, LP_TIME_OUT among it
 */
export function clearBlockSlots(
  session: MarketSession,
  slots: readonly Interval[],
  rows: readonly MarketOrder[],
  solve: LpSolve,
): BlockSlot[] {
  const orders = rows.map((row) => toBlockOrder(session, row));
  const cleared = clearBlocks(orders, solve);
  return slots.map((slot) => {
    const ofSlot = orders.filter(({ interval }) => interval.startMs === slot.startMs);
    return { slot, orders: ofSlot, result: resultOf(slot, ofSlot, cleared), carriages: [] };
  });
}

/** Names of blocks are a participant's own, as ids of orders are. */
function toBlockOrder(session: MarketSession, row: MarketOrder): BlockOrder {
  const own = (name: string): string => bookId({ participantId: row.participantId, orderId: name });
  const { block, minAcceptance, linkedTo } = blockTermsOf(row.terms);
  return {
    ...toOrder(session, row),
    ...(block !== undefined && { block: own(block) }),
    ...(minAcceptance !== undefined && { minAcceptance }),
    ...(linkedTo !== undefined && { linkedTo: own(linkedTo) }),
  };
}

/**
 * The slot's part of the day. Welfare is its own; what the rule cost is the day's and of no slot, so that a slot's best is its
 * welfare with all of that. Whose blocks were rejected stays with the platform: their number is public.
 */
function resultOf(
  { startMs }: Interval,
  ofSlot: readonly BlockOrder[],
  cleared: BlockResult,
): ClearingResult {
  const { certificate } = cleared;
  const trades = cleared.trades.filter(({ interval }) => interval.startMs === startMs);
  const filledWh = new Map(cleared.fills.map(({ order, quantityWh }) => [order, quantityWh]));
  const welfareExact = ofSlot.reduce((sum, { id, side, pricePerMwh }) => {
    const wh = filledWh.get(id) ?? 0;
    return sum + exactAmount(side === 'buy' ? wh : -wh, pricePerMwh);
  }, 0n);
  const forgoneExact = certificate.bestWelfareExact - certificate.welfareExact;
  const quantityWh = trades.reduce((sum, trade) => sum + trade.quantityWh, 0);
  const pricePerMwh = cleared.prices[isoInstant(startMs)] ?? null;
  const { paradoxicallyRejected, ...details } = certificate.details ?? {};
  return {
    trades,
    charges: [],
    quantityWh,
    pricePerMwh,
    prices: {},
    certificate: {
      ...certificate,
      status: trades.length > 0 ? 'CLEARED' : 'NOT_CLEARED',
      reason: trades.length > 0 ? null : reasonOf(ofSlot),
      buyOrders: ofSlot.filter(({ side }) => side === 'buy').length,
      sellOrders: ofSlot.filter(({ side }) => side === 'sell').length,
      quantityWh,
      pricePerMwh,
      welfareExact,
      bestWelfareExact: welfareExact + forgoneExact,
      // The day's, which may come from a slot of few parties.
      efficientPriceInterval: { lowPerMwh: null, highPerMwh: null },
      efficientQuantityWh: quantityWh,
      individualRationality: { buyPerMwh: null, sellPerMwh: null, chargedExact: null },
      details: {
        ...details,
        paradoxicallyRejected: Array.isArray(paradoxicallyRejected) ? paradoxicallyRejected.length : 0,
        dayWelfareExact: certificate.welfareExact.toString(),
        dayBestWelfareExact: certificate.bestWelfareExact.toString(),
      },
    },
  };
}

function reasonOf(orders: readonly BlockOrder[]): ClearingResult['certificate']['reason'] {
  const [hasBuys, hasSells] = [
    orders.some(({ side }) => side === 'buy'),
    orders.some(({ side }) => side === 'sell'),
  ];
  if (!hasBuys) return hasSells ? 'NO_BUY_ORDERS' : 'NO_ORDERS';
  if (!hasSells) return 'NO_SELL_ORDERS';
  return 'EXCLUDED_BY_RULE';
}
