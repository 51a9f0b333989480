/* A community's year in the tables of the platform: made in the database, from numbers alone, in the order it would arrive. */
import { localGenerationFactor, SCOPE2_METHOD } from '#carbon';
import { DAY_MS, HOUR_MS, isoInstant } from '#core';
import type { Database } from '#persistence';
import type { Show } from './networks.ts';

export interface CommunitySize {
  readonly members: number;
  readonly hours: number;
}

export const START_MS = Date.UTC(2025, 0, 1);
export const SERIES_ID = `grid/${'0123456789abcdef'.repeat(2)}`;
export const LOCAL_FACTOR = localGenerationFactor('lifecycle', START_MS);
export const MEMBERS_AN_ORGANISATION = 10;
const DAY_HOURS = DAY_MS / HOUR_MS;
/** Of a hundred: settled, or published, a second time. */
const CORRECTED = 2;
const PROGRESS_DAYS = 30;

export const daysOf = (hours: number): number => Math.ceil(hours / DAY_HOURS);

/** SQL of the id of what has that number. */
const idOf = (kind: 'organisation' | 'participant' | 'session', number: string): string =>
  `md5('${kind} ' || ${number})::uuid`;
const tenantOf = (member: string): string => idOf('organisation', `${member} / ${MEMBERS_AN_ORGANISATION}`);
const START = `timestamptz '${isoInstant(START_MS)}'`;
const LATER = (count: string, unit: 'hour' | 'day'): string => `${START} + ${count} * interval '1 ${unit}'`;

/** SQL of a whole number from 0 to below `range`, of `seed` alone (two steps of Park & Miller 1988). */
const drawn = (seed: string, range: string): string =>
  `(((${seed})::bigint + 1) * 48271 % 2147483647 * 48271 % 2147483647 % (${range}))`;

const ORGANISATIONS = `
  INSERT INTO organisation (id, name, legal_id)
  SELECT ${idOf('organisation', 'n')}, 'Firm ' || n, 'bench:' || n
  FROM generate_series(0, ($1::int - 1) / ${MEMBERS_AN_ORGANISATION}) n`;

const PARTICIPANTS = `
  INSERT INTO participant (id, tenant_id, signing_key, agreement_key)
  SELECT ${idOf('participant', 'm')}, ${tenantOf('m')}, md5('a' || m) || md5('b' || m), md5('c' || m) || md5('d' || m)
  FROM generate_series(0, $1::int - 1) m`;

// No default of the community, so that a platform started on these rows accounts none of the sessions anew.
const GRID_SERIES = `
  INSERT INTO grid_series (id, tenant_id, region, basis, source, csv_sha256, community_default, first_hour, last_hour, hours, findings)
  SELECT '${SERIES_ID}', ${idOf('organisation', '0')}, 'bench', '${LOCAL_FACTOR.basis}', 'generated', repeat('0', 64), false,
    ${START}, ${LATER('($1::int - 1)', 'hour')}, $1::int, '[]'`;

const GRID_HOURS = `
  INSERT INTO grid_intensity (tenant_id, series_id, starts_at, kg_co2e_per_kwh)
  SELECT ${idOf('organisation', '0')}, '${SERIES_ID}', ${LATER('h', 'hour')},
    ((${drawn('h', '700000')} + 50000) / 1000000.0)::numeric(7, 6)::text
  FROM generate_series(0, $1::int - 1) h`;

const SESSION = `
  INSERT INTO market_session (id, tenant_id, zone, starts_at, ends_at, retail_per_mwh, feed_in_per_mwh, currency, mechanism,
    powers, state, settled_at, settlement_version)
  SELECT ${idOf('session', '$1::int')}, ${idOf('organisation', '0')}, 'UTC', ${LATER('$1::int', 'day')},
    ${LATER('($1::int + 1)', 'day')}, 300000, 80000, 'EUR', 'uniform-price', '[]', 'SETTLED', ${LATER('($1::int + 1)', 'day')}, 2`;

/** Day $1, $2 members, up to hour $3 of the year: hour by hour, as trades are cleared, so that no member's year is in one place. */
const ACCOUNTS = `
  INSERT INTO carbon_account (tenant_id, session_id, starts_at, participant_id, bought_wh, sold_wh, received_wh, given_wh,
    consumed_wh, covered_wh, version)
  SELECT ${tenantOf('m')}, ${idOf('session', '$1::int')}, ${LATER('h', 'hour')}, ${idOf('participant', 'm')},
    bought, 0, received, 0, consumed, least(received, consumed), version
  FROM generate_series(${DAY_HOURS} * $1::int, least(${DAY_HOURS} * ($1::int + 1), $3::int) - 1) h
    CROSS JOIN generate_series(0, $2::int - 1) m
    CROSS JOIN generate_series(1, 2) version
    CROSS JOIN LATERAL (SELECT h::bigint * 10007 + m AS seed) seeded
    CROSS JOIN LATERAL (SELECT 200 + ${drawn('seed', '4000')} AS bought) trade
    CROSS JOIN LATERAL (
      SELECT ${drawn('seed + 7', 'bought + 1')} / version AS received, bought - ${drawn('seed + 13', 'bought / 10')} AS consumed
    ) meter
  WHERE version = 1 OR ${drawn('seed + 19', '100')} < ${CORRECTED}
  ORDER BY version, h, m`;

/** Day $1, $2 members, $3 hours in it. */
const PUBLICATIONS = `
  INSERT INTO published_emissions (tenant_id, participant_id, starts_at, ends_at, version, hours, location_grams, market_grams,
    method_version, basis, factor_ids, signature, published_at)
  SELECT ${tenantOf('m')}, ${idOf('participant', 'm')}, ${LATER('$1::int', 'day')}, ${LATER('($1::int + 1)', 'day')}, version,
    $3::int, location, location - ${drawn('seed + 7', 'location / 2')} / version, '${SCOPE2_METHOD}', '${LOCAL_FACTOR.basis}',
    ARRAY['${SERIES_ID}', '${LOCAL_FACTOR.id}'], repeat(md5(seed::text), 4), ${LATER('($1::int + 1)', 'day')}
  FROM generate_series(0, $2::int - 1) m
    CROSS JOIN generate_series(1, 2) version
    CROSS JOIN LATERAL (SELECT $1::bigint * 10007 + m AS seed) seeded
    CROSS JOIN LATERAL (SELECT 5000 + ${drawn('seed', '30000')} AS location) total
  WHERE version = 1 OR ${drawn('seed + 19', '100')} < ${CORRECTED}
  ORDER BY version, m`;

/**
 * Fills an empty database: organisations of ten members, a settled session a day, for each member and hour what it bought
 * and what of that was covered, for each day the emissions it published; two in a hundred of either in a second version.
 */
export async function fill(database: Database, { members, hours }: CommunitySize, show: Show): Promise<void> {
  await database.asSystem(async (manager) => {
    const [{ count }] = await manager.query<[{ count: number }]>('SELECT count(*)::int FROM organisation');
    if (count > 0) throw new Error(`expected an empty database, got one with ${count} organisations`);
    await manager.query(ORGANISATIONS, [members]);
    await manager.query(PARTICIPANTS, [members]);
    await manager.query(GRID_SERIES, [hours]);
    await manager.query(GRID_HOURS, [hours]);
  });
  const days = daysOf(hours);
  for (let day = 0; day < days; day += 1) {
    await database.asSystem(async (manager) => {
      await manager.query(SESSION, [day]);
      await manager.query(ACCOUNTS, [day, members, hours]);
      await manager.query(PUBLICATIONS, [day, members, Math.min(DAY_HOURS, hours - DAY_HOURS * day)]);
    });
    if ((day + 1) % PROGRESS_DAYS === 0) show(`inventory  ${day + 1} of ${days} days generated`);
  }
  // As its owner; a server does so by itself after a while.
  await database.asSystem((manager) =>
    manager.query('SET LOCAL ROLE NONE; ANALYZE carbon_account, published_emissions'),
  );
}
