import { expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import { type ClearingResult, type Order, uniformPrice } from './index.ts';
import { published, readCase } from '../../test/harness/published-cases.ts';

/** Published books are in decimals of some unit: a thousandth of it is exact for all of them. */
const SCALE = 1000;
const HOUR = interval(0, HOUR_MS);

interface PublishedOrder {
  readonly id: string | number;
  readonly quantity: number;
  readonly price: number;
}

function clear(buys: readonly PublishedOrder[], sells: readonly PublishedOrder[]): ClearingResult {
  const orders = (side: Order['side'], from: readonly PublishedOrder[]): Order[] =>
    from.map(({ id, quantity, price }) => ({
      id: `${side}-${id}`,
      member: `${side}-${id}`,
      interval: HOUR,
      side,
      quantityWh: Math.round(quantity * SCALE),
      pricePerMwh: Math.round(price * SCALE),
    }));
  return uniformPrice.clear([...orders('buy', buys), ...orders('sell', sells)]);
}

const units = (prices: readonly number[], each: number): PublishedOrder[] =>
  prices.map((price, id) => ({ id, quantity: each, price }));

const welfareOf = (result: ClearingResult): number => Number(result.certificate.welfareExact) / SCALE / SCALE;

published('published uniform-price auctions', () => {
  it('pymarket: quantity and price of the stepwise intersection', () => {
    interface Case {
      readonly id: string;
      readonly bids: readonly { bid: number; quantity: number; price: number; side: 'buy' | 'sell' }[];
      readonly expected: { equilibrium_quantity: number; price: number; max_aggregated_utility?: number };
    }
    const { cases }: { cases: readonly Case[] } = JSON.parse(
      readCase('01_pymarket_uniform_price_curves.json'),
    );
    expect(cases.length).toBeGreaterThan(0);
    for (const { bids, expected } of cases) {
      const side = (name: string): PublishedOrder[] =>
        bids
          .filter((bid) => bid.side === name)
          .map(({ bid, quantity, price }) => ({ id: bid, quantity, price }));
      const result = clear(side('buy'), side('sell'));
      expect(result.quantityWh).toBe(expected.equilibrium_quantity * SCALE);
      expect(result.pricePerMwh).toBe(expected.price * SCALE);
      const { max_aggregated_utility: publishedWelfare = welfareOf(result) } = expected;
      expect(welfareOf(result)).toBe(publishedWelfare);
    }
  });

  it('gsy pay-as-clear: energy, and the published rate inside the efficient interval', () => {
    interface Case {
      readonly id: string;
      readonly offers_price: readonly number[];
      readonly bids_price: readonly number[];
      readonly unit_energy_each: number;
      readonly expected?: { clearing_rate: number; clearing_energy: number | null };
      readonly upstream_intended?: { clearing_rate: number; clearing_energy: number };
      readonly independent: {
        efficient_quantity: number;
        efficient_price_interval: readonly [number, number];
        max_welfare: number;
      };
    }
    const { cases }: { cases: readonly Case[] } = JSON.parse(readCase('07_gsy_pay_as_clear.json'));
    expect(cases.length).toBeGreaterThan(0);
    for (const { bids_price: bids, offers_price: offers, unit_energy_each: each, ...of } of cases) {
      const result = clear(units(bids, each), units(offers, each));
      const {
        efficient_quantity: quantity,
        efficient_price_interval: efficient,
        max_welfare: welfare,
      } = of.independent;
      expect(result.quantityWh).toBe(quantity * SCALE);
      expect(result.certificate.efficientPriceInterval).toEqual({
        lowPerMwh: Math.round(efficient[0] * SCALE),
        highPerMwh: Math.round(efficient[1] * SCALE),
      });
      expect(welfareOf(result)).toBeCloseTo(welfare, 9);
      const rate = (of.expected ?? of.upstream_intended)!.clearing_rate * SCALE;
      expect(rate).toBeGreaterThanOrEqual(result.certificate.efficientPriceInterval.lowPerMwh!);
      expect(rate).toBeLessThanOrEqual(result.certificate.efficientPriceInterval.highPerMwh!);
    }
  });

  it('Pinson, day-ahead auction: price, allocation and welfare', () => {
    interface Case {
      supply: readonly PublishedOrder[];
      demand: readonly PublishedOrder[];
      expected: {
        price: number;
        quantity: number;
        supply_allocation: Record<string, number>;
        demand_allocation: Record<string, number>;
      };
      derived_by_us: { welfare: number };
    }
    const {
      supply,
      demand,
      expected,
      derived_by_us: derived,
    }: Case = JSON.parse(readCase('15_pinson_day_ahead_auction.json'));
    const result = clear(demand, supply);
    expect(result.pricePerMwh).toBe(expected.price * SCALE);
    expect(result.quantityWh).toBe(expected.quantity * SCALE);
    expect(welfareOf(result)).toBe(derived.welfare);
    const filled: Record<string, number> = {};
    for (const { buyOrder, sellOrder, quantityWh } of result.trades) {
      for (const id of [buyOrder, sellOrder]) {
        const name = id.replace(/^(?:buy|sell)-/, '');
        filled[name] = (filled[name] ?? 0) + quantityWh / SCALE;
      }
    }
    expect(filled).toEqual({ ...expected.supply_allocation, ...expected.demand_allocation });
  });
});
