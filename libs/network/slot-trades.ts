import { DomainError } from '#core';

/** A cleared trade that wants to be carried in one slot. */
export interface SlotTrade {
  readonly id: string;
  /** Numbers of the seller's and the buyer's bus. */
  readonly from: number;
  readonly to: number;
  /** Integer Wh above 0, of constant power over the slot. */
  readonly quantityWh: number;
  /** Bid less ask, in whole minor units per MWh. */
  readonly gainPerMwh: number;
}

const MAX_TRADES = 100_000;

/** @throws TRADE_INVALID, NETWORK_TOO_LARGE */
export function requireSlotTrades(trades: readonly SlotTrade[]): void {
  if (trades.length > MAX_TRADES) {
    const message = `expected at most ${MAX_TRADES} trades in a slot, got ${trades.length}`;
    throw new DomainError('NETWORK_TOO_LARGE', message, 'limit', { trades: trades.length });
  }
  const ids = new Set(trades.map(({ id }) => id));
  const odd = trades.find(
    ({ quantityWh, gainPerMwh }) =>
      !(Number.isSafeInteger(quantityWh) && quantityWh > 0 && Number.isSafeInteger(gainPerMwh)),
  );
  if (ids.size === trades.length && odd === undefined) return;
  throw new DomainError(
    'TRADE_INVALID',
    'expected trades of different ids in whole Wh above 0 with whole gains, got others',
    'invalid',
    { trade: odd?.id ?? null },
  );
}

/** Trades that are the same to the feeder, and worth the same. */
export interface TradeGroup {
  readonly from: number;
  readonly to: number;
  readonly gainPerMwh: number;
  readonly wh: number;
  /** Places in the input, by id. */
  readonly members: readonly number[];
}

/** From the largest gain down, then by bus. */
export function groupsOf(trades: readonly SlotTrade[]): TradeGroup[] {
  const places = new Map<string, number[]>();
  const byId = [...trades.keys()].toSorted((a, b) => (trades[a]!.id < trades[b]!.id ? -1 : 1));
  for (const i of byId) {
    const { from, to, gainPerMwh } = trades[i]!;
    // Within one bus nothing flows.
    const key = from === to ? `at ${from} ${gainPerMwh}` : `${from} ${to} ${gainPerMwh}`;
    places.set(key, [...(places.get(key) ?? []), i]);
  }
  return [...places.values()]
    .map((members) => {
      const { from, to, gainPerMwh } = trades[members[0]!]!;
      const wh = members.reduce((sum, i) => sum + trades[i]!.quantityWh, 0);
      return { from, to, gainPerMwh, wh, members };
    })
    .toSorted((a, b) => b.gainPerMwh - a.gainPerMwh || a.from - b.from || a.to - b.to);
}
