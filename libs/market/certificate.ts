import { type Json, exactAmount } from '#core';
import { type Fills } from './allocation.ts';
import { type Intersection, type MeritOrder, type TieRule, intersect } from './merit-order.ts';
import { type Order } from './order.ts';

/** Why nothing cleared. */
export type ReasonCode =
  | 'NO_ORDERS'
  | 'NO_BUY_ORDERS'
  | 'NO_SELL_ORDERS'
  | 'PRICES_DO_NOT_CROSS'
  | 'PRICE_CAP_BELOW_ALL_SELLS'
  | 'ONLY_OWN_MATCHES';

/** What a clearing claims about itself, computed from orders and fills so that anyone with the book can recompute it. */
export interface Certificate {
  readonly mechanism: 'uniform-price-call-auction/1';
  readonly solver: 'sort-and-merge';
  readonly status: 'CLEARED' | 'NOT_CLEARED';
  readonly reason: ReasonCode | null;
  readonly buyOrders: number;
  readonly sellOrders: number;
  /** Traded between different members. */
  readonly quantityWh: number;
  /** Cancelled because buyer and seller are one member. */
  readonly selfMatchedWh: number;
  readonly pricePerMwh: number | null;
  /** Every price in it supports the same trades; without a crossing, the bid–ask gap (null where a side is missing). */
  readonly efficientPriceInterval: { readonly lowPerMwh: number | null; readonly highPerMwh: number | null };
  readonly priceRule: { readonly k: number; readonly rounding: 'nearest, halves up' };
  readonly marginRule: TieRule;
  readonly priceCapPerMwh: number | null;
  /** Σ filled Wh × limit of buyers − of sellers, in millionths of a minor unit. Own matches count on both sides. */
  readonly welfareExact: bigint;
  /**
   * The most any allocation of this book could reach without the cap, as the linear-programming dual at an efficient
   * price p: Σ Wh·max(0, bid − p) + Σ Wh·max(0, p − ask). Equality with welfareExact proves the clearing efficient.
   */
  readonly bestWelfareExact: bigint;
  /** Least distance between a filled order's limit and the price, never negative; null when nothing is filled. */
  readonly individualRationality: { readonly buyPerMwh: number | null; readonly sellPerMwh: number | null };
  /** Buyers' payments − sellers' receipts, in millionths of a minor unit; 0. */
  readonly budgetResidualExact: bigint;
}

export interface Clearing {
  readonly all: MeritOrder;
  readonly book: MeritOrder;
  readonly gross: Fills;
  readonly fills: Fills;
  readonly crossing: Intersection;
  readonly rules: { readonly k: number; readonly tie: TieRule; readonly priceCapPerMwh: number | null };
  readonly outcome: {
    readonly quantityWh: number;
    readonly pricePerMwh: number | null;
    readonly selfMatchedWh: number;
    readonly reason: ReasonCode | null;
  };
}

export function certify({ all, book, gross, fills, crossing, rules, outcome }: Clearing): Certificate {
  const { quantityWh, pricePerMwh, selfMatchedWh, reason } = outcome;
  return {
    mechanism: 'uniform-price-call-auction/1',
    solver: 'sort-and-merge',
    status: pricePerMwh === null ? 'NOT_CLEARED' : 'CLEARED',
    reason,
    buyOrders: all.buys.length,
    sellOrders: all.sells.length,
    quantityWh,
    selfMatchedWh,
    pricePerMwh,
    efficientPriceInterval: { lowPerMwh: crossing.lowPerMwh, highPerMwh: crossing.highPerMwh },
    priceRule: { k: rules.k, rounding: 'nearest, halves up' },
    marginRule: rules.tie,
    priceCapPerMwh: rules.priceCapPerMwh,
    welfareExact: valueOf(book.buys, gross.buyWh) - valueOf(book.sells, gross.sellWh),
    bestWelfareExact: dualBound(all, rules.priceCapPerMwh === null ? crossing : intersect(all)),
    individualRationality: rationality(book, fills, pricePerMwh),
    budgetResidualExact:
      pricePerMwh === null ? 0n : exactAmount(sum(fills.buyWh) - sum(fills.sellWh), pricePerMwh),
  };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

function valueOf(orders: readonly Order[], fillsWh: readonly number[]): bigint {
  let value = 0n;
  fillsWh.forEach((wh, i) => {
    if (wh > 0) value += exactAmount(wh, orders[i]!.pricePerMwh);
  });
  return value;
}

/** Welfare cannot exceed this at any price (weak duality); at an efficient price it is attained. */
function dualBound({ buys, sells }: MeritOrder, { lowPerMwh, highPerMwh }: Intersection): bigint {
  if (buys.length === 0 || sells.length === 0) return 0n;
  const price = lowPerMwh ?? highPerMwh!;
  let bound = 0n;
  for (const order of buys) {
    if (order.pricePerMwh > price) bound += exactAmount(order.quantityWh, order.pricePerMwh - price);
  }
  for (const order of sells) {
    if (order.pricePerMwh < price) bound += exactAmount(order.quantityWh, price - order.pricePerMwh);
  }
  return bound;
}

function rationality(
  { buys, sells }: MeritOrder,
  { buyWh, sellWh }: Fills,
  price: number | null,
): Certificate['individualRationality'] {
  if (price === null) return { buyPerMwh: null, sellPerMwh: null };
  const lastBuy = buys[buyWh.findLastIndex((wh) => wh > 0)]!;
  const lastSell = sells[sellWh.findLastIndex((wh) => wh > 0)]!;
  return { buyPerMwh: lastBuy.pricePerMwh - price, sellPerMwh: price - lastSell.pricePerMwh };
}

/** The certificate as JSON: exact amounts become decimal strings, in millionths of a minor unit. */
export function certificateStatement(certificate: Certificate): Readonly<Record<string, Json>> {
  const { welfareExact, bestWelfareExact, budgetResidualExact, ...rest } = certificate;
  return {
    ...rest,
    efficientPriceInterval: { ...rest.efficientPriceInterval },
    priceRule: { ...rest.priceRule },
    individualRationality: { ...rest.individualRationality },
    welfareExact: welfareExact.toString(),
    bestWelfareExact: bestWelfareExact.toString(),
    budgetResidualExact: budgetResidualExact.toString(),
  };
}
