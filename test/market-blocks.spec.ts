import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  type Clearing,
  CLEARINGS,
  codeOf,
  DAY,
  type Draft,
  hour,
  MarketDay,
  meter,
  nodes,
  order,
  type Page,
} from './harness/market-day.ts';
import type { TestOrganisation } from './harness/platform.ts';

jest.setTimeout(30_000);

const ask = (id: string, n: number, terms: object): Draft => ({
  ...order(id, n, 'sell', 1_000, 10_000),
  ...terms,
});

describe('a session whose slots are cleared together', () => {
  let market: MarketDay;
  let buyer: TestOrganisation;
  let seller: TestOrganisation;

  beforeAll(async () => {
    market = await MarketDay.start();
    ({ buyer, seller } = market.firms);
  }, 60_000);
  afterAll(() => market.stop());

  const opened = async (mechanism = 'block-orders'): Promise<string> => {
    await market.setClock(DAY.startMs);
    return market.openSession({ mechanism });
  };
  const placed = async (id: string, by: TestOrganisation, drafts: readonly Draft[]) =>
    codeOf(await market.submit(id, by.participant, drafts));

  /** 1 000 Wh wanted at 20 000 in the first hour and at 5 000 in the second; asks of 10 000 in both. */
  async function cleared(terms: readonly [object, object]): Promise<string> {
    const id = await opened();
    const bids = [order('b0', 0, 'buy', 1_000, 20_000), order('b1', 1, 'buy', 1_000, 5_000)];
    expect(await placed(id, buyer, bids)).toBeUndefined();
    expect(await placed(id, seller, [ask('s0', 0, terms[0]), ask('s1', 1, terms[1])])).toBeUndefined();
    await market.close(id);
    await market.reached(id, 'CLEARED');
    return id;
  }
  const tradedHours = async (id: string) =>
    (await market.trades(id, seller.apiKey)).map(({ startsAt }) => Date.parse(startsAt));

  it('trades each hour for itself where nothing binds them', async () => {
    expect(await tradedHours(await cleared([{}, {}]))).toEqual([hour(0)]);
  });

  it('accepts a block for what all its hours are worth, at prices that pay it, and settles it', async () => {
    const id = await cleared([
      { block: 'shift', minAcceptance: 1 },
      { block: 'shift', minAcceptance: 1 },
    ]);
    expect(await tradedHours(id)).toEqual([hour(0), hour(1)]);
    const { marketClearings } = await market.platform.data<{ marketClearings: Page<Clearing> }>(
      CLEARINGS,
      { id, after: null },
      buyer.apiKey,
    );
    const [first, second] = nodes(marketClearings);
    expect([first!.quantityWh, second!.quantityWh]).toEqual([1_000, 1_000]);
    expect(second!.pricePerMwh!).toBeLessThanOrEqual(5_000);
    expect(first!.pricePerMwh! + second!.pricePerMwh!).toBeGreaterThanOrEqual(20_000);
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, 1_000, 0), meter(1, 1_000, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, 1_000), meter(1, 0, 1_000)]);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({ tradedWh: 2_000, missingDeliveries: 0 });
  });

  it('accepts a linked order no further than the one it needs', async () => {
    const id = await opened();
    expect(await placed(id, buyer, [order('b1', 1, 'buy', 1_000, 20_000)])).toBeUndefined();
    expect(await placed(id, seller, [ask('s0', 0, {}), ask('s1', 1, { linkedTo: 's0' })])).toBeUndefined();
    await market.close(id);
    await market.reached(id, 'SETTLED');
    expect(await tradedHours(id)).toEqual([]);
  });

  it.each([
    ['BLOCK_LINK_UNKNOWN', [ask('s', 0, { linkedTo: 'b1' })]],
    ['BLOCK_LINK_CYCLE', [ask('s', 0, { linkedTo: 't' }), ask('t', 1, { linkedTo: 's' })]],
    [
      'BLOCK_DISAGREES',
      [ask('s', 0, { block: 'x', minAcceptance: 1 }), ask('t', 1, { block: 'x', minAcceptance: 0.5 })],
    ],
    ['BLOCK_ACCEPTANCE', [ask('s', 0, { minAcceptance: 1.5 })]],
    ['ORDER_BLOCK', [ask('s', 0, { block: 'a block' })]],
    ['ORDERS_LIMIT', [0, 1, 2, 3, 4, 5].map((n) => ask(`s${n}`, n, { minAcceptance: 1 }))],
    ['ORDER_QUANTITY', [order('s', 1, 'sell', 100_000_001, 20_000)]],
    ['ORDER_PRICE', [order('s', 1, 'sell', 1_000, 60_001)]],
  ])('refuses %s before it could spoil the book', async (code, drafts) => {
    const id = await opened();
    expect(await placed(id, buyer, [order('b1', 1, 'buy', 1_000, 20_000)])).toBeUndefined();
    expect(await placed(id, seller, drafts)).toBe(code);
    await market.close(id);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({ tradeCount: 0 });
  });

  it('refuses the terms of blocks where the mechanism takes none, and names the one that does', async () => {
    const id = await opened('uniform-price');
    const { errors } = await market.submit(id, seller.participant, [ask('s', 0, { block: 'x' })]);
    expect(errors).toMatchObject([
      { extensions: { code: 'ORDER_BLOCK', data: { order: 's', mechanisms: ['block-orders'] } } },
    ]);
  });
});
