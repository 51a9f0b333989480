import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bidFromSite } from './harness/device-site.ts';
import { hour, MarketDay, order, type Trade } from './harness/market-day.ts';

const HOURS = 23;
const NOON = [10, 11, 12, 13];
const EVENING = [18, 19, 20, 21];
/** A roof at noon, a bakery's ovens in the evening. */
const NET_WH = Array.from({ length: HOURS }, (_, n) => {
  if (NOON.includes(n)) return -2_000;
  return EVENING.includes(n) ? 2_000 : 0;
});
const BATTERY = { id: 'battery', type: 'battery', capacityKwh: 4, chargeKw: 2, dischargeKw: 2, chargeEfficiency: 0.9 }; // prettier-ignore
const CAR = { id: 'car', type: 'vehicle', capacityKwh: 40, chargeKw: 1, arrival: 20, departure: 22, requiredKwh: 30 }; // prettier-ignore

describe('a site with a battery in the local market', () => {
  let market: MarketDay;
  beforeAll(async () => {
    market = await MarketDay.start();
  }, 60_000);
  afterAll(() => market.stop());

  /** What the site trades in the hours at noon and in the evening with a neighbour who takes and gives whatever is fairly priced. */
  async function traded(devices: object | null) {
    const { buyer: site, seller: neighbour } = market.firms;
    await market.setClock(hour(0));
    const id = await market.openSession();
    const reports = await bidFromSite(market.platform, site, id, { netWh: NET_WH, devices });
    await market.submit(id, neighbour.participant, [
      ...NOON.map((n) => order(`b${n}`, n, 'buy', 10_000, 10_200)),
      ...EVENING.map((n) => order(`s${n}`, n, 'sell', 10_000, 27_800)),
    ]);
    await market.close(id);
    await market.reached(id, 'CLEARED');
    const trades = await market.trades(id, site.apiKey);
    const sum = (key: keyof Trade): number =>
      trades
        .filter((trade) => trade[key] === site.participant.id)
        .reduce((wh, { quantityWh }) => wh + quantityWh, 0);
    return { reports, soldWh: sum('sellerParticipantId'), boughtWh: sum('buyerParticipantId') };
  }

  it('keeps of its noon surplus what it then does not buy in the evening', async () => {
    const without = await traded(null);
    expect(without).toEqual({ reports: [], soldWh: 8_000, boughtWh: 8_000 });
    // 4 kWh stored are 4 / 0.9 kWh charged.
    expect(await traded({ devices: [BATTERY], share: 0 })).toEqual({
      reports: ['devices'],
      soldWh: expect.closeTo(8_000 - 4_444, -1),
      boughtWh: 4_000,
    });
  }, 60_000);

  it('bids its forecast alone, and says so, where its devices cannot do what they must', async () => {
    expect(await traded({ devices: [CAR] })).toEqual({
      reports: ['devices-not-bid'],
      soldWh: 8_000,
      boughtWh: 8_000,
    });
  }, 60_000);
});
