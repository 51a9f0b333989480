import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '#core';
import { emissionsCsv, type EmissionsTerms, type PublishedDay, sumEmissions } from './emissions.ts';

/** Berlin, Sunday 31 May 2026. */
const SUNDAY = Date.UTC(2026, 4, 30, 22);
const day = (n: number, change: Partial<PublishedDay> = {}): PublishedDay => ({
  tenantId: 'north',
  participantId: 'p',
  startsAt: new Date(SUNDAY + n * DAY_MS),
  endsAt: new Date(SUNDAY + (n + 1) * DAY_MS),
  hours: 24,
  locationGrams: 100,
  marketGrams: 60,
  methodVersion: 'm/1',
  basis: 'direct',
  factorIds: ['grid/a', 'pv'],
  ...change,
});
const terms = (change: Partial<EmissionsTerms> = {}): EmissionsTerms => ({
  resolution: 'day',
  zone: 'UTC',
  by: 'all',
  ...change,
});

describe('sumEmissions', () => {
  it.each([
    ['day', ['2026-05-31', '2026-06-01', '2026-06-02']],
    ['week', ['2026-05-25', '2026-06-01']],
    ['month', ['2026-05', '2026-06']],
    ['year', ['2026']],
    ['total', ['total']],
  ] as const)('adds days up by %s, each of its own date', (resolution, parts) => {
    const sums = sumEmissions([day(1), day(0), day(2)], terms({ resolution, account: 'location' }));
    expect(sums.map(({ part }) => part)).toEqual(parts);
    expect(sums.reduce((total, { grams }) => total + grams, 0)).toBe(300);
  });

  it('never adds two accounts or two bases', () => {
    const sums = sumEmissions([day(0), day(0, { basis: 'lifecycle', participantId: 'q' })], terms());
    expect(sums.map(({ account, basis, grams }) => [account, basis, grams])).toEqual([
      ['location', 'direct', 100],
      ['market', 'direct', 60],
      ['location', 'lifecycle', 100],
      ['market', 'lifecycle', 60],
    ]);
  });

  it('says whose days are in a sum, how many hours are not, and by what they were made', () => {
    const days = [day(0), day(0, { participantId: 'q', hours: 20, factorIds: ['grid/b', 'pv'] })];
    const [sum] = sumEmissions(days, terms());
    expect(sum).toMatchObject({ participants: 2, hours: 44, expectedHours: 48, organisationId: null });
    expect(sum!.factorIds).toEqual(['grid/a', 'grid/b', 'pv']);
    const each = sumEmissions(days, terms({ by: 'participant', account: 'market' }));
    expect(
      each.map(({ organisationId, participantId, grams }) => [organisationId, participantId, grams]),
    ).toEqual([
      ['north', 'p', 60],
      ['north', 'q', 60],
    ]);
    expect(sumEmissions(days, terms({ by: 'organisation', account: 'market' }))).toMatchObject([
      { organisationId: 'north', participantId: null, grams: 120 },
    ]);
  });

  it('is a table', () => {
    const csv = emissionsCsv(sumEmissions([day(0)], terms({ account: 'market' })));
    expect(csv.split('\r\n')[1]).toBe(
      `2026-05-31,2026-05-30T22:00:00Z,2026-05-31T22:00:00Z,,,2,electricity,market,direct,60,1,24,${DAY_MS / HOUR_MS},m/1,grid/a pv`,
    );
  });
});
