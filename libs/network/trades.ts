import { DomainError, type LpSolve } from '#core';
import { limitName } from './limit-check.ts';
import type { LocationalPrice } from './locational-price.ts';
import { NETWORK_LIMITS } from './network.ts';
import { dispatchRadial } from './radial-dispatch.ts';
import { type Control, controlsOf, type RadialModel } from './radial-program.ts';
import { generationOf, priced, type RadialPricing } from './radial-pricing.ts';
import type { Tree } from './tree.ts';

/** A trade that two members agreed on: power from one bus to another, and what it is worth to them. */
export interface ProposedTrade {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** Per unit. */
  readonly quantity: number;
  /** What the buyer bids above what the seller asks, per unit of power and hour: it pays for the network before it is a gain. */
  readonly gain: number;
}

/** What carrying one more unit costs: the buyer's locational price less the seller's, in which the energy cancels. */
export interface TradeCharge {
  readonly loss: number;
  readonly congestion: number;
  readonly voltage: number;
  readonly total: number;
}

export interface AdmittedTrade {
  readonly id: string;
  /** Per unit. */
  readonly admitted: number;
  /** All of it, some, or none: a trade is carried as far as its gain pays its charge. */
  readonly status: 'ADMITTED' | 'PARTLY_ADMITTED' | 'REFUSED';
  /** Per unit of power and hour; negative where the trade relieves the network. */
  readonly charge: TradeCharge;
  /** Which limits the charge comes from, the largest part first. */
  readonly limits: readonly { readonly limit: string; readonly charge: number }[];
}

export interface TradeAdmission {
  readonly trades: readonly AdmittedTrade[];
  /** Of the whole period, generators of the network included. */
  readonly pricing: RadialPricing;
}

/** A quantity within this of an end of its range stands there, per unit. */
const AT_THE_END = 1e-8;

/**
 * Network-constrained peer-to-peer trade: of the proposed trades as much is admitted as gains most over what the network
 * costs, under every voltage and line limit of the exact power flow, and each pays the difference of the locational prices
 * at its ends (Guerrero, Chapman & Verbič 2019; Papavasiliou 2018). Losses are bought from the grid at the root's price.
 * @throws TRADE_INVALID, NETWORK_PRICE without a price of the root, and what dispatchRadial throws
 */
export function admitTrades(
  tree: Tree,
  t: number,
  trades: readonly ProposedTrade[],
  solve: LpSolve,
  model: RadialModel = 'exact',
): TradeAdmission {
  const period = tree.network.periods[t]!;
  if (period.price === null) {
    throw new DomainError(
      'NETWORK_PRICE',
      'expected a price of the root to value losses of trades, got none',
    );
  }
  requireTrades(trades);
  const sorted = trades.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const offers = controlsOf(period.offers);
  const controls = [
    ...offers.map(({ control }) => control),
    ...sorted.map(({ from, to, quantity, gain }): Control => ({
      bus: from,
      to,
      kind: 'p',
      lower: 0,
      upper: quantity,
      cost: -gain,
    })),
  ];
  const dispatch = dispatchRadial({ tree, period, controls, model, solve });
  const pricing = priced({ tree, period, controls, model }, dispatch);
  const quantities = new Map(sorted.map(({ id }, i) => [id, dispatch.x[offers.length + i]!]));
  return {
    trades: trades.map((trade) => admitted(tree, trade, quantities.get(trade.id)!, pricing)),
    pricing: { ...pricing, generation: generationOf(period.offers.length, offers, dispatch.x) },
  };
}

function requireTrades(trades: readonly ProposedTrade[]): void {
  if (trades.length > NETWORK_LIMITS.trades) {
    const message = `expected at most ${NETWORK_LIMITS.trades} trades, got ${trades.length}`;
    throw new DomainError('NETWORK_TOO_LARGE', message, 'limit', { trades: trades.length });
  }
  const ids = new Set<string>();
  for (const { id, quantity, gain } of trades) {
    if (ids.has(id) || !(quantity > 0 && quantity < Infinity) || !Number.isFinite(gain)) {
      throw new DomainError(
        'TRADE_INVALID',
        `expected trades of different ids with a quantity above 0 and a finite gain, got ${id}`,
        'invalid',
        { trade: id },
      );
    }
    ids.add(id);
  }
}

function admitted(
  tree: Tree,
  { id, from, to, quantity }: ProposedTrade,
  x: number,
  { prices, dispatch }: Pick<RadialPricing, 'prices' | 'dispatch'>,
): AdmittedTrade {
  const part = (key: keyof LocationalPrice): number => prices.p[to]![key] - prices.p[from]![key];
  const whole = x > quantity - AT_THE_END;
  const none = x < AT_THE_END;
  const limits = dispatch.binding.map((limit) => ({
    limit: limitName(tree, limit),
    charge: -limit.dual * (limit.gradient.p[to]! - limit.gradient.p[from]!),
  }));
  return {
    id,
    admitted: whole ? quantity : none ? 0 : x,
    status: whole ? 'ADMITTED' : none ? 'REFUSED' : 'PARTLY_ADMITTED',
    charge: {
      loss: part('loss'),
      congestion: part('congestion'),
      voltage: part('voltage'),
      total: part('dual'),
    },
    limits: limits
      .filter(({ charge }) => Math.abs(charge) > 1e-12)
      .toSorted((a, b) => Math.abs(b.charge) - Math.abs(a.charge)),
  };
}
