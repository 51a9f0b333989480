import { apportion, DomainError, interval, type Interval, toSafeInteger } from '#core';
import { type Execution, type Order, OrderBook, requireOrder, type Side } from '#market';
import {
  type AllowanceAccount,
  credit,
  deliver,
  EMPTY_ACCOUNT,
  MAX_TONNES,
  release,
  reserve,
} from './account.ts';
import type { Position } from './position.ts';

/** A limit order for allowances of one compliance year: whole tonnes, whole minor units a tonne, never below zero. */
export interface AllowanceOrder {
  readonly id: string;
  readonly member: string;
  readonly side: Side;
  readonly tonnes: number;
  readonly priceMinorPerTonne: number;
}

export interface AllowanceTrade {
  readonly buyOrder: string;
  readonly sellOrder: string;
  readonly buyer: string;
  readonly seller: string;
  readonly tonnes: number;
  readonly priceMinorPerTonne: number;
  /** tonnes · price, exact: buyer pays what seller gets. */
  readonly amountMinor: number;
}

export interface Docked {
  readonly trades: readonly AllowanceTrade[];
  /** What waits unfilled, by order. */
  readonly waiting: readonly { readonly order: string; readonly tonnes: number }[];
  readonly accounts: ReadonlyMap<string, AllowanceAccount>;
}

/** 1 January to 31 December, UTC: the interval of a book. */
export const complianceYear = (year: number): Interval =>
  interval(Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1));

/**
 * Allowances as the market's order book takes them: a tonne stands where that has a Wh, a price a tonne where that has one a
 * MWh. Time and prices work the same. No order is of more than an account holds or an amount tells: it would stand in the way
 * of all that meet it.
 * @throws ORDER_PRICE below zero, TONNES_TOO_LARGE, AMOUNT_TOO_LARGE, and what requireOrder throws
 */
export function toBookOrder(
  { id, member, side, tonnes, priceMinorPerTonne }: AllowanceOrder,
  year: Interval,
): Order {
  if (priceMinorPerTonne < 0) {
    throw new DomainError('ORDER_PRICE', `expected a price of at least 0 in order ${id}, got less`);
  }
  if (tonnes > MAX_TONNES) {
    throw new DomainError(
      'TONNES_TOO_LARGE',
      `expected at most ${MAX_TONNES} tonnes in order ${id}`,
      'limit',
    );
  }
  const order: Order = {
    id,
    member,
    side,
    interval: year,
    quantityWh: tonnes,
    pricePerMwh: priceMinorPerTonne,
  };
  requireOrder(order);
  amountMinor(tonnes, priceMinorPerTonne);
  return order;
}

/** What a trade is worth, exact. @throws AMOUNT_TOO_LARGE */
export const amountMinor = (tonnes: number, priceMinorPerTonne: number): number =>
  toSafeInteger(BigInt(tonnes) * BigInt(priceMinorPerTonne));

export function toTrade({
  buyOrder,
  sellOrder,
  buyer,
  seller,
  quantityWh,
  pricePerMwh,
}: Execution): AllowanceTrade {
  return {
    buyOrder,
    sellOrder,
    buyer,
    seller,
    tonnes: quantityWh,
    priceMinorPerTonne: pricePerMwh,
    amountMinor: amountMinor(quantityWh, pricePerMwh),
  };
}

/**
 * Trades orders one after the other in one book (price–time priority, at the price of the order that was there first; an
 * order that meets its own member's ends). A sell order reserves what it offers, so nobody sells what it does not have.
 * @throws ALLOWANCES_SHORT and what the book throws; nothing is done then
 */
export function dock(
  orders: readonly AllowanceOrder[],
  held: ReadonlyMap<string, AllowanceAccount>,
  year: Interval,
): Docked {
  const book = new OrderBook(year, { selfTrade: 'cancel-incoming' });
  const accounts = new Map(held);
  const change = (member: string, to: (account: AllowanceAccount) => AllowanceAccount): void => {
    accounts.set(member, to(accounts.get(member) ?? EMPTY_ACCOUNT));
  };
  const trades: AllowanceTrade[] = [];
  orders.forEach((order, at) => {
    if (order.side === 'sell') change(order.member, (account) => reserve(account, order.tonnes));
    const { executions, withdrawals } = book.insert(toBookOrder(order, year), at);
    for (const trade of executions.map(toTrade)) {
      change(trade.seller, (account) => deliver(account, trade.tonnes));
      change(trade.buyer, (account) => credit(account, trade.tonnes));
      trades.push(trade);
    }
    for (const { leftWh } of order.side === 'sell' ? withdrawals : []) {
      change(order.member, (account) => release(account, leftWh));
    }
  });
  const waiting = [...book.open('buy'), ...book.open('sell')].map(({ order, leftWh }) => ({
    order: order.id,
    tonnes: leftWh,
  }));
  return { trades, waiting, accounts };
}

/** Who of a community can meet whose deficit. */
export interface DockingReport {
  readonly deficitTonnes: number;
  readonly surplusTonnes: number;
  /** The smaller of both. */
  readonly meetableTonnes: number;
  /** Deficits that no surplus of the community meets. */
  readonly unmetTonnes: number;
  /** Surplus that no deficit needs. */
  readonly idleTonnes: number;
  readonly matches: readonly { readonly from: string; readonly to: string; readonly tonnes: number }[];
  /** Members whose emissions are missing: they are not counted. */
  readonly unknown: readonly string[];
}

/**
 * What deficits and surpluses could meet, prices aside. Where one side is short, the other is served in proportion (largest
 * remainder); pairs follow the order of names. Members never see it of each other: it is for who has all positions.
 */
export function dockingReport(
  positions: readonly Pick<Position, 'id' | 'deficitTonnes' | 'surplusTonnes'>[],
): DockingReport {
  const sorted = positions.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const deficits = sideOf(sorted, 'deficitTonnes');
  const surpluses = sideOf(sorted, 'surplusTonnes');
  const [deficitTonnes, surplusTonnes] = [total(deficits), total(surpluses)];
  const meetableTonnes = Math.min(deficitTonnes, surplusTonnes);
  return {
    deficitTonnes,
    surplusTonnes,
    meetableTonnes,
    unmetTonnes: deficitTonnes - meetableTonnes,
    idleTonnes: surplusTonnes - meetableTonnes,
    matches: pairs(served(surpluses, meetableTonnes), served(deficits, meetableTonnes)),
    unknown: sorted.filter((each) => each.deficitTonnes === null).map(({ id }) => id),
  };
}

interface Share {
  readonly id: string;
  readonly tonnes: number;
}

const sideOf = (
  positions: readonly Pick<Position, 'id' | 'deficitTonnes' | 'surplusTonnes'>[],
  side: 'deficitTonnes' | 'surplusTonnes',
): Share[] =>
  positions.map((each) => ({ id: each.id, tonnes: each[side] ?? 0 })).filter(({ tonnes }) => tonnes > 0);

const total = (shares: readonly Share[]): number => shares.reduce((sum, { tonnes }) => sum + tonnes, 0);

function served(shares: readonly Share[], tonnes: number): Share[] {
  const parts = apportion(
    BigInt(tonnes),
    shares.map((share) => BigInt(share.tonnes)),
  );
  return shares.map(({ id }, i) => ({ id, tonnes: Number(parts[i]) }));
}

/** Both sides add up to the same: the first of one meets the first of the other until one of them is done. */
function pairs(from: readonly Share[], to: readonly Share[]): { from: string; to: string; tonnes: number }[] {
  const matches: { from: string; to: string; tonnes: number }[] = [];
  const [gives, takes] = [from.map(({ tonnes }) => tonnes), to.map(({ tonnes }) => tonnes)];
  for (let i = 0, j = 0; i < gives.length && j < takes.length;) {
    const tonnes = Math.min(gives[i]!, takes[j]!);
    if (tonnes > 0) matches.push({ from: from[i]!.id, to: to[j]!.id, tonnes });
    gives[i]! -= tonnes;
    takes[j]! -= tonnes;
    if (gives[i] === 0) i++;
    else j++;
  }
  return matches;
}
