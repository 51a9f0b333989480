import { DomainError, roundDiv } from '#core';
import { type Side } from './order.ts';

/** Quantiles of one member's net demand (load − generation) in one interval: positive imports, negative exports. Wh. */
export interface NetQuantiles {
  readonly p10Wh: number;
  readonly p50Wh: number;
  readonly p90Wh: number;
}

/** What the retailer charges and pays, integer minor units per MWh; the outside option of every member. */
export interface RetailTerms {
  readonly retailPerMwh: number;
  readonly feedInPerMwh: number;
}

/** One step of a bid curve; becomes an order with a member, an interval and an id. */
export interface BidStep {
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
}

/**
 * Bids of a member whose deviation from its traded position is bought at retail r or sold at feed-in f < r.
 *
 * Buying Q of an uncertain net demand X at price p costs p·Q + r·E(X − Q)⁺ − f·E(Q − X)⁺, least where
 * P(X ≤ Q) = (r − p)/(r − f): the newsvendor's critical fractile (Arrow, Harris & Marschak 1951; for energy offers
 * Pinson, Chevallier & Kariniotakis 2007). So the wanted net position is the 10 % quantile at r − 0.1(r − f), the
 * median half-way and the 90 % quantile at f + 0.1(r − f). The steps between are laid so that the position taken at
 * each of those three prices is exactly that quantile, and every step lies on the safe side of its true marginal value:
 * bought energy bids its segment's lower price, sold energy asks its segment's upper one. A segment that crosses
 * zero becomes a bid and an ask, and every ask is above every bid of the same curve: where retail and feed-in are so
 * close that rounding brings the two together, the ask gives way.
 * @throws QUANTILES_DISORDERED, RETAIL_TERMS unless p10 ≤ p50 ≤ p90 in whole Wh and feed-in < retail in whole units.
 */
export function bidCurve(net: NetQuantiles, terms: RetailTerms): BidStep[] {
  requireQuantiles(net);
  const { p10Wh, p50Wh, p90Wh } = net;
  return bidSteps([p10Wh, p50Wh, p90Wh], quantilePrices(terms));
}

/** The prices at which the 10, 50 and 90 % quantiles are wanted, falling. @throws RETAIL_TERMS */
export function quantilePrices(terms: RetailTerms): number[] {
  requireRetailTerms(terms);
  return [1n, 5n, 9n].map((tenths) => priceAt(terms, tenths));
}

/**
 * The steps of a curve that wants `positionsWh[i]` (bought less sold, rising) at `prices[i]` (falling): exactly that at each
 * of these prices, and on the safe side between them, as `bidCurve` says.
 */
export function bidSteps(positionsWh: readonly number[], prices: readonly number[]): BidStep[] {
  const bids = buySteps([0, ...positionsWh], prices);
  const dearest = Math.max(...bids.map(({ pricePerMwh }) => pricePerMwh));
  const asks = sellSteps([...positionsWh, 0], prices);
  return [...bids, ...asks.filter(({ pricePerMwh }) => pricePerMwh > dearest)];
}

/** r − tenths/10 · (r − f), to the nearest unit. */
function priceAt({ retailPerMwh, feedInPerMwh }: RetailTerms, tenths: bigint): number {
  return retailPerMwh - Number(roundDiv(BigInt(retailPerMwh - feedInPerMwh) * tenths, 10n));
}

function buySteps(levelsWh: readonly number[], prices: readonly number[]): BidStep[] {
  return prices.flatMap((pricePerMwh, i) => {
    const quantityWh = Math.max(0, levelsWh[i + 1]!) - Math.max(0, levelsWh[i]!);
    return quantityWh > 0 ? [{ side: 'buy' as const, quantityWh, pricePerMwh }] : [];
  });
}

function sellSteps(levelsWh: readonly number[], prices: readonly number[]): BidStep[] {
  return prices.flatMap((pricePerMwh, i) => {
    const quantityWh = Math.min(0, levelsWh[i + 1]!) - Math.min(0, levelsWh[i]!);
    return quantityWh > 0 ? [{ side: 'sell' as const, quantityWh, pricePerMwh }] : [];
  });
}

/** @throws QUANTILES_DISORDERED */
export function requireQuantiles({ p10Wh, p50Wh, p90Wh }: NetQuantiles): void {
  if (![p10Wh, p50Wh, p90Wh].every(Number.isSafeInteger) || p10Wh > p50Wh || p50Wh > p90Wh) {
    throw new DomainError('QUANTILES_DISORDERED', 'expected p10 ≤ p50 ≤ p90 in whole Wh, got another order');
  }
}

/** @throws RETAIL_TERMS unless both are whole minor units per MWh and feed-in < retail. */
export function requireRetailTerms({ retailPerMwh, feedInPerMwh }: RetailTerms): void {
  if (![retailPerMwh, feedInPerMwh].every(Number.isSafeInteger) || feedInPerMwh >= retailPerMwh) {
    throw new DomainError(
      'RETAIL_TERMS',
      `expected feed-in below retail in whole minor units per MWh, got ${feedInPerMwh} and ${retailPerMwh}`,
      'invalid',
      { retailPerMwh, feedInPerMwh },
    );
  }
}
