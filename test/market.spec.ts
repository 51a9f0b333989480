import { rm } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoInstant } from '#core';
import { downloaded } from './harness/download.ts';
import {
  type Clearing,
  CLEARINGS,
  DAY,
  hour,
  MarketDay,
  meter,
  nodes,
  order,
  type Page,
  type Trade,
  TRADES,
} from './harness/market-day.ts';
import { startTradingModule } from './harness/trading-module.ts';

interface OwnOrder {
  readonly orderId: string;
  readonly side: string;
  readonly quantityWh: number;
  readonly tradedWh: number | null;
}

describe('a local market day', () => {
  let market: MarketDay;

  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);

  afterAll(() => market.stop());

  it('goes from signed orders to a verified ledger', async () => {
    const before = (await market.ledger(market.firms.buyer.apiKey)).verify.entries;
    const id = await market.tradedSession();
    const session = await market.reached(id, 'CLEARED');
    // One buyer and one seller: their welfare would tell their limits.
    expect(session).toMatchObject({ tradeCount: 2, tradedWh: 2_000, welfareMinor: null, savingsMinor: null });

    await market.setClock(DAY.endMs);
    const ofBuyer = [meter(0, 1_200, 0), meter(1, 900, 0)];
    expect((await market.deliver(id, market.firms.buyer.participant, ofBuyer)).data).toEqual({
      submitDeliveryStatements: { accepted: 2, unchanged: 0 },
    });
    await market.deliver(id, market.firms.seller.participant, [meter(0, 0, 1_500), meter(1, 0, 1_000)]);
    // Alone: 36 + 27 ct. Here: 10.2 + 27.8 local, 200 Wh · 30 ct − 100 Wh · 8 ct beside it = 43.2 ct. Seller: 42 − 20 ct.
    expect(await market.reached(id, 'SETTLED')).toMatchObject({
      mechanism: 'uniform-price',
      savingsMinor: 42,
      marketMinor: 0,
      missingDeliveries: 0,
    });

    expect(await market.settlements(id, market.firms.buyer.apiKey)).toEqual([
      {
        participantId: market.firms.buyer.participant.id,
        boughtWh: 2_000,
        soldWh: 0,
        shortfallWh: 200,
        excessWh: 100,
        localMinor: -38,
        deviationMinor: -5,
        chargeMinor: 0,
        savingsMinor: 20,
        missingHours: [],
      },
    ]);
    const account = `participant:${market.firms.buyer.participant.id}`;
    const { entries, verify } = await market.ledger(market.firms.buyer.apiKey);
    expect(nodes(entries).filter(({ reference }) => reference.startsWith(id))).toMatchObject([
      { type: 'market.local', currency: 'EUR', postings: [{ account, amountMinor: -38 }, { account: 'market:clearing', amountMinor: 38 }] }, // prettier-ignore
      { type: 'market.deviation', currency: 'EUR', postings: [{ account, amountMinor: -5 }, { account: 'retailer', amountMinor: 5 }] }, // prettier-ignore
      { type: 'market.contribution', currency: 'XXX', postings: [{ account, amountMinor: 1 }, { account: 'contributions', amountMinor: -1 }] }, // prettier-ignore
    ]);
    expect(verify).toMatchObject({ verified: true, entries: before + 6, firstBad: null });

    const again = await market.deliver(id, market.firms.buyer.participant, ofBuyer);
    expect(again.data).toEqual({ submitDeliveryStatements: { accepted: 0, unchanged: 2 } });
    expect((await market.ledger(market.firms.buyer.apiKey)).verify.entries).toBe(before + 6);
  });

  it('tells what every mechanism promises', async () => {
    const { mechanisms } = await market.platform.data<{ mechanisms: readonly { readonly name: string }[] }>(
      '{ mechanisms { name individuallyRational truthful budgetBalance efficiency traders source } }',
      {},
      market.firms.bystander.apiKey,
    );
    expect(mechanisms.map(({ name }) => name)).toContain('block-orders');
    expect(mechanisms).toContainEqual({
      name: 'mcafee',
      individuallyRational: true,
      truthful: 'yes',
      budgetBalance: 'weak',
      efficiency: 'best-but-least-trade',
      traders: 'unit',
      source: 'McAfee 1992',
    });
  });

  it('shows every member the clearing of every hour, with its certificate', async () => {
    const id = await market.tradedSession();
    const first = await market.platform.data<{ marketClearings: Page<Clearing> }>(
      CLEARINGS,
      { id },
      market.firms.bystander.apiKey,
    );
    const { endCursor: after } = first.marketClearings.pageInfo;
    const second = await market.platform.data<{ marketClearings: Page<Clearing> }>(
      CLEARINGS,
      { id, after },
      market.firms.bystander.apiKey,
    );
    const clearings = [...nodes(first.marketClearings), ...nodes(second.marketClearings)];
    expect(clearings.map(({ startsAt }) => startsAt)).toEqual(
      Array.from({ length: 23 }, (_, n) => isoInstant(hour(n))),
    );
    // Surplus: the seller's limit; shortage: the buyer's.
    expect(clearings.slice(0, 3).map(({ quantityWh, pricePerMwh }) => [quantityWh, pricePerMwh])).toEqual([
      [1_000, 10_200],
      [1_000, 27_800],
      [0, null],
    ]);
    expect(clearings[2]!.certificate.reason).toBe('NO_ORDERS');
    expect(clearings.map(({ certificate }) => certificate.withheld)).toEqual(
      clearings.map(() => 'FEW_PARTIES'),
    );
  });

  it('is traded on by the client’s example module: its forecasts become orders, the orders trades', async () => {
    const { buyer, seller } = market.firms;
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const forecasts = [1_500, 800, -300].map((p50Wh, n) => ({
      series: 'net',
      intervalStart: isoInstant(hour(n)),
      p10Wh: p50Wh - 100,
      p50Wh,
      p90Wh: p50Wh + 100,
      issuedAt: isoInstant(DAY.startMs),
      modelHash: 'a'.repeat(64),
      taskCardHash: null,
    }));
    await market.platform.data(
      'mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published } }',
      { input: { forecasts } },
      buyer.participant,
    );
    await market.submit(id, seller.participant, [order('s0', 0, 'sell', 1_000, 20_000), order('s1', 1, 'sell', 900, 40_000)]); // prettier-ignore
    const { directory, example } = await startTradingModule(market.platform.url, buyer, 25_000);
    expect(await example.event(({ event }) => event === 'placed', 'orders')).toMatchObject({ session: id, accepted: 2, unchanged: 0 }); // prettier-ignore
    await market.close(id);
    expect(await example.end).toEqual({ exitCode: 0, signal: null });
    const trade = { startsAt: isoInstant(hour(0)), quantityWh: 1_000, buyPricePerMwh: expect.any(Number) };
    expect(example.events.slice(1)).toEqual([
      { event: 'bought', ...trade },
      { event: 'done', costMinor: expect.any(Number), currency: 'EUR' },
    ]);
    expect(await market.trades(id, buyer.apiKey)).toMatchObject([
      { ...trade, buyerParticipantId: buyer.participant.id, sellerParticipantId: seller.participant.id },
    ]);
    await rm(directory, { recursive: true });
  });

  it('shows a trade, a settlement and a ledger entry to its parties only', async () => {
    const id = await market.tradedSession();
    const ofBuyer = await market.trades(id, market.firms.buyer.apiKey);
    const { buyer, seller } = market.firms;
    const parties = {
      buyerOrganisationId: buyer.organisationId,
      sellerOrganisationId: seller.organisationId,
    };
    expect(ofBuyer).toMatchObject([
      {
        ...parties,
        startsAt: isoInstant(hour(0)),
        quantityWh: 1_000,
        buyPricePerMwh: 10_200,
        sellPricePerMwh: 10_200,
      },
      {
        ...parties,
        startsAt: isoInstant(hour(1)),
        quantityWh: 1_000,
        buyPricePerMwh: 27_800,
        sellPricePerMwh: 27_800,
      },
    ]);
    expect(await market.trades(id, market.firms.seller.participant)).toEqual(ofBuyer);
    await market.setClock(DAY.endMs);
    await market.closeDelivery(id);
    await market.reached(id, 'SETTLED');
    expect(await market.settlements(id, market.firms.seller.apiKey)).toHaveLength(1);
    const file = (what: string, apiKey: string) =>
      downloaded(market.platform, `market${what}Download`, `sessionId: "${id}"`, apiKey);
    const files = async (apiKey: string) => [await file('Trades', apiKey), await file('Settlements', apiKey), await file('Clearings', apiKey)]; // prettier-ignore
    const [trades, settlements, clearings] = await files(buyer.apiKey);
    expect(trades).toMatchObject(
      ofBuyer.map(({ startsAt, buyPricePerMwh }) => ({
        starts_at: startsAt,
        quantity_wh: '1000',
        buy_price_per_mwh: String(buyPricePerMwh),
        seller_organisation_id: seller.organisationId,
        traded_at: '',
      })),
    );
    expect(settlements).toMatchObject([
      { participant_id: buyer.participant.id, bought_wh: '2000', version: '1' },
    ]);
    expect(clearings).toHaveLength(23);
    expect(await files(market.firms.bystander.apiKey)).toEqual([[], [], clearings]);
    for (const outsider of [
      market.firms.bystander.apiKey,
      market.firms.bystander.participant,
      market.platform.operatorKey,
    ]) {
      expect(await market.trades(id, outsider)).toEqual([]);
      expect(await market.settlements(id, outsider)).toEqual([]);
      expect(nodes((await market.ledger(outsider)).entries)).toEqual([]);
    }
  });

  it('pages through trades without losing or repeating one', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const hours = [0, 1, 2, 3, 4];
    await market.submit(
      id,
      market.firms.buyer.participant,
      hours.map((n) => order(`b${n}`, n, 'buy', 100 + n, 20_000)),
    );
    await market.submit(
      id,
      market.firms.seller.participant,
      hours.map((n) => order(`s${n}`, n, 'sell', 500, 15_000)),
    );
    await market.close(id);
    await market.reached(id, 'CLEARED');
    const seen: number[] = [];
    let after: string | null = null;
    do {
      const page: { marketTrades: Page<Trade> } = await market.platform.data(
        TRADES,
        { id, first: 2, after },
        market.firms.buyer.apiKey,
      );
      seen.push(...nodes(page.marketTrades).map(({ quantityWh }) => quantityWh));
      after = page.marketTrades.pageInfo.hasNextPage ? page.marketTrades.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen).toEqual([100, 101, 102, 103, 104]);

    const ordersOf = async (asker: string, from: string | null) => {
      const query = `query ($id: ID!, $first: Int, $after: String) {
        marketOrders(sessionId: $id, first: $first, after: $after) {
          edges { node { orderId side quantityWh tradedWh } } pageInfo { hasNextPage endCursor } } }`;
      const { marketOrders } = await market.platform.data<{ marketOrders: Page<OwnOrder> }>(
        query,
        { id, first: 4, after: from },
        asker,
      );
      return marketOrders;
    };
    const first = await ordersOf(market.firms.seller.apiKey, null);
    const rest = await ordersOf(market.firms.seller.apiKey, first.pageInfo.endCursor);
    expect([...nodes(first), ...nodes(rest)]).toEqual(
      hours.map((n) => ({ orderId: `s${n}`, side: 'sell', quantityWh: 500, tradedWh: 100 + n })),
    );
    expect(nodes(await ordersOf(market.firms.bystander.apiKey, null))).toEqual([]);
  });

  it('settles a session without trades at once', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    await market.close(id);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({
      tradeCount: 0,
      savingsMinor: 0,
      missingDeliveries: 0,
    });
  });

  it('settles what it has when delivery is closed, and names what is missing', async () => {
    const id = await market.tradedSession();
    await market.setClock(DAY.endMs - 1);
    expect((await market.closeDelivery(id)).errors).toMatchObject([
      { extensions: { code: 'DELIVERY_TOO_EARLY' } },
    ]);
    await market.setClock(DAY.endMs);
    await market.deliver(id, market.firms.seller.participant, [meter(0, 0, 1_500), meter(1, 0, 1_000)]);
    await market.closeDelivery(id);
    expect(await market.reached(id, 'SETTLED')).toMatchObject({ savingsMinor: 22, missingDeliveries: 2 });
    expect(await market.settlements(id, market.firms.buyer.apiKey)).toMatchObject([
      { localMinor: -38, deviationMinor: 0, missingHours: [isoInstant(hour(0)), isoInstant(hour(1))] },
    ]);
    const late = await market.deliver(id, market.firms.buyer.participant, [meter(0, 1_200, 0)]);
    expect(late.errors).toMatchObject([{ extensions: { code: 'DELIVERY_CLOSED' } }]);
    expect((await market.closeDelivery(id)).data).toEqual({ closeDelivery: { state: 'SETTLED' } });
  });

  it('lists sessions newest first, a page at a time', async () => {
    const opened = [await market.openSession(), await market.openSession(), await market.openSession()];
    const LIST = `query ($after: String) {
      marketSessions(first: 2, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }
    }`;
    const page = async (after: string | null) =>
      (
        await market.platform.data<{ marketSessions: Page<{ id: string }> }>(
          LIST,
          { after },
          market.firms.bystander.apiKey,
        )
      ).marketSessions;
    const first = await page(null);
    const second = await page(first.pageInfo.endCursor);
    expect([...nodes(first), ...nodes(second)].slice(0, 3).map(({ id }) => id)).toEqual(opened.toReversed());
  });
});
