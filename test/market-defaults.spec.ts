import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, interval, isoInstant, signJson } from '#core';
import { DEFAULTS_CONTEXT, defaultsStatement, placementHash } from '#market';
import { declaration, MarketDefaults } from './harness/market-defaults.ts';
import { codeOf, DAY, hour, MarketDay, meter, nodes, order, UNKNOWN } from './harness/market-day.ts';
import { MarketLots } from './harness/market-lots.ts';

jest.setTimeout(30_000);

describe('orders that a participant declared beforehand', () => {
  let market: MarketDay;
  let defaults: MarketDefaults;

  beforeAll(async () => {
    market = await MarketDay.start();
    defaults = new MarketDefaults(market);
  }, 60_000);

  afterAll(() => market.stop());

  /** The seller declares, is silent, and a session is opened in which the buyer bids. */
  async function silentSeller(name: string, change: object = {}): Promise<string> {
    const { buyer, seller } = market.firms;
    await market.setClock(DAY.startMs - HOUR_MS);
    expect(
      codeOf(await defaults.declare(seller.participant, declaration({ declaration: name }))),
    ).toBeUndefined();
    const id = await market.openSession(change);
    await market.submit(id, buyer.participant, [order('b0', 0, 'buy', 1_000, 27_800)]);
    return id;
  }

  const cleared = async (id: string): Promise<void> => {
    await market.setClock(DAY.startMs);
    await market.close(id);
    await defaults.cleared(id);
  };

  /** So that its day is free for the session of the next test. */
  const forgotten = async (name: string): Promise<void> => {
    await market.setClock(DAY.startMs - 2 * HOUR_MS);
    await defaults.revoke(market.firms.seller.participant, name);
  };

  it('trade for it when it is silent, are its alone to see, and are settled by what it states later', async () => {
    const { buyer, seller, bystander } = market.firms;
    const id = await silentSeller('silent');
    const standing = { state: 'STANDING', hash: null, orders: [{ id: 'default:0', startsAt: isoInstant(hour(0)), quantityWh: 1_500, tradedWh: null }] }; // prettier-ignore
    expect(await defaults.of(id, seller.apiKey)).toMatchObject([standing]);
    await cleared(id);
    expect(await defaults.trades(id, buyer.apiKey)).toEqual([
      { quantityWh: 1_000, boughtByDefault: false, soldByDefault: null },
    ]);
    expect(await defaults.trades(id, seller.apiKey)).toEqual([
      { quantityWh: 1_000, boughtByDefault: null, soldByDefault: true },
    ]);
    const [own] = await defaults.of(id, seller.apiKey);
    expect(own).toMatchObject({ state: 'PLACED', declarationId: 'silent', orders: [{ tradedWh: 1_000 }] });
    for (const other of [buyer, bystander]) expect(await defaults.of(id, other.apiKey)).toEqual([]);

    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, 1_000, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, 1_200)]);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({ tradeCount: 1, missingDeliveries: 0 });
    expect(await market.settlements(id, seller.apiKey)).toMatchObject([
      { participantId: seller.participant.id, soldWh: 1_000, excessWh: 200 },
    ]);

    // Whoever has the declaration computes what the ledger certifies to the seller, and to nobody else.
    const said = declaration({ declaration: 'silent' });
    const signature = await signJson(seller.participant.signingKey.privateKey, DEFAULTS_CONTEXT, defaultsStatement({ ...said, participant: seller.participant.id })); // prettier-ignore
    const [line] = said.orders;
    const { from: _from, until: _until, ...terms } = line!;
    const placed = { order: 'default:0', interval: interval(hour(0), hour(1)), ...terms };
    const of = { session: id, participant: seller.participant.id, declaration: 'silent', signature };
    expect(own!.hash).toBe(await placementHash({ ...of, orders: [placed] }));
    const certified = async (sender: string) =>
      nodes((await market.ledger(sender)).entries).filter(
        (entry) => entry.type === 'market.default-orders' && entry.reference.startsWith(id),
      );
    expect(await certified(seller.apiKey)).toHaveLength(1);
    expect(await certified(buyer.apiKey)).toEqual([]);
    expect((await market.ledger(seller.apiKey)).verify.verified).toBe(true);
    await forgotten('silent');
  });

  it('are replaced by any order that comes before the gate', async () => {
    const { seller } = market.firms;
    const other = await market.platform.createOrganisation('Mill');
    await market.setClock(DAY.startMs - HOUR_MS);
    await defaults.declare(other.participant, declaration());
    const id = await market.openSession();
    await market.submit(id, other.participant, [order('s3', 3, 'sell', 500, 10_000)]);
    expect(await defaults.of(id, other.apiKey)).toMatchObject([{ state: 'REPLACED' }]);
    expect(await defaults.of(id, seller.apiKey)).toEqual([]);
    await cleared(id);
    expect(await defaults.of(id, other.apiKey)).toEqual([]);
  });

  it('stand once a day: in the first session that closes, not in the next', async () => {
    const farm = await market.platform.createOrganisation('Farm');
    await market.setClock(DAY.startMs - HOUR_MS);
    const [line] = declaration().orders;
    await defaults.declare(farm.participant, declaration({ orders: [{ ...line!, until: '06:00' }] }));
    const [first, second] = [await market.openSession(), await market.openSession()];
    await cleared(first);
    expect(await defaults.of(second, farm.apiKey)).toMatchObject([{ state: 'REPLACED' }]);
    await cleared(second);
    expect(await defaults.of(first, farm.apiKey)).toMatchObject([{ state: 'PLACED' }]);
    expect(await defaults.of(second, farm.apiKey)).toEqual([]);
  });

  it('do not stand where they are withdrawn from the session or revoked before its gate', async () => {
    const dairy = await market.platform.createOrganisation('Dairy');
    await market.setClock(DAY.startMs - HOUR_MS);
    await defaults.declare(dairy.participant, declaration());
    const id = await market.openSession({ gateClosesAt: isoInstant(DAY.startMs) });
    const answer = await defaults.withdraw(dairy.participant, id);
    expect(answer.data).toEqual({ withdrawDefaultOrders: [{ state: 'WITHDRAWN' }] });
    expect((await defaults.withdraw(dairy.participant, id)).data).toEqual(answer.data);
    await market.setClock(DAY.startMs);
    expect(codeOf(await defaults.withdraw(market.firms.seller.participant, id))).toBe('GATE_CLOSED');
    await cleared(id);
    expect(await defaults.of(id, dairy.apiKey)).toEqual([]);

    await market.setClock(DAY.startMs - HOUR_MS);
    const next = await market.openSession();
    expect(await defaults.of(next, dairy.apiKey)).toMatchObject([{ state: 'STANDING' }]);
    const revoked = await defaults.revoke(dairy.participant, 'spring');
    expect(revoked.data).toMatchObject({
      revokeDefaultOrders: { revokedAt: isoInstant(DAY.startMs - HOUR_MS) },
    });
    await cleared(next);
    expect(await defaults.of(next, dairy.apiKey)).toEqual([]);
  });

  it('are refused as orders are, whole, and their owner is told by which code', async () => {
    const mill = await market.platform.createOrganisation('Second mill');
    await market.setClock(DAY.startMs - HOUR_MS);
    await defaults.declare(mill.participant, declaration());
    const id = await market.openSession({ mechanism: 'mcafee', unitWh: 1_000 });
    await cleared(id);
    expect(await defaults.of(id, mill.apiKey)).toMatchObject([
      { state: 'REFUSED', reason: 'UNIT_ORDERS_REQUIRED', hash: null, orders: [] },
    ]);
  });

  it('stand in a market of lots for who committed to none, and forfeit nothing', async () => {
    const { buyer } = market.firms;
    const smith = await market.platform.createOrganisation('Smith');
    await market.setClock(DAY.startMs - HOUR_MS);
    await defaults.declare(smith.participant, declaration());
    const id = await market.openSession({ mechanism: 'muda-lottery' });
    const lots = new MarketLots(market, id);
    const nonce = 'ab'.repeat(32);
    await lots.commit(buyer.participant, nonce);
    await lots.openBids();
    await market.submit(id, buyer.participant, [order('b0', 0, 'buy', 1_000, 27_800)]);
    await market.setClock(DAY.startMs);
    await market.close(id);
    await lots.reveal(buyer.participant, nonce);
    await defaults.cleared(id);
    expect(await defaults.of(id, smith.apiKey)).toMatchObject([{ state: 'PLACED' }]);
    const { marketClearings } = await market.platform.data<{
      marketClearings: { edges: { node: { certificate: { details?: { forfeited?: object } } } }[] };
    }>(
      'query ($id: ID!) { marketClearings(sessionId: $id, first: 1) { edges { node { certificate } } } }',
      { id },
      smith.apiKey,
    );
    expect(marketClearings.edges[0]!.node.certificate.details?.forfeited).toEqual({
      orders: 0,
      participants: 0,
    });
  });

  it('are placed once however often the gate closes', async () => {
    const { apiKey, participant } = await market.platform.createOrganisation('Press');
    await market.setClock(DAY.startMs - HOUR_MS);
    await defaults.declare(participant, declaration());
    const id = await market.openSession({ gateClosesAt: isoInstant(DAY.startMs) });
    await market.setClock(DAY.startMs);
    await Promise.all([1, 2, 3, 4].map(() => market.close(id)));
    await defaults.cleared(id);
    expect(await defaults.of(id, apiKey)).toMatchObject([{ state: 'PLACED', orders: [{ id: 'default:0' }] }]);
    const booked = nodes((await market.ledger(apiKey)).entries);
    expect(booked.filter(({ reference }) => reference.startsWith(id))).toHaveLength(1);
  });

  it('are taken from their participant’s own hand alone, once, and within limits', async () => {
    const { buyer, seller, bystander } = market.firms;
    const said = declaration({ declaration: 'mine' });
    const declare = async (...of: Parameters<MarketDefaults['declare']>) =>
      codeOf(await defaults.declare(...of));
    expect(await declare(bystander.participant, said, { signer: seller.participant })).toBe(
      'SIGNATURE_INVALID',
    );
    const dearer = { ...said, orders: [{ ...said.orders[0]!, pricePerMwh: 1 }] };
    expect(await declare(bystander.participant, said, { signed: dearer })).toBe('SIGNATURE_INVALID');
    const taken = await defaults.declare(bystander.participant, said);
    expect(await defaults.declare(bystander.participant, said)).toEqual(taken);
    expect(await declare(bystander.participant, dearer)).toBe('DEFAULTS_CONFLICT');
    expect(codeOf(await defaults.revoke(bystander.participant, 'mine', buyer.participant))).toBe(
      'SIGNATURE_INVALID',
    );
    expect(codeOf(await defaults.revoke(buyer.participant, 'mine'))).toBe('DEFAULTS_UNKNOWN');
    expect(codeOf(await defaults.withdraw(bystander.participant, UNKNOWN))).toBe('SESSION_UNKNOWN');
    const refusals: [string, object][] = [
      ['DEFAULTS_LINES', { orders: [] }],
      ['DEFAULTS_PRODUCT', { product: 'flexibility' }],
      ['SESSION_RESOLUTION', { resolutionMinutes: 45 }],
      ['SESSION_CURRENCY', { currency: 'euro' }],
      ['ZONE_UNKNOWN', { zone: 'Atlantis' }],
      ['ORDER_QUANTITY', { orders: [{ ...said.orders[0]!, quantityWh: 0 }] }],
      ['ORDER_PRICE', { orders: [{ ...said.orders[0]!, pricePerMwh: 10_000_001 }] }],
    ];
    for (const [code, change] of refusals) {
      expect([code, await declare(bystander.participant, { ...said, declaration: 'other', ...change })]).toEqual([code, code]); // prettier-ignore
    }
    for (let n = 1; n < 20; n += 1) {
      expect(await declare(bystander.participant, { ...said, declaration: `more${n}` })).toBeUndefined();
    }
    expect(await declare(bystander.participant, { ...said, declaration: 'one-more' })).toBe('DEFAULTS_LIMIT');

    const list = async (sender: string, first: number, after: string | null = null) => {
      const { defaultDeclarations } = await market.platform.data<{
        defaultDeclarations: {
          edges: { node: { declarationId: string } }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      }>(
        `query ($first: Int!, $after: String) { defaultDeclarations(first: $first, after: $after) {
          edges { node { declarationId } } pageInfo { hasNextPage endCursor } } }`,
        { first, after },
        sender,
      );
      return defaultDeclarations;
    };
    const head = await list(bystander.apiKey, 15);
    const rest = await list(bystander.apiKey, 15, head.pageInfo.endCursor);
    const names = [...head.edges, ...rest.edges].map(({ node }) => node.declarationId);
    expect(new Set(names).size).toBe(20);
    expect(rest.pageInfo.hasNextPage).toBe(false);
    expect((await list(buyer.apiKey, 10)).edges).toEqual([]);
  });
});
