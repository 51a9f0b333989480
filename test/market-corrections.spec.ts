import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DAY_MS, isoInstant } from '#core';
import { correct, corrected, settledAgain, settlementVersions } from './harness/market-corrections.ts';
import {
  codeOf,
  DATE,
  DAY,
  hour,
  MarketDay,
  meter,
  nodes,
  OPEN,
  order,
  TERMS,
  ZONE,
} from './harness/market-day.ts';

jest.setTimeout(30_000);

const SHARES = `query ($id: ID!) {
  sessionShares(sessionId: $id, method: NASH) { settlementVersion surplusMinor }
}`;
const ACCOUNTS = `query ($id: ID!) {
  carbonAccounts(sessionId: $id) { edges { node { startsAt receivedWh givenWh coveredWh } } }
}`;

describe('a settled session whose statements are corrected', () => {
  let market: MarketDay;

  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);

  afterAll(() => market.stop());

  const reference = (id: string) => {
    const { buyer } = market.firms;
    return async () =>
      nodes((await market.ledger(buyer.apiKey)).entries).filter((entry) => entry.reference.startsWith(id));
  };
  const settledSession = async (): Promise<string> => {
    const { buyer, seller } = market.firms;
    const id = await market.tradedSession();
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, 1_200, 0), meter(1, 900, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, 1_500), meter(1, 0, 1_000)]);
    await market.reached(id, 'SETTLED');
    return id;
  };

  it('books the difference, and keeps what was settled before', async () => {
    const { buyer } = market.firms;
    const { participant } = buyer;
    const id = await settledSession();
    const booked = reference(id);
    const before = await booked();
    expect((await correct(market, id, participant, [corrected(meter(0, 1_500, 0))])).data).toEqual({
      correctDeliveryStatements: { accepted: 1, unchanged: 0 },
    });
    // 300 Wh more at 30 ct: 9 ct, saved neither alone nor here.
    expect(await settledAgain(market, id, 2)).toMatchObject({ settlementVersion: 2, savingsMinor: 42 });
    const account = `participant:${participant.id}`;
    const after = await booked();
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after.slice(before.length)).toMatchObject([
      {
        type: 'market.deviation',
        reference: `${id}/${participant.id}/2`,
        postings: [{ account, amountMinor: -9 }, { account: 'retailer', amountMinor: 9 }], // prettier-ignore
      },
      { type: 'market.contribution', reference: `${id}/${participant.id}/2` },
    ]);
    expect(await settlementVersions(market, id, buyer.apiKey, true)).toMatchObject([
      { version: 1, localMinor: -38, deviationMinor: -5, differenceMinor: -43 },
      { version: 2, localMinor: -38, deviationMinor: -14, differenceMinor: -9 },
    ]);
    expect(await settlementVersions(market, id, buyer.apiKey, false)).toMatchObject([{ version: 2 }]);
    // The seller stated nothing else: its settlement stands.
    expect(await settlementVersions(market, id, market.firms.seller.apiKey, true)).toHaveLength(1);
    expect((await market.ledger(buyer.apiKey)).verify.verified).toBe(true);

    const again = await correct(market, id, participant, [corrected(meter(0, 1_500, 0))]);
    expect(again.data).toEqual({ correctDeliveryStatements: { accepted: 0, unchanged: 1 } });
    expect(await booked()).toEqual(after);
  });

  it('takes the first statement of an hour that had none, and can then be shared', async () => {
    const { buyer, seller } = market.firms;
    const id = await market.tradedSession();
    await market.setClock(DAY.endMs);
    await market.deliver(id, seller.participant, [meter(0, 0, 1_500), meter(1, 0, 1_000)]);
    await market.closeDelivery(id);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({ missingDeliveries: 2, savingsMinor: 22 });
    const late = [meter(0, 1_200, 0), meter(1, 900, 0)].map((each) => corrected(each, 1, 'LATE_READING'));
    await correct(market, id, buyer.participant, late);
    expect(await settledAgain(market, id, 2)).toMatchObject({ missingDeliveries: 0, savingsMinor: 42 });
    expect(await settlementVersions(market, id, buyer.apiKey, false)).toMatchObject([
      { localMinor: -38, deviationMinor: -5, differenceMinor: -5, missingHours: [] },
    ]);
    const shares = async (): Promise<object> => {
      const { sessionShares } = await market.platform.data<{ sessionShares: object | null }>(
        SHARES,
        { id },
        buyer.apiKey,
      );
      return sessionShares ?? shares();
    };
    expect(await shares()).toEqual({ settlementVersion: 2, surplusMinor: 42 });
  });

  it('passes attributes on anew where less was exported than was stated', async () => {
    const { buyer, seller } = market.firms;
    const id = await settledSession();
    const accounts = async () =>
      nodes(
        (
          await market.platform.data<{ carbonAccounts: { edges: { node: object }[]; pageInfo: never } }>(
            ACCOUNTS,
            { id },
            buyer.apiKey,
          )
        ).carbonAccounts,
      );
    const [first, second] = (await accounts()) as [{ receivedWh: number }, object];
    await correct(market, id, seller.participant, [corrected(meter(0, 0, 0))]);
    await settledAgain(market, id, 2);
    expect(await accounts()).toEqual([{ ...first, receivedWh: 0, coveredWh: 0 }, second]);
  });

  it('ends where all arrive at once where they would one after the other', async () => {
    const { buyer, seller } = market.firms;
    const id = await settledSession();
    const steps = [
      [buyer.participant, corrected(meter(0, 700, 0))],
      [buyer.participant, corrected(meter(1, 2_500, 0))],
      [seller.participant, corrected(meter(0, 0, 100))],
      [seller.participant, corrected(meter(1, 40, 0))],
    ] as const;
    const answers = await Promise.all(steps.map(([from, each]) => correct(market, id, from, [each])));
    expect(answers.map(codeOf)).toEqual([undefined, undefined, undefined, undefined]);
    const done = async (): Promise<void> => {
      const [of] = await settlementVersions(market, id, seller.apiKey, false);
      // 900 · 30 + 1 040 · 30 ct a kWh owed for what was not delivered
      return of?.deviationMinor === -58 ? undefined : done();
    };
    await done();
    for (const { apiKey, participant } of [buyer, seller]) {
      const versions = await settlementVersions(market, id, apiKey, true);
      const newest = versions.at(-1)!;
      const sum = versions.reduce((total, { differenceMinor }) => total + differenceMinor, 0);
      expect(sum).toBe(newest.localMinor + newest.deviationMinor);
      const { entries } = await market.ledger(apiKey);
      const booked = nodes(entries)
        .filter((entry) => entry.reference.startsWith(id) && entry.type !== 'market.contribution')
        .flatMap(({ postings }) => postings)
        .filter(({ account }) => account === `participant:${participant.id}`);
      expect(booked.reduce((total, { amountMinor }) => total + amountMinor, 0)).toBe(sum);
    }
    expect((await market.ledger(buyer.apiKey)).verify.verified).toBe(true);
  });

  it('refuses what does not continue a statement', async () => {
    const { buyer, seller, bystander } = market.firms;
    const { participant } = buyer;
    const unsettled = await market.tradedSession();
    await market.setClock(DAY.endMs);
    const early = await correct(market, unsettled, participant, [corrected(meter(0, 1, 0))]);
    expect(codeOf(early)).toBe('CORRECTION_VERSION');
    const first = corrected(meter(0, 1, 0), 1, 'LATE_READING');
    expect(codeOf(await correct(market, unsettled, participant, [first]))).toBe('SESSION_NOT_SETTLED');

    const id = await settledSession();
    const refusals = [
      ['CORRECTION_VERSION', corrected(meter(0, 1, 0), 3)],
      ['CORRECTION_REASON', corrected(meter(0, 1, 0), 2, 'LATE_READING')],
      ['CORRECTION_EMPTY', corrected(meter(0, 1_200, 0))],
      ['DELIVERY_NOT_TRADED', corrected(meter(2, 1, 0), 1, 'LATE_READING')],
      ['DELIVERY_ENERGY', corrected(meter(0, -1, 0))],
      ['DELIVERY_ENERGY', corrected(meter(0, 1e13, 0))],
      ['HOUR_NOT_IN_SESSION', corrected({ ...meter(0, 1, 0), startMs: hour(0) + 1 })],
    ] as const;
    for (const [code, correction] of refusals)
      expect(codeOf(await correct(market, id, participant, [correction]))).toBe(code);
    const foreign = await correct(market, id, participant, [corrected(meter(0, 1, 0))], seller.participant);
    expect(codeOf(foreign)).toBe('SIGNATURE_INVALID');
    const outsider = await correct(market, id, bystander.participant, [
      corrected(meter(0, 1, 0), 1, 'LATE_READING'),
    ]);
    expect(codeOf(outsider)).toBe('DELIVERY_NOT_TRADED');
    // Nothing of a batch is stored when one of it is refused.
    const half = [corrected(meter(0, 5, 0)), corrected(meter(1, 900, 0))];
    expect(codeOf(await correct(market, id, participant, half))).toBe('CORRECTION_EMPTY');
    await correct(market, id, participant, [corrected(meter(0, 5, 0))]);
    const conflict = await correct(market, id, participant, [corrected(meter(0, 6, 0))]);
    expect(codeOf(conflict)).toBe('CORRECTION_CONFLICT');
  });

  it('of flexibility is settled anew against its baseline; of what was kept ready nothing is corrected', async () => {
    const { buyer, seller } = market.firms;
    const cleared = async (terms: object, said: object): Promise<string> => {
      await market.setClock(DAY.startMs);
      const id = await market.openSession(terms);
      await market.submit(id, seller.participant, [{ ...order('s', 0, 'sell', 2_000, 12_000), ...said }]);
      await market.submit(id, buyer.participant, [order('b', 0, 'buy', 2_000, 12_000)]);
      await market.close(id);
      await market.reached(id, 'CLEARED');
      await market.setClock(DAY.endMs);
      return id;
    };
    const id = await cleared({ product: 'flexibility', direction: 'up' }, { baselineWh: 5_000 });
    await market.deliver(id, seller.participant, [meter(0, 4_200, 0)]);
    await market.reached(id, 'SETTLED');
    await correct(market, id, seller.participant, [corrected(meter(0, 3_000, 0))]);
    await settledAgain(market, id, 2);
    // 1 200 Wh short at 30 ct, then nothing.
    expect(await settlementVersions(market, id, seller.apiKey, true)).toMatchObject([
      { deviationMinor: -36, differenceMinor: -12 },
      { deviationMinor: 0, differenceMinor: 36 },
    ]);
    const reserve = await cleared({ product: 'reserve' }, {});
    const refused = await correct(market, reserve, seller.participant, [corrected(meter(0, 1, 0))]);
    expect(codeOf(refused)).toBe('STATEMENT_PRODUCT');
  });

  it('takes none when its window has closed', async () => {
    const { participant } = market.firms.buyer;
    const id = await settledSession();
    const { correctionsUntil } = await settledAgain(market, id, 1);
    expect(correctionsUntil).toBe(isoInstant(DAY.endMs + 30 * DAY_MS));
    await market.setClock(DAY.endMs + 30 * DAY_MS - 1);
    const accepted = await correct(market, id, participant, [corrected(meter(0, 5, 0))]);
    expect(codeOf(accepted)).toBeUndefined();
    await settledAgain(market, id, 2);
    await market.setClock(DAY.endMs + 30 * DAY_MS);
    expect(codeOf(await correct(market, id, participant, [corrected(meter(0, 6, 0), 3)]))).toBe(
      'CORRECTION_CLOSED',
    );
    const known = await correct(market, id, participant, [corrected(meter(0, 5, 0))]);
    expect(known.data).toEqual({ correctDeliveryStatements: { accepted: 0, unchanged: 1 } });
  });

  it('has a window of 0 to 366 days', async () => {
    for (const correctionDays of [-1, 367]) {
      const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, correctionDays };
      const answer = await market.platform.graphql(OPEN, { input }, market.platform.operatorKey);
      expect(codeOf(answer)).toBe('SESSION_CORRECTIONS');
    }
  });
});
