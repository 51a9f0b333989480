import type { IntradayOrdersQuery, MarketOrdersQuery } from '../generated/graphql.ts';
import { messages } from '../parts/messages.ts';

type AuctionOrder = MarketOrdersQuery['marketOrders']['edges'][number]['node'];
type IntradayOrder = IntradayOrdersQuery['intradayOrders']['edges'][number]['node'];
const words = messages.market.orderStates;

/** An order of either venue. */
export interface OrderRow {
  readonly key: string;
  readonly venue: string;
  readonly startsAt: string;
  readonly side: string;
  readonly pricePerMwh: number;
  readonly quantityWh: number;
  /** Null: not known before the session is cleared. */
  readonly filledWh: number | null;
  readonly state: string;
}

function auctionState(quantityWh: number, tradedWh: number | null): string {
  if (tradedWh === null) return words.sealed;
  if (tradedWh === 0) return words.missed;
  return tradedWh < quantityWh ? words.part : words.filled;
}

/** Both venues' orders by their slots. */
export function orderRows(
  auction: readonly AuctionOrder[],
  intraday: readonly IntradayOrder[],
  stateOf: (state: string) => string,
): OrderRow[] {
  const rows = [
    ...auction.map(({ orderId, participantId, tradedWh, ...order }) => ({
      ...order,
      key: `auction ${participantId} ${orderId}`,
      venue: words.auction,
      filledWh: tradedWh ?? null,
      state: auctionState(order.quantityWh, tradedWh ?? null),
    })),
    ...intraday.map(({ id, participantId, state, ...order }) => ({
      ...order,
      key: `intraday ${participantId} ${id}`,
      venue: words.intraday,
      state: stateOf(state),
    })),
  ];
  return rows.toSorted((a, b) => (a.startsAt < b.startsAt ? -1 : Number(a.startsAt > b.startsAt)));
}
