import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Interval, interval, localDay } from '#core';
import { Database } from '#persistence';
import type { DemoOutcome } from '../../apps/cli/demo/outcome.ts';
import { PlatformApi } from '../../apps/cli/demo/platform-api.ts';
import { syntheticFirms } from '../../apps/cli/demo/synthetic.ts';
import { migrations } from '../../apps/platform/features.ts';
import { BuiltProcess } from './built-process.ts';

export const ZONE = 'Europe/Berlin';
const DAYS = 36;
const LAST_DAY = '2026-05-16';
/** The last day is cut here, so that the day before it is the last complete one. */
const END_MS = localDay(ZONE, LAST_DAY).startMs + 10 * 3_600_000;
/** The demo's delivery day. */
export const DELIVERY: Interval = localDay(ZONE, '2026-05-15');

/** One row of a firm's file; energies as they are written there. */
export interface MeterRow {
  readonly startMs: number;
  readonly load: string;
  /** Null where the firm has no modules. */
  readonly pv: string | null;
}

export type Change = (firm: string, row: MeterRow) => MeterRow;

/** The smallest community: two firms that only buy, two with modules on the roof. */
const FIRMS = 4;

/** Range of readings all firms' files cover. */
export const RANGE: Interval = interval(
  localDay(ZONE, LAST_DAY).startMs - (DAYS - 1) * 24 * 3_600_000,
  END_MS,
);

/** Writes one CSV a firm into `directory`, each row after `change`. @returns the firms' names and rows as written */
export async function writeFirms(
  directory: string,
  change: Change,
): Promise<ReadonlyMap<string, MeterRow[]>> {
  await mkdir(directory, { recursive: true });
  const written = new Map<string, MeterRow[]>();
  for (const { name, csv } of syntheticFirms({
    seed: 1,
    firms: FIRMS,
    days: DAYS,
    zone: ZONE,
    lastDay: LAST_DAY,
  })) {
    const [header, ...lines] = csv.trimEnd().split('\n');
    const hasPv = header!.includes('pv_kwh');
    const rows = lines.map((line) => rowOf(line, hasPv)).filter(({ row }) => row.startMs < END_MS);
    const changed = rows.map(({ timestamp, row }) => ({ timestamp, row: change(name, row) }));
    const body = changed.map(({ timestamp, row }) =>
      [timestamp, row.load, ...(row.pv === null ? [] : [row.pv])].join(','),
    );
    const columns = hasPv ? 'timestamp,load_kwh,pv_kwh' : 'timestamp,load_kwh';
    await writeFile(join(directory, `${name}.csv`), `${[columns, ...body].join('\n')}\n`);
    written.set(
      name,
      changed.map(({ row }) => row),
    );
  }
  return written;
}

function rowOf(line: string, hasPv: boolean): { timestamp: string; row: MeterRow } {
  const [timestamp = '', load = '', pv = ''] = line.split(',');
  return { timestamp, row: { startMs: Date.parse(timestamp), load, pv: hasPv ? pv : null } };
}

/** Runs the demo of the built project on the firms in `data`; platform, sites and logs stay in `keep`. */
export async function runDemo(data: string, keep: string): Promise<DemoOutcome> {
  const demo = BuiltProcess.command(['demo', '--data', data, '--zone', ZONE, '--keep', keep, '--json'], {
    LOG_LEVEL: 'trace',
  });
  const { exitCode } = await demo.end;
  const outcome = demo.events.at(-1) as unknown as DemoOutcome | undefined;
  if (exitCode !== 0 || !outcome)
    throw new Error(`expected a demo that succeeds, got exit ${exitCode}\n${demo.errors}`);
  return outcome;
}

/** The platform of a kept demo, running again. */
export interface KeptPlatform {
  readonly api: PlatformApi;
  stop(): Promise<void>;
}

export async function startKeptPlatform(keep: string): Promise<KeptPlatform> {
  const platform = BuiltProcess.platform({
    GRIDCOMMONS_DATA_DIR: join(keep, 'platform'),
    GRIDCOMMONS_REPLAY_CLOCK: join(keep, 'clock'),
    PORT: '0',
  });
  const { url } = await platform.event(({ event }) => event === 'listening', 'its address');
  const key = await readFile(join(keep, 'platform', 'operator.key'), 'utf8');
  return {
    api: new PlatformApi(String(url), key.trim()),
    async stop() {
      await platform.stop();
    },
  };
}

/** Everything in the tables of a platform that is not running: a line of JSON a row, each bytea column also as its bytes. */
export async function dumpTables(dataDir: string): Promise<ReadonlyMap<string, Buffer>> {
  const options = { dataDir, poolSize: 1, statementMs: 60_000, entities: [], migrations };
  const database = await Database.open(options);
  try {
    return await database.asSystem(async (manager) => {
      // The owner sees what row-level security and missing grants hide from the platform's own roles.
      await manager.query('RESET ROLE');
      const dump = new Map<string, Buffer>();
      for (const { schema, name } of await rows<{ schema: string; name: string }>(manager, TABLES)) {
        const table = `"${schema}"."${name}"`;
        const texts = await rows<{ line: string }>(
          manager,
          `SELECT row_to_json(t)::text AS line FROM ${table} t`,
        );
        dump.set(table, Buffer.from(texts.map(({ line }) => line).join('\n')));
        for (const { column } of await rows<{ column: string }>(manager, BYTES, [schema, name])) {
          const values = await rows<{ bytes: Buffer | null }>(
            manager,
            `SELECT "${column}" AS bytes FROM ${table}`,
          );
          dump.set(`${table}.${column}`, Buffer.concat(values.map(({ bytes }) => bytes ?? Buffer.alloc(0))));
        }
      }
      return dump;
    });
  } finally {
    await database.close();
  }
}

/** The rows of one table of a dump. */
export const rowsIn = <T>(dump: ReadonlyMap<string, Buffer>, table: string): T[] =>
  dump
    .get(`"public"."${table}"`)!
    .toString('utf8')
    .split('\n')
    .map((line) => JSON.parse(line) as T);

/** As whom a firm of a kept demo is enrolled. */
export interface EnrolledFirm {
  readonly organisationId: string;
  readonly participantId: string;
}

export const enrolmentOf = async (keep: string, firm: string): Promise<EnrolledFirm> =>
  JSON.parse(await readFile(join(keep, 'sites', firm, 'enrolment.json'), 'utf8')) as EnrolledFirm;

const TABLES = `SELECT table_schema AS schema, table_name AS name FROM information_schema.tables
  WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`;
const BYTES = `SELECT column_name AS column FROM information_schema.columns
  WHERE data_type = 'bytea' AND table_schema = $1 AND table_name = $2`;

interface Queries {
  query(sql: string, parameters?: unknown[]): Promise<unknown>;
}

const rows = async <T>(manager: Queries, sql: string, parameters: unknown[] = []): Promise<T[]> =>
  (await manager.query(sql, parameters)) as T[];
