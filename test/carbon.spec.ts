import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { isoInstant } from '#core';
import { gridCsv, importGrid, refusalCode } from './harness/carbon-day.ts';
import { DAY, hour, MarketDay, meter, nodes, order, type Page, UNKNOWN } from './harness/market-day.ts';
import type { Sender, TestOrganisation } from './harness/platform.ts';

jest.setTimeout(30_000);

const REPORT = `query ($sessionId: ID!) {
  carbonReport(sessionId: $sessionId) {
    methodVersion disclosures series { id } factor { id source } organisations tradedWh missingDeliveries
    hoursWithoutIntensity attributedWh consumedWh coveredWh locationGrams marketGrams
  }
}`;
const ACCOUNTS = `query ($sessionId: ID!, $first: Int, $after: String) {
  carbonAccounts(sessionId: $sessionId, first: $first, after: $after) {
    edges { node { participantId startsAt boughtWh soldWh receivedWh givenWh consumedWh coveredWh } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Report {
  readonly series: { readonly id: string };
  readonly locationGrams: number | null;
}

/** A row of carbonAccounts: nothing but what is given. */
const accountOf = ({ participant }: TestOrganisation, n: number, energy: object) => ({
  participantId: participant.id,
  startsAt: isoInstant(hour(n)),
  boughtWh: 0,
  soldWh: 0,
  receivedWh: 0,
  givenWh: 0,
  consumedWh: 0,
  coveredWh: 0,
  ...energy,
});

describe('carbon accounts of a local market day', () => {
  let market: MarketDay;
  let office: TestOrganisation;
  let seriesId: string;

  beforeAll(async () => {
    market = await MarketDay.start();
    office = await market.platform.createOrganisation('Office');
  }, 60_000);

  afterAll(() => market.stop());

  const report = async (
    sessionId: string,
    sender: Sender = market.firms.bystander.apiKey,
  ): Promise<Report | null> =>
    (await market.platform.data<{ carbonReport: Report | null }>(REPORT, { sessionId }, sender)).carbonReport;
  /** Asks until the accounting job has run; the test's own timeout bounds it. */
  const reported = async (sessionId: string, ofSeries: string): Promise<Report> => {
    const answer = await report(sessionId);
    return answer?.series.id === ofSeries ? answer : reported(sessionId, ofSeries);
  };
  const accounts = async (sessionId: string, sender: Sender): Promise<object[]> =>
    nodes(
      (await market.platform.data<{ carbonAccounts: Page<object> }>(ACCOUNTS, { sessionId }, sender))
        .carbonAccounts,
    );
  /** The seller sold 1 000 Wh in each of two hours and exports 1 500 and 600 Wh. */
  const settledSession = async (): Promise<string> => {
    const { buyer, seller } = market.firms;
    const id = await market.tradedSession();
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [meter(0, 1_200, 0), meter(1, 900, 0)]);
    await market.deliver(id, seller.participant, [meter(0, 0, 1_500), meter(1, 0, 600)]);
    await market.reached(id, 'SETTLED');
    return id;
  };

  it('attributes delivered energy to its buyer, once, and shows each side its own account only', async () => {
    const { buyer, seller, bystander } = market.firms;
    const first = await settledSession();
    expect(await accounts(first, buyer.apiKey)).toEqual([
      accountOf(buyer, 0, { boughtWh: 1_000, receivedWh: 1_000, consumedWh: 1_000, coveredWh: 1_000 }),
      accountOf(buyer, 1, { boughtWh: 1_000, receivedWh: 600, consumedWh: 900, coveredWh: 600 }),
    ]);
    expect(await accounts(first, seller.participant)).toEqual([
      accountOf(seller, 0, { soldWh: 1_000, givenWh: 1_000 }),
      accountOf(seller, 1, { soldWh: 1_000, givenWh: 600 }),
    ]);
    for (const outsider of [bystander.apiKey, bystander.participant, market.platform.operatorKey]) {
      // One after the other reads better in a failure.
      expect(await accounts(first, outsider)).toEqual([]);
    }

    // The same hours traded again in a second session: 500 Wh of the export are left in the first hour, none in the second.
    const second = await settledSession();
    expect(await accounts(second, buyer.apiKey)).toMatchObject([
      { receivedWh: 500, coveredWh: 500 },
      { receivedWh: 0, coveredWh: 0 },
    ]);
  });

  it('reports as soon as there is a grid series, also when it comes after settlement', async () => {
    const id = await settledSession();
    expect(await report(id)).toBeNull();
    const csv = gridCsv((n) => (n === 0 ? 0.5 : 0.4));
    ({ id: seriesId } = await importGrid(market, csv));
    expect(await reported(id, seriesId)).toEqual({
      methodVersion: 'gridcommons/scope2-hourly/1',
      disclosures: expect.any(Array),
      series: { id: seriesId },
      factor: { id: 'pv-rooftop/direct/ipcc-ar5', source: expect.stringContaining('Table A.III.2') },
      organisations: 2,
      tradedWh: 2_000,
      missingDeliveries: 0,
      hoursWithoutIntensity: [],
      attributedWh: null,
      consumedWh: null,
      coveredWh: null,
      locationGrams: null,
      marketGrams: null,
    });
    expect(await importGrid(market, csv)).toMatchObject({ id: seriesId });
  });

  it('tells totals where four organisations bought, and recomputes them on a newer series', async () => {
    const { buyer, seller, bystander } = market.firms;
    const others = await Promise.all(
      ['Kiosk', 'Depot'].map((name) => market.platform.createOrganisation(name)),
    );
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const buyers = [buyer, bystander, ...others, office];
    for (const { participant } of buyers) {
      // Order of arrival.
      await market.submit(id, participant, [order('b', 5, 'buy', 400, 27_800)]);
    }
    await market.submit(id, seller.participant, [order('s', 5, 'sell', 2_000, 10_200)]);
    await market.close(id);
    await market.reached(id, 'CLEARED');
    await market.setClock(DAY.endMs);
    for (const [n, { participant }] of buyers.slice(0, 4).entries())
      await market.deliver(id, participant, [meter(5, n === 1 ? 100 : 400, 0)]);
    await market.deliver(id, seller.participant, [meter(5, 0, 1_000)]);
    await market.closeDelivery(id);
    await market.reached(id, 'SETTLED');
    // Each buyer receives 200 of 1 000 Wh. Consumed: 3 · 400 + 100 + unknown; covered: 3 · 200 + 100. 0.4 g/Wh.
    const expected = {
      organisations: 6,
      tradedWh: 2_000,
      missingDeliveries: 1,
      // Of one seller.
      attributedWh: null,
      consumedWh: 1_300,
      coveredWh: 700,
      locationGrams: 520,
      marketGrams: 240,
    };
    expect(await reported(id, seriesId)).toMatchObject(expected);
    const lifecycle = await importGrid(
      market,
      gridCsv(() => 0.5),
      { basis: 'lifecycle' },
    );
    // 1 300 Wh · 0.5 g/Wh; 600 Wh · 0.5 g/Wh + 700 Wh · 41 g/kWh = 328.7 g
    expect(await reported(id, lifecycle.id)).toMatchObject({
      factor: { id: 'pv-rooftop/lifecycle/ipcc-ar5' },
      locationGrams: 650,
      marketGrams: 329,
    });
    expect(await refusalCode(market, REPORT, { sessionId: UNKNOWN }, buyer.apiKey)).toBe('SESSION_UNKNOWN');
    expect(await refusalCode(market, ACCOUNTS, { sessionId: UNKNOWN }, buyer.apiKey)).toBe('SESSION_UNKNOWN');
  });
});
