import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import { bookOf } from './book.ts';
import { type ClearingResult, mechanismNamed, type Order } from './index.ts';
import { halfOf, tradeAt } from './muda.ts';
import { marketCases, published } from '../../test/harness/published-cases.ts';

/** Published books are in decimals of some unit: a thousandth of it is exact for all of them, and for their middles. */
const SCALE = 1000;
const HOUR = interval(0, HOUR_MS);

/** Cases of every published file whose mechanism is named so; at least one, or the copy is not what it should be. */
function casesOf(mechanism: RegExp): readonly unknown[] {
  const cases = readdirSync(marketCases)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(marketCases, name), 'utf8')))
    .filter((file: { mechanism?: string }) => mechanism.test(file.mechanism ?? ''))
    .flatMap((file: { cases: readonly unknown[] }) => file.cases);
  expect(cases.length).toBeGreaterThan(0);
  return cases;
}

const scaled = (value: number): number => Math.round(value * SCALE);

const order = (id: string, member: string, side: Order['side'], quantity: number, price: number): Order => ({
  id,
  member,
  side,
  interval: HOUR,
  quantityWh: scaled(quantity),
  pricePerMwh: scaled(price),
});

const unitBook = (buyers: readonly number[], sellers: readonly number[]): Order[] => [
  ...buyers.map((price, i) => order(`b${i}`, `b${i}`, 'buy', 1, price)),
  ...sellers.map((price, i) => order(`s${i}`, `s${i}`, 'sell', 1, price)),
];

/** Limits, in published units, of the orders that trade. */
function tradingLimits(orders: readonly Order[], { trades }: ClearingResult, side: Order['side']): number[] {
  const ids = new Set(trades.map((trade) => (side === 'buy' ? trade.buyOrder : trade.sellOrder)));
  return orders
    .filter(({ id }) => ids.has(id))
    .map(({ pricePerMwh }) => pricePerMwh / SCALE)
    .toSorted((a, b) => (side === 'buy' ? b - a : a - b));
}

const charged = (charges: ClearingResult['charges']): Record<string, number> =>
  Object.fromEntries(charges.map(({ member, amountExact }) => [member, Number(amountExact) / SCALE / SCALE]));

published('published truthful auctions', () => {
  it('McAfee 1992 (erelsgl/auctions): who trades at which prices', () => {
    interface Case {
      readonly buyers: readonly number[];
      readonly sellers: readonly number[];
      readonly expected: {
        readonly k: number;
        readonly buyers?: readonly number[];
        readonly sellers?: readonly number[];
        readonly buyer_pays?: number;
        readonly seller_gets?: number;
      };
    }
    for (const { buyers, sellers, expected } of casesOf(/McAfee/i) as readonly Case[]) {
      const orders = unitBook(buyers, sellers);
      const result = mechanismNamed('mcafee').clear(orders);
      expect(result.quantityWh).toBe(expected.k * SCALE);
      expect(tradingLimits(orders, result, 'buy')).toEqual(expected.buyers ?? []);
      expect(tradingLimits(orders, result, 'sell')).toEqual(expected.sellers ?? []);
      for (const { buyPricePerMwh, sellPricePerMwh } of result.trades) {
        expect([buyPricePerMwh / SCALE, sellPricePerMwh / SCALE]).toEqual([
          expected.buyer_pays,
          expected.seller_gets,
        ]);
      }
    }
  });

  it('VCG, unit traders: the closed form and the deficit', () => {
    interface Case {
      readonly buyers: readonly number[];
      readonly sellers: readonly number[];
      readonly expected: {
        readonly trades: number;
        readonly buyer_pays_each: number;
        readonly seller_gets_each: number;
        readonly deficit: number;
      };
    }
    for (const { buyers, sellers, expected } of casesOf(/^VCG/i) as readonly Case[]) {
      const result = mechanismNamed('vcg').clear(unitBook(buyers, sellers));
      expect(result.quantityWh).toBe(expected.trades * SCALE);
      expect(result.prices).toEqual({
        buy: scaled(expected.buyer_pays_each),
        sell: scaled(expected.seller_gets_each),
      });
      expect(Number(result.certificate.budgetResidualExact) / SCALE / SCALE).toBe(-expected.deficit);
    }
  });

  interface Bid {
    readonly bid: number;
    readonly user: number;
    readonly side: Order['side'];
    readonly quantity: number;
    readonly price: number;
  }
  interface MudaCase {
    readonly bids: readonly Bid[];
    readonly exogenous_price?: number;
    readonly split?: { readonly left: readonly number[]; readonly right: readonly number[] };
    readonly expected: {
      readonly price_left?: number;
      readonly price_right?: number;
      readonly trades: readonly (readonly [bid: number, quantity: number, price: number])[];
      readonly fees_by_user?: Readonly<Record<string, number>>;
      readonly fees?: string;
    };
  }

  const ordersOf = (bids: readonly Bid[]): Order[] =>
    bids.map(({ bid, user, side, quantity, price }) =>
      order(String(bid), String(user), side, quantity, price),
    );
  const feesOf = ({ expected }: MudaCase): Record<string, number> =>
    Object.fromEntries(
      Object.entries(expected.fees_by_user ?? {}).filter(([user, fee]) => user !== 'others' && fee !== 0),
    );
  it('MUDA (AAAI 2018, example 1): one half at a price from outside, Vickrey fees', () => {
    const cases = (casesOf(/MUDA/) as readonly MudaCase[]).filter(
      (each) => each.exogenous_price !== undefined,
    );
    expect(cases.length).toBeGreaterThan(0);
    for (const each of cases) {
      const book = bookOf(ordersOf(each.bids));
      const price = scaled(each.exogenous_price!);
      const { fills, charges } = tradeAt(
        halfOf(book, () => true),
        price,
        { seed: '', variant: 'vickrey' },
      );
      const filled = [
        ...book.buys.orders.map(({ id }, rank) => [Number(id), fills.buyWh[rank]! / SCALE]),
        ...book.sells.orders.map(({ id }, rank) => [Number(id), fills.sellWh[rank]! / SCALE]),
      ].filter(([, quantity]) => quantity !== 0);
      expect(new Map(filled as [number, number][])).toEqual(
        new Map(each.expected.trades.map(([bid, quantity]) => [bid, quantity])),
      );
      expect(charged(charges)).toEqual(feesOf(each));
    }
  });

  it('MUDA (pymarket): halves as given, each at the price of the other', () => {
    const cases = (casesOf(/MUDA/) as readonly MudaCase[]).filter((each) => each.split !== undefined);
    expect(cases.length).toBeGreaterThan(0);
    for (const each of cases) {
      const users = new Map(each.bids.map(({ bid, user }) => [bid, String(user)]));
      const half = (bids: readonly number[]): string[] => [...new Set(bids.map((bid) => users.get(bid)!))];
      const split = { left: half(each.split!.left), right: half(each.split!.right) };
      const result = mechanismNamed('muda-vickrey').clear(ordersOf(each.bids), { split });
      expect(result.prices).toEqual({
        left: scaled(each.expected.price_left!),
        right: scaled(each.expected.price_right!),
      });
      const filled = new Map<string, readonly [quantity: number, price: number]>();
      for (const { buyOrder, sellOrder, quantityWh, buyPricePerMwh } of result.trades) {
        for (const id of [buyOrder, sellOrder]) {
          const [quantity] = filled.get(id) ?? [0];
          filled.set(id, [quantity + quantityWh / SCALE, buyPricePerMwh / SCALE]);
        }
      }
      expect(filled).toEqual(
        new Map(each.expected.trades.map(([bid, quantity, price]) => [String(bid), [quantity, price]])),
      );
      expect(charged(result.charges)).toEqual(feesOf(each));
    }
  });
});
