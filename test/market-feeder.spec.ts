import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import {
  codeOf,
  DATE,
  DAY,
  MarketDay,
  meter,
  nodes,
  OPEN,
  order,
  type Page,
  TERMS,
  UNKNOWN,
  ZONE,
} from './harness/market-day.ts';
import type { GraphqlAnswer, Sender } from './harness/platform.ts';

/** Two streets behind one transformer; 10 kW fit through the line to the bakery's, which consumes 2 kW besides. */
const STREETS = {
  base: { kv: 0.4, mva: 0.1 },
  root: 'transformer',
  buses: [
    { id: 'transformer' },
    { id: 'school', vmin: 0.9, vmax: 1.1 },
    { id: 'bakery', p: 2, vmin: 0.9, vmax: 1.1 },
  ],
  lines: [
    { from: 'transformer', to: 'school', r: 0.01, x: 0.01 },
    { from: 'transformer', to: 'bakery', r: 0.01, x: 0.01, limit: 10 },
  ],
};

const ADD = `mutation ($input: AddFeederInput!) { addFeeder(input: $input) { id name busCount } }`;
const CONNECT = `mutation ($feederId: ID!, $connections: [FeederConnectionInput!]!) {
  connectParticipants(feederId: $feederId, connections: $connections) { id }
}`;
const PLACES = 'query ($id: ID!) { feederPlaces(feederId: $id) { edges { node { participantId bus } } } }';
const FEEDERS = '{ feeders { edges { node { id name busCount network } } } }';
const FEEDER = 'query ($id: ID!) { feeder(id: $id) { name } }';
const NETWORK = `query ($id: ID!) {
  marketClearings(sessionId: $id, first: 3) {
    edges { node {
      quantityWh certificate
      network { method withdrawnWh binding lowestVoltage highestVoltage prices { bus congestionPerMwh voltagePerMwh } }
    } }
  }
}`;
const CARRIAGES = `query ($id: ID!, $first: Int, $after: String) {
  tradeCarriages(sessionId: $id, first: $first, after: $after) {
    edges { node { startsAt side participantId orderId tradeId proposedWh admittedWh networkChargeMinor bus voltage limits } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Slot {
  readonly quantityWh: number;
  readonly certificate: { readonly status: string; readonly welfareExact: string | null };
  readonly network: {
    readonly method: string;
    readonly withdrawnWh: number;
    readonly binding: readonly string[];
    readonly lowestVoltage: number;
    readonly prices: readonly object[];
  } | null;
}

interface Carriage {
  readonly side: string;
  readonly orderId: string;
  readonly tradeId: string | null;
  readonly proposedWh: number;
  readonly admittedWh: number;
  readonly networkChargeMinor: number | null;
  readonly bus: string;
  readonly voltage: number;
  readonly limits: readonly string[];
}

describe('a market session that honours a feeder', () => {
  let market: MarketDay;
  let feederId: string;

  const add = (network: unknown, change: object = {}): Promise<GraphqlAnswer> =>
    market.platform.graphql(
      ADD,
      { input: { name: 'Streets', network, ...change } },
      market.platform.operatorKey,
    );
  const clearings = async (id: string): Promise<Slot[]> => {
    const answer = await market.platform.data<{ marketClearings: Page<Slot> }>(
      NETWORK,
      { id },
      market.firms.bystander.apiKey,
    );
    return nodes(answer.marketClearings);
  };
  const carriages = async (id: string, sender: Sender, page: object = {}): Promise<Page<Carriage>> =>
    (await market.platform.data<{ tradeCarriages: Page<Carriage> }>(CARRIAGES, { id, ...page }, sender))
      .tradeCarriages;

  beforeAll(async () => {
    market = await MarketDay.start();
    const { buyer, seller } = market.firms;
    const connections = [
      { participantId: buyer.participant.id, bus: 'bakery' },
      { participantId: seller.participant.id, bus: 'school' },
    ];
    const { addFeeder } = await market.platform.data<{ addFeeder: { id: string } }>(
      ADD,
      { input: { name: 'Streets', network: STREETS, connections } },
      market.platform.operatorKey,
    );
    feederId = addFeeder.id;
  }, 60_000);

  afterAll(() => market.stop());

  /** Hour 0 wants 12 kWh of the dearer and 3 kWh of the cheaper order through a line with 8 kW to spare; hour 1 wants 5 kWh. */
  async function congestedSession(): Promise<string> {
    const { buyer, seller } = market.firms;
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ feederId });
    await market.submit(id, buyer.participant, [
      order('dear', 0, 'buy', 6_000, 28_000),
      order('cheap', 0, 'buy', 6_000, 20_000),
      order('least', 0, 'buy', 3_000, 12_000),
      order('calm', 1, 'buy', 5_000, 20_000),
    ]);
    await market.submit(id, seller.participant, [
      order('s0', 0, 'sell', 15_000, 10_000),
      order('s1', 1, 'sell', 5_000, 10_000),
    ]);
    await market.close(id);
    await market.reached(id, 'CLEARED');
    return id;
  }

  it('withdraws what the line does not carry, the least valuable first, and says so to everybody', async () => {
    const id = await congestedSession();
    const [congested, calm, empty] = await clearings(id);
    // 8 kW less the line's own loss of some watts.
    expect(congested!.quantityWh).toBeGreaterThan(7_900);
    expect(congested!.quantityWh).toBeLessThan(8_000);
    expect(congested!.network).toMatchObject({
      method: 'optimal',
      withdrawnWh: 15_000 - congested!.quantityWh,
      binding: ['line transformer–bakery'],
    });
    expect(congested!.network!.lowestVoltage).toBeGreaterThan(0.9);
    expect(congested!.network!.lowestVoltage).toBeLessThan(1);
    // Two parties: what congestion costs would tell each the other's limit.
    expect(congested).toMatchObject({
      certificate: { status: 'CLEARED', welfareExact: null },
      network: { prices: [] },
    });
    expect(calm).toMatchObject({
      quantityWh: 5_000,
      network: { method: 'whole', withdrawnWh: 0, binding: [] },
    });
    expect(empty).toMatchObject({ quantityWh: 0, certificate: { status: 'NOT_CLEARED' } });
  });

  it('tells each party what became of its trades at its own bus, and nobody else', async () => {
    const id = await congestedSession();
    const { buyer, seller, bystander } = market.firms;
    const ofBuyer = await carriages(id, buyer.apiKey);
    const byOrder = new Map(nodes(ofBuyer).map((node) => [node.orderId, node]));
    expect(byOrder.get('dear')).toMatchObject({
      side: 'buy',
      proposedWh: 6_000,
      admittedWh: 6_000,
      bus: 'bakery',
    });
    expect(byOrder.get('cheap')!.admittedWh).toBeGreaterThan(1_900);
    expect(byOrder.get('cheap')!.limits).toEqual(['line transformer–bakery']);
    expect(byOrder.get('least')).toMatchObject({ tradeId: null, admittedWh: 0 });
    expect(byOrder.get('calm')).toMatchObject({ admittedWh: 5_000, limits: [] });
    // What congestion costs is what the other gains.
    expect(nodes(ofBuyer).map(({ networkChargeMinor }) => networkChargeMinor)).toEqual([
      null,
      null,
      null,
      null,
    ]);
    const ofSeller = nodes(await carriages(id, seller.apiKey));
    expect(new Set(ofSeller.map(({ bus, side }) => `${side} ${bus}`))).toEqual(new Set(['sell school']));
    expect(ofSeller[0]!.voltage).toBeGreaterThan(byOrder.get('dear')!.voltage);
    expect(nodes(await carriages(id, bystander.apiKey))).toEqual([]);
    const trades = await market.trades(id, buyer.apiKey);
    expect(trades.reduce((sum, { quantityWh }) => sum + quantityWh, 0)).toBe(
      nodes(ofBuyer).reduce((sum, { admittedWh }) => sum + admittedWh, 0),
    );
    const first = await carriages(id, buyer.apiKey, { first: 2 });
    const rest = await carriages(id, buyer.apiKey, { first: 100, after: first.pageInfo.endCursor });
    expect([...nodes(first), ...nodes(rest)]).toEqual(nodes(ofBuyer));
  });

  it('settles what is left, and shares its surplus to the unit', async () => {
    const id = await congestedSession();
    const { buyer, seller } = market.firms;
    const [{ quantityWh }] = (await clearings(id)) as [Slot];
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, quantityWh, 0), meter(1, 5_000, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, quantityWh), meter(1, 0, 5_000)]);
    const { savingsMinor, missingDeliveries } = await market.reached(id, 'SETTLED');
    expect(missingDeliveries).toBe(0);
    // Every kWh between members saves 30 − 8 ct.
    expect(savingsMinor).toBe(Math.round(((quantityWh + 5_000) * 22) / 1_000));
    expect((await market.ledger(market.platform.operatorKey)).verify).toMatchObject({ verified: true });
  });

  it('takes orders of participants at its buses only', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ feederId });
    const stranger = market.firms.bystander.participant;
    expect(codeOf(await market.submit(id, stranger, [order('o', 0, 'buy', 1, 1)]))).toBe(
      'PARTICIPANT_UNCONNECTED',
    );
    const own = await market.openSession();
    expect(codeOf(await market.submit(own, stranger, [order('o', 0, 'buy', 1, 1)]))).toBeUndefined();
  });

  it('shows a feeder to its organiser, and to a firm the bus of its own participant', async () => {
    const { buyer } = market.firms;
    const seen = async (sender: Sender) => {
      const { feeders } = await market.platform.data<{ feeders: Page<object> }>(FEEDERS, {}, sender);
      const { feederPlaces } = await market.platform.data<{ feederPlaces: Page<object> }>(
        PLACES,
        { id: feederId },
        sender,
      );
      return { feeders: nodes(feeders).length, places: nodes(feederPlaces) };
    };
    expect(await seen(market.platform.operatorKey)).toMatchObject({ places: [{}, {}] });
    expect(await seen(buyer.apiKey)).toEqual({
      feeders: 0,
      places: [{ participantId: buyer.participant.id, bus: 'bakery' }],
    });
    expect(await seen(market.firms.bystander.apiKey)).toEqual({ feeders: 0, places: [] });
    expect(codeOf(await market.platform.graphql(FEEDER, { id: feederId }, buyer.apiKey))).toBe(
      'FEEDER_UNKNOWN',
    );
  });

  it('moves nobody: a participant that is connected stays at its bus', async () => {
    const { buyer } = market.firms;
    const connect = (participantId: string, bus: string, sender: Sender = market.platform.operatorKey) =>
      market.platform.graphql(CONNECT, { feederId, connections: [{ participantId, bus }] }, sender);
    expect(codeOf(await connect(buyer.participant.id, 'bakery'))).toBeUndefined();
    expect(codeOf(await connect(buyer.participant.id, 'school'))).toBe('CONNECTION_CONFLICT');
    expect(codeOf(await connect(UNKNOWN, 'school'))).toBe('PARTICIPANT_UNKNOWN');
    expect(codeOf(await connect('nobody', 'school'))).toBe('PARTICIPANT_UNKNOWN');
    expect(codeOf(await connect(buyer.participant.id, 'harbour'))).toBe('NETWORK_BUS_UNKNOWN');
    expect(codeOf(await connect(buyer.participant.id, 'bakery', buyer.apiKey))).toBe('ROLE_MISSING');
  });

  it.each<[string, unknown, object?]>([
    ['FEEDER_OVERLOADED', { ...STREETS, buses: STREETS.buses.map((bus) => ({ ...bus, p: 11 })) }],
    [
      'NETWORK_MESHED',
      { ...STREETS, lines: [...STREETS.lines, { from: 'school', to: 'bakery', r: 1, x: 1 }] },
    ],
    ['NETWORK_DISCONNECTED', { ...STREETS, lines: STREETS.lines.slice(1) }],
    ['FEEDER_PERIODS', { ...STREETS, buses: STREETS.buses.map((bus) => ({ ...bus, p: [0, 1] })) }],
    ['NETWORK_JSON', { ...STREETS, colour: 'green' }],
    ['NETWORK_JSON', 'streets'],
    ['FEEDER_NAME', STREETS, { name: ' ' }],
    ['NETWORK_BUS_UNKNOWN', STREETS, { connections: [{ participantId: UNKNOWN, bus: 'harbour' }] }],
    ['PARTICIPANT_UNKNOWN', STREETS, { connections: [{ participantId: UNKNOWN, bus: 'school' }] }],
    ['CONNECTION_DUPLICATE', STREETS, { connections: [1, 2].map(() => ({ participantId: UNKNOWN, bus: 'school' })) }], // prettier-ignore
    ['FEEDER_TOO_LARGE', { ...STREETS, buses: Array.from({ length: 501 }, (_, i) => ({ id: i })) }],
  ])('stores no feeder with %s', async (code, network, change = {}) => {
    expect(codeOf(await add(network, change))).toBe(code);
    const { feeders } = await market.platform.data<{ feeders: Page<object> }>(
      FEEDERS,
      {},
      market.platform.operatorKey,
    );
    expect(nodes(feeders)).toHaveLength(1);
  });

  it('is opened on a feeder of its organiser only, for energy', async () => {
    const flexible = { product: 'flexibility', direction: 'up', feederId };
    const refused = { input: { zone: ZONE, deliveryDate: DATE, ...TERMS, ...flexible } };
    expect(codeOf(await market.platform.graphql(OPEN, refused, market.platform.operatorKey))).toBe(
      'SESSION_FEEDER',
    );
    const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, feederId: UNKNOWN };
    expect(codeOf(await market.platform.graphql(OPEN, { input }, market.platform.operatorKey))).toBe(
      'FEEDER_UNKNOWN',
    );
  });
});
