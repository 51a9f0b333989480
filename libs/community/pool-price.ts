import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { Exact, ZERO, sum } from './exact.ts';
import { type Offers, accepted, cross, crossingValue, oneSided, tariffsCross } from './offers.ts';
import type { CurvePoint, PriceRule } from './price-rule.ts';

/** What sharing costs in one slot: min(D, G) of those who trade changes hands at one internal price. */
export interface PoolPrice {
  /** The price as the rule publishes it. */
  readonly price: Decimal;
  /** Paid for each unit shared; differs from `price` where a rule publishes an average. */
  readonly internal: Decimal;
  /** Who shares: all, pro rata, or the offers that trade in merit order. */
  readonly traders: Offers;
  readonly meritOrder: boolean;
}

export type PoolRule = Exclude<PriceRule, { readonly kind: 'keys' }>;

/** @throws SDR_NEGATIVE_TARIFF */
export function poolPrice(rule: PoolRule, offers: Offers): PoolPrice {
  switch (rule.kind) {
    case 'bill-sharing':
      return { price: ZERO, internal: ZERO, traders: offers, meritOrder: false };
    case 'curve': {
      const price = curvePrice(rule.points, offers);
      return { price, internal: price, traders: offers, meritOrder: false };
    }
    case 'crossing':
      return atCrossing(offers);
    case 'mmr':
      return betweenTariffs(offers, rule.prune, (traders) => {
        const price = midMarketRate(traders, rule.divisor);
        return { price, internal: price };
      });
    case 'sdr':
      return betweenTariffs(offers, rule.prune, (traders) => supplyDemandPrice(traders, 0));
    case 'sdr-compensated':
      return betweenTariffs(offers, rule.prune, (traders) => supplyDemandPrice(traders, rule.compensation));
  }
}

/** Only offers that gain trade, in merit order, at the crossing value. */
function atCrossing(offers: Offers): PoolPrice {
  const price = crossingValue(offers);
  const { buys, sells } = cross(offers, true);
  const traders = { buys: offers.buys.slice(0, buys), sells: offers.sells.slice(0, sells) };
  return { price, internal: price, traders, meritOrder: true };
}

/** A rule between min buy and max sell tariff; where they cross there is no such price, and the pool's crossing value stands in. */
function betweenTariffs(
  offers: Offers,
  prune: boolean | undefined,
  priceOf: (traders: Offers) => Pick<PoolPrice, 'price' | 'internal'>,
): PoolPrice {
  const traders = prune === true ? accepted(offers) : offers;
  if (tariffsCross(traders)) return atCrossing(offers);
  if (traders.buys.length === 0 || traders.sells.length === 0) {
    const price = oneSided(traders);
    return { price, internal: price, traders, meritOrder: false };
  }
  return { ...priceOf(traders), traders, meritOrder: prune === true };
}

const referenceTariffs = ({ buys, sells }: Offers): { minBuy: Decimal; maxSell: Decimal } => ({
  minBuy: buys.at(-1)!.price,
  maxSell: sells.at(-1)!.price,
});

/** (min buy + max sell) / divisor: Long et al. 2017 for 2, an intermediate market rate otherwise. */
function midMarketRate(offers: Offers, divisor: Decimal.Value = 2): Decimal {
  const { minBuy, maxSell } = referenceTariffs(offers);
  return minBuy.plus(maxSell).div(divisor);
}

/**
 * Supply–demand ratio r = G/D (Liu et al. 2017), with compensation λ = c·(b − s) (Zhou, Wu & Long 2018); b the lowest buy,
 * s the highest sell tariff. r < 1: b(s + λ) / ((b − s − λ)r + s + λ); r ≥ 1: buyers pay s + λ for what they take, which over
 * all that is sold is s + λ/r a unit, the published price.
 */
function supplyDemandPrice(
  offers: Offers,
  compensation: Decimal.Value,
): Pick<PoolPrice, 'price' | 'internal'> {
  const { minBuy, maxSell } = referenceTariffs(offers);
  if (maxSell.isNegative() && !maxSell.isZero()) {
    throw new DomainError(
      'SDR_NEGATIVE_TARIFF',
      `expected tariffs ≥ 0 for a supply–demand ratio, got feed-in at ${maxSell.toString()}`,
    );
  }
  const demand = sum(offers.buys.map(({ amount }) => amount));
  const supply = sum(offers.sells.map(({ amount }) => amount));
  const lambda = minBuy.minus(maxSell).times(compensation);
  const floor = maxSell.plus(lambda);
  if (supply.gte(demand)) {
    return { price: maxSell.plus(lambda.times(demand).div(supply)), internal: floor };
  }
  // Over D·…, so that r itself is never rounded.
  const divisor = minBuy.minus(floor).times(supply).plus(floor.times(demand));
  const price = divisor.isZero() ? minBuy : minBuy.times(floor).times(demand).div(divisor);
  return { price, internal: price };
}

/** The curve at r = G/D, straight between its points and level beyond them; r is infinite without load. */
function curvePrice(points: readonly CurvePoint[], { buys, sells }: Offers): Decimal {
  const demand = sum(buys.map(({ amount }) => amount));
  const supply = sum(sells.map(({ amount }) => amount));
  const corners = points.map(({ ratio, price }) => ({ ratio: new Exact(ratio), price: new Exact(price) }));
  const after = corners.findIndex(({ ratio }) => ratio.times(demand).gte(supply));
  if (demand.isZero() || after === -1) return corners.at(-1)!.price;
  const [low, high] = [corners[Math.max(0, after - 1)]!, corners[after]!];
  if (low === high) return high.price;
  const along = supply.div(demand).minus(low.ratio).div(high.ratio.minus(low.ratio));
  return low.price.plus(along.times(high.price.minus(low.price)));
}
