import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isoInstant } from '#core';
import { run } from './harness/command-line.ts';
import { gridCsv, importGrid } from './harness/carbon-day.ts';
import { correct, corrected, settledAgain } from './harness/market-corrections.ts';
import { codeOf, DAY, MarketDay, meter, nodes, type Page } from './harness/market-day.ts';
import type { Sender } from './harness/platform.ts';

jest.setTimeout(60_000);

const CONTRIBUTIONS = `query ($from: DateTime, $to: DateTime, $first: Int, $after: String) {
  contributions(from: $from, to: $to, first: $first, after: $after) {
    edges { node {
      id sessionId participantId product version boughtWh soldWh tradedWh deviationWh missing givenWh receivedWh avoidedGrams
      dataRounds entryIndex
    } }
    pageInfo { hasNextPage endCursor }
  }
}`;
const CERTIFICATE = `query ($id: ID!) {
  contributionCertificate(id: $id) {
    statement
    entry { index previousHash hash type reference currency postings { account amountMinor } memo at salt }
  }
}`;
const REPUTATIONS =
  '{ participantReputations(first: 100) { edges { node { participantId sessions score } } } }';

interface Contribution {
  readonly id: string;
  readonly sessionId: string;
  readonly version: number;
}

interface Reputation {
  readonly participantId: string;
  readonly sessions: number;
  readonly score: number;
}

interface Certificate {
  readonly statement: { readonly soldWh: number };
  readonly entry: { readonly memo: string; readonly reference: string };
}

/** The verdict on a certificate, or the refusal of a file that is none. */
const verify = async (file: object): Promise<{ exitCode: number | null; answer: object }> => {
  const parameters = ['market', 'contribution', 'verify', '--input', '-', '--json'];
  const { exitCode, stdout, stderr } = await run(parameters, { stdin: JSON.stringify(file) });
  return { exitCode, answer: JSON.parse(stdout || stderr) as object };
};

describe('what members give to their community', () => {
  let market: MarketDay;

  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);

  afterAll(() => market.stop());

  const contributions = async (sender: Sender, variables: object = {}): Promise<Page<Contribution>> =>
    (await market.platform.data<{ contributions: Page<Contribution> }>(CONTRIBUTIONS, variables, sender))
      .contributions;
  const certificate = async (id: string, sender: Sender): Promise<Certificate> =>
    (await market.platform.data<{ contributionCertificate: Certificate }>(CERTIFICATE, { id }, sender))
      .contributionCertificate;
  /** The seller sold 1 000 Wh in each of two hours. */
  const settledSession = async (exportWh = 1_000): Promise<string> => {
    const { buyer, seller } = market.firms;
    const id = await market.tradedSession();
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, 1_200, 0), meter(1, 900, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, exportWh), meter(1, 0, 600)]);
    await market.reached(id, 'SETTLED');
    return id;
  };

  it('is certified in the ledger, for each member its own, and verifies offline', async () => {
    const { buyer, seller, bystander } = market.firms;
    const id = await settledSession();
    const [own] = nodes(await contributions(seller.participant));
    expect(own).toMatchObject({
      sessionId: id,
      participantId: seller.participant.id,
      product: 'energy',
      version: 1,
      boughtWh: 0,
      soldWh: 2_000,
      tradedWh: 2_000,
      deviationWh: 400,
      missing: 0,
      givenWh: 1_600,
      receivedWh: 0,
      avoidedGrams: null,
      dataRounds: 0,
    });
    expect(nodes(await contributions(buyer.apiKey))).toMatchObject([{ deviationWh: 300, receivedWh: 1_600 }]);
    const file = await certificate(own!.id, seller.apiKey);
    expect(file.entry.memo).toBe(`gridcommons/contribution/1 ${own!.id}`);
    expect(await verify(file)).toMatchObject({
      exitCode: 0,
      answer: { verified: true, id: own!.id, accuracy: 0.8 },
    });

    for (const sender of [bystander.apiKey, bystander.participant, market.platform.operatorKey])
      expect(nodes(await contributions(sender))).toEqual([]);
    for (const sender of [buyer.apiKey, market.platform.operatorKey]) {
      const refused = await market.platform.graphql(CERTIFICATE, { id: own!.id }, sender);
      expect(codeOf(refused)).toBe('CONTRIBUTION_UNKNOWN');
    }
  });

  it('does not verify where a certificate or its entry says something else', async () => {
    const { seller } = market.firms;
    await settledSession();
    const [own] = nodes(await contributions(seller.participant));
    const file = await certificate(own!.id, seller.apiKey);
    const [ofBuyer] = nodes(await contributions(market.firms.buyer.apiKey));
    const other = await certificate(ofBuyer!.id, market.firms.buyer.apiKey);
    const forged = [
      [{ ...file, statement: { ...file.statement, soldWh: 9_000 } }, [false, true]],
      [{ ...file, entry: { ...file.entry, reference: 'another' } }, [false, false]],
      [{ ...file, entry: other.entry }, [false, true]],
    ] as const;
    for (const [each, checks] of forged) {
      expect(await verify(each)).toMatchObject({
        exitCode: 1,
        answer: { verified: false, checks: checks.map((ok) => ({ ok })) },
      });
    }
    expect(await verify({ ...file, statement: { ...file.statement, bonus: 1 } })).toMatchObject({
      exitCode: 1,
      answer: { error: { code: 'INPUT_KEY_UNKNOWN' } },
    });
  });

  it('is certified anew by a correction; what was certified before still verifies', async () => {
    const { seller } = market.firms;
    const id = await settledSession();
    const of = async () =>
      nodes(await contributions(seller.apiKey, { first: 100 })).find(({ sessionId }) => sessionId === id)!;
    const before = await of();
    await correct(market, id, seller.participant, [corrected(meter(1, 0, 1_000))]);
    await settledAgain(market, id, 2);
    const after = await of();
    expect(after).toMatchObject({ version: 2, deviationWh: 0, missing: 0 });
    for (const each of [before, after])
      expect(await verify(await certificate(each.id, seller.apiKey))).toMatchObject({ exitCode: 0 });
  });

  it('says what local energy avoided where the grid’s intensities of the day are known', async () => {
    const { buyer, seller } = market.firms;
    await importGrid(
      market,
      gridCsv((n) => (n === 0 ? 0.5 : 0.4)),
    );
    // More than the sessions before have given away of that hour.
    const id = await settledSession(20_000);
    const of = async (sender: Sender) =>
      nodes(await contributions(sender, { first: 100 })).find(({ sessionId }) => sessionId === id);
    // 1 000 Wh · 0.5 g/Wh; of the second hour's export nothing is left.
    expect(await of(buyer.apiKey)).toMatchObject({ receivedWh: 1_000, avoidedGrams: 500 });
    expect(await of(seller.apiKey)).toMatchObject({ givenWh: 1_000, avoidedGrams: 0 });
  });

  it('is listed by period, page by page', async () => {
    const { seller } = market.firms;
    while (nodes(await contributions(seller.apiKey, { first: 100 })).length < 3) await settledSession();
    const all = nodes(await contributions(seller.apiKey, { first: 100 }));
    const seen: string[] = [];
    let after: string | null = null;
    do {
      const page: Page<Contribution> = await contributions(seller.apiKey, { first: 2, after });
      seen.push(...nodes(page).map(({ id }) => id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual(all.map(({ id }) => id));
    const [from, to] = [isoInstant(DAY.startMs), isoInstant(DAY.endMs)];
    expect(nodes(await contributions(seller.apiKey, { from, to, first: 100 }))).toHaveLength(all.length);
    expect(nodes(await contributions(seller.apiKey, { from: to }))).toEqual([]);
    expect(nodes(await contributions(seller.apiKey, { to: from }))).toEqual([]);
  });
});

describe('reputations', () => {
  let market: MarketDay;

  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);

  afterAll(() => market.stop());

  it('are told to members from three settled sessions on, and follow corrections', async () => {
    const { buyer, seller, bystander } = market.firms;
    const told = async (): Promise<Reputation[]> =>
      nodes(
        (
          await market.platform.data<{ participantReputations: Page<Reputation> }>(
            REPUTATIONS,
            {},
            bystander.apiKey,
          )
        ).participantReputations,
      );
    let last = '';
    for (let n = 0; n < 3; n++) {
      // One after the other, as days are.
      expect(await told()).toEqual([]);
      last = await market.tradedSession();
      await market.setClock(DAY.endMs);
      await market.deliver(last, buyer.participant, [meter(0, 1_000, 0), meter(1, 1_000, 0)]);
      await market.deliver(last, seller.participant, [meter(0, 0, 0), meter(1, 0, 0)]);
      await market.reached(last, 'SETTLED');
    }
    const scores = async () =>
      new Map((await told()).map(({ participantId, ...reputation }) => [participantId, reputation]));
    // n = 1 + 2^−0.1 + 2^−0.2 = 2.8036: (n + 1)/(n + 2) and 1/(n + 2).
    expect(await scores()).toEqual(
      new Map([
        [buyer.participant.id, { sessions: 3, score: 0.79 }],
        [seller.participant.id, { sessions: 3, score: 0.21 }],
      ]),
    );
    const corrections = [corrected(meter(0, 0, 1_000)), corrected(meter(1, 0, 1_000))];
    await correct(market, last, seller.participant, corrections);
    await settledAgain(market, last, 2);
    expect((await scores()).get(seller.participant.id)!.score).toBeGreaterThan(0.3);
  });
});
