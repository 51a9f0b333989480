import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  codeOf,
  DATE,
  DAY,
  MarketDay,
  meter,
  OPEN,
  order,
  TERMS,
  UNKNOWN,
  ZONE,
} from './harness/market-day.ts';
import type { Sender } from './harness/platform.ts';

const SHARES = `query ($id: ID!, $method: SharingMethod!, $after: String) {
  sessionShares(sessionId: $id, method: $method, first: 2, after: $after) {
    surplusMinor aggregatorMinor
    shares {
      edges { node { participantId savedMinor shareMinor standardErrorMinor } }
      pageInfo { hasNextPage endCursor }
    }
  }
}`;

interface Share {
  readonly participantId: string;
  readonly savedMinor: number;
  readonly shareMinor: number;
  readonly standardErrorMinor: number;
}

interface Shares {
  readonly surplusMinor: number;
  readonly aggregatorMinor: number | null;
  readonly shares: Share[];
}

describe('the surplus of a session', () => {
  let market: MarketDay;
  let settled: string;

  /** Asks until the sharing job has run, over all pages; the test's own timeout bounds it. */
  async function shares(id: string, method: string, sender: Sender): Promise<Shares> {
    const found: Share[] = [];
    let after: string | null = null;
    for (;;) {
      interface Page {
        sessionShares:
          | (Omit<Shares, 'shares'> & {
              shares: {
                edges: { node: Share }[];
                pageInfo: { hasNextPage: boolean; endCursor: string | null };
              };
            })
          | null;
      }
      const { sessionShares }: Page = await market.platform.data<Page>(SHARES, { id, method, after }, sender);
      if (sessionShares === null) continue;
      found.push(...sessionShares.shares.edges.map(({ node }) => node));
      after = sessionShares.shares.pageInfo.endCursor;
      if (!sessionShares.shares.pageInfo.hasNextPage) return { ...sessionShares, shares: found };
    }
  }

  beforeAll(async () => {
    market = await MarketDay.start();
    const { buyer, seller, bystander } = market.firms;
    await market.setClock(DAY.startMs);
    settled = await market.openSession({ powers: [{ participantId: seller.participant.id, alpha: 2 }] });
    await market.submit(settled, buyer.participant, [order('b', 0, 'buy', 6_000, 27_800)]);
    await market.submit(settled, bystander.participant, [order('b', 0, 'buy', 6_000, 20_000)]);
    await market.submit(settled, seller.participant, [order('s', 0, 'sell', 6_000, 10_200)]);
    await market.close(settled);
    await market.reached(settled, 'CLEARED');
    await market.setClock(DAY.endMs);
    await market.deliver(settled, buyer.participant, [meter(0, 6_000, 0)]);
    await market.deliver(settled, seller.participant, [meter(0, 0, 6_000)]);
    await market.reached(settled, 'SETTLED');
  }, 60_000);

  afterAll(() => market.stop());

  it('is shared by what each adds to the others, a bidder that kept the price up included', async () => {
    const { buyer, seller, bystander } = market.firms;
    const answer = await shares(settled, 'SHAPLEY', market.platform.operatorKey);
    // 6 kWh · (30 − 8) ct; the seller with either buyer makes all of it: 4/6, 1/6, 1/6.
    expect(answer).toMatchObject({ surplusMinor: 132, aggregatorMinor: 0 });
    const byMember = new Map(answer.shares.map((share) => [share.participantId, share]));
    expect(byMember.get(seller.participant.id)).toMatchObject({ shareMinor: 88, standardErrorMinor: 0 });
    expect(byMember.get(buyer.participant.id)).toMatchObject({ shareMinor: 22 });
    expect(byMember.get(bystander.participant.id)).toMatchObject({ shareMinor: 22, savedMinor: 0 });
    expect(answer.shares.reduce((sum, { savedMinor }) => sum + savedMinor, 0)).toBe(132);
  });

  it('is bargained over by those that traded and the aggregator, by their powers', async () => {
    const { buyer, seller } = market.firms;
    const answer = await shares(settled, 'NASH', market.platform.operatorKey);
    expect(answer).toMatchObject({ surplusMinor: 132, aggregatorMinor: 33 });
    expect(
      new Map(answer.shares.map(({ participantId, shareMinor }) => [participantId, shareMinor])),
    ).toEqual(
      new Map([[buyer.participant.id, 33], [seller.participant.id, 66]]), // prettier-ignore
    );
  });

  it('shows a member its own share and not the aggregator’s', async () => {
    const { buyer, bystander } = market.firms;
    for (const sender of [buyer.apiKey, buyer.participant]) {
      const { aggregatorMinor, shares: own } = await shares(settled, 'NASH', sender);
      expect(aggregatorMinor).toBeNull();
      expect(own.map(({ participantId }) => participantId)).toEqual([buyer.participant.id]);
    }
    expect((await shares(settled, 'NASH', bystander.apiKey)).shares).toEqual([]);
  });

  it('is refused before settlement, where statements are missing, and of no session', async () => {
    const ask = (id: string) =>
      market.platform.graphql(SHARES, { id, method: 'NASH' }, market.platform.operatorKey);
    expect(codeOf(await ask(UNKNOWN))).toBe('SESSION_UNKNOWN');
    const id = await market.tradedSession();
    expect(codeOf(await ask(id))).toBe('SESSION_NOT_SETTLED');
    await market.setClock(DAY.endMs);
    await market.closeDelivery(id);
    await market.reached(id, 'SETTLED');
    expect(codeOf(await ask(id))).toBe('SHARES_INCOMPLETE');
  });

  it('has no powers of 0, of nobody, or twice of one', async () => {
    const { id } = market.firms.buyer.participant;
    const open = (powers: object[]) =>
      market.platform.graphql(
        OPEN,
        { input: { zone: ZONE, deliveryDate: DATE, ...TERMS, powers } },
        market.platform.operatorKey,
      );
    const odd = [
      [{ participantId: id, alpha: 0 }],
      [{ participantId: 'nobody', alpha: 1 }],
      [{ participantId: id, alpha: 1 }, { participantId: id, alpha: 1 }], // prettier-ignore
    ];
    for (const powers of odd) expect(codeOf(await open(powers))).toBe('SESSION_POWERS');
  });
});
