import { type Json } from '#core';

/** Why nothing cleared. */
export type ReasonCode =
  | 'NO_ORDERS'
  | 'NO_BUY_ORDERS'
  | 'NO_SELL_ORDERS'
  | 'PRICES_DO_NOT_CROSS'
  | 'PRICE_CAP_BELOW_ALL_SELLS'
  | 'ONLY_OWN_MATCHES'
  | 'DEFICIT_ABOVE_CAP' // clearing would have the market pay in more than it may; details say how much
  | 'EXCLUDED_BY_RULE' // prices cross, but what the mechanism leaves out to stay truthful is all there is
  | 'NETWORK_LIMITS'; // all that traded was withdrawn, because the feeder carries none of it

/** What a clearing claims about itself, computed from orders and trades so that anyone with the book can recompute it. */
export interface Certificate {
  /** Name and version. */
  readonly mechanism: string;
  readonly solver: string;
  /** As the caller gave them. */
  readonly options: Readonly<Record<string, Json>>;
  readonly status: 'CLEARED' | 'NOT_CLEARED';
  readonly reason: ReasonCode | null;
  readonly buyOrders: number;
  readonly sellOrders: number;
  /** Traded between different members. */
  readonly quantityWh: number;
  /** Cancelled because buyer and seller are one member. */
  readonly selfMatchedWh: number;
  readonly pricePerMwh: number | null;
  /**
   * Every price in it supports the best allocation of the reported limits less fees; without a crossing, the bid–ask gap
   * (null where a side is missing).
   */
  readonly efficientPriceInterval: { readonly lowPerMwh: number | null; readonly highPerMwh: number | null };
  /** What the best allocation trades. */
  readonly efficientQuantityWh: number;
  readonly priceRule: string;
  readonly marginRule: string;
  /** Σ traded Wh × (buyer's limit − seller's limit), less fees, in millionths of a minor unit. Own matches count on both sides. */
  readonly welfareExact: bigint;
  /**
   * The most any allocation of this book could reach, as the linear-programming dual at an efficient price p:
   * Σ Wh·max(0, bid − p) + Σ Wh·max(0, p − ask). Equality with welfareExact proves the clearing efficient.
   */
  readonly bestWelfareExact: bigint;
  /**
   * Least distance between a trading order's limit (less its fee) and its price, and least gain of a member that owes a
   * charge; none is negative. Null when nothing is traded, or nobody charged.
   */
  readonly individualRationality: {
    readonly buyPerMwh: number | null;
    readonly sellPerMwh: number | null;
    readonly chargedExact: bigint | null;
  };
  /** Buyers' payments and externality charges − sellers' receipts, in millionths of a minor unit; fees are not in it. */
  readonly budgetResidualExact: bigint;
  /** What only this mechanism has to say. */
  readonly details?: Readonly<Record<string, Json>>;
  /** What the feeder that the session honours has to say, where there is one. */
  readonly network?: Readonly<Record<string, Json>>;
}

/** The certificate as JSON: exact amounts become decimal strings, in millionths of a minor unit. */
export function certificateStatement(certificate: Certificate): Readonly<Record<string, Json>> {
  const { welfareExact, bestWelfareExact, budgetResidualExact, individualRationality, ...rest } = certificate;
  const { chargedExact, ...margins } = individualRationality;
  return {
    ...rest,
    efficientPriceInterval: { ...rest.efficientPriceInterval },
    individualRationality: { ...margins, chargedExact: chargedExact?.toString() ?? null },
    welfareExact: welfareExact.toString(),
    bestWelfareExact: bestWelfareExact.toString(),
    budgetResidualExact: budgetResidualExact.toString(),
  };
}
