import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { factorById, type GridIntensity } from '#carbon';
import { HOUR_MS } from '#core';
import {
  accountHours,
  type AccountedTrade,
  givenWithin,
  type MeteredHour,
  tradedEmissions,
} from './accounting.ts';

const factor = factorById('pv-rooftop/direct/ipcc-ar5');
const grid: GridIntensity = { id: 'grid/0', basis: 'direct', kgCo2ePerKwhByHour: new Map([[0, '0.5']]) };
const trade = (
  id: string,
  sellerId: string,
  buyerId: string,
  quantityWh: number,
  startMs = 0,
): AccountedTrade => ({
  id,
  sellerId,
  buyerId,
  sellerTenantId: `org-${sellerId}`,
  buyerTenantId: `org-${buyerId}`,
  quantityWh,
  intervalStartMs: startMs,
});
const meter = (
  participantId: string,
  netImportWh: number,
  netExportWh: number,
  startMs = 0,
): MeteredHour => ({
  participantId,
  netImportWh,
  netExportWh,
  startMs,
  givenElsewhereWh: 0,
});

// s sells 600 and 400 Wh but exports 500: 300 and 200 Wh go to a and b; b imports only 100 Wh.
const trades = [trade('1', 's', 'a', 600), trade('2', 's', 'b', 400)];
const metered = [meter('s', 0, 500), meter('a', 900, 0), meter('b', 100, 0)];

const owner = (id: string) => ({ participantId: id, tenantId: `org-${id}`, startMs: 0 });

describe('accountHours', () => {
  it('books both sides of each trade and what the meters make of it', () => {
    expect(accountHours(trades, metered)).toEqual([
      {
        ...owner('a'),
        boughtWh: 600,
        soldWh: 0,
        receivedWh: 300,
        givenWh: 0,
        consumedWh: 600,
        coveredWh: 300,
      },
      { ...owner('s'), boughtWh: 0, soldWh: 1000, receivedWh: 0, givenWh: 500, consumedWh: 0, coveredWh: 0 },
      {
        ...owner('b'),
        boughtWh: 400,
        soldWh: 0,
        receivedWh: 200,
        givenWh: 0,
        consumedWh: 100,
        coveredWh: 100,
      },
    ]);
  });

  it('guesses nothing where a meter did not speak', () => {
    const [a, s] = accountHours([trades[0]!], []);
    expect(a).toMatchObject({ boughtWh: 600, receivedWh: 0, consumedWh: null, coveredWh: null });
    expect(s).toMatchObject({ soldWh: 600, givenWh: 0, consumedWh: null, coveredWh: null });
  });

  it('gives away only what other sessions have left', () => {
    const [a] = accountHours(
      [trades[0]!],
      [{ ...meter('s', 0, 500), givenElsewhereWh: 450 }, meter('a', 900, 0)],
    );
    expect(a).toMatchObject({ receivedWh: 50, coveredWh: 50 });
  });

  it('passes on exactly as many attributes as sellers give', () => {
    const member = fc.constantFrom('a', 'b', 'c', 'd');
    const wh = fc.nat(1000);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(member, member, wh)),
        fc.uniqueArray(fc.tuple(member, wh, wh), { selector: ([id]) => id }),
        (drawn, meters) => {
          const hours = accountHours(
            drawn.map(([seller, buyer, quantityWh], i) => trade(String(i), seller, buyer, quantityWh)),
            meters.map(([id, imported, exported]) => meter(id, imported, exported)),
          );
          const total = (of: 'receivedWh' | 'givenWh'): number =>
            hours.reduce((sum, hour) => sum + hour[of], 0);
          expect(total('receivedWh')).toBe(total('givenWh'));
          for (const { participantId, givenWh, receivedWh, boughtWh, coveredWh } of hours) {
            const exported = meters.find(([id]) => id === participantId)?.[2] ?? 0;
            expect(givenWh).toBeLessThanOrEqual(exported);
            expect(receivedWh).toBeLessThanOrEqual(boughtWh);
            expect(coveredWh ?? 0).toBeLessThanOrEqual(receivedWh);
          }
        },
      ),
    );
  });
});

describe('tradedEmissions', () => {
  // Four sell 250 Wh each and export 125, four buy them; the last imports 200 Wh only.
  const four = ['a', 'b', 'c', 'd'].map((buyer, n) => trade(String(n), `s${n}`, buyer, 250));
  const exported = [0, 1, 2, 3].map((n) => meter(`s${n}`, 0, 125));
  const imported = ['a', 'b', 'c', 'd'].map((buyer) => meter(buyer, buyer === 'd' ? 200 : 900, 0));

  it('adds up consumed energy by location and its uncovered part by market', () => {
    const totals = tradedEmissions(accountHours(four, [...exported, ...imported]), grid, factor);
    // 950 Wh consumed, 500 Wh of it covered, 0.5 g/Wh
    expect(totals).toEqual({
      organisations: 8,
      tradedWh: 1000,
      missingDeliveries: 0,
      hoursWithoutIntensity: [],
      attributedWh: 500,
      consumedWh: 950,
      coveredWh: 500,
      locationGrams: 475,
      marketGrams: 225,
    });
  });

  const WITHHELD = { consumedWh: null, coveredWh: null, locationGrams: null, marketGrams: null };

  it('tells no totals of fewer than four organisations', () => {
    expect(tradedEmissions(accountHours(trades, metered), grid, factor)).toMatchObject({
      organisations: 3,
      tradedWh: 1000,
      attributedWh: null,
      ...WITHHELD,
    });
  });

  it('counts for what was consumed those that bought and have said what they imported, and nobody else', () => {
    const oneBuyer = four.map((each) => ({ ...each, buyerId: 'a', buyerTenantId: 'org-a' }));
    const report = tradedEmissions(accountHours(oneBuyer, [...exported, meter('a', 900, 0)]), grid, factor);
    expect(report).toMatchObject({ organisations: 5, attributedWh: null, ...WITHHELD });
    const oneSilent = accountHours(four, [...exported, ...imported.slice(1)]);
    expect(tradedEmissions(oneSilent, grid, factor)).toMatchObject({ attributedWh: 500, ...WITHHELD });
  });

  it('counts for what was attributed those on either side', () => {
    const oneSeller = four.map((each) => ({ ...each, sellerId: 's', sellerTenantId: 'org-s' }));
    const report = tradedEmissions(accountHours(oneSeller, [meter('s', 0, 500), ...imported]), grid, factor);
    expect(report).toMatchObject({ organisations: 5, attributedWh: null, consumedWh: 950 });
  });

  it('gives every quarter of an hour the intensity of its hour, counted from the start of the day', () => {
    const booked = accountHours(four, [...exported, ...imported]);
    const hours = booked.map((each, n) => ({ ...each, startMs: ((n % 4) * HOUR_MS) / 4 }));
    const whole = tradedEmissions(booked, grid, factor);
    expect(tradedEmissions(hours, grid, factor)).toEqual(whole);
    const halfPast = hours.map((each) => ({ ...each, startMs: each.startMs + HOUR_MS / 2 }));
    const from = { ...grid, kgCo2ePerKwhByHour: new Map([[HOUR_MS / 2, '0.5']]) };
    expect(tradedEmissions(halfPast, from, factor, -HOUR_MS / 2)).toEqual(whole);
  });

  it('names traded hours without a grid intensity', () => {
    const later = trades.map((one) => ({ ...one, intervalStartMs: HOUR_MS }));
    expect(tradedEmissions(accountHours(later, []), grid, factor).hoursWithoutIntensity).toEqual([HOUR_MS]);
  });
});

const quarter = (n: number) => ({ startMs: (n * HOUR_MS) / 4, endMs: ((n + 1) * HOUR_MS) / 4 });

describe('givenWithin', () => {
  const hour = { startMs: 0, endMs: HOUR_MS };

  it('takes off an hour what its quarters gave, and nothing of other hours or members', () => {
    const given = [
      { participantId: 's', slot: quarter(0), givenWh: 10 },
      { participantId: 's', slot: quarter(3), givenWh: 5 },
      { participantId: 's', slot: quarter(4), givenWh: 100 },
      { participantId: 'r', slot: quarter(0), givenWh: 100 },
    ];
    expect(givenWithin(hour, 's', given)).toBe(15);
  });

  it('never lets quarters after their hour give more than was exported', () => {
    const wh = fc.integer({ min: 0, max: 1_000 });
    fc.assert(
      fc.property(fc.array(wh, { minLength: 4, maxLength: 4 }), wh, (exports, share) => {
        const exportWh = exports.reduce((sum, each) => sum + each, 0);
        const givenWh = Math.min(share, exportWh);
        const given = [{ participantId: 's', slot: hour, givenWh }];
        const free = exports.map((each, n) => Math.max(0, each - givenWithin(quarter(n), 's', given)));
        expect(givenWh + free.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(exportWh);
      }),
    );
  });
});
