import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from 'typeorm';
import { loadConfig, testEnvironment } from '#config';
import { DAY_MS, HOUR_MS, localDate } from '#core';
import type { Database } from '#persistence';
import { openDatabase } from '../infrastructure.module.ts';
import type { Principal } from '../pipeline/principal.ts';
import { createTestDatabase, type TestDatabase } from '../../../test/harness/database-template.ts';
import { emissionsCsv } from './emissions.ts';
import { requireSqlZone } from './sql-zone.ts';
import { EmissionsService, type EmissionsTerms } from './emissions.service.ts';

/** Berlin, Sunday 31 May 2026. */
const SUNDAY = Date.UTC(2026, 4, 30, 22);
/** Ids that sort as they are named. */
const [north, south] = ['a', 'b'].map((letter) => `${letter}${randomUUID().slice(1)}`) as [string, string];
/** Of a year in which nothing else is published. */
const LONG_AGO = Date.UTC(1999, 11, 31, 23);

interface Day {
  readonly organisation: string;
  readonly day: number;
  readonly from?: number;
  readonly version?: number;
  readonly hours?: number;
  readonly basis?: string;
  readonly factorIds?: string;
}

const published: readonly Day[] = [
  { organisation: north, day: 0 },
  { organisation: north, day: 1, version: 1, hours: 1 },
  { organisation: north, day: 1, version: 2 },
  { organisation: north, day: 2 },
  { organisation: south, day: 0, hours: 20, factorIds: '{grid/b,pv}' },
  { organisation: south, day: 1, basis: 'lifecycle' },
];

describe('sums of published emissions', () => {
  let test: TestDatabase;
  let database: Database;

  const publish = ({ organisation, day, from = SUNDAY, version = 1, hours = 24, basis = 'direct', factorIds = '{grid/a,pv}' }: Day): Promise<unknown> =>
    database.asTenant(organisation, (manager) =>
      manager.query(
        `INSERT INTO published_emissions (tenant_id, participant_id, starts_at, ends_at, version, hours, location_grams,
           market_grams, method_version, basis, factor_ids, signature, published_at)
         VALUES ($1, $1, $2, $3, $4, $5, 100, 60, 'm/1', $6, $7, 's', now())`,
        [organisation, new Date(from + day * DAY_MS), new Date(from + (day + 1) * DAY_MS), version, hours, basis, factorIds], // prettier-ignore
      ),
    ); // prettier-ignore

  beforeAll(async () => {
    test = await createTestDatabase(testEnvironment().databaseUrl);
    database = await openDatabase(loadConfig({ GRIDCOMMONS_DATA_DIR: test.dataDir, DATABASE_URL: test.url }));
    for (const id of [north, south]) {
      await database.asTenant(id, async (manager) => {
        await manager.query("INSERT INTO organisation (id, name, legal_id) VALUES ($1, 'Firm', $2)", [
          id,
          id,
        ]);
        await manager.query(
          'INSERT INTO participant (id, tenant_id, signing_key, agreement_key) VALUES ($1, $2, $3, $3)',
          [id, id, id],
        );
      });
    }
    for (const day of published) await publish(day);
    await database.asTenant(north, (manager) =>
      manager.query(
        `INSERT INTO published_emissions (tenant_id, participant_id, starts_at, ends_at, version, hours, location_grams,
           market_grams, method_version, basis, factor_ids, signature, published_at)
         SELECT $1, $1, day, day + interval '1 day', 1, 24, 1, 1, 'm/1', 'direct', '{pv}', 's', now()
         FROM generate_series($2::timestamptz, $2::timestamptz + interval '10000 days', interval '1 day') AS day`,
        [north, new Date(LONG_AGO - 10_000 * DAY_MS)],
      ),
    );
  }, 60_000);

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const sums = (terms: Partial<EmissionsTerms> = {}) =>
    new EmissionsService(database).of({ organisationId: south } as Principal, {
      from: SUNDAY,
      to: SUNDAY + 3 * DAY_MS,
      resolution: 'day',
      zone: 'UTC',
      by: 'all',
      ...terms,
    });

  it.each([
    ['day', ['2026-05-31', '2026-06-01', '2026-06-02']],
    ['week', ['2026-05-25', '2026-06-01']],
    ['month', ['2026-05', '2026-06']],
    ['year', ['2026']],
    ['total', ['total']],
  ] as const)('are by %s of each day’s own date', async (resolution, parts) => {
    const found = await sums({ resolution, account: 'location', organisationIds: [north] });
    expect(found.map(({ part }) => part)).toEqual(parts);
    expect(found.reduce((total, { grams }) => total + grams, 0)).toBe(300);
  });

  it('are of dates of the zone asked for', async () => {
    const within = { from: SUNDAY, to: SUNDAY + 1, account: 'market' } as const;
    const parts = async (zone: string) => (await sums({ ...within, zone })).map(({ part }) => part);
    expect(await parts('Europe/Berlin')).toEqual(['2026-05-31']);
    expect(await parts('Pacific/Kiritimati')).toEqual(['2026-06-01']);
  });

  it.each([
    // Local noon in Berlin is 10:00 UTC: the next day from 14 hours east on, the day before from 10:01 west on.
    ['+14:00', '2026-06-01'],
    ['Etc/GMT-14', '2026-06-01'],
    ['+13:59', '2026-05-31'],
    ['-10:00', '2026-05-31'],
    ['-10:01', '2026-05-30'],
    ['Etc/GMT+11', '2026-05-30'],
    ['+05:30', '2026-05-31'],
    ['etc/utc', '2026-05-31'],
  ])('are of dates of %s, as this machine reads it', async (zone, part) => {
    const within = { from: SUNDAY, to: SUNDAY + 1, account: 'market', zone } as const;
    expect((await sums(within)).map((sum) => sum.part)).toEqual([part]);
    expect(localDate(zone, SUNDAY + DAY_MS / 2)).toBe(part);
  });

  it('give each zone that this machine knows the date that it has here, or refuse it by a code', async () => {
    const within = { from: SUNDAY, to: SUNDAY + 1, account: 'market' } as const;
    const others = [
      'CET',
      'EET',
      'MET',
      'WET',
      'EST',
      'MST',
      'HST',
      'EST5EDT',
      'GMT',
      'UTC',
      'Zulu',
      'PRC',
      'GB',
      'NZ-CHAT',
    ];
    for (const zone of [...Intl.supportedValuesOf('timeZone').filter((_, i) => i % 12 === 0), ...others]) {
      const parts = await sums({ ...within, zone }).then(
        (found) => found.map(({ part }) => part),
        (error) => error.code,
      );
      expect([zone, parts]).toEqual([
        zone,
        parts === 'ZONE_UNKNOWN' ? parts : [localDate(zone, SUNDAY + DAY_MS / 2)],
      ]);
    }
  }, 60_000);

  it('are refused in a zone that the database lacks', async () => {
    const lacking = { query: () => Promise.resolve([]) } as unknown as EntityManager;
    await expect(requireSqlZone(lacking, 'Europe/Berlin')).rejects.toMatchObject({ code: 'ZONE_UNKNOWN' });
    await expect(sums({ zone: 'Europe/Bielefeld' })).rejects.toMatchObject({ code: 'ZONE_UNKNOWN' });
  });

  it('are refused above what a JSON number holds', async () => {
    const day = { from: Date.UTC(2010, 0, 1), to: Date.UTC(2010, 0, 2) };
    for (const organisation of [north, south]) {
      await database.asTenant(organisation, (manager) =>
        manager.query(
          `INSERT INTO published_emissions (tenant_id, participant_id, starts_at, ends_at, version, hours, location_grams,
             market_grams, method_version, basis, factor_ids, signature, published_at)
           VALUES ($1, $1, $2, $3, 1, 24, 9223372036854775807, 1, 'm/1', 'direct', '{pv}', 's', now())`,
          [organisation, new Date(day.from), new Date(day.to)],
        ),
      );
    }
    await expect(sums(day)).rejects.toMatchObject({ code: 'EMISSIONS_TOO_LARGE' });
    expect((await sums({ ...day, account: 'market' }))[0]!.grams).toBe(2);
  });

  it('are of the newest version of a day, never of two accounts or two bases', async () => {
    const found = await sums({ from: SUNDAY + DAY_MS, to: SUNDAY + 2 * DAY_MS });
    expect(found.map(({ account, basis, grams, hours }) => [account, basis, grams, hours])).toEqual([
      ['location', 'direct', 100, 24],
      ['market', 'direct', 60, 24],
      ['location', 'lifecycle', 100, 24],
      ['market', 'lifecycle', 60, 24],
    ]);
  });

  it('say whose days are in them, how many hours are not, and by what they were made', async () => {
    const sunday = { to: SUNDAY + 1, account: 'market' } as const;
    const [sum] = await sums(sunday);
    expect(sum).toMatchObject({ participants: 2, hours: 44, expectedHours: 48, organisationId: null });
    expect(sum!.factorIds).toEqual(['grid/a', 'grid/b', 'pv']);
    const each = await sums({ ...sunday, by: 'participant' });
    expect(each.map(({ organisationId, participantId, grams }) => [organisationId, participantId, grams])).toEqual([[north, north, 60], [south, south, 60]]); // prettier-ignore
    expect(await sums({ ...sunday, by: 'organisation' })).toMatchObject([
      { organisationId: north, participantId: null },
      { organisationId: south, participantId: null },
    ]);
  });

  it('add up more days than they have rows at most, and refuse more rows', async () => {
    const long = { from: LONG_AGO - 10_001 * DAY_MS, to: LONG_AGO + DAY_MS, account: 'location' } as const;
    expect((await sums({ ...long, resolution: 'total' }))[0]!.grams).toBe(10_001);
    await expect(sums(long)).rejects.toMatchObject({ code: 'EMISSIONS_TOO_MANY' });
  });

  it('are a table', async () => {
    const csv = emissionsCsv(await sums({ to: SUNDAY + 1, account: 'market', organisationIds: [north] }));
    expect(csv.split('\r\n')[1]).toBe(
      `2026-05-31,2026-05-30T22:00:00Z,2026-05-31T22:00:00Z,,,2,electricity,market,direct,60,1,24,${DAY_MS / HOUR_MS},m/1,grid/a pv`,
    );
  });
});
