import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { isoInstant } from '#core';
import { type Client, createClient } from 'graphql-ws';
import { codeOf, DAY, hour, MarketDay, meter, order, type Trade, UNKNOWN } from './harness/market-day.ts';

/*
 * What members hear of a session: how far its clearing is, which trades they have found, and that it is over.
 */

const RUNS = `query ($id: ID!) {
  marketRuns(sessionId: $id) { attempt state slotsDone slotsTotal reason startedAt finishedAt }
}`;
const CANCEL = 'mutation ($id: ID!) { cancelMarketSession(id: $id) { state tradeCount } }';
const CLEAR = 'mutation ($id: ID!) { clearMarketSession(id: $id) { state } }';
const CHANGED = `subscription ($id: ID!, $after: String) {
  marketSessionChanged(sessionId: $id, after: $after) {
    cursor session { id state tradeCount organiserId } run { attempt state slotsDone slotsTotal reason }
  }
}`;
const FOUND = `subscription ($id: ID, $after: String) {
  marketTradesFound(sessionId: $id, after: $after) {
    cursor node { startsAt buyerOrganisationId sellerOrganisationId quantityWh buyPricePerMwh }
  }
}`;

interface Change {
  readonly cursor: string;
  readonly session: { readonly id: string; readonly state: string };
  readonly run: { readonly state: string; readonly slotsDone: number } | null;
}

interface Found {
  readonly cursor: string;
  readonly node: Trade;
}

describe('news of a session', () => {
  let market: MarketDay;
  const ends: (() => void | Promise<void>)[] = [];

  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);

  afterEach(async () => {
    for (const end of ends.splice(0)) await end();
  });

  afterAll(() => market.stop());

  const connect = (key: string): Client => {
    const client = createClient({
      url: `${market.platform.url.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${key}` },
      retryAttempts: 0,
    });
    ends.push(() => client.dispose());
    return client;
  };

  /** Asks for the next event. */
  function follow<Event>(query: string, variables: Record<string, unknown>, by: string | Client) {
    const client = typeof by === 'string' ? connect(by) : by;
    const events = client.iterate<Record<string, Event>>({ query, variables });
    return async (): Promise<Event> => {
      const { value } = await events.next();
      return Object.values((value as { data: Record<string, Event> }).data)[0]!;
    };
  }

  const runsOf = async (id: string, key: string): Promise<object[]> =>
    (await market.platform.data<{ marketRuns: object[] }>(RUNS, { id }, key)).marketRuns;

  it('tells every member of its states in their order, once, and after a break what has changed since', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const { bystander, buyer } = market.firms;
    const next = follow<Change>(CHANGED, { id }, bystander.apiKey);
    const open = await next();
    expect(open).toMatchObject({ session: { id, state: 'OPEN', tradeCount: null }, run: null });
    await market.close(id);
    const told = [open];
    while (told.at(-1)!.session.state !== 'SETTLED') told.push(await next());
    const inOrder = ['OPEN', 'CLOSED', 'CLEARED', 'SETTLED'];
    const states = told.map(({ session }) => inOrder.indexOf(session.state));
    expect(states).toEqual(states.toSorted((a, b) => a - b));
    expect(new Set(told.map(({ cursor }) => cursor)).size).toBe(told.length);
    const done = { attempt: 1, state: 'DONE', slotsDone: 23, slotsTotal: 23, reason: null };
    expect(told.at(-1)).toMatchObject({ session: { tradeCount: 0 }, run: done });

    const again = follow<Change>(CHANGED, { id, after: open.cursor }, buyer.apiKey);
    expect(await again()).toEqual(told.at(-1));
    const at = isoInstant(DAY.startMs);
    expect(await runsOf(id, buyer.apiKey)).toEqual([{ ...done, startedAt: at, finishedAt: at }]);
  });

  it('tells the parties of their trades, after a break from where they were, and nobody else', async () => {
    const { buyer, seller, bystander } = market.firms;
    const first = await market.tradedSession();
    const socket = connect(buyer.apiKey);
    const fromNowOn = follow<Found>(FOUND, {}, socket);
    const stranger = follow<Found>(FOUND, { after: startOfTime }, bystander.apiKey);
    // One socket begins its subscriptions one after the other: once the second has begun, so has the first.
    await follow<Change>(CHANGED, { id: first }, socket)();
    const second = await market.tradedSession();
    const resumed = follow<Found>(FOUND, { id: first, after: startOfTime }, buyer.apiKey);
    const [one, two] = [await resumed(), await resumed()];
    expect([one, two].map(({ node }) => node)).toMatchObject([
      { startsAt: isoInstant(hour(0)), buyerOrganisationId: buyer.organisationId, buyPricePerMwh: 10_200 },
      { startsAt: isoInstant(hour(1)), sellerOrganisationId: seller.organisationId, buyPricePerMwh: 27_800 },
    ]);
    const afterTwo = follow<Found>(FOUND, { after: two.cursor }, seller.apiKey);
    const ofSecond = follow<Found>(FOUND, { id: second, after: startOfTime }, buyer.apiKey);
    const three = await ofSecond();
    expect([await afterTwo(), await fromNowOn()].map(({ cursor: at }) => at)).toEqual([
      three.cursor,
      three.cursor,
    ]);

    // The bystander's first trade is the first it hears of.
    await market.setClock(DAY.startMs);
    const third = await market.openSession();
    await market.submit(third, bystander.participant, [order('b', 4, 'buy', 300, 20_000)]);
    await market.submit(third, seller.participant, [order('s', 4, 'sell', 300, 10_000)]);
    await market.close(third);
    expect((await stranger()).node).toMatchObject({ startsAt: isoInstant(hour(4)), quantityWh: 300 });
  });

  it('refuses to follow what is not there, and cursors of other lists', async () => {
    const id = await market.openSession();
    const key = market.firms.buyer.apiKey;
    const refusalOf = (query: string, variables: Record<string, unknown>): Promise<unknown> =>
      connect(key)
        .iterate({ query, variables })
        .next()
        .then(
          ({ value }) => value?.errors,
          (error: unknown) => error,
        );
    const codes = await Promise.all([
      refusalOf(CHANGED, { id: UNKNOWN }),
      refusalOf(CHANGED, { id, after: 'x' }),
      refusalOf(FOUND, { id: 'x' }),
      refusalOf(FOUND, { after: cursor('1', 'yesterday', UNKNOWN) }),
    ]);
    expect(codes).toMatchObject(
      ['SESSION_UNKNOWN', 'CURSOR_MALFORMED', 'SESSION_UNKNOWN', 'CURSOR_MALFORMED'].map((code) => [
        { extensions: { code } },
      ]),
    );
  });

  it('ends a session that its organiser cancels: no orders, no trades, no statements, no settlement', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const { buyer, seller, bystander } = market.firms;
    await market.submit(id, buyer.participant, [order('b', 0, 'buy', 1_000, 27_800)]);
    await market.submit(id, seller.participant, [order('s', 0, 'sell', 1_000, 10_200)]);
    expect(codeOf(await market.platform.graphql(CANCEL, { id }, buyer.apiKey))).toBe('ROLE_MISSING');
    const next = follow<Change>(CHANGED, { id }, bystander.apiKey);
    await next();
    const cancelled = { data: { cancelMarketSession: { state: 'CANCELLED', tradeCount: null } } };
    expect(await market.platform.graphql(CANCEL, { id }, market.platform.operatorKey)).toMatchObject(
      cancelled,
    );
    expect(await market.platform.graphql(CANCEL, { id }, market.platform.operatorKey)).toMatchObject(
      cancelled,
    );
    expect(await next()).toMatchObject({ session: { state: 'CANCELLED' }, run: null });

    expect(codeOf(await market.submit(id, buyer.participant, [order('x', 0, 'buy', 1, 1)]))).toBe(
      'GATE_CLOSED',
    );
    expect((await market.close(id)).data).toEqual({ closeMarketSession: { state: 'CANCELLED' } });
    expect(codeOf(await market.platform.graphql(CLEAR, { id }, market.platform.operatorKey))).toBe(
      'SESSION_NOT_CLOSED',
    );
    await market.setClock(DAY.endMs);
    expect(codeOf(await market.deliver(id, buyer.participant, [meter(0, 1, 0)]))).toBe('SESSION_NOT_CLEARED');
    expect(codeOf(await market.closeDelivery(id))).toBe('SESSION_NOT_CLEARED');
    expect(await market.trades(id, buyer.apiKey)).toEqual([]);
  });

  it('cannot be cancelled once its trades are known', async () => {
    const id = await market.tradedSession();
    const answer = await market.platform.graphql(CANCEL, { id }, market.platform.operatorKey);
    expect(answer.errors).toMatchObject([
      { extensions: { code: 'SESSION_ALREADY_CLEARED', kind: 'conflict' } },
    ]);
  });
});

const cursor = (...keys: string[]): string => Buffer.from(JSON.stringify(keys)).toString('base64url');
const startOfTime = cursor('0', '1970-01-01T00:00:00.000Z', UNKNOWN);
