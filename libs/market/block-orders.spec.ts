import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, type LpSolve, exactAmount, interval } from '#core';
import { loadSolver } from '#optimization';
import { type BlockOptions, type BlockOrder, type BlockResult, clearBlocks } from './index.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

const hour = (t: number) => interval(t * HOUR_MS, (t + 1) * HOUR_MS);

const plain = (
  id: string,
  side: BlockOrder['side'],
  quantityWh: number,
  pricePerMwh: number,
  rest: Partial<BlockOrder> & { readonly at?: number } = {},
): BlockOrder => {
  const { at = 0, ...more } = rest;
  return { id, member: id, interval: hour(at), side, quantityWh, pricePerMwh, ...more };
};

/** One order an hour from hour 0 on, all of one block. */
const block = (
  id: string,
  side: BlockOrder['side'],
  quantitiesWh: readonly number[],
  pricePerMwh: number,
  rest: Partial<BlockOrder> = {},
): BlockOrder[] =>
  quantitiesWh.map((quantityWh, at) => ({
    ...plain(`${id}@${at}`, side, quantityWh, pricePerMwh, { at }),
    member: id,
    block: id,
    ...rest,
  }));

type Amount = readonly [quantityWh: number, pricePerMwh: number];

const hourly = (id: string, side: BlockOrder['side'], [wh, price]: Amount, hours: number, rest = {}) =>
  Array.from({ length: hours }, (_, at) =>
    plain(`${id}@${at}`, side, wh, price, { at, member: id, ...rest }),
  );

const clear = (orders: readonly BlockOrder[], options?: BlockOptions): BlockResult =>
  clearBlocks(orders, solve, options);
const prices = (result: BlockResult) => Object.values(result.prices);
const ratios = (result: BlockResult) =>
  Object.fromEntries(result.accepted.map(({ id, ratio }) => [id, ratio]));
const fills = (result: BlockResult) =>
  Object.fromEntries(result.fills.map(({ order, quantityWh }) => [order, quantityWh]));

describe('clearBlocks on worked examples of Bichler et al. 2021 (White paper, figure 5)', () => {
  const demand = [plain('d1', 'buy', 10, 300), plain('d2', 'buy', 14, 10)];

  it('a) takes a divisible block like any order', () => {
    const result = clear([
      ...demand,
      plain('g3', 'sell', 1, 40),
      plain('g4', 'sell', 11, 40, { block: 'B' }),
      plain('g5', 'sell', 13, 100),
    ]);
    expect(result).toMatchObject({ quantityWh: 10, pricePerMwh: 40 });
  });

  it('d) rejects a block that would have to be paid less than it asks, and says what that costs', () => {
    const result = clear([
      ...demand,
      plain('g4', 'sell', 12, 40, { minAcceptance: 11 / 12 }),
      plain('g5', 'sell', 13, 100),
    ]);
    expect(result).toMatchObject({ quantityWh: 10, pricePerMwh: 100, accepted: [{ id: 'g4', ratio: 0 }] });
    expect(result.certificate).toMatchObject({
      welfareExact: 2000n, // 10 · (300 − 100)
      bestWelfareExact: 2570n, // 10 · 300 + 1 · 10 − 11 · 40
      details: { paradoxicallyRejected: ['g4'], gap: 570 / 2570 },
    });
  });
});

describe('clearBlocks on worked examples of Bichler et al. 2021 (Pricing in non-convex markets, 5.1)', () => {
  const least = { minAcceptance: 2 / 15 };
  const most = { minAcceptance: 10 / 20 };

  it('clears blocks of demand with profiles at each hour’s marginal price', () => {
    const result = clear([
      ...block('B1', 'buy', [4, 6, 10], 100),
      ...block('B2', 'buy', [3, 6, 12], 100),
      ...hourly('s1', 'sell', [15, 5], 3),
      ...hourly('s2', 'sell', [20, 3], 3),
    ]);
    expect(prices(result)).toEqual([3, 3, 5]);
    expect(ratios(result)).toEqual({ B1: 1, B2: 1 });
    expect(fills(result)).toMatchObject({ 's1@2': 2, 's2@0': 7, 's2@1': 12, 's2@2': 20 });
  });

  it('keeps least acceptances of generation', () => {
    const result = clear([
      ...block('B1', 'buy', [4, 6, 11], 100),
      ...block('B2', 'buy', [3, 6, 12], 100),
      ...hourly('s1', 'sell', [15, 5], 3, least),
      ...hourly('s2', 'sell', [20, 3], 3, most),
    ]);
    expect(prices(result)).toEqual([5, 3, 5]);
    expect(fills(result)).toMatchObject({ 's1@0': 7, 's2@0': 0, 's2@1': 12, 's1@2': 3, 's2@2': 20 });
  });

  it('keeps them where half the demand is elastic', () => {
    const result = clear([
      ...block('B1', 'buy', [20, 30, 55], 100),
      ...block('B2', 'buy', [15, 30, 60], 100),
      ...block('B1e', 'buy', [20, 30, 55], 10),
      ...block('B2e', 'buy', [15, 30, 60], 2),
      ...hourly('s1', 'sell', [150, 5], 3, least),
      ...hourly('s2', 'sell', [200, 3], 3, most),
    ]);
    expect(prices(result)).toEqual([5, 5, 3]);
    expect(ratios(result)).toMatchObject({ B1: 1, B2: 1, B1e: 1, B2e: 0 });
  });
});

/** Two hours at 100 and a family of blocks with these limits. */
const family = (parent: number, child: number, grandchild?: number) =>
  clear([
    ...hourly('d', 'buy', [999, 3000], 2),
    ...hourly('dear', 'sell', [1000, 100], 2),
    ...block('P', 'sell', [100, 100], parent, { minAcceptance: 1 }),
    ...block('C', 'sell', [100, 100], child, { minAcceptance: 1, linkedTo: 'P' }),
    ...(grandchild === undefined
      ? []
      : block('G', 'sell', [100, 100], grandchild, { minAcceptance: 1, linkedTo: 'C' })),
  ]);

describe('clearBlocks', () => {
  const demand = hourly('d', 'buy', [1000, 3000], 2);
  const dear = hourly('dear', 'sell', [1000, 100], 2);
  const whole = { minAcceptance: 1 };
  const withFirstHourAt = (price: number, profile: readonly number[]) =>
    clear([
      ...demand,
      ...dear,
      plain('cheap@0', 'sell', 1000, price),
      plain('cheap@1', 'sell', 1000, 50, { at: 1 }),
      ...block('B', 'sell', profile, 45, whole),
    ]);

  it('pays a block over all its hours: a loss in one is made up by another or it is rejected', () => {
    expect(ratios(withFirstHourAt(50, [100, 100]))).toEqual({ B: 1 });
    const gaining = withFirstHourAt(41, [100, 100]); // 41 + 50 − 2 · 45 = 1
    expect([prices(gaining), ratios(gaining)]).toEqual([[41, 50], { B: 1 }]);
    const losing = withFirstHourAt(39, [100, 100]);
    expect([prices(losing), ratios(losing)]).toEqual([[39, 50], { B: 0 }]);
    const profile = withFirstHourAt(40, [100, 900]); // (40 − 45) · 100 + (50 − 45) · 900 > 0
    expect([prices(profile), ratios(profile)]).toEqual([[40, 50], { B: 1 }]);
  });

  it('lets a child save its parent, and never accepts it without', () => {
    expect(ratios(family(75, 75))).toEqual({ P: 1, C: 1 });
    expect(ratios(family(120, 75))).toEqual({ P: 1, C: 1 }); // −20 + 25
    expect(ratios(family(130, 75))).toEqual({ P: 0, C: 0 }); // −30 + 25
    expect(ratios(family(90, 120))).toEqual({ P: 1, C: 0 });
    expect(ratios(family(90, 120, 50))).toEqual({ P: 1, C: 1, G: 1 });
    expect(prices(family(130, 75))).toEqual([100, 100]);
  });

  it('is the uniform-price auction where no order is more than a plain one', () => {
    const orders = [plain('a', 'buy', 10, 9), plain('b', 'buy', 10, 6), plain('c', 'sell', 10, 2), plain('e', 'sell', 10, 7)]; // prettier-ignore
    const result = clear(orders, { k: 0.5 });
    expect(result).toMatchObject({
      quantityWh: 10,
      pricePerMwh: 7,
      trades: [{ buyOrder: 'a', sellOrder: 'c' }],
    }); // 6.5 → 7
    expect(result.certificate.efficientPriceInterval).toEqual({ lowPerMwh: 6, highPerMwh: 7 });
  });

  it.each([
    ['NO_ORDERS', []],
    ['NO_SELL_ORDERS', [plain('a', 'buy', 1, 1)]],
    ['NO_BUY_ORDERS', [plain('a', 'sell', 1, 1)]],
    ['PRICES_DO_NOT_CROSS', [plain('a', 'buy', 1, 1), plain('b', 'sell', 1, 2)]],
    ['ONLY_OWN_MATCHES', [plain('a', 'buy', 1, 3), plain('b', 'sell', 1, 2, { member: 'a' })]],
  ] as const)('says why nothing clears: %s', (reason, orders) => {
    expect(clear(orders)).toMatchObject({ trades: [], certificate: { status: 'NOT_CLEARED', reason } });
  });

  it.each([
    ['ORDER_DUPLICATE', [plain('a', 'buy', 1, 1), plain('a', 'buy', 1, 1)]],
    ['ORDER_QUANTITY', [plain('a', 'buy', -1, 1)]],
    ['BLOCK_ACCEPTANCE', [plain('a', 'buy', 1, 1, { minAcceptance: 1.1 })]],
    ['BLOCK_ACCEPTANCE', [plain('a', 'buy', 1, 1, { minAcceptance: Number.NaN })]],
    ['BLOCK_DISAGREES', [plain('a', 'buy', 1, 1, { block: 'x' }), plain('b', 'buy', 1, 1, { block: 'x' })]],
    ['BLOCK_DISAGREES', [plain('a', 'buy', 1, 1, { block: 'b' }), plain('b', 'buy', 1, 1, { member: 'a' })].slice(0, 2).map((o, i) => ({ ...o, block: i === 0 ? 'b' : 'c' }))], // prettier-ignore
    ['BLOCK_LINK_UNKNOWN', [plain('a', 'buy', 1, 1, { linkedTo: 'z' })]],
    [
      'BLOCK_LINK_CYCLE',
      [plain('a', 'buy', 1, 1, { linkedTo: 'b' }), plain('b', 'buy', 1, 1, { linkedTo: 'a' })],
    ],
    [
      'BLOCK_INTERVALS',
      [plain('a', 'buy', 1, 1), plain('b', 'buy', 1, 1, { interval: interval(1, HOUR_MS) })],
    ],
    [
      'BLOCKS_TOO_MANY',
      Array.from({ length: 501 }, (_, i) => plain(`${i}`, 'buy', 1, 1, { minAcceptance: 1 })),
    ],
  ] as [string, BlockOrder[]][])('refuses with %s', (code, orders) => {
    expect(() => clear(orders)).toThrow(expect.objectContaining({ code }));
  });
});

/** Neighbouring sizes are far enough apart for a share of one to be a whole Wh, and a mean price a whole unit. */
const thousands = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min, max }).map((value) => 1_000 * value);

it('clears a child that is as much accepted as the parent it needs, by a share that is no short number', () => {
  const thirds = [
    plain('s', 'sell', 1_000, 0),
    plain('parent', 'buy', 2_000, 0, { minAcceptance: 0 }),
    plain('child', 'buy', 1_000, 1_000, { minAcceptance: 0, linkedTo: 'parent' }),
  ];
  const { certificate } = clear(thirds);
  expect(certificate.status).toBe('CLEARED');
  expect(fills(clear(thirds))).toEqual({ s: 1_000, parent: 667, child: 333 });
});

describe('clearBlocks on random books', () => {
  const amount = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantityWh: thousands(1, 20),
    pricePerMwh: thousands(-10, 60),
    at: fc.nat({ max: 1 }),
  });
  const blockAmount = fc.record({
    side: fc.constantFrom('buy' as const, 'sell' as const),
    quantitiesWh: fc.array(thousands(1, 20), { minLength: 1, maxLength: 2 }),
    pricePerMwh: thousands(-10, 60),
    minAcceptance: fc.constantFrom(0, 0.5, 1),
    linked: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
  });
  const books = fc
    .tuple(fc.array(amount, { maxLength: 8 }), fc.array(blockAmount, { maxLength: 4 }))
    .map(([plains, blocks]): BlockOrder[] => [
      ...plains.map(({ side, quantityWh, pricePerMwh, at }, i) =>
        plain(`o${i}`, side, quantityWh, pricePerMwh, { at }),
      ),
      ...blocks.flatMap(({ side, quantitiesWh, pricePerMwh, minAcceptance, linked }, i) =>
        block(`B${i}`, side, quantitiesWh, pricePerMwh, {
          minAcceptance,
          ...(linked !== undefined && linked < i ? { linkedTo: `B${linked}` } : {}),
        }),
      ),
    ]);

  it('balances every hour, keeps ratios, least acceptances and links, and nobody loses', () => {
    fc.assert(
      fc.property(books, (orders) => {
        const result = clear(orders);
        const filled = fills(result);
        const ratioOf = ratios(result);
        for (const t of [0, 1]) {
          const at = orders.filter((order) => order.interval.startMs === t * HOUR_MS);
          expect(at.reduce((sum, o) => sum + (o.side === 'buy' ? 1 : -1) * filled[o.id]!, 0)).toBe(0);
        }
        for (const o of orders) {
          expect(filled[o.id]).toBeGreaterThanOrEqual(0);
          expect(filled[o.id]).toBeLessThanOrEqual(o.quantityWh);
          if (o.block === undefined) continue;
          const ratio = ratioOf[o.block]!;
          expect(Math.abs(filled[o.id]! - ratio * o.quantityWh)).toBeLessThanOrEqual(1.5);
          expect(ratio === 0 || ratio >= o.minAcceptance!).toBe(true);
          expect(ratio).toBeLessThanOrEqual(o.linkedTo === undefined ? 1 : ratioOf[o.linkedTo]! + 1e-6);
        }
        const { individualRationality: margin, details, budgetResidualExact } = result.certificate;
        expect(Math.min(margin.buyPerMwh ?? 0, margin.sellPerMwh ?? 0)).toBeGreaterThanOrEqual(0);
        // Prices are rounded by half a unit at most, on the Wh of one family, and each of its orders by a Wh.
        expect(Number(details!['leastBlockSurplusExact'] ?? 0)).toBeGreaterThanOrEqual(-80_000 - 8 * 70_000);
        expect(budgetResidualExact).toBe(0n);
      }),
      { numRuns: 150 },
    );
  });

  it('does not depend on the order in which orders come', () => {
    fc.assert(
      fc.property(books, (orders) => {
        expect(clear(orders.toReversed())).toEqual(clear(orders));
      }),
      { numRuns: 40 },
    );
  });

  it('accepts what is worth most of all decisions on its blocks that some prices support', () => {
    const unlinked = books.map((orders) =>
      orders.filter((o) => o.interval.startMs === 0 && o.minAcceptance !== 0.5 && o.linkedTo === undefined),
    );
    fc.assert(
      fc.property(unlinked, (orders) => {
        const { certificate } = clear(orders);
        expect(certificate.welfareExact).toBe(bestSupportedWelfare(orders));
      }),
      { numRuns: 150 },
    );
  });
});

const sign = (o: BlockOrder) => (o.side === 'buy' ? 1 : -1);

/** Independent check for one hour and blocks accepted whole or not: every set of blocks, every price that is some limit. */
function bestSupportedWelfare(orders: readonly BlockOrder[]): bigint {
  const blocks = orders.filter((o) => o.minAcceptance === 1);
  const plains = orders.filter((o) => o.minAcceptance !== 1);
  const limits = [...new Set(orders.map((o) => o.pricePerMwh))];
  let best = 0n;
  for (let set = 0; set < 2 ** blocks.length; set++) {
    const accepted = blocks.filter((_, i) => (set >> i) & 1);
    const net = accepted.reduce((sum, o) => sum + sign(o) * o.quantityWh, 0);
    for (const price of limits) {
      if (accepted.some((o) => sign(o) * (o.pricePerMwh - price) < 0)) continue;
      const inside = plains.filter((o) => sign(o) * (o.pricePerMwh - price) > 0);
      const at = plains.filter((o) => o.pricePerMwh === price);
      const needed = -net - inside.reduce((sum, o) => sum + sign(o) * o.quantityWh, 0);
      const most = (side: string) => at.reduce((sum, o) => sum + (o.side === side ? o.quantityWh : 0), 0);
      if (needed > most('buy') || -needed > most('sell')) continue;
      const worth = [...accepted, ...inside].reduce((sum, o) => sum + exactAmount(sign(o) * o.quantityWh, o.pricePerMwh), 0n); // prettier-ignore
      const welfare = worth + exactAmount(needed, price);
      if (welfare > best) best = welfare;
    }
  }
  return best;
}
