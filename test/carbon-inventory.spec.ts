import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { gridCsv, importGrid } from './harness/carbon-day.ts';
import { inventoryFromStore } from './harness/emissions-node.ts';
import { DAY, hour, MarketDay, meter } from './harness/market-day.ts';

jest.setTimeout(60_000);

let market: MarketDay;
let session: string;

beforeAll(async () => {
  market = await MarketDay.start();
  const { buyer, seller } = market.firms;
  session = await market.tradedSession();
  await market.setClock(DAY.endMs);
  await market.deliver(session, buyer.participant, [meter(0, 1_200, 0), meter(1, 900, 0)]);
  await market.deliver(session, seller.participant, [meter(0, 0, 1_500), meter(1, 0, 600)]);
  await market.reached(session, 'SETTLED');
  await importGrid(
    market,
    gridCsv((n) => (n === 0 ? 0.9 : 0.4)),
  );
}, 60_000);

afterAll(() => market.stop());

/** (1.7 − 0.5) kWh drawn, 2 kWh of gas and 1 kWh of heat in each hour. */
const csv = (hours: number): string =>
  [
    'timestamp,load_kwh,pv_kwh,gas_kwh,heat_kwh',
    ...Array.from({ length: hours }, (_, n) => `${isoInstant(hour(n))},1.7,0.5,2,1`),
  ].join('\n');

describe('a member’s inventory of its own readings', () => {
  it('is hourly and annual, with what it bought locally and what its other columns are', async () => {
    const told = await inventoryFromStore(market.platform, market.firms.buyer, {
      session,
      csv: csv(23),
      terms: {
        grids: [{ zone: 'DE', residualFactorKgPerKwh: '0.6' }],
        columns: { gas_kwh: { kind: 'stationary', factorKgPerKwh: '0.2' } },
      },
    });
    expect(told.totals).toMatchObject({
      // 23 · 2 kWh · 0.2
      scope1Kg: 9.2,
      // 23 · 1.2 kWh at (0.9 + 22 · 0.4) / 23, each hour alike
      scope2LocationKg: 11.64,
      // 1.6 kWh of 27.6 came with the attributes of its seller’s roof
      scope2MarketKg: 15.6,
    });
    expect(told.scope2.hourly).toMatchObject({
      locationKg: 11.64,
      marketKg: 15.6,
      consumptionKwh: 27.6,
      coveredKwh: 1.6,
    });
    expect(told.hours?.[0]).toEqual({
      start: isoInstant(hour(0)),
      consumptionKwh: 1.2,
      coveredKwh: 1,
      locationKg: 1.08,
      marketKg: 0.12,
    });
    expect(told.instruments).toMatchObject([
      { id: 'local-market', eligible: true, factorId: 'pv-rooftop/direct/ipcc-ar5', energyKwh: 1.6 },
    ]);
    expect(told.columns).toEqual([
      { column: 'load_kwh', activity: 'electricity', reason: null, hours: 23, hoursWithoutReading: 0 },
      { column: 'gas_kwh', activity: 'gas_kwh', reason: null, hours: 23, hoursWithoutReading: 0 },
      { column: 'heat_kwh', activity: null, reason: 'no-terms', hours: 0, hoursWithoutReading: 0 },
    ]);
  });

  it('counts hours without a reading and a fuel that was read in part', async () => {
    const told = await inventoryFromStore(market.platform, market.firms.buyer, {
      session,
      csv: csv(20),
      terms: { columns: { gas_kwh: { kind: 'stationary', factorKgPerKwh: '0.2' } } },
    });
    expect(told.flags).toEqual(
      expect.arrayContaining([
        { code: 'hours-without-reading', of: 'electricity', detail: '3' },
        { code: 'estimated-activity', of: 'gas_kwh', detail: 'direct' },
      ]),
    );
    expect(told.scope2.hourly).toMatchObject({ consumptionKwh: 24, incomplete: false });
  });

  it('reads nothing that is not known yet, and says of how many hours', async () => {
    const period = { startMs: DAY.startMs, endMs: DAY.endMs + HOUR_MS };
    const told = await inventoryFromStore(market.platform, market.firms.buyer, {
      session,
      csv: csv(24),
      period,
    });
    expect(told.scope2.hourly).toMatchObject({ consumptionKwh: 27.6 });
    expect(told.flags).toContainEqual({ code: 'hours-without-reading', of: 'electricity', detail: '1' });
  });

  it('is refused for terms that readings and grid decide, for unknown columns and without a grid', async () => {
    const { buyer } = market.firms;
    const refusal = (terms: Parameters<typeof inventoryFromStore>[2]['terms'], period = DAY) =>
      inventoryFromStore(market.platform, buyer, { session, csv: csv(2), period, terms: terms! });
    await expect(refusal({ basis: 'lifecycle' })).rejects.toMatchObject({ code: 'TERMS_RESERVED' });
    await expect(refusal({ columns: { oil_kwh: {} } })).rejects.toMatchObject({ code: 'COLUMN_UNKNOWN' });
    await expect(refusal({ column: {} })).rejects.toMatchObject({ code: 'INPUT_KEY_UNKNOWN' });
    const before = { startMs: DAY.startMs - 400 * 24 * HOUR_MS, endMs: DAY.startMs - 399 * 24 * HOUR_MS };
    await expect(refusal({}, before)).rejects.toMatchObject({ code: 'SERIES_UNKNOWN' });
  });
});
