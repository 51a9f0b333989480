import { expect, it } from '@jest/globals';
import {
  type FeeTrade,
  type PriceRule,
  type Pricing,
  priceSlot,
  requireSlot,
  tradeAtBid,
  tradeAtOffer,
} from './index.ts';
import { published, readCase } from '../../test/harness/published-cases.ts';

/** Half a unit of the last of `decimals` published digits. */
const expectPublished = (got: number, want: number, decimals = 9): void =>
  expect(Math.abs(got - want)).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-12 * Math.abs(want));

function expectFee(
  trade: FeeTrade,
  key: string,
  want: number | Readonly<Record<string, number>>,
  energy: number,
): void {
  if (typeof want !== 'number') {
    const rates = { offer_rate_in: trade.offerRates, trade_price: trade.tradeRates }[key]!;
    for (const [market, rate] of Object.entries(want)) expectPublished(rates[market]!.toNumber(), rate);
    return;
  }
  const got: Readonly<Record<string, number | undefined>> = {
    load_pays: trade.buyerPays.times(energy).toNumber(),
    pv_gets: trade.sellerGets.times(energy).toNumber(),
    revenue: trade.sellerGets.times(energy).toNumber(),
    clearing: trade.clearing?.toNumber(),
    supply_side_fee: trade.supplyFee.toNumber(),
    demand_side_fee: trade.demandFee.toNumber(),
    total_fee: trade.supplyFee.plus(trade.demandFee).toNumber(),
    ...Object.fromEntries(
      Object.entries(trade.fees).map(([market, fee]) => [`fee_${market}`, fee.times(energy).toNumber()]),
    ),
    ...Object.fromEntries(
      Object.entries(trade.offerRates).map(([market, rate]) => [`offer_rate_in_${market}`, rate.toNumber()]),
    ),
    ...Object.fromEntries(
      Object.entries(trade.bidRates).map(([market, rate]) => [`bid_rate_in_${market}`, rate.toNumber()]),
    ),
  };
  expect(got).toHaveProperty(key);
  expectPublished(got[key]!, want);
}

published('published community price rules', () => {
  it('Long et al. and Liu et al.: prices, bills and individual rationality of bill sharing, MMR and SDR', () => {
    interface Outcome {
      readonly price_buy: number;
      readonly price_sell: number;
      readonly bills: readonly number[];
      readonly sum_of_bills: number;
      readonly individually_rational_vs_grid: boolean;
    }
    interface Case {
      readonly id: string;
      readonly net_kwh: readonly number[];
      readonly price_grid_buy: number;
      readonly price_grid_sell: number;
      readonly utility_bill: number;
      readonly expected: Readonly<Record<string, Outcome>>;
    }
    const rules: Readonly<Record<string, PriceRule>> = {
      bill_sharing: { kind: 'bill-sharing' },
      MMR: { kind: 'mmr' },
      SDR: { kind: 'sdr' },
    };
    const { cases }: { cases: readonly Case[] } = JSON.parse(
      readCase('31_bill_sharing_mmr_sdr_settlement.json'),
    );
    expect(cases.length).toBeGreaterThan(0);
    for (const { net_kwh: net, price_grid_buy: retail, price_grid_sell: feedIn, ...of } of cases) {
      const members = net.map((kwh, i) => ({
        id: `m${String(i).padStart(3, '0')}`,
        load: Math.max(0, kwh),
        generation: Math.max(0, -kwh),
      }));
      const slot = requireSlot(members, { retail, feedIn });
      expect(Object.keys(of.expected).length).toBeGreaterThan(0);
      for (const [name, want] of Object.entries(of.expected)) {
        const priced = priceSlot(rules[name]!, slot);
        expectPublished(priced.buyPrice.toNumber(), want.price_buy);
        expectPublished(priced.sellPrice.toNumber(), want.price_sell);
        priced.bills.forEach(({ amount }, i) => expectPublished(amount.toNumber(), want.bills[i]!));
        expectPublished(priced.utility.toNumber(), of.utility_bill);
        const rational = priced.bills.every(({ amount, alone }) => amount.lte(alone));
        expect({ case: of.id, name, rational }).toEqual({
          case: of.id,
          name,
          rational: want.individually_rational_vs_grid,
        });
      }
    }
  });

  interface PooledOffer {
    readonly price: number;
    readonly amount: number;
  }

  const pool = (rule: PriceRule, buys: readonly PooledOffer[], sells: readonly PooledOffer[]): Pricing =>
    priceSlot(
      rule,
      requireSlot(
        [
          ...buys.map(({ price, amount }, i) => ({
            id: `b${i}`,
            load: amount,
            generation: 0,
            retail: price,
          })),
          ...sells.map(({ price, amount }, i) => ({
            id: `s${i}`,
            load: 0,
            generation: amount,
            feedIn: price,
          })),
        ],
        {},
      ),
    );

  it('rec-operation: mid-market and intermediate rate, supply–demand ratio, pruned and crossing tariffs', () => {
    interface Case {
      readonly id: string;
      readonly buys?: readonly PooledOffer[];
      readonly sells?: readonly (readonly [number, number])[];
      readonly divisor?: number;
      readonly compensation?: number;
      readonly expected?: number;
      readonly expected_rounded_2?: number;
      readonly expected_rounded_3?: number;
    }
    const { buys: allBuys, cases }: { buys: readonly PooledOffer[]; cases: readonly Case[] } = JSON.parse(
      readCase('18_recoperation_mmr_sdr_crossing.json'),
    );
    const ruleOf = ({ id, divisor, compensation }: Case): PriceRule => {
      const prune = id.includes('pruned');
      if (/mmr|imr/.test(id)) return { kind: 'mmr', divisor, prune };
      if (!id.includes('sdr')) throw new TypeError(`no rule for ${id}`);
      return (compensation ?? 0) === 0
        ? { kind: 'sdr', prune }
        : { kind: 'sdr-compensated', compensation: compensation!, prune };
    };
    // A case without sellers says so; one without a list of its own means the first case's.
    const anySells = cases.find(({ sells }) => sells !== undefined && sells.length > 0)!.sells!;
    expect(cases.length).toBeGreaterThan(0);
    for (const of of cases) {
      const sells = (of.sells ?? anySells).map(([price, amount]) => ({ price, amount }));
      const { poolPrice } = pool(ruleOf(of), of.buys ?? allBuys, sells);
      const [want, decimals] =
        of.expected !== undefined
          ? [of.expected, 9]
          : of.expected_rounded_2 !== undefined
            ? [of.expected_rounded_2, 2]
            : [of.expected_rounded_3!, 3];
      expectPublished(poolPrice.toNumber(), want, decimals);
    }
  });

  it('rec-operation: the pool’s crossing value', () => {
    interface Case {
      readonly buys: readonly PooledOffer[];
      readonly sells: readonly PooledOffer[];
      readonly expected: { readonly crossing_price: number };
      readonly independent: { readonly efficient_quantity: number };
    }
    const { crossing }: { crossing: readonly Case[] } = JSON.parse(
      readCase('18_recoperation_mmr_sdr_crossing.json'),
    );
    expect(crossing.length).toBeGreaterThan(0);
    for (const { buys, sells, expected, independent } of crossing) {
      const { poolPrice, shared } = pool({ kind: 'crossing' }, buys, sells);
      expect(poolPrice.toNumber()).toBe(expected.crossing_price);
      expect(shared.toNumber()).toBe(independent.efficient_quantity);
    }
  });

  it('Grid Singularity: constant and percentage fees of a hierarchy, pay as offer and pay as bid', () => {
    interface Case {
      readonly id: string;
      readonly fees_eur_per_kwh?: Readonly<Record<string, number>>;
      readonly fees_ratio?: Readonly<Record<string, number>>;
      readonly offer: number;
      readonly bid?: number;
      readonly matched_in?: string;
      readonly energy_kwh: number;
      readonly expected: Readonly<Record<string, number | Readonly<Record<string, number>>>>;
    }
    const { cases }: { cases: readonly Case[] } = JSON.parse(readCase('10_gsy_grid_fees.json'));
    expect(cases.length).toBeGreaterThan(0);
    for (const { offer, bid, matched_in: matchedIn, energy_kwh: energy, expected, ...of } of cases) {
      const kind = of.fees_ratio === undefined ? 'constant' : 'percentage';
      // Listed from the load to the PV; an offer goes the other way.
      const path = Object.entries(of.fees_ratio ?? of.fees_eur_per_kwh!)
        .map(([market, fee]) => ({ market, fee }))
        .toReversed();
      const trade =
        bid === undefined
          ? tradeAtOffer(kind, path, offer)
          : tradeAtBid(kind, path, { offer, bid, matchedIn: matchedIn! });
      for (const [key, want] of Object.entries(expected)) expectFee(trade, key, want, energy);
    }
  });
});
