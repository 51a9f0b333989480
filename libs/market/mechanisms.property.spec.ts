import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import {
  type ClearingOptions,
  type ClearingResult,
  type Mechanism,
  MECHANISMS,
  type Order,
} from './index.ts';

const HOUR = interval(0, HOUR_MS);
const SIDES = ['buy', 'sell'] as const;

interface Draft {
  readonly member: number;
  readonly side: Order['side'];
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly receivedAtMs: number;
}

const draft = (prices: readonly [number, number]): fc.Arbitrary<Draft> =>
  fc.record({
    member: fc.nat({ max: 9 }),
    side: fc.constantFrom(...SIDES),
    quantityWh: fc.integer({ min: 1, max: 12 }),
    pricePerMwh: fc.integer({ min: prices[0], max: prices[1] }),
    receivedAtMs: fc.nat({ max: 2 }),
  });

/** Orders that a mechanism takes: its traders have as many and as large ones as it says; sides are members of their own. */
function ordersFor({ traders }: Mechanism, drafts: readonly Draft[]): Order[] {
  return drafts.map(({ member, ...order }, i) => ({
    ...order,
    id: `o${i}`,
    member: `${order.side}er ${traders === 'any' ? member : i}`,
    quantityWh: traders === 'unit' ? 4 : order.quantityWh,
    interval: HOUR,
  }));
}

const oneOrder = (mechanism: Mechanism, side: Order['side']): Order[] =>
  ordersFor(mechanism, [{ member: 0, side, quantityWh: 4, pricePerMwh: 5, receivedAtMs: 0 }]);

const booksFor = (mechanism: Mechanism, maxLength = 24): fc.Arbitrary<Order[]> =>
  fc.array(draft([-15, 25]), { maxLength }).map((drafts) => ordersFor(mechanism, drafts));

const seeds = fc.integer({ min: 0, max: 9 }).map(String);
const optionsFor = ({ takes }: Mechanism, seed: string): ClearingOptions =>
  takes.includes('seed') ? { seed } : {};

/** What a member's trades and charges cost it, in millionths of a minor unit; sellers' are negative. */
function costOf({ trades, charges }: ClearingResult, member: string): number {
  const owed = charges
    .filter((charge) => charge.member === member)
    .reduce((sum, { amountExact }) => sum + Number(amountExact), 0);
  return trades.reduce((sum, trade) => {
    if (trade.buyer === member) return sum + trade.quantityWh * trade.buyPricePerMwh;
    return trade.seller === member ? sum - trade.quantityWh * trade.sellPricePerMwh : sum;
  }, owed);
}

const tradedWh = ({ trades }: ClearingResult, member: string): number =>
  trades.reduce(
    (sum, trade) => sum + (trade.buyer === member || trade.seller === member ? trade.quantityWh : 0),
    0,
  );

/** Energy that a seller does not have is as good as not to be had. */
const BEYOND_CAPACITY = 1_000_000;

/** What a member gains in truth: its energy at its own true limits, best first, against what it pays. */
function gainOf(result: ClearingResult, truth: readonly Order[], member: string): number {
  const own = truth.filter((order) => order.member === member);
  const sells = own[0]?.side === 'sell';
  own.sort((a, b) => (sells ? a.pricePerMwh - b.pricePerMwh : b.pricePerMwh - a.pricePerMwh));
  let [leftWh, worth] = [tradedWh(result, member), 0];
  for (const { quantityWh, pricePerMwh } of own) {
    worth += Math.min(leftWh, quantityWh) * pricePerMwh;
    leftWh -= Math.min(leftWh, quantityWh);
  }
  if (sells) worth = -worth - leftWh * BEYOND_CAPACITY;
  return worth - costOf(result, member);
}

const BALANCES = {
  strong: {
    says: 'buyers pay exactly what sellers receive',
    residuals: { deficit: false, surplus: false },
  },
  weak: { says: 'no deficit, and a surplus for some book', residuals: { deficit: false, surplus: true } },
  deficit: { says: 'a deficit for some book', residuals: { deficit: true } },
};

const INCENTIVES: Readonly<Record<string, { says: string; gains: object }>> = {
  true: { says: 'rewards no lie about price or quantity', gains: { byPrice: false, byQuantity: false } },
  prices: {
    says: 'rewards no lie about price, and some about quantity',
    gains: { byPrice: false, byQuantity: true },
  },
  false: { says: 'rewards some lie about price', gains: { byPrice: true } },
};

/** The most that any member gains by a lie about one of its orders. */
function bestLies(mechanism: Mechanism, truth: readonly Order[], options: ClearingOptions) {
  const honest = mechanism.clear(truth, options);
  const grid = [...new Set(truth.flatMap(({ pricePerMwh: p }) => [p - 1, p, p + 1]))];
  let [byPrice, byQuantity] = [0, 0];
  for (const order of truth) {
    const before = gainOf(honest, truth, order.member);
    const after = (lie: Partial<Order>): number => {
      const told = truth.map((each) => (each === order ? { ...order, ...lie } : each));
      return gainOf(mechanism.clear(told, options), truth, order.member) - before;
    };
    for (const pricePerMwh of grid) byPrice = Math.max(byPrice, after({ pricePerMwh }));
    if (mechanism.traders === 'unit') continue;
    for (const quantityWh of [1, 2, 3, 4, 6].filter((wh) => wh !== order.quantityWh)) {
      byQuantity = Math.max(byQuantity, after({ quantityWh }));
      for (const by of [-2, 2]) {
        byQuantity = Math.max(byQuantity, after({ quantityWh, pricePerMwh: order.pricePerMwh + by }));
      }
    }
  }
  return { byPrice, byQuantity };
}

const unitsOf = (orders: readonly Order[], side: Order['side']): number[] =>
  orders
    .flatMap((order) => (order.side === side ? Array<number>(order.quantityWh).fill(order.pricePerMwh) : []))
    .toSorted((a, b) => (side === 'buy' ? b - a : a - b));

/** Gains of the i-th dearest wanted Wh with the i-th cheapest offered one, as long as there is one. */
function gainsOf(orders: readonly Order[]): number[] {
  const offered = unitsOf(orders, 'sell');
  return unitsOf(orders, 'buy')
    .map((bid, i) => bid - (offered[i] ?? Infinity))
    .filter((gain) => gain > 0);
}

const bestWelfare = (orders: readonly Order[]): bigint =>
  BigInt(gainsOf(orders).reduce((sum, gain) => sum + gain, 0));

function welfareOf(orders: readonly Order[], { trades }: ClearingResult): bigint {
  const limits = new Map(orders.map((order) => [order.id, order.pricePerMwh]));
  const gain = trades.reduce(
    (sum, trade) => sum + trade.quantityWh * (limits.get(trade.buyOrder)! - limits.get(trade.sellOrder)!),
    0,
  );
  return BigInt(gain);
}

const lossOf = ({ certificate }: ClearingResult): number =>
  Number(certificate.bestWelfareExact - certificate.welfareExact);

/** What a mechanism's word on efficiency means for one book. */
const LOSES_AT_MOST: Readonly<Record<string, (orders: readonly Order[], result: ClearingResult) => void>> = {
  best: (_, result) => expect(lossOf(result)).toBe(0),
  'best-but-least-trade': (orders, result) => {
    const unitWh = orders[0]?.quantityWh ?? 0;
    expect(lossOf(result)).toBeLessThanOrEqual(unitWh * (gainsOf(orders).at(-1) ?? 0));
  },
  'best-but-one-trade': (orders, result) => {
    expect(result.quantityWh).toBeGreaterThanOrEqual(gainsOf(orders).length - (orders[0]?.quantityWh ?? 0));
  },
  'best-but-marginal-orders': (orders, result) => {
    const largest = Math.max(0, ...orders.map((order) => order.quantityWh));
    expect(result.quantityWh).toBeGreaterThanOrEqual(result.certificate.efficientQuantityWh - largest);
  },
};

describe.each(MECHANISMS.map((mechanism) => [mechanism.name, mechanism] as const))('%s', (_, mechanism) => {
  const { properties, clear } = mechanism;

  const each = (check: (orders: Order[], result: ClearingResult) => void): void => {
    fc.assert(
      fc.property(booksFor(mechanism), seeds, (orders, seed) => {
        check(orders, clear(orders, optionsFor(mechanism, seed)));
      }),
      { numRuns: 300 },
    );
  };

  it('conserves energy, fills no order beyond its quantity and never trades a member with itself', () => {
    each((orders, { trades, quantityWh }) => {
      const leftWh = new Map(orders.map((order) => [order.id, order.quantityWh]));
      for (const trade of trades) {
        expect(trade.quantityWh).toBeGreaterThan(0);
        expect(trade.buyer).not.toBe(trade.seller);
        for (const id of [trade.buyOrder, trade.sellOrder])
          leftWh.set(id, leftWh.get(id)! - trade.quantityWh);
      }
      for (const wh of leftWh.values()) expect(wh).toBeGreaterThanOrEqual(0);
      expect(trades.reduce((sum, trade) => sum + trade.quantityWh, 0)).toBe(quantityWh);
    });
  });

  it('respects every limit, and leaves nobody who tells the truth worse off', () => {
    expect(properties.individuallyRational).toBe(true);
    each((orders, result) => {
      const limits = new Map(orders.map((order) => [order.id, order.pricePerMwh]));
      for (const { buyOrder, sellOrder, buyPricePerMwh, sellPricePerMwh } of result.trades) {
        expect(buyPricePerMwh).toBeLessThanOrEqual(limits.get(buyOrder)!);
        expect(sellPricePerMwh).toBeGreaterThanOrEqual(limits.get(sellOrder)!);
      }
      for (const member of new Set(orders.map((order) => order.member))) {
        expect(gainOf(result, orders, member)).toBeGreaterThanOrEqual(0);
      }
      const { buyPerMwh, sellPerMwh, chargedExact } = result.certificate.individualRationality;
      for (const residual of [buyPerMwh, sellPerMwh, chargedExact]) {
        expect(residual === null || residual >= 0).toBe(true);
      }
    });
  });

  it('does not depend on the order in which orders come', () => {
    const shuffled = booksFor(mechanism).chain((orders) =>
      fc.tuple(fc.constant(orders), fc.shuffledSubarray(orders, { minLength: orders.length })),
    );
    fc.assert(
      fc.property(shuffled, seeds, ([orders, other], seed) => {
        const options = optionsFor(mechanism, seed);
        expect(clear(other, options)).toEqual(clear(orders, options));
      }),
    );
  });

  const balance = BALANCES[properties.budgetBalance];
  it(`has ${balance.says}`, () => {
    const residuals: bigint[] = [];
    each((orders, result) => {
      const members = new Set(orders.map((order) => order.member));
      const paid = [...members].reduce((sum, member) => sum + costOf(result, member), 0);
      expect(Number(result.certificate.budgetResidualExact)).toBe(paid);
      residuals.push(result.certificate.budgetResidualExact);
    });
    expect({
      deficit: residuals.some((residual) => residual < 0n),
      surplus: residuals.some((residual) => residual > 0n),
    }).toMatchObject(balance.residuals);
  });

  it('charges fees once: they enter matching, are nobody’s gain and stand beside the trades', () => {
    const fees = { buyPerMwh: 3, sellPerMwh: 2 };
    fc.assert(
      fc.property(booksFor(mechanism), (orders) => {
        const { trades, charges, quantityWh, certificate } = clear(orders, { fees });
        const limits = new Map(orders.map((order) => [order.id, order.pricePerMwh]));
        for (const { buyOrder, sellOrder, buyPricePerMwh, sellPricePerMwh } of trades) {
          expect(buyPricePerMwh + fees.buyPerMwh).toBeLessThanOrEqual(limits.get(buyOrder)!);
          expect(sellPricePerMwh - fees.sellPerMwh).toBeGreaterThanOrEqual(limits.get(sellOrder)!);
        }
        const owed = charges
          .filter(({ kind }) => kind === 'fee')
          .reduce((sum, { amountExact }) => sum + amountExact, 0n);
        expect(owed).toBe(BigInt(quantityWh * 5));
        expect(certificate.welfareExact).toBeLessThanOrEqual(certificate.bestWelfareExact);
      }),
    );
  });

  it('says why nothing clears, and nothing else about an empty side', () => {
    expect(clear([]).certificate).toMatchObject({ status: 'NOT_CLEARED', reason: 'NO_ORDERS' });
    expect(clear(oneOrder(mechanism, 'sell')).certificate.reason).toBe('NO_BUY_ORDERS');
    expect(clear(oneOrder(mechanism, 'buy'))).toMatchObject({
      trades: [],
      charges: [],
      quantityWh: 0,
      pricePerMwh: null,
    });
    each((_orders, { trades, certificate }) => {
      expect(certificate.reason === null).toBe(trades.length > 0);
      expect(certificate.status).toBe(trades.length > 0 ? 'CLEARED' : 'NOT_CLEARED');
    });
  });

  it(`reaches the welfare it claims: ${properties.efficiency}`, () => {
    const losses: bigint[] = [];
    each((orders, result) => {
      const { welfareExact, bestWelfareExact } = result.certificate;
      expect(welfareExact).toBe(welfareOf(orders, result));
      expect(bestWelfareExact).toBe(bestWelfare(orders));
      losses.push(bestWelfareExact - welfareExact);
      LOSES_AT_MOST[properties.efficiency]?.(orders, result);
    });
    expect(losses.every((loss) => loss >= 0n)).toBe(true);
    expect(losses.some((loss) => loss > 0n)).toBe(properties.efficiency !== 'best');
  });

  const found = INCENTIVES[String(properties.incentiveCompatible)]!;
  it(`${found.says}, within 200 books, every trader and a grid of lies`, () => {
    const instances = fc.sample(fc.tuple(fc.array(draft([0, 9]), { minLength: 4, maxLength: 9 }), seeds), {
      seed: 1,
      numRuns: 200,
    });
    let [byPrice, byQuantity] = [0, 0];
    // One lie that pays is enough where some must; that none does takes every book.
    const somePays = found === INCENTIVES['false'];
    for (const [drafts, seed] of instances) {
      const small = drafts.map((of, i) => ({ ...of, member: of.member % 3, quantityWh: 1 + (of.quantityWh % 3), receivedAtMs: i })); // prettier-ignore
      const truth = ordersFor(mechanism, small);
      const most = bestLies(mechanism, truth, optionsFor(mechanism, seed));
      byPrice = Math.max(byPrice, most.byPrice);
      byQuantity = Math.max(byQuantity, most.byQuantity);
      if (somePays && byPrice > 0) break;
    }
    expect({ byPrice: byPrice > 0, byQuantity: byQuantity > 0 }).toMatchObject(found.gains);
  });
});

const asymptotic = MECHANISMS.filter(({ properties }) => properties.efficiency === 'asymptotic');
describe.each(asymptotic.map((mechanism) => [mechanism.name, mechanism] as const))(
  '%s in large markets',
  (_, mechanism) => {
    const shareAt = (size: number): number => {
      const samples = fc.sample(fc.array(draft([0, 1000]), { minLength: size, maxLength: size }), {
        seed: 2,
        numRuns: 20,
      });
      const shares = samples.map((drafts, i) => {
        const orders = ordersFor({ ...mechanism, traders: 'one-order' }, drafts);
        const { certificate } = mechanism.clear(orders, { seed: String(i) });
        return Number(certificate.welfareExact) / Number(certificate.bestWelfareExact);
      });
      return shares.reduce((a, b) => a + b, 0) / shares.length;
    };

    it('loses ever less of the best welfare', () => {
      const shares = [20, 200, 2000].map(shareAt);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
      expect(shares[2]).toBeGreaterThan(0.9);
    });
  },
);
