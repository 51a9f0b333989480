import type { Decimal } from 'decimal.js';
import { type FeePath, feePath, type FeeTrade, tradeAtBid, tradeAtOffer } from '#community';
import { DomainError } from '#core';
import { z } from 'zod';
import { decimal, identifier, nonNegative } from './decimal-schema.ts';
import { noOptions, type Study } from './study.ts';

const market = z.strictObject({ market: identifier, fee: nonNegative });

/** Input of `market fees`. */
const feesInput = z.strictObject({
  kind: z.enum(['constant', 'percentage']).describe('per unit of energy, or ratios of what the seller gets'),
  path: z.array(market).min(1).max(100).optional().describe('from the seller’s market to the buyer’s'),
  tree: z
    .array(market.extend({ parent: identifier.optional() }))
    .max(10_000)
    .optional()
    .describe('or the whole hierarchy, with seller and buyer'),
  seller: identifier.optional(),
  buyer: identifier.optional(),
  offer: decimal.describe('the seller’s limit per unit'),
  bid: decimal.optional().describe('pay as bid, with matchedIn; absent: pay as offer'),
  matchedIn: identifier.optional(),
  quantity: nonNegative.default(1),
});

type FeesInput = z.infer<typeof feesInput>;

function tradeOf({ kind, offer, bid, matchedIn, ...of }: FeesInput): FeeTrade {
  const path = pathOf(of);
  if (bid === undefined) return tradeAtOffer(kind, path, offer);
  if (matchedIn !== undefined) return tradeAtBid(kind, path, { offer, bid, matchedIn });
  throw new DomainError('FEE_PATH', 'expected matchedIn beside a bid, got none');
}

function pathOf({
  path,
  tree,
  seller,
  buyer,
}: Pick<FeesInput, 'path' | 'tree' | 'seller' | 'buyer'>): FeePath {
  if (path !== undefined) return path;
  if (tree !== undefined && seller !== undefined && buyer !== undefined) return feePath(tree, seller, buyer);
  throw new DomainError('FEE_PATH', 'expected a path, or a tree with seller and buyer, got neither');
}

export interface FeesResult {
  readonly clearing: number | null;
  readonly buyerPays: number;
  readonly sellerGets: number;
  readonly fees: Readonly<Record<string, number>>;
  readonly supplyFee: number;
  readonly demandFee: number;
  readonly offerRates: Readonly<Record<string, number>>;
  readonly bidRates: Readonly<Record<string, number>>;
  readonly tradePrices: Readonly<Record<string, number>>;
}

const each = (rates: Readonly<Record<string, Decimal>>, times: string | number): Record<string, number> =>
  Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, rate.times(times).toNumber()]));

/** Rates a unit; what is paid and kept for the whole quantity. */
function resultOf(trade: FeeTrade, quantity: string | number): FeesResult {
  return {
    clearing: trade.clearing?.toNumber() ?? null,
    buyerPays: trade.buyerPays.times(quantity).toNumber(),
    sellerGets: trade.sellerGets.times(quantity).toNumber(),
    fees: each(trade.fees, quantity),
    supplyFee: trade.supplyFee.toNumber(),
    demandFee: trade.demandFee.toNumber(),
    offerRates: each(trade.offerRates, 1),
    bidRates: each(trade.bidRates, 1),
    tradePrices: each(trade.tradeRates, quantity),
  };
}

/** `market fees`. */
export const feesStudy: Study<FeesInput, object, FeesResult> = {
  verb: 'fees',
  method: null,
  title: 'grid fees of a trade over a hierarchy of markets',
  input: feesInput,
  options: noOptions,
  run: (input) => resultOf(tradeOf(input), input.quantity),
};
