import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isoInstant } from '#core';
import {
  codeOf,
  DATE,
  DAY,
  type Draft,
  hour,
  MarketDay,
  meter,
  nodes,
  OPEN,
  order,
  type Page,
  TERMS,
  ZONE,
} from './harness/market-day.ts';
import type { TestOrganisation } from './harness/platform.ts';

jest.setTimeout(30_000);

const SHARES = `query ($id: ID!) { sessionShares(sessionId: $id, method: SHAPLEY) { surplusMinor } }`;
const ACCOUNTS = `query ($id: ID!) { carbonAccounts(sessionId: $id) { edges { node { boughtWh } } } }`;
const UP = { product: 'flexibility', direction: 'up' };

const askOf = (name: string, baselineWh: number): Draft => ({
  ...order(name, 0, 'sell', 1, 1),
  baselineWh,
});

describe('a market of what is kept ready', () => {
  let market: MarketDay;
  let grid: TestOrganisation;
  let battery: TestOrganisation;

  beforeAll(async () => {
    market = await MarketDay.start();
    ({ buyer: grid, seller: battery } = market.firms);
  }, 60_000);
  afterAll(() => market.stop());

  const opened = async (terms: object): Promise<string> => {
    await market.setClock(DAY.startMs);
    return market.openSession(terms);
  };
  /** Two hours in which the battery sells 2 000 Wh at 12 000. */
  async function cleared(terms: object, said: object = {}): Promise<string> {
    const id = await opened(terms);
    const asks = [0, 1].map((n): Draft => ({ ...order(`s${n}`, n, 'sell', 2_000, 12_000), ...said }));
    const bids = [0, 1].map((n) => order(`b${n}`, n, 'buy', 2_000, 12_000));
    expect(codeOf(await market.submit(id, battery.participant, asks))).toBeUndefined();
    expect(codeOf(await market.submit(id, grid.participant, bids))).toBeUndefined();
    await market.close(id);
    await market.reached(id, 'CLEARED');
    return id;
  }

  it.each(['storageCapacity', 'reserve'])(
    'settles %s on what its seller signs it kept ready',
    async (product) => {
      const id = await cleared({ product });
      await market.setClock(DAY.endMs);
      const first = [{ startMs: hour(0), availableWh: 3_000 }];
      expect((await market.keep(id, battery.participant, first)).data).toEqual({
        submitAvailabilityStatements: { accepted: 1, unchanged: 0 },
      });
      await market.keep(id, battery.participant, [...first, { startMs: hour(1), availableWh: 1_500 }]);
      // Only the seller has something to state.
      expect(await market.reached(id, 'SETTLED')).toMatchObject({
        product,
        missingDeliveries: 0,
        marketMinor: 0,
        savingsMinor: 105,
      });
      // 4 kWh at 12 ct, 0.5 kWh short at 30 ct.
      expect(await market.settlements(id, battery.apiKey)).toMatchObject([
        {
          soldWh: 4_000,
          shortfallWh: 500,
          excessWh: 0,
          localMinor: 48,
          deviationMinor: -15,
          missingHours: [],
        },
      ]);
      expect(await market.settlements(id, grid.apiKey)).toMatchObject([
        { boughtWh: 4_000, localMinor: -48, deviationMinor: 0, savingsMinor: 72 },
      ]);
      expect((await market.ledger(grid.apiKey)).verify.verified).toBe(true);
      expect(codeOf(await market.keep(id, battery.participant, first))).toBeUndefined();
      const changed = [{ startMs: hour(0), availableWh: 2_999 }];
      expect(codeOf(await market.keep(id, battery.participant, changed))).toBe('AVAILABILITY_CONFLICT');
    },
  );

  it('settles flexibility on the meter against the baseline signed with the order', async () => {
    const id = await cleared(UP, { baselineWh: 5_000 });
    await market.setClock(DAY.endMs);
    await market.deliver(id, battery.participant, [meter(0, 2_000, 0), meter(1, 4_200, 0)]);
    await market.reached(id, 'SETTLED');
    // 3 000 of 2 000 Wh less in the first hour, 800 in the second.
    expect(await market.settlements(id, battery.apiKey)).toMatchObject([
      { soldWh: 4_000, shortfallWh: 1_200, localMinor: 48, deviationMinor: -36 },
    ]);
  });

  it('takes what nobody stated as not kept ready once delivery is closed', async () => {
    const id = await cleared({ product: 'reserve' });
    await market.setClock(DAY.endMs);
    await market.keep(id, battery.participant, [{ startMs: hour(0), availableWh: 2_000 }]);
    await market.closeDelivery(id);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({ missingDeliveries: 1 });
    expect(await market.settlements(id, battery.apiKey)).toMatchObject([
      { shortfallWh: 2_000, deviationMinor: -60, missingHours: [isoInstant(hour(1))] },
    ]);
  });

  it('is no energy: nothing of it is attributed, and no game shares its surplus', async () => {
    const id = await cleared({ product: 'reserve' });
    await market.setClock(DAY.endMs);
    await market.keep(id, battery.participant, [0, 1].map((n) => ({ startMs: hour(n), availableWh: 2_000 }))); // prettier-ignore
    await market.reached(id, 'SETTLED');
    const asked = async (): Promise<string | undefined> => {
      const code = codeOf(await market.platform.graphql(SHARES, { id }, market.platform.operatorKey));
      return code === 'SHARES_PRODUCT' ? code : asked();
    };
    expect(await asked()).toBe('SHARES_PRODUCT');
    const { carbonAccounts } = await market.platform.data<{ carbonAccounts: Page<object> }>(
      ACCOUNTS,
      { id },
      grid.apiKey,
    );
    expect(nodes(carbonAccounts)).toEqual([]);
  });

  it('takes only the statements that settle its product, of who sold, after the hour', async () => {
    const reserve = await cleared({ product: 'reserve' });
    const flexible = await cleared(UP, { baselineWh: 0 });
    const kept = [{ startMs: hour(0), availableWh: 1 }];
    expect(codeOf(await market.keep(reserve, battery.participant, kept))).toBe('DELIVERY_TOO_EARLY');
    await market.setClock(DAY.endMs);
    expect(codeOf(await market.deliver(reserve, battery.participant, [meter(0, 1, 0)]))).toBe(
      'STATEMENT_PRODUCT',
    );
    expect(codeOf(await market.keep(flexible, battery.participant, kept))).toBe('STATEMENT_PRODUCT');
    expect(codeOf(await market.keep(reserve, grid.participant, kept))).toBe('DELIVERY_NOT_TRADED');
    expect(codeOf(await market.deliver(flexible, grid.participant, [meter(0, 1, 0)]))).toBe(
      'DELIVERY_NOT_TRADED',
    );
    expect(codeOf(await market.keep(reserve, battery.participant, kept, grid.participant))).toBe(
      'SIGNATURE_INVALID',
    );
    const negative = [{ startMs: hour(0), availableWh: -1 }];
    expect(codeOf(await market.keep(reserve, battery.participant, negative))).toBe('AVAILABILITY_ENERGY');
    const untraded = [{ startMs: hour(5), availableWh: 1 }];
    expect(codeOf(await market.keep(reserve, battery.participant, untraded))).toBe('DELIVERY_NOT_TRADED');
  });

  it.each([
    ['ORDER_BASELINE', UP, {}],
    ['ORDER_BASELINE', UP, { baselineWh: 10_000_000_001 }],
    ['ORDER_BASELINE', { product: 'reserve' }, { baselineWh: 1 }],
    ['ORDER_BASELINE', {}, { baselineWh: 1 }],
    ['ORDER_ABOVE_SHORTFALL', { product: 'reserve' }, { pricePerMwh: 30_001 }],
  ])('refuses %s in a session of %j', async (code, terms, said) => {
    const id = await opened(terms);
    const draft = { ...order('s', 0, 'sell', 1, 1), ...said };
    expect(codeOf(await market.submit(id, battery.participant, [draft]))).toBe(code);
  });

  it('refuses a second baseline of a slot', async () => {
    const id = await opened(UP);
    expect(codeOf(await market.submit(id, battery.participant, [askOf('a', 7)]))).toBeUndefined();
    expect(codeOf(await market.submit(id, battery.participant, [askOf('b', 8)]))).toBe('ORDER_BASELINE');
    expect(codeOf(await market.submit(id, battery.participant, [askOf('a', 8)]))).toBe('ORDER_CONFLICT');
  });

  it.each([{ product: 'flexibility' }, { product: 'reserve', direction: 'up' }, { direction: 'down' }])(
    'opens no session of %j',
    async (terms) => {
      const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, ...terms };
      const answer = await market.platform.graphql(OPEN, { input }, market.platform.operatorKey);
      expect(codeOf(answer)).toBe('SESSION_DIRECTION');
    },
  );
});
