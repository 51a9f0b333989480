/* Every member's hours of a year from the database to its two inventories, and an analyst's query over what members publish. */
import { type GridIntensity, type HourActivity, scope2Inventory } from '#carbon';
import { loadConfig } from '#config';
import { HOUR_MS } from '#core';
import { Database } from '#persistence';
import { inWorkspace } from '../../apps/cli/demo/workspace.ts';
import { NEWEST_ACCOUNT } from '../../apps/platform/carbon/attribute-session.ts';
import { entities, migrations } from '../../apps/platform/features.ts';
import { type CommunitySize, daysOf, fill, LOCAL_FACTOR, SERIES_ID, START_MS } from './community.ts';
import { rounded, type Show } from './networks.ts';
import { measureReportQuery } from './report-query.ts';

/** Members at a time: their hours stand between those of all others, and of ten more are on a page of the disk than of one. */
const PAGE = 10;
/** The check at the end reads all there is in one statement. */
const STATEMENT_MS = 3_600_000;

const MEMBERS = 'SELECT id FROM participant WHERE id > $1 ORDER BY id LIMIT $2';
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** The newest version of each hour; numbers instead of dates and text, as all of them are below 2^53. */
const HOURS = `
  SELECT DISTINCT ON (participant_id, starts_at, session_id) participant_id AS "participantId",
    (extract(epoch FROM starts_at) * 1000)::float8 AS "intervalStartMs", consumed_wh::float8 AS "importWh",
    covered_wh::float8 AS "attributedWh"
  FROM carbon_account
  WHERE participant_id = ANY($1) AND starts_at >= $2 AND starts_at < $3
  ORDER BY participant_id, starts_at, session_id, version DESC`;

/** The same by the database, in its decimals: each member's exact sum, rounded once, half away from zero. */
const CHECK = `
  SELECT sum(hours)::float8 AS hours, sum(location)::float8 AS "locationGrams", sum(market)::float8 AS "marketGrams"
  FROM (
    SELECT count(*) AS hours, round(sum(account.consumed_wh * grid.kg_co2e_per_kwh::numeric)) AS location,
      round(sum((account.consumed_wh - account.covered_wh) * grid.kg_co2e_per_kwh::numeric
        + account.covered_wh * $1::numeric / 1000)) AS market
    FROM carbon_account account JOIN grid_intensity grid ON grid.starts_at = account.starts_at
    WHERE grid.series_id = $2 AND ${NEWEST_ACCOUNT}
    GROUP BY account.participant_id
  ) member`;

interface Totals {
  hours: number;
  locationGrams: number;
  marketGrams: number;
}

interface MemberHour extends HourActivity {
  readonly participantId: string;
}

/** Of each member in the order of their ids, all hours; no more than a page of members is in memory. */
async function* memberHours(database: Database, hours: number): AsyncGenerator<readonly MemberHour[]> {
  const range = [new Date(START_MS), new Date(START_MS + hours * HOUR_MS)];
  let after: string | undefined = BEFORE_ALL;
  while (after !== undefined) {
    const page: readonly [ids: string[], rows: MemberHour[]] = await database.asSystem(async (manager) => {
      const members = await manager.query<{ id: string }[]>(MEMBERS, [after, PAGE]);
      const ids = members.map(({ id }) => id);
      return [ids, await manager.query<MemberHour[]>(HOURS, [ids, ...range])];
    });
    const [ids, rows] = page;
    for (const id of ids) yield rows.filter(({ participantId }) => participantId === id);
    after = ids.at(-1);
  }
}

async function gridOf(database: Database): Promise<GridIntensity> {
  const rows = await database.asSystem((manager) =>
    manager.query<{ startsAt: Date; kg: string }[]>(
      'SELECT starts_at AS "startsAt", kg_co2e_per_kwh AS kg FROM grid_intensity WHERE series_id = $1',
      [SERIES_ID],
    ),
  );
  const kgCo2ePerKwhByHour = new Map(rows.map(({ startsAt, kg }) => [startsAt.getTime(), kg]));
  return { id: SERIES_ID, basis: LOCAL_FACTOR.basis, kgCo2ePerKwhByHour };
}

async function inventories(database: Database, hours: number) {
  const [started, processor] = [performance.now(), process.cpuUsage()];
  const grid = await gridOf(database);
  const totals: Totals = { hours: 0, locationGrams: 0, marketGrams: 0 };
  let accountingMs = 0;
  for await (const activities of memberHours(database, hours)) {
    const read = performance.now();
    const inventory = scope2Inventory(activities, grid, LOCAL_FACTOR);
    accountingMs += performance.now() - read;
    totals.hours += inventory.hours.length;
    totals.locationGrams += inventory.locationGrams;
    totals.marketGrams += inventory.marketGrams;
  }
  const { user, system } = process.cpuUsage(processor);
  return {
    totals,
    seconds: (performance.now() - started) / 1_000,
    accountingSeconds: accountingMs / 1_000,
    processorSeconds: (user + system) / 1e6,
  };
}

/** @throws unless the database comes to the same hours and grams. */
async function requireSame(database: Database, totals: Totals, expectedHours: number): Promise<void> {
  const [sums] = await database.asSystem((manager) =>
    manager.query<[Totals]>(CHECK, [LOCAL_FACTOR.gramsCo2ePerKwh, SERIES_ID]),
  );
  const [got, expected] = [totals, sums].map(({ hours, locationGrams, marketGrams }) =>
    JSON.stringify({ hours, locationGrams, marketGrams }),
  );
  if (got !== expected || totals.hours !== expectedHours)
    throw new Error(`expected ${expectedHours} hours and ${expected} by the database, got ${got}`);
}

async function measured(database: Database, size: CommunitySize, show: Show): Promise<object> {
  const [{ version }] = await database.asSystem((manager) =>
    manager.query<[{ version: string }]>("SELECT current_setting('server_version') AS version"),
  );
  const { members, hours } = size;
  const generating = performance.now();
  await fill(database, size, show);
  const generationSeconds = (performance.now() - generating) / 1_000;
  show(`inventory  ${members} members × ${hours} hours generated in ${generationSeconds.toFixed(1)} s`);
  const { totals, seconds, accountingSeconds, processorSeconds } = await inventories(database, hours);
  const memberHoursPerSecond = Math.round(totals.hours / seconds);
  show(`inventory  in ${seconds.toFixed(2)} s, ${memberHoursPerSecond} member-hours a second`);
  await requireSame(database, totals, members * hours);
  return {
    postgresql: version,
    members,
    hours,
    seconds: rounded(seconds),
    accountingSeconds: rounded(accountingSeconds),
    processorSeconds: rounded(processorSeconds),
    generationSeconds: rounded(generationSeconds),
    memberHoursPerSecond,
    locationGrams: totals.locationGrams,
    marketGrams: totals.marketGrams,
    reportQuery: await measureReportQuery(database, { members, days: daysOf(hours) }, show),
  };
}

/** In DATABASE_URL (an empty database), or embedded in a directory that is gone afterwards. */
export async function measureInventory(size: CommunitySize, show: Show): Promise<object> {
  const { databaseUrl: url, databasePoolSize: poolSize } = loadConfig();
  return inWorkspace(undefined, async (dataDir) => {
    const database = await Database.open({ dataDir, url, poolSize, statementMs: STATEMENT_MS, entities, migrations }); // prettier-ignore
    try {
      const figures = await measured(database, size, show);
      return { database: url === undefined ? 'embedded' : 'server', ...figures };
    } finally {
      await database.close();
    }
  });
}
