import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DAY_MS, type Interval, interval } from '#core';
import { appendEntry, balances, GENESIS } from '#ledger';
import {
  type ChargedDay,
  dayAt,
  draftsOf,
  requireAgreement,
  requireTerms,
  shareOf,
  type TermsDraft,
  uncovered,
} from './forecast-terms.ts';

const now = Date.UTC(2026, 4, 12);
const coded = (code: string) => expect.objectContaining({ code });
const days = (from: number, to: number): Interval => interval(now + from * DAY_MS, now + to * DAY_MS);
const sum = (amounts: readonly number[]): number => amounts.reduce((a, b) => a + b, 0);

const prices = fc.integer({ min: 1, max: 1_000_000_000 });

describe('shareOf', () => {
  it('gives the publisher seven tenths and the rest in equal parts, to the last unit', () => {
    expect(shareOf(100, 3, 0)).toEqual({ publisherMinor: 70, contributorMinor: [10, 10, 10] });
    expect(shareOf(100, 0, 0)).toEqual({ publisherMinor: 100, contributorMinor: [] });
    // 70 and 4 × 7.5: two units over, to the first two on the first day and to the next two on the next.
    expect(shareOf(100, 4, 0)).toEqual({ publisherMinor: 70, contributorMinor: [8, 8, 7, 7] });
    expect(shareOf(100, 4, DAY_MS)).toEqual({ publisherMinor: 70, contributorMinor: [7, 8, 8, 7] });
  });

  it('conserves every price, within one unit of what is exact', () => {
    fc.assert(
      fc.property(prices, fc.nat(60), fc.nat(20_000), (price, contributors, day) => {
        const { publisherMinor, contributorMinor } = shareOf(price, contributors, day * DAY_MS);
        expect(publisherMinor + sum(contributorMinor)).toBe(price);
        expect(publisherMinor).toBeGreaterThanOrEqual(Math.max(1, Math.floor(price * 0.7)));
        const exact = (price * 0.3) / contributors;
        for (const share of contributorMinor) expect(Math.abs(share - exact)).toBeLessThan(1);
      }),
    );
  });
});

describe('draftsOf', () => {
  it('books double entries that leave the clearing account at zero, one organisation in each', async () => {
    await fc.assert(
      fc.asyncProperty(prices, fc.nat(12), async (priceMinor, count) => {
        const contributors = Array.from({ length: count }, (_, i) => `contributor-${i}`);
        const charge: ChargedDay = {
          id: 'charge',
          consumer: 'consumer',
          publisher: 'publisher',
          series: 'load',
          day: days(0, 1),
          zone: 'Europe/Berlin',
          priceMinor,
          currency: 'EUR',
          contributors,
        };
        const drafts = draftsOf(charge, now);
        for (const { holder, draft } of drafts) {
          await appendEntry(GENESIS, draft, '0'.repeat(32));
          expect(draft.postings[0]!.account).toBe(`organisation:${holder}`);
        }
        const of = balances(drafts.map(({ draft }) => draft)).get('EUR')!;
        expect(of.get('forecasts:clearing')).toBe(0);
        expect(of.get('organisation:consumer')).toBe(-priceMinor);
        expect(sum([...of.values()])).toBe(0);
        const references = drafts.map(({ draft }) => `${draft.type} ${draft.reference}`);
        expect(new Set(references).size).toBe(references.length);
      }),
    );
  });
});

describe('uncovered', () => {
  it('is what no other span covers, and nothing else', () => {
    const span = fc
      .tuple(fc.nat(30), fc.integer({ min: 1, max: 10 }))
      .map(([from, n]) => days(from, from + n));
    fc.assert(
      fc.property(span, fc.array(span, { maxLength: 5 }), (asked, others) => {
        const left = uncovered(asked, others);
        for (let day = 0; day < 41; day++) {
          const holds = ({ startMs, endMs }: Interval): boolean =>
            startMs <= now + day * DAY_MS && now + day * DAY_MS < endMs;
          expect(left.some(holds)).toBe(holds(asked) && !others.some(holds));
        }
      }),
    );
  });
});

describe('requireTerms', () => {
  const terms = (fields: Partial<TermsDraft> = {}): TermsDraft => ({
    days: days(1, 3),
    pricePerDayMinor: 100,
    currency: 'EUR',
    ...fields,
  });

  it.each<[string, Partial<TermsDraft>]>([
    ['FORECAST_TERMS_PRICE', { pricePerDayMinor: 0 }],
    ['FORECAST_TERMS_PRICE', { pricePerDayMinor: 1.5 }],
    ['FORECAST_TERMS_PRICE', { pricePerDayMinor: 1_000_000_001 }],
    ['FORECAST_TERMS_CURRENCY', { currency: 'euro' }],
    ['FORECAST_TERMS_RANGE', { days: days(1, 1_100) }],
    ['FORECAST_TERMS_PAST', { days: days(0, 1) }],
    ['FORECAST_TERMS_OVERLAP', { days: days(4, 6) }],
  ])('refuses with %s %j', (code, fields) => {
    expect(() => requireTerms(terms(fields), [days(5, 7)], now)).toThrow(coded(code));
  });

  it('takes a day that begins in the next moment, beside days that have a price', () => {
    expect(() => requireTerms(terms(), [days(0, 1), days(3, 4)], now + DAY_MS - 1)).not.toThrow();
  });
});

describe('requireAgreement', () => {
  it('takes days of the terms that are not agreed yet', () => {
    expect(() => requireAgreement(days(1, 2), days(1, 5), [days(2, 3)])).not.toThrow();
    expect(() => requireAgreement(days(0, 2), days(1, 5), [])).toThrow(coded('FORECAST_AGREEMENT_RANGE'));
    expect(() => requireAgreement(days(4, 6), days(1, 5), [])).toThrow(coded('FORECAST_AGREEMENT_RANGE'));
    expect(() => requireAgreement(days(1, 3), days(1, 5), [days(2, 3)])).toThrow(
      coded('FORECAST_AGREEMENT_OVERLAP'),
    );
  });
});

describe('dayAt', () => {
  it('has 23 hours where spring takes one', () => {
    const { startMs, endMs } = dayAt('Europe/Berlin', Date.parse('2026-03-29T12:00Z'));
    expect(endMs - startMs).toBe(DAY_MS - 3_600_000);
  });
});
