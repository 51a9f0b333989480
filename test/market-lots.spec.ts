import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval, isoInstant } from '#core';
import { commitmentsHash, lotCommitment, lotSeed, MARKET_LOT, mechanismNamed, type Order } from '#market';
import {
  CLEARINGS,
  codeOf,
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
  DATE,
  ZONE,
} from './harness/market-day.ts';
import { MarketLots } from './harness/market-lots.ts';
import type { TestOrganisation } from './harness/platform.ts';

const MINUTE_MS = 60_000;
const nonceOf = (n: number): string => n.toString(16).padStart(2, '0').repeat(32);

interface LotClearing {
  readonly startsAt: string;
  readonly quantityWh: number;
  readonly pricePerMwh: number | null;
  readonly certificate: {
    readonly reason: string | null;
    readonly options: { readonly seed?: string };
    readonly budgetResidualExact: string | null;
    readonly withheld?: string;
    readonly details?: {
      readonly forfeited?: { readonly orders: number; readonly participants: number };
      readonly deficitExact?: string;
    };
  };
}

/** Buyers and sellers in every hour from the second on, so that lots of many hours are drawn. */
const HOURS = Array.from({ length: 22 }, (_, n) => n + 1);
const draftsOf = (firm: number): Draft[] =>
  HOURS.map((n) =>
    firm % 2 === 0
      ? order(`o${n}`, n, 'buy', 1_000 + 10 * firm, 20_000 + 500 * firm)
      : order(`o${n}`, n, 'sell', 900 + 20 * firm, 12_000 + 700 * firm),
  );

describe('a market that draws lots', () => {
  let market: MarketDay;
  let firms: TestOrganisation[];

  beforeAll(async () => {
    market = await MarketDay.start();
    const { buyer, seller, bystander } = market.firms;
    firms = [buyer, seller, bystander];
    for (const name of ['Mill', 'Farm', 'Dairy']) firms.push(await market.platform.createOrganisation(name));
  }, 60_000);

  afterAll(() => market.stop());

  async function clearingsOf(id: string): Promise<LotClearing[]> {
    const first = await page(id, null);
    const second = await page(id, first.pageInfo.endCursor);
    return [...nodes(first), ...nodes(second)];
  }

  const page = async (id: string, after: string | null): Promise<Page<LotClearing>> => {
    const answer = await market.platform.data<{ marketClearings: Page<LotClearing> }>(CLEARINGS, { id, after }, firms[2]!.apiKey); // prettier-ignore
    return answer.marketClearings;
  };

  const bookAt = (n: number, of: readonly number[]): Order[] =>
    of.map((firm): Order => {
      const { id, startMs, ...draft } = draftsOf(firm).find(({ startMs: at }) => at === hour(n))!;
      const member = firms[firm]!.participant.id;
      return { ...draft, id: `${member}/${id}`, member, interval: interval(startMs, startMs + HOUR_MS) };
    });

  /** Commitments, orders and a closed gate, of the firms that are named. */
  async function closedSession(mechanism: string, of: readonly number[]): Promise<[string, MarketLots]> {
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ mechanism });
    const lots = new MarketLots(market, id);
    for (const firm of of)
      expect((await lots.commit(firms[firm]!.participant, nonceOf(firm))).errors).toBeUndefined();
    await lots.openBids();
    for (const firm of of)
      expect((await market.submit(id, firms[firm]!.participant, draftsOf(firm))).errors).toBeUndefined();
    await market.close(id);
    return [id, lots];
  }

  it('takes commitments, then orders, then nonces, and draws lots that anybody draws again', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ mechanism: 'muda-lottery' });
    const lots = new MarketLots(market, id);
    const [buyer, seller, bystander] = firms as [TestOrganisation, TestOrganisation, TestOrganisation];
    const early = await market.submit(id, buyer.participant, draftsOf(0));
    expect(codeOf(early)).toBe('BIDS_NOT_OPEN');
    for (const firm of [0, 1, 3, 4, 5]) await lots.commit(firms[firm]!.participant, nonceOf(firm));
    expect(await lots.seenBy(buyer.apiKey)).toMatchObject({
      marketNonce: null,
      committed: 5,
      revealed: 0,
      commitmentsHash: null,
      lots: { edges: [{ node: { participantId: buyer.participant.id, nonce: null } }] },
    });
    expect((await lots.openBids()).data).toEqual({ openBids: { phase: 'BID' } });
    const { commitmentsHash: kept, marketCommitment } = (await lots.seenBy(buyer.apiKey))!;
    expect(codeOf(await market.submit(id, bystander.participant, draftsOf(2)))).toBe('LOT_NOT_COMMITTED');
    for (const firm of [0, 1, 3, 4, 5]) await market.submit(id, firms[firm]!.participant, draftsOf(firm));
    await market.close(id);
    expect(await lots.phase()).toEqual({ state: 'CLOSED', phase: 'REVEAL' });

    for (const firm of [0, 1, 3, 4]) await lots.reveal(firms[firm]!.participant, nonceOf(firm));
    expect(await lots.seenBy(seller.apiKey)).toMatchObject({
      revealed: 4,
      marketNonce: null,
      revealUntil: isoInstant(DAY.startMs + 15 * MINUTE_MS),
      lots: { edges: [{ node: { participantId: seller.participant.id, nonce: nonceOf(1) } }] },
    });
    await market.setClock(DAY.startMs + 15 * MINUTE_MS);
    expect(codeOf(await lots.reveal(firms[5]!.participant, nonceOf(5)))).toBe('REVEAL_CLOSED');
    await market.close(id);
    await market.reached(id, 'CLEARED');

    const { lots: all, marketNonce } = (await lots.seenBy(bystander.apiKey))!;
    const shown = nodes(all).map(({ participantId, ...lot }) => ({ participant: participantId, ...lot }));
    expect(commitmentsHash(id, shown)).toBe(kept);
    const own = { participant: MARKET_LOT, nonce: marketNonce! };
    expect(lotCommitment(id, own)).toBe(marketCommitment);
    const reveals = [own, ...shown.flatMap(({ participant, nonce }) => (nonce === null ? [] : [{ participant, nonce }]))]; // prettier-ignore
    expect(reveals.length).toBe(5);
    const clearings = await clearingsOf(id);
    for (const n of HOURS) {
      const slot = interval(hour(n), hour(n + 1));
      const seed = lotSeed(id, slot, reveals);
      const { certificate } = mechanismNamed('muda-lottery').clear(bookAt(n, [0, 1, 3, 4]), { seed });
      expect(clearings[n]).toMatchObject({
        startsAt: isoInstant(hour(n)),
        quantityWh: certificate.quantityWh,
        certificate: { options: { seed }, details: { forfeited: { orders: 1, participants: 1 } } },
      });
    }
    expect(await market.trades(id, firms[5]!.apiKey)).toEqual([]);
  });

  it('clears as soon as all nonces are in', async () => {
    const [id, lots] = await closedSession('muda-lottery', [0, 1]);
    await lots.reveal(firms[0]!.participant, nonceOf(0));
    expect((await lots.phase()).state).toBe('CLOSED');
    expect((await lots.reveal(firms[1]!.participant, nonceOf(1))).data).toEqual({
      revealLot: { participantId: firms[1]!.participant.id, nonce: nonceOf(1) },
    });
    // Two members have no half to price them: nothing is traded, and nothing waits to be settled.
    await market.reached(id, 'SETTLED');
    expect((await lots.reveal(firms[1]!.participant, nonceOf(1))).errors).toBeUndefined();
    expect(codeOf(await lots.reveal(firms[1]!.participant, nonceOf(2)))).toBe('REVEAL_CLOSED');
  });

  it('charges what members owe beside trades, shows it to them only, and books it to the unit', async () => {
    const all = [0, 1, 2, 3, 4, 5];
    const [id, lots] = await closedSession('muda-vickrey', all);
    for (const firm of all) await lots.reveal(firms[firm]!.participant, nonceOf(firm));
    await market.reached(id, 'CLEARED');
    await market.setClock(DAY.endMs);
    for (const firm of all) {
      const hours = new Set((await market.trades(id, firms[firm]!.apiKey)).map(({ startsAt }) => startsAt));
      const meters = HOURS.filter((n) => hours.has(isoInstant(hour(n)))).map((n) => meter(n, 0, 0));
      if (meters.length > 0) await market.deliver(id, firms[firm]!.participant, meters);
    }
    const { marketMinor } = await market.reached(id, 'SETTLED');
    let charged = 0;
    // Of few parties it is not told either what they owe together.
    for (const { certificate } of await clearingsOf(id))
      expect(certificate.budgetResidualExact === null).toBe(certificate.withheld === 'FEW_PARTIES');
    for (const { apiKey, participant } of firms) {
      const charges = await market.charges(id, apiKey);
      expect(charges.every(({ participantId }) => participantId === participant.id)).toBe(true);
      const owed = charges.reduce((sum, { amountExact }) => sum + BigInt(amountExact), 0n);
      const [settlement] = await market.settlements(id, apiKey);
      expect(Math.abs(Number(owed) / 1e6 + (settlement?.chargeMinor ?? 0))).toBeLessThan(1);
      charged -= settlement?.chargeMinor ?? 0;
    }
    // Trades of this mechanism balance: what the market keeps is its charges.
    expect(marketMinor).toBe(charged);
    expect(charged).toBeGreaterThan(0);
    const entries = nodes((await market.ledger(market.platform.operatorKey)).entries);
    expect(entries.filter(({ reference }) => reference === `${id}/market`)).toMatchObject([
      {
        type: 'market.surplus',
        postings: [
          { account: 'market:surplus', amountMinor: charged },
          { account: 'market:clearing', amountMinor: -charged },
        ],
      },
    ]);
  });

  it('has the organiser pay a deficit within its cap, and clears no slot that asks for more', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ mechanism: 'vcg', deficitCapMinor: 15_000 });
    const { buyer, seller } = market.firms;
    // 1 MWh: the buyer pays the ask, the seller receives the bid: 15 000 ct short, then 15 001.
    const bids = [order('b0', 0, 'buy', 1_000_000, 25_000), order('b1', 1, 'buy', 1_000_000, 25_001)];
    const asks = [order('s0', 0, 'sell', 1_000_000, 10_000), order('s1', 1, 'sell', 1_000_000, 10_000)];
    await market.submit(id, buyer.participant, bids);
    await market.submit(id, seller.participant, asks);
    await market.close(id);
    await market.reached(id, 'CLEARED');
    const [within, above] = await clearingsOf(id);
    expect(within).toMatchObject({ quantityWh: 1_000_000, certificate: { reason: null } });
    expect(above).toMatchObject({
      quantityWh: 0,
      certificate: { reason: 'DEFICIT_ABOVE_CAP' },
    });
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, 1_000_000, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, 1_000_000)]);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({ marketMinor: -15_000 });
    const entries = nodes((await market.ledger(market.platform.operatorKey)).entries);
    const organiser = entries.find(({ reference }) => reference === `${id}/market`)!;
    expect(organiser).toMatchObject({ type: 'market.deficit', postings: [{ account: 'market:clearing', amountMinor: 15_000 }, { amountMinor: -15_000 }] }); // prettier-ignore
    expect(organiser.postings[1]!.account).toMatch(/^organiser:/);
    expect(
      nodes((await market.ledger(buyer.apiKey)).entries).map(({ reference }) => reference),
    ).not.toContain(`${id}/market`);
  });

  it('takes one order a slot, all of one size, where its mechanism needs that, and clears by it', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ mechanism: 'mcafee', unitWh: 1_000_000 });
    const { buyer } = market.firms;
    const size = await market.submit(id, buyer.participant, [order('b', 0, 'buy', 999, 25_000)]);
    expect(codeOf(size)).toBe('UNIT_ORDERS_REQUIRED');
    const limits = [25_000, 10_000, 22_000, 14_000, 12_000, 20_000];
    for (const [firm, limit] of limits.entries()) {
      const side = [0, 2, 4].includes(firm) ? 'buy' : 'sell';
      const answer = await market.submit(id, firms[firm]!.participant, [
        order('o', 0, side, 1_000_000, limit),
      ]);
      expect(answer.errors).toBeUndefined();
    }
    const second = await market.submit(id, buyer.participant, [order('p', 0, 'buy', 1_000_000, 24_000)]);
    expect(codeOf(second)).toBe('ONE_ORDER_REQUIRED');
    await market.close(id);
    await market.reached(id, 'CLEARED');
    // Bids 25, 22, 12; asks 10, 14, 20: p0 = (12 + 20) / 2 lies within 14 and 22, so both pairs trade at it.
    expect((await clearingsOf(id))[0]).toMatchObject({ quantityWh: 2_000_000, pricePerMwh: 16_000 });
  });

  it('refuses commitments and nonces out of time, of others, and changed', async () => {
    await market.setClock(DAY.startMs - HOUR_MS);
    const times = { bidsOpenAt: isoInstant(DAY.startMs - MINUTE_MS), gateClosesAt: isoInstant(DAY.startMs) };
    const id = await market.openSession({ mechanism: 'muda-lottery', revealMinutes: 5, ...times });
    const lots = new MarketLots(market, id);
    const { participant, apiKey } = firms[0]!;
    const other = firms[1]!.participant;
    expect(codeOf(await lots.commit(participant, nonceOf(0), { sender: apiKey }))).toBe(
      'PARTICIPANT_REQUIRED',
    );
    expect(codeOf(await lots.commit(participant, nonceOf(0), { signer: other }))).toBe('SIGNATURE_INVALID');
    expect((await lots.commit(participant, nonceOf(0))).errors).toBeUndefined();
    expect((await lots.commit(participant, nonceOf(0))).errors).toBeUndefined();
    expect(codeOf(await lots.commit(participant, nonceOf(1)))).toBe('LOT_CONFLICT');
    expect(codeOf(await lots.reveal(participant, nonceOf(0)))).toBe('REVEAL_TOO_EARLY');

    await market.setClock(DAY.startMs - MINUTE_MS);
    expect(await lots.phase()).toEqual({ state: 'OPEN', phase: 'BID' });
    expect(codeOf(await lots.commit(other, nonceOf(1)))).toBe('LOTS_CLOSED');
    expect(codeOf(await lots.reveal(participant, nonceOf(0)))).toBe('REVEAL_TOO_EARLY');

    await market.setClock(DAY.startMs + 5 * MINUTE_MS - 1);
    expect(codeOf(await lots.reveal(other, nonceOf(1)))).toBe('LOT_NOT_COMMITTED');
    expect(codeOf(await lots.reveal(participant, nonceOf(1)))).toBe('LOT_MISMATCH');
    expect(codeOf(await lots.reveal(participant, 'short'))).toBe('LOT_NONCE');
    expect(codeOf(await lots.reveal(apiKey, nonceOf(0)))).toBe('PARTICIPANT_REQUIRED');
    await market.setClock(DAY.startMs + 5 * MINUTE_MS);
    expect(codeOf(await lots.reveal(participant, nonceOf(0)))).toBe('REVEAL_CLOSED');

    const plain = new MarketLots(market, await market.openSession());
    expect(codeOf(await plain.commit(participant, nonceOf(0)))).toBe('LOTS_NONE');
    expect(codeOf(await plain.reveal(participant, nonceOf(0)))).toBe('LOTS_NONE');
    expect(await plain.seenBy(apiKey)).toBeNull();
    expect(codeOf(await lots.openBids(apiKey))).toBe('ROLE_MISSING');
  });

  it.each([
    ['SESSION_MECHANISM', { mechanism: 'demand-curves' }],
    ['SESSION_LOTS', { revealMinutes: 5 }],
    ['SESSION_LOTS', { mechanism: 'muda-lottery', revealMinutes: 0 }],
    [
      'SESSION_LOTS',
      { mechanism: 'muda-lottery', bidsOpenAt: isoInstant(hour(1)), gateClosesAt: isoInstant(hour(1)) },
    ],
    ['SESSION_DEFICIT_CAP', { mechanism: 'vcg' }],
    ['SESSION_DEFICIT_CAP', { mechanism: 'vcg', deficitCapMinor: -1 }],
    ['SESSION_DEFICIT_CAP', { deficitCapMinor: 1 }],
    ['SESSION_UNIT', { mechanism: 'mcafee' }],
    ['SESSION_UNIT', { unitWh: 1_000 }],
  ])('refuses to open a session with %s: %j', async (code, change) => {
    const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, ...change };
    expect(codeOf(await market.platform.graphql(OPEN, { input }, market.platform.operatorKey))).toBe(code);
  });
});
