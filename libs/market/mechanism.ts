import { type Interval, type Json } from '#core';
import { type Book, type TradeFees } from './book.ts';
import { type Certificate, type ReasonCode } from './certificate.ts';
import { type Matches } from './matches.ts';
import { type Order, type Side } from './order.ts';
import { type BookPriceRule, type SelfTradeRule } from './match-incoming.ts';

/** How orders at the margin share what is left for them. */
export type TieRule = 'pro-rata' | 'time';

export type Pricing = 'k' | 'last-accepted-offer' | 'marginal-pair' | 'gridlab-d';

/** What a mechanism promises of every clearing; its property tests check exactly this. */
export interface MechanismProperties {
  /** Nobody who bids its true limit loses by taking part. */
  readonly individuallyRational: boolean;
  /** Bidding the true limit and quantity is a dominant strategy; `prices`: the true limit, whatever the quantity. */
  readonly incentiveCompatible: boolean | 'prices';
  /** strong: buyers pay what sellers receive; weak: a surplus may stay with the market; deficit: the market may have to pay. */
  readonly budgetBalance: 'strong' | 'weak' | 'deficit';
  readonly efficiency: Efficiency;
}

/** Welfare on reported limits, against the best possible. */
export type Efficiency =
  | 'best'
  | 'best-but-least-trade' // loses at most the least valuable trade
  | 'best-but-one-trade' // loses at most one trade, whose is drawn by lot
  | 'best-but-marginal-orders' // loses at most the orders of the marginal buyer and seller
  | 'asymptotic' // the lost share vanishes as the market grows
  | 'best-under-rule' // the best that the mechanism's own restriction leaves
  | 'none';

/** What members may prefer their partners by; see OrderAttributes. */
export type Preference = 'local' | 'green' | 'trusted' | 'relational';

/** The withdrawal of an order at a time of receivedAtMs's clock. A type, so that it is Json in certificates. */
export type Cancellation = { readonly order: string; readonly atMs: number };

/** Everything a clearing can be told; each mechanism takes some of it and refuses the rest. */
export interface ClearingOptions {
  /** Where in the efficient interval the price lies: 0 the buyers' end, 1 the sellers', default 0.5. */
  readonly k?: number;
  /** What the one price is: k (default), the last accepted offer, or GridLAB-D's by how the curves meet. */
  readonly pricing?: Pricing;
  /** Where a bid equals an ask at the margin: trade the most (default) or the least that is efficient. */
  readonly flatTies?: 'most' | 'least';
  /** Default pro-rata: largest remainder over the orders at the marginal price. */
  readonly tie?: TieRule;
  /** No clearing price above it: sell orders above it stay out, buyers above it keep their rank. */
  readonly priceCapPerMwh?: number;
  /** What lots are drawn from, default the empty string; whoever knows it beforehand knows the draw. */
  readonly seed?: string;
  /** Members of two halves, where they are not drawn by lot. */
  readonly split?: { readonly left: readonly string[]; readonly right: readonly string[] };
  /** Which side is asked first for the competitor that sets the price, default buyers. */
  readonly categoryOrder?: readonly Side[];
  /** Cancel what a member would trade with itself instead of refusing the book (default). */
  readonly ownMatches?: 'refuse' | 'cancel';
  /** Whose limit is the price of a trade in an order book, default maker's. */
  readonly priceRule?: BookPriceRule;
  /** What an order book does against self-trade, default skip. */
  readonly selfTrade?: SelfTradeRule;
  /** Orders withdrawn from an order book while it trades. */
  readonly cancellations?: readonly Cancellation[];
  /** How bilateral meetings come about; default given or preferences where these are, else random. */
  readonly matching?: 'given' | 'random' | 'preferences' | 'stable';
  /** Orders meet in this order, [buy, sell] by id. */
  readonly given?: readonly (readonly [buyOrder: string, sellOrder: string])[];
  /** What bilateral matching prefers by, the most important first. */
  readonly preferences?: readonly Preference[];
  /** What every traded MWh costs beside its price. Taken by every mechanism. */
  readonly fees?: TradeFees;
}

/** One seller's energy for one buyer in one interval; what lies between the two prices is the market's. */
export interface Trade {
  readonly buyOrder: string;
  readonly sellOrder: string;
  readonly buyer: string;
  readonly seller: string;
  readonly interval: Interval;
  readonly quantityWh: number;
  readonly buyPricePerMwh: number;
  readonly sellPricePerMwh: number;
}

/** What a member owes the market beside its trades. In millionths of a minor unit. */
export interface Charge {
  readonly member: string;
  readonly kind: 'fee' | 'externality';
  readonly amountExact: bigint;
}

export interface ClearingResult {
  /** Made when first read: a large book has very many. */
  readonly trades: readonly Trade[];
  readonly charges: readonly Charge[];
  /** Σ trades, Wh. */
  readonly quantityWh: number;
  /**
   * The one price of all trades; null where trades have prices of their own, or nothing clears (the certificate says why)
   * and the price rule has no price for that.
   */
  readonly pricePerMwh: number | null;
  /** Named prices where a mechanism has several, as a half's or a side's. */
  readonly prices: Readonly<Record<string, number | null>>;
  readonly certificate: Certificate;
}

/** What a rule makes of a book. */
export interface Matching {
  readonly matches: Matches;
  readonly pricePerMwh: number | null;
  readonly prices?: Readonly<Record<string, number | null>>;
  readonly charges?: readonly Charge[];
  /** How prices and the margin came about, for the certificate. */
  readonly priceRule: string;
  readonly marginRule: string;
  /** Cancelled because buyer and seller are one member; worth on both sides of the book. */
  readonly ownMatches?: { readonly quantityWh: number; readonly welfareExact: bigint };
  /** Why nothing trades though prices cross; the rest the certificate finds itself. */
  readonly reason?: ReasonCode;
  /** For the certificate. */
  readonly details?: Readonly<Record<string, Json>>;
}

/** A mechanism as it is written: a pure function from a book in merit order to matches. */
export interface MechanismRule {
  /** As callers choose it, kebab case; with the version it stands in certificates. */
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly source: string;
  readonly properties: MechanismProperties;
  readonly solver: string;
  readonly takes: readonly (keyof ClearingOptions)[];
  /**
   * Whose orders it clears. any: any number of orders a member; one-order: one a member, because one with more would set
   * its own price; unit: one a member, and all of one size.
   */
  readonly traders: 'any' | 'one-order' | 'unit';
  /** Whether members may owe it externalities beside their trades. */
  readonly charges?: boolean;
  /** Whether it refuses a book for its size, though each of its orders could be cleared. */
  readonly bounded?: boolean;
  /** Whether a member's bid may reach its own ask; `avoided`: the rule never matches the two. */
  readonly ownCrossing: 'refused' | 'avoided';
  /** @throws MARKET_OPTIONS */
  readonly match: (book: Book, options: ClearingOptions) => Matching;
}

/** A mechanism as it is used: the same orders and options give the same result in any input order, on any machine. */
export interface Mechanism extends Omit<MechanismRule, 'match'> {
  /**
   * Clears the book of one interval.
   * @throws MARKET_OPTIONS, MARKET_OPTION_NOT_TAKEN, ONE_ORDER_REQUIRED, UNIT_TRADERS_REQUIRED, ORDER_SELF_CROSSED, what bookOf throws and what the mechanism names
   */
  readonly clear: (orders: readonly Order[], options?: ClearingOptions) => ClearingResult;
}
