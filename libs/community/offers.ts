import type { Decimal } from 'decimal.js';
import { Exact, ZERO, portion, sum } from './exact.ts';
import type { Metered } from './member.ts';

/** A member's energy with its alternative outside the community: a buyer pays at most, a seller takes at least that. */
export interface Offer {
  readonly id: string;
  readonly amount: Decimal;
  readonly price: Decimal;
}

export interface Offers {
  /** Best first: highest retail tariff. */
  readonly buys: readonly Offer[];
  /** Best first: lowest feed-in tariff. */
  readonly sells: readonly Offer[];
}

const real = ({ amount }: Offer): boolean => !amount.isZero();

/** Load offered at the retail tariff it would pay, generation at the feed-in tariff it would earn, in merit order. */
export function offersOf(members: readonly Metered[]): Offers {
  const buys = members.map(({ id, load, retail }) => ({ id, amount: load, price: retail }));
  const sells = members.map(({ id, generation, feedIn }) => ({ id, amount: generation, price: feedIn }));
  return {
    buys: buys.filter(real).toSorted((a, b) => b.price.cmp(a.price) || (a.id < b.id ? -1 : 1)),
    sells: sells.filter(real).toSorted((a, b) => a.price.cmp(b.price) || (a.id < b.id ? -1 : 1)),
  };
}

/** Where the two merit orders meet. */
export interface Crossing {
  readonly quantity: Decimal;
  /** Offers that trade at all, in part or in full, from the front of each side. */
  readonly buys: number;
  readonly sells: number;
  /** First offer of each side with energy left over; its index may be past the end. */
  readonly nextBuy: number;
  readonly nextSell: number;
}

/** One side while it is walked: which offer is next, and what it has left. */
class Side {
  next = 0;
  /** Offers that have traded. */
  traded = 0;
  left: Decimal;

  constructor(readonly offers: readonly Offer[]) {
    this.left = offers[0]?.amount ?? ZERO;
  }

  get price(): Decimal | undefined {
    return this.offers[this.next]?.price;
  }

  take(amount: Decimal): void {
    this.traded = this.next + 1;
    this.left = this.left.minus(amount);
    if (this.left.isZero()) this.left = this.offers[++this.next]?.amount ?? ZERO;
  }
}

/** Walks both sides while an ask meets a bid; with `strict` equal prices do not meet. */
export function cross({ buys, sells }: Offers, strict = false): Crossing {
  const [buy, sell] = [new Side(buys), new Side(sells)];
  let quantity = ZERO;
  while (meet(sell.price, buy.price, strict)) {
    const traded = Exact.min(buy.left, sell.left);
    quantity = quantity.plus(traded);
    buy.take(traded);
    sell.take(traded);
  }
  return { quantity, buys: buy.traded, sells: sell.traded, nextBuy: buy.next, nextSell: sell.next };
}

const meet = (ask: Decimal | undefined, bid: Decimal | undefined, strict: boolean): boolean =>
  ask !== undefined && bid !== undefined && (strict ? ask.lt(bid) : ask.lte(bid));

/** Buyers' lowest tariff below sellers' highest: no one price suits all. */
export const tariffsCross = ({ buys, sells }: Offers): boolean =>
  buys.length > 0 && sells.length > 0 && buys.at(-1)!.price.lt(sells.at(-1)!.price);

/**
 * The pool's crossing value, priced from the supply side: the last ask that trades, or, where all generation is sold,
 * the highest bid that still wants energy. One side alone is its own best price, and so is the lowest ask where nothing trades.
 */
export function crossingValue(offers: Offers): Decimal {
  const { buys, sells } = offers;
  if (buys.length === 0 || sells.length === 0) return oneSided(offers);
  const crossing = cross(offers, true);
  const lastAsk = sells[Math.max(0, crossing.sells - 1)]!.price;
  const unserved = buys[crossing.nextBuy];
  const soldOut = crossing.nextSell === sells.length;
  return soldOut && unserved !== undefined && unserved.price.gt(lastAsk) ? unserved.price : lastAsk;
}

/** Nobody to share with: the buyers' highest or the sellers' lowest tariff, 0 without any offer. */
export const oneSided = ({ buys, sells }: Offers): Decimal => buys[0]?.price ?? sells[0]?.price ?? ZERO;

/** Offers of both sides that trade at all, whole. */
export function accepted(offers: Offers): Offers {
  const { buys, sells } = cross(offers);
  return { buys: offers.buys.slice(0, buys), sells: offers.sells.slice(0, sells) };
}

/** Energy of each offer when the first of a side share `quantity`: better prices in full, the marginal price pro rata. */
export function fillInMeritOrder(side: readonly Offer[], quantity: Decimal): Map<string, Decimal> {
  const fills = new Map<string, Decimal>();
  let left = quantity;
  for (let at = 0, next = 0; at < side.length && !left.isZero(); at = next) {
    while (next < side.length && side[next]!.price.eq(side[at]!.price)) next++;
    const level = side.slice(at, next);
    const given = Exact.min(left, sum(level.map(({ amount }) => amount)));
    for (const [id, amount] of fillProRata(level, given)) fills.set(id, amount);
    left = left.minus(given);
  }
  return fills;
}

/** Energy of each offer when all of a side share `quantity` pro rata. */
export function fillProRata(side: readonly Offer[], quantity: Decimal): Map<string, Decimal> {
  const whole = sum(side.map(({ amount }) => amount));
  return new Map(side.map(({ id, amount }) => [id, portion(amount, quantity, whole)]));
}
