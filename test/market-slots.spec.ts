import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { gridCsv, importGrid } from './harness/carbon-day.ts';
import {
  type Clearing,
  CLEARINGS,
  codeOf,
  DATE,
  DAY,
  MarketDay,
  nodes,
  OPEN,
  type Page,
  TERMS,
  ZONE,
} from './harness/market-day.ts';
import type { Sender, TestOrganisation } from './harness/platform.ts';

jest.setTimeout(30_000);

const QUARTER_MS = HOUR_MS / 4;
const quarter = (n: number) => ({
  startMs: DAY.startMs + n * QUARTER_MS,
  endMs: DAY.startMs + (n + 1) * QUARTER_MS,
});

const ACCOUNTS = `query ($sessionId: ID!) {
  carbonAccounts(sessionId: $sessionId, first: 100) {
    edges { node { startsAt boughtWh receivedWh givenWh consumedWh coveredWh } }
  }
}`;
const REPORT = `query ($sessionId: ID!) {
  carbonReport(sessionId: $sessionId) { organisations tradedWh hoursWithoutIntensity attributedWh consumedWh coveredWh }
}`;

interface Account {
  readonly receivedWh: number;
  readonly coveredWh: number | null;
}

interface Report {
  readonly hoursWithoutIntensity: readonly string[];
}

describe('a market day in slots of other lengths than an hour', () => {
  let market: MarketDay;
  let buyer: TestOrganisation;
  let seller: TestOrganisation;

  beforeAll(async () => {
    market = await MarketDay.start();
    ({ buyer, seller } = market.firms);
    await importGrid(
      market,
      gridCsv(() => 0.5),
    );
  }, 60_000);
  afterAll(() => market.stop());

  const accounts = async (sessionId: string, sender: Sender): Promise<Account[]> =>
    nodes(
      (await market.platform.data<{ carbonAccounts: Page<Account> }>(ACCOUNTS, { sessionId }, sender))
        .carbonAccounts,
    );
  /** Asks until the accounting job has run; the test's own timeout bounds it. */
  const reported = async (sessionId: string): Promise<Report> => {
    const { carbonReport } = await market.platform.data<{ carbonReport: Report | null }>(
      REPORT,
      { sessionId },
      market.firms.bystander.apiKey,
    );
    return carbonReport ?? reported(sessionId);
  };

  /** The seller's whole ask and the buyer's whole bid of each slot meet at 20 000. */
  async function cleared(
    resolutionMinutes: number,
    slots: readonly { readonly startMs: number; readonly endMs: number }[],
    quantityWh: number,
  ): Promise<string> {
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ resolutionMinutes });
    const drafts = (side: 'buy' | 'sell') =>
      slots.map((slot, n) => ({ id: `${side}${n}`, ...slot, side, quantityWh, pricePerMwh: 20_000 }));
    expect(codeOf(await market.submit(id, buyer.participant, drafts('buy')))).toBeUndefined();
    expect(codeOf(await market.submit(id, seller.participant, drafts('sell')))).toBeUndefined();
    await market.close(id);
    await market.reached(id, 'CLEARED');
    return id;
  }

  it('trades, delivers, settles and attributes quarters of an hour', async () => {
    const id = await cleared(15, [quarter(0), quarter(1), quarter(4)], 1_000);
    const { marketClearings } = await market.platform.data<{ marketClearings: Page<Clearing> }>(
      CLEARINGS,
      { id, after: null },
      market.firms.bystander.apiKey,
    );
    // A page of the 92 quarters of a day of 23 hours.
    expect(nodes(marketClearings).map(({ startsAt, quantityWh }) => [startsAt, quantityWh])).toEqual(
      Array.from({ length: 20 }, (_, n) => [
        isoInstant(quarter(n).startMs),
        [0, 1, 4].includes(n) ? 1_000 : 0,
      ]),
    );

    await market.setClock(quarter(1).startMs);
    const early = await market.deliver(id, buyer.participant, [
      { ...quarter(0), netImportWh: 1_200, netExportWh: 0 },
      { ...quarter(1), netImportWh: 1_000, netExportWh: 0 },
    ]);
    expect(codeOf(early)).toBe('DELIVERY_TOO_EARLY');
    const first = [{ ...quarter(0), netImportWh: 1_200, netExportWh: 0 }];
    expect(codeOf(await market.deliver(id, buyer.participant, first))).toBeUndefined();
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, [
      { ...quarter(1), netImportWh: 900, netExportWh: 0 },
      { ...quarter(4), netImportWh: 1_000, netExportWh: 0 },
    ]);
    await market.deliver(id, seller.participant, [
      { ...quarter(0), netImportWh: 0, netExportWh: 1_000 },
      { ...quarter(1), netImportWh: 0, netExportWh: 600 },
      { ...quarter(4), netImportWh: 0, netExportWh: 1_000 },
    ]);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({
      product: 'energy',
      resolutionMinutes: 15,
      missingDeliveries: 0,
    });
    // 3 000 Wh at 20 ct/kWh; 200 Wh more at 30 and 100 Wh less at 8 ct: −60, −5.2.
    expect(await market.settlements(id, buyer.apiKey)).toMatchObject([
      { boughtWh: 3_000, shortfallWh: 200, excessWh: 100, localMinor: -60, deviationMinor: -5 },
    ]);
    expect((await market.ledger(buyer.apiKey)).verify.verified).toBe(true);

    expect(await accounts(id, buyer.apiKey)).toMatchObject([
      { receivedWh: 1_000, coveredWh: 1_000 },
      { receivedWh: 600, coveredWh: 600 },
      { receivedWh: 1_000, coveredWh: 1_000 },
    ]);
    expect(await reported(id)).toMatchObject({ tradedWh: 3_000, hoursWithoutIntensity: [] });
  });

  it('gives an export away once, whatever slots other sessions of the day have', async () => {
    const id = await cleared(60, [{ startMs: DAY.startMs, endMs: DAY.startMs + HOUR_MS }], 2_000);
    await market.setClock(DAY.endMs);
    const hour = { startMs: DAY.startMs, endMs: DAY.startMs + HOUR_MS };
    await market.deliver(id, buyer.participant, [{ ...hour, netImportWh: 2_000, netExportWh: 0 }]);
    await market.deliver(id, seller.participant, [{ ...hour, netImportWh: 0, netExportWh: 2_100 }]);
    await market.reached(id, 'SETTLED');
    // 1 600 of the 2 100 Wh went with the quarters above.
    expect(await accounts(id, buyer.apiKey)).toMatchObject([{ receivedWh: 500 }]);
  });

  it('trades the whole local day as one slot, whose energy nobody can match to hours', async () => {
    const id = await cleared(1_440, [DAY], 50_000);
    await market.setClock(DAY.endMs - 1);
    const imported = [{ ...DAY, netImportWh: 50_000, netExportWh: 0 }];
    expect(codeOf(await market.deliver(id, buyer.participant, imported))).toBe('DELIVERY_TOO_EARLY');
    await market.setClock(DAY.endMs);
    await market.deliver(id, buyer.participant, imported);
    await market.deliver(id, seller.participant, [{ ...DAY, netImportWh: 0, netExportWh: 50_000 }]);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({ tradeCount: 1, tradedWh: 50_000 });
    expect(await market.settlements(id, seller.apiKey)).toMatchObject([
      { soldWh: 50_000, shortfallWh: 0, excessWh: 0, localMinor: 1_000 },
    ]);
    expect(await accounts(id, buyer.apiKey)).toMatchObject([{ receivedWh: 0, coveredWh: 0 }]);
    expect(await reported(id)).toMatchObject({ hoursWithoutIntensity: [isoInstant(DAY.startMs)] });
  });

  it.each([
    ['what begins no slot', 15, { startMs: DAY.startMs + QUARTER_MS / 3 }, 'HOUR_NOT_IN_SESSION'],
    ['a quarter of a session of hours', 60, quarter(1), 'HOUR_NOT_IN_SESSION'],
    [
      'a slot signed as another length',
      15,
      { startMs: DAY.startMs, endMs: DAY.startMs + HOUR_MS },
      'SIGNATURE_INVALID',
    ],
  ])('refuses %s', async (_, resolutionMinutes, slot, code) => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession({ resolutionMinutes });
    const draft = { id: 'b', side: 'buy' as const, quantityWh: 1, pricePerMwh: 1, ...slot };
    expect(codeOf(await market.submit(id, buyer.participant, [draft]))).toBe(code);
  });

  it.each([5, 45, 0, 1_380])('opens no session of slots of %i minutes', async (resolutionMinutes) => {
    const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, resolutionMinutes };
    const answer = await market.platform.graphql(OPEN, { input }, market.platform.operatorKey);
    expect(codeOf(answer)).toBe('SESSION_RESOLUTION');
  });
});
