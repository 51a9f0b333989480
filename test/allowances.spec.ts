import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { isoInstant } from '#core';
import {
  AllowanceDesk,
  allowanceOrder as order,
  balance,
  bookedOf,
  TRADED,
  VINTAGE,
} from './harness/allowance-desk.ts';
import { codeOf, DAY, MarketDay } from './harness/market-day.ts';
import type { GraphqlAnswer, Sender, TestOrganisation } from './harness/platform.ts';

const code = async (answer: Promise<GraphqlAnswer>): Promise<string | undefined> => codeOf(await answer);

const sold = (orderId: string) => ({ side: 'sell', orderId, tonnes: 10, priceMinorPerTonne: 7_000 });

describe('allowances', () => {
  let market: MarketDay;
  /** Each story has a year, and with it an order book, of its own. */
  const deskOf = (year: number): AllowanceDesk => new AllowanceDesk(market.platform, { ...VINTAGE, year });
  let lean: TestOrganisation;
  let heavy: TestOrganisation;
  let other: TestOrganisation;
  let named = 0;

  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);
  beforeEach(async () => {
    await market.setClock(DAY.startMs);
    [lean, heavy, other] = (await Promise.all(
      ['Lean', 'Heavy', 'Other'].map((name) => market.platform.createOrganisation(`${name} ${named++}`)),
    )) as [TestOrganisation, TestOrganisation, TestOrganisation];
  });
  afterAll(() => market.stop());

  const ledgerOf = (sender: Sender) => bookedOf(market.platform, sender);

  it('goes from allocation over docking to surrender, all of it in the ledger', async () => {
    const desk = deskOf(2024);
    const issued = await desk.issue(lean.organisationId, 1_000);
    expect(issued.data).toMatchObject({
      issueAllowances: { tonnes: 1_000, ruleSetId: 'china-ets-power/2024', reference: 'final' },
    });
    await desk.issue(heavy.organisationId, 800);
    await desk.state(lean.participant, { kind: 'VERIFIED', tonnes: 900 });
    const stated = await desk.state(heavy.participant, { kind: 'VERIFIED', tonnes: 950 });
    expect(stated.data).toEqual({ stateAllowanceEmissions: { verifiedTonnes: 950, gapTonnes: 150 } });

    const asked = await desk.submit(lean.participant, order('s', 'sell', 100, 8_050));
    expect(asked.data).toMatchObject({ submitAllowanceOrder: { state: 'OPEN', remainingTonnes: 100 } });
    expect(await desk.account(lean.apiKey)).toMatchObject({
      heldTonnes: 1_000,
      reservedTonnes: 100,
      freeTonnes: 900,
    });
    const met = await desk.submit(heavy.participant, order('b', 'buy', 150, 9_000));
    expect(met.data).toEqual({
      submitAllowanceOrder: { id: 'b', state: 'OPEN', filledTonnes: 100, remainingTonnes: 50 },
    });
    expect(await desk.account(lean.apiKey)).toMatchObject({
      heldTonnes: 900,
      reservedTonnes: 0,
      gapTonnes: 0,
    });
    expect(await desk.account(heavy.apiKey)).toMatchObject({ heldTonnes: 900, gapTonnes: 50 });
    expect((await desk.trades(heavy.apiKey)).all).toEqual([
      { side: 'buy', orderId: 'b', tonnes: 100, priceMinorPerTonne: 8_050 },
    ]);
    expect((await desk.trades(lean.apiKey)).all).toEqual([
      { side: 'sell', orderId: 's', tonnes: 100, priceMinorPerTonne: 8_050 },
    ]);

    const surrendered = { heldTonnes: 0, surrenderedTonnes: 900, cancelledTonnes: 0 };
    for (const again of [
      await desk.retire(heavy.participant, 'r', 'SURRENDER', 900),
      await desk.retire(heavy.participant, 'r', 'SURRENDER', 900),
    ])
      expect(again.data).toEqual({ retireAllowances: surrendered });
    await desk.retire(lean.participant, 'r', 'SURRENDER', 890);
    const cancelled = await desk.retire(lean.participant, 'c', 'CANCEL', 10);
    expect(cancelled.data).toEqual({
      retireAllowances: { heldTonnes: 0, surrenderedTonnes: 890, cancelledTonnes: 10 },
    });
    expect(await desk.account(heavy.apiKey)).toMatchObject({ gapTonnes: 50 });

    const [ofLean, ofHeavy] = [await ledgerOf(lean.apiKey), await ledgerOf(heavy.apiKey)];
    expect(ofLean.verified).toBe(true);
    expect(ofLean.entries.map(({ type }) => type)).toEqual([
      'allowances.issue',
      'allowances.trade.allowances',
      'allowances.trade.money',
      'allowances.surrender',
      'allowances.cancel',
    ]);
    for (const [{ entries }, { organisationId }] of [
      [ofLean, lean],
      [ofHeavy, heavy],
    ] as const) {
      const held = `organisation:${organisationId}/allowances/china-ets-power/2024`;
      expect(balance(entries, 'CEA', held)).toBe(0);
    }
    const all = [...ofLean.entries, ...ofHeavy.entries];
    expect(balance(all, 'CEA', 'allowances:issued')).toBe(-1_800);
    expect(balance(all, 'CEA', 'allowances:surrendered')).toBe(1_790);
    expect(balance(all, 'CEA', 'allowances:cancelled')).toBe(10);
    expect(balance(all, 'CNY', `participant:${lean.participant.id}`)).toBe(805_000);
    expect(balance(all, 'CNY', `participant:${heavy.participant.id}`)).toBe(-805_000);
    for (const currency of ['CEA', 'CNY']) expect(balance(all, currency, 'allowances:clearing')).toBe(0);
  });

  it('tells nobody what another holds, emits, orders or lacks, and no party who the other is', async () => {
    const desk = deskOf(2022);
    await desk.issue(lean.organisationId, 1_000);
    await desk.state(lean.participant, { kind: 'VERIFIED', tonnes: 777_777 });
    await desk.submit(lean.participant, order('s', 'sell', 100, 8_050));
    await desk.submit(heavy.participant, order('b', 'buy', 60, 8_050));
    for (const sender of [other.apiKey, market.platform.operatorKey]) {
      expect(await desk.account(sender)).toMatchObject({
        heldTonnes: 0,
        verifiedTonnes: null,
        gapTonnes: null,
      });
      expect((await desk.orders(sender)).all).toEqual([]);
      expect((await desk.trades(sender)).all).toEqual([]);
      const { entries } = await ledgerOf(sender);
      expect(entries.filter(({ type }) => type !== 'allowances.issue')).toEqual([]);
    }
    const seen = JSON.stringify([await ledgerOf(heavy.apiKey), await desk.trades(heavy.apiKey)]);
    expect(seen).not.toContain(lean.organisationId);
    expect(seen).not.toContain(lean.participant.id);
  });

  it('shows the book in sums once three organisations stand on either side, and trades once three have bought and sold', async () => {
    const empty = {
      bids: [],
      asks: [],
      withheld: 'FEW_PARTIES',
      tradedTonnes: null,
      lastPriceMinorPerTonne: null,
    };
    const desk = deskOf(2023);
    const sellers = [lean, heavy, other];
    const buyers = await Promise.all(
      ['x', 'y', 'z'].map((name) => market.platform.createOrganisation(`Buyer ${name} ${named++}`)),
    );
    for (const [i, { organisationId, participant }] of sellers.entries()) {
      await desk.issue(organisationId, 10);
      await desk.submit(participant, order('s', 'sell', 5, 9_000 + 100 * Math.min(i, 1)));
    }
    for (const [i, { participant }] of buyers.entries()) {
      expect(await desk.book(lean.apiKey)).toMatchObject(empty);
      await desk.submit(participant, order('b', 'buy', 2, 8_000 - i));
    }
    expect(await desk.book(market.platform.operatorKey)).toEqual({
      bids: [
        { priceMinorPerTonne: 8_000, tonnes: 2 },
        { priceMinorPerTonne: 7_999, tonnes: 2 },
        { priceMinorPerTonne: 7_998, tonnes: 2 },
      ],
      asks: [{ priceMinorPerTonne: 9_000, tonnes: 5 }, { priceMinorPerTonne: 9_100, tonnes: 10 }], // prettier-ignore
      withheld: null,
      tradedTonnes: null,
      lastPriceMinorPerTonne: null,
      tradesWithheld: 'FEW_PARTIES',
    });
    for (const { participant } of buyers) await desk.submit(participant, order('t', 'buy', 5, 9_100));
    expect(await desk.book(lean.apiKey)).toMatchObject({
      withheld: 'FEW_PARTIES',
      tradedTonnes: 15,
      lastPriceMinorPerTonne: 9_100,
      tradesWithheld: null,
    });
  });

  it('never sells an allowance twice, however many orders come at once', async () => {
    const desk = deskOf(2021);
    await desk.issue(lean.organisationId, 100);
    const answers = await Promise.all(
      ['a', 'b', 'c', 'd'].map((id) => desk.submit(lean.participant, order(id, 'sell', 60, 8_000))),
    );
    expect(answers.filter((answer) => codeOf(answer) === 'ALLOWANCES_SHORT')).toHaveLength(3);
    expect(await desk.account(lean.apiKey)).toMatchObject({ heldTonnes: 100, reservedTonnes: 60 });
    expect(await code(desk.retire(lean.participant, 'r', 'CANCEL', 41))).toBe('ALLOWANCES_SHORT');
    const bought = await Promise.all(
      [heavy, other].map(({ participant }) => desk.submit(participant, order('b', 'buy', 60, 8_000))),
    );
    const filled = bought.map(
      ({ data }) =>
        (data as unknown as { submitAllowanceOrder: { filledTonnes: number } }).submitAllowanceOrder
          .filledTonnes,
    );
    expect(filled.toSorted((a, b) => a - b)).toEqual([0, 60]);
    expect(await desk.account(lean.apiKey)).toMatchObject({ heldTonnes: 40, reservedTonnes: 0 });
  });

  it('frees what an order offered once it is withdrawn, has expired or meets its own organisation’s', async () => {
    const desk = deskOf(2020);
    await desk.issue(lean.organisationId, 100);
    const expiresAt = isoInstant(DAY.startMs + 60_000);
    await desk.submit(lean.participant, { ...order('e', 'sell', 60, 9_000), expiresAt });
    await desk.submit(lean.participant, order('w', 'sell', 40, 9_000));
    for (const again of [await desk.cancel(lean.participant, 'w'), await desk.cancel(lean.participant, 'w')])
      expect(again.data).toMatchObject({ cancelAllowanceOrder: { state: 'CANCELLED', remainingTonnes: 0 } });
    expect(await desk.account(lean.apiKey)).toMatchObject({ reservedTonnes: 60 });
    await market.setClock(Date.parse(expiresAt));
    expect(await desk.account(lean.apiKey)).toMatchObject({ reservedTonnes: 0, freeTonnes: 100 });
    expect((await desk.orders(lean.apiKey)).all).toMatchObject([
      { state: 'EXPIRED' },
      { state: 'CANCELLED' },
    ]);
    await desk.submit(lean.participant, order('s', 'sell', 100, 1));
    const own = await desk.submit(lean.participant, order('own', 'buy', 5, 2));
    expect(own.data).toMatchObject({ submitAllowanceOrder: { state: 'SELF_TRADE' } });
    expect(await code(desk.cancel(lean.participant, 'own'))).toBe('ORDER_FINISHED');
    const now = await desk.submit(heavy.participant, { ...order('n', 'buy', 101, 1), timeInForce: 'fok' });
    expect(now.data).toMatchObject({ submitAllowanceOrder: { state: 'UNFILLED', filledTonnes: 0 } });
    await desk.cancel(lean.participant, 's');
  });

  it('expects the gap at the end of the year from a stated forecast', async () => {
    const desk = deskOf(2024);
    await desk.issue(lean.organisationId, 1_000);
    const forecast = { kind: 'FORECAST', tonnes: 1_100, lowTonnes: 1_000, highTonnes: 1_200 } as const;
    expect((await desk.state(lean.participant, forecast)).errors).toBeUndefined();
    expect(await desk.account(lean.apiKey)).toMatchObject({
      verifiedTonnes: null,
      gapTonnes: null,
      forecast: {
        emissionsTonnes: 1_100,
        gapTonnes: 100,
        gapLowTonnes: expect.closeTo(0, 6),
        gapHighTonnes: expect.closeTo(200, 6),
        deficitProbability: expect.closeTo(0.9, 9),
      },
    });
  });

  it('pages through own orders and trades, and tells of a trade as it is found', async () => {
    const desk = deskOf(2020);
    await desk.issue(lean.organisationId, 100);
    const client = createClient({
      url: `${market.platform.url.replace('http', 'ws')}/graphql`,
      connectionParams: { authorization: `Bearer ${lean.apiKey}` },
      retryAttempts: 0,
    });
    const events = client.iterate<{ allowanceTraded: { cursor: string; node: object } }>({
      query: TRADED,
      variables: { ...VINTAGE, year: 2020, after: Buffer.from('["0"]').toString('base64url') },
    });
    for (const id of ['a', 'b', 'c']) {
      await desk.submit(lean.participant, order(id, 'sell', 10, 7_000));
      await desk.submit(heavy.participant, order(id, 'buy', 10, 7_000));
    }
    const found = [];
    for (let i = 0; i < 3; i++) found.push((await events.next()).value.data.allowanceTraded.node);
    expect(found).toEqual([sold('a'), sold('b'), sold('c')]);
    for (const list of ['orders', 'trades'] as const) {
      const first = await desk[list](lean.participant, { first: 2 });
      const second = await desk[list](lean.participant, { first: 2, after: first.endCursor });
      expect([first.all.length, second.all.length]).toEqual([2, 1]);
    }
    await client.dispose();
  });
});
