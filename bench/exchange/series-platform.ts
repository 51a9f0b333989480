import { createHash, randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '#config';
import { createLogger } from '#observability';
import { Database } from '#persistence';
import { PlatformApi } from '../../apps/cli/demo/platform-api.ts';
import { createPlatform } from '../../apps/platform/create-platform.ts';

const CREATE = 'mutation ($input: CreateSeriesInput!) { createSeries(input: $input) { id } }';
const ORGANISATION =
  'mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { organisation { id } apiKey } }';

/** A platform in this process with one firm, on the embedded database or the empty one at DATABASE_URL. */
export interface SeriesPlatform {
  readonly database: Database;
  readonly tenantId: string;
  /** As the firm. */
  readonly api: PlatformApi;
  /** Stores bytes and returns their SHA-256. */
  readonly put: (bytes: Uint8Array) => Promise<string>;
  /** A series of quarter-hours of Wh in UTC. */
  readonly series: () => Promise<string>;
  /** `COPY` of a file's rows into a table, by the owner of the tables, whom no row-level security binds. */
  readonly copy: (table: string, columns: string, csv: string) => Promise<void>;
  /** Any statement of the same owner. */
  readonly asOwner: (statement: string, parameters?: readonly unknown[]) => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

export async function openSeriesPlatform(databaseUrl: string | undefined): Promise<SeriesPlatform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'gridcommons-bench-'));
  const config = loadConfig({
    GRIDCOMMONS_DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    PORT: '0',
    GRIDCOMMONS_STATEMENT_TIMEOUT_MS: '3600000',
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  });
  const app = await createPlatform(config, createLogger(config.logLevel));
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const database = app.get(Database);
  const operator = new PlatformApi(url, (await readFile(join(dataDir, 'operator.key'), 'utf8')).trim());
  const input = { name: 'Bench', legalId: `bench:${randomUUID()}` };
  const { createOrganisation: made } = await operator.request<{
    createOrganisation: { organisation: { id: string }; apiKey: string };
  }>(ORGANISATION, { input });
  const api = new PlatformApi(url, made.apiKey);
  const asOwner: SeriesPlatform['asOwner'] = (statement, parameters = []) =>
    database.asSystem(async (manager) => {
      await manager.query('SET LOCAL ROLE NONE');
      return manager.query(statement, [...parameters]);
    });
  return {
    database,
    tenantId: made.organisation.id,
    api,
    asOwner,
    put: (bytes) => putBlob(url, made.apiKey, bytes),
    async series() {
      const draft = { key: randomUUID(), unit: 'Wh', zone: 'UTC', resolution: 'PT15M', declaredOpen: true };
      return (await api.request<{ createSeries: { id: string } }>(CREATE, { input: draft })).createSeries.id;
    },
    copy: (table, columns, csv) =>
      copyFile(asOwner, { dataDir, embedded: databaseUrl === undefined }, `${table} (${columns})`, csv),
    async stop() {
      await app.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function putBlob(url: string, apiKey: string, bytes: Uint8Array): Promise<string> {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const request = {
    method: 'PUT',
    headers: { authorization: `Bearer ${apiKey}` },
    body: new Uint8Array(bytes),
  };
  const { status } = await fetch(`${url}/blobs/${sha256}`, request);
  if (status !== 200) throw new Error(`expected the file to be stored, got status ${status}`);
  return sha256;
}

/** The embedded engine sees its own directory only; a server on this machine reads any file that is open to it. */
async function copyFile(
  asOwner: SeriesPlatform['asOwner'],
  { dataDir, embedded }: { readonly dataDir: string; readonly embedded: boolean },
  into: string,
  csv: string,
): Promise<void> {
  const name = `${randomUUID()}.csv`;
  const file = embedded ? join(dataDir, 'postgres', name) : join(tmpdir(), name);
  await writeFile(file, csv);
  await chmod(file, 0o644);
  try {
    await asOwner(`COPY ${into} FROM '${embedded ? name : file}' (FORMAT csv)`);
  } finally {
    await rm(file);
  }
}
