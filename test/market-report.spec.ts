import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { isoInstant } from '#core';
import { CLEARINGS, type Clearing, codeOf, DAY, hour, MarketDay, nodes, order, type Page, UNKNOWN } from './harness/market-day.ts'; // prettier-ignore
import type { Sender, TestOrganisation } from './harness/platform.ts';

/*
 * What members are told of why a price is what it is: everything among many, nothing of limits among few, and to each what
 * its own orders came to.
 */

const REPORT = `query ($id: ID!) {
  marketClearingReport(sessionId: $id) {
    mechanism welfareMinor
    slots {
      startsAt quantityWh pricePerMwh withheld setBy reason efficientPriceInterval { lowPerMwh highPerMwh }
      oneMoreWh { supplyPerMwh demandPerMwh } lastTradePerMwh welfareExact bestWelfareExact unservedDemandWh unusedSupplyWh
      own { boughtWh soldWh supports { lowPerMwh highPerMwh } }
    }
  }
}`;

interface Slot {
  readonly startsAt: string;
  readonly withheld: string | null;
  readonly own: object | null;
}

interface Report {
  readonly mechanism: string;
  readonly welfareMinor: number | null;
  readonly slots: readonly Slot[];
}

describe('the report of a session', () => {
  let market: MarketDay;
  let buyers: readonly TestOrganisation[];
  let sellers: readonly TestOrganisation[];

  beforeAll(async () => {
    market = await MarketDay.start();
    const { buyer, seller, bystander } = market.firms;
    const more: TestOrganisation[] = [];
    for (let n = 0; n < 3; n++) more.push(await market.platform.createOrganisation());
    buyers = [buyer, more[0]!, more[1]!];
    sellers = [seller, more[2]!, bystander];
  }, 60_000);

  afterAll(() => market.stop());

  const reportOf = async (id: string, sender: Sender): Promise<Report> =>
    (await market.platform.data<{ marketClearingReport: Report }>(REPORT, { id }, sender))
      .marketClearingReport;

  /** Hour 0: three on each side. */
  async function crowdedSession(): Promise<string> {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const submit = async (firm: TestOrganisation, side: 'buy' | 'sell', price: number) =>
      market.submit(id, firm.participant, [order(`${side}0`, 0, side, 1_000, price)]);
    for (const [n, firm] of buyers.entries()) await submit(firm, 'buy', 30_000 - 1_000 * n);
    for (const [n, firm] of sellers.entries()) await submit(firm, 'sell', 10_000 + 1_000 * n);
    return id;
  }

  async function cleared(id: string): Promise<string> {
    await market.close(id);
    await market.reached(id, 'CLEARED');
    return id;
  }

  it('says among many what set the price and what a Wh more is worth, the same to everybody', async () => {
    const id = await cleared(await crowdedSession());
    const report = await reportOf(id, market.platform.operatorKey);
    // (30 + 29 + 28 − 10 − 11 − 12) ct/kWh · 1 kWh
    expect(report).toMatchObject({ mechanism: 'uniform-price', welfareMinor: 54 });
    expect(report.slots).toHaveLength(23);
    expect(report.slots[0]).toEqual({
      startsAt: isoInstant(hour(0)),
      quantityWh: 3_000,
      pricePerMwh: 20_000,
      withheld: null,
      setBy: 'both',
      reason: null,
      efficientPriceInterval: { lowPerMwh: 12_000, highPerMwh: 28_000 },
      oneMoreWh: { supplyPerMwh: 12_000, demandPerMwh: 28_000 },
      lastTradePerMwh: 16_000,
      welfareExact: '54000000',
      bestWelfareExact: '54000000',
      unservedDemandWh: 0,
      unusedSupplyWh: 0,
      own: null,
    });
    const ofBuyer = await reportOf(id, buyers[0]!.participant);
    expect(ofBuyer.slots[0]).toEqual({
      ...report.slots[0],
      own: { boughtWh: 1_000, soldWh: 0, supports: { lowPerMwh: null, highPerMwh: 30_000 } },
    });
    expect(await market.reached(id, 'CLEARED')).toMatchObject({ welfareMinor: 54 });
  });

  it('withholds from everybody what one bid and one ask would tell, and shows each party its own', async () => {
    const id = await crowdedSession();
    const [bid, ask] = [buyers[0]!, sellers[0]!];
    await market.submit(id, bid.participant, [order('b5', 5, 'buy', 700, 27_000)]);
    await market.submit(id, ask.participant, [order('s5', 5, 'sell', 700, 13_000)]);
    await market.submit(id, bid.participant, [order('b6', 6, 'buy', 700, 12_345)]);
    await market.submit(id, ask.participant, [order('s6', 6, 'sell', 700, 23_456)]);
    await cleared(id);
    const outside = await reportOf(id, market.platform.operatorKey);
    // The total less the other slots' would be this one's.
    expect(outside.welfareMinor).toBeNull();
    expect(outside.slots[0]).toMatchObject({ withheld: null, welfareExact: '54000000' });
    expect(outside.slots[5]).toEqual({
      startsAt: isoInstant(hour(5)),
      quantityWh: 700,
      pricePerMwh: 20_000,
      withheld: 'FEW_PARTIES',
      setBy: null,
      reason: null,
      efficientPriceInterval: { lowPerMwh: null, highPerMwh: null },
      oneMoreWh: { supplyPerMwh: null, demandPerMwh: null },
      lastTradePerMwh: null,
      welfareExact: null,
      bestWelfareExact: null,
      unservedDemandWh: null,
      unusedSupplyWh: null,
      own: null,
    });
    expect(outside.slots[6]).toMatchObject({ withheld: 'FEW_PARTIES', reason: 'PRICES_DO_NOT_CROSS' });
    const own = (await reportOf(id, ask.apiKey)).slots[5]!;
    expect(own.own).toEqual({ boughtWh: 0, soldWh: 700, supports: { lowPerMwh: 13_000, highPerMwh: null } });

    const { marketClearings } = await market.platform.data<{ marketClearings: Page<Clearing> }>(CLEARINGS, { id }, market.platform.operatorKey); // prettier-ignore
    const said = JSON.stringify([outside, nodes(marketClearings), await market.reached(id, 'CLEARED')]);
    for (const limit of ['27000', '13000', '12345', '23456']) expect(said).not.toContain(limit);
  });

  it('is there once the session is cleared, and of no other', async () => {
    await market.setClock(DAY.startMs);
    const id = await market.openSession();
    const codes = [];
    for (const each of [id, UNKNOWN]) {
      codes.push(codeOf(await market.platform.graphql(REPORT, { id: each }, buyers[0]!.apiKey)));
    }
    expect(codes).toEqual(['SESSION_NOT_CLEARED', 'SESSION_UNKNOWN']);
  });
});
