import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { run } from './harness/command-line.ts';
import { linkOf, refusalOf } from './harness/download.ts';
import { type Sender, startPlatform, type TestOrganisation, type TestPlatform } from './harness/platform.ts';
import { READERS, type Row } from './harness/table-files.ts';

jest.setTimeout(120_000);

const START_MS = Date.UTC(2026, 4, 12);
const HOURS = 96;
/** Of 288 rows each: more than the export reads at once. */
const ISSUES = 8;
const SERIES = ['load', 'pv', 'net'] as const;

const PUBLISH = `mutation ($input: PublishForecastsInput!) { publishForecasts(input: $input) { published } }`;
const LIST = `query ($from: DateTime!, $to: DateTime!, $latest: Boolean! = false, $series: ForecastSeries, $after: String) {
  forecasts(from: $from, to: $to, latest: $latest, series: $series, first: 100, after: $after) {
    edges { node { id organisationId participantId series intervalStart resolution version unit p10 p50 p90 p10Wh p50Wh p90Wh
      issuedAt publishedAt modelHash taskCardHash productId lateFor } }
    pageInfo { hasNextPage endCursor }
  }
}`;

interface Page {
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}
interface Selection {
  readonly latest?: boolean;
  readonly series?: string;
  readonly from?: string;
  readonly to?: string;
}

const RANGE = { from: isoInstant(START_MS), to: isoInstant(START_MS + 200 * HOUR_MS) };

/** A GraphQL node in the words of the export: columns, instants as text, gates between spaces. */
const columnsOf = (node: Row): Row =>
  Object.fromEntries(
    Object.entries(node).map(([key, value]) => [
      key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      Array.isArray(value) ? value.join(' ') : value,
    ]),
  );

const FORMATS = ['csv', 'arrow', 'parquet'] as const;

const bytesOf = async (response: Response): Promise<Uint8Array> => {
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
};
const codeOf = async (response: Response): Promise<string> =>
  ((await response.json()) as { errors: [{ extensions: { code: string } }] }).errors[0].extensions.code;

describe('the export of forecasts', () => {
  let directory: string;
  let platform: TestPlatform;
  let solar: TestOrganisation;
  let reader: TestOrganisation;

  const setClock = (ms: number): Promise<void> => writeFile(join(directory, 'clock'), isoInstant(ms));
  const get = (selection: Record<string, string>, sender: Sender = reader.participant): Promise<Response> =>
    platform.request(
      'GET',
      `/forecasts/export?${new URLSearchParams({ ...RANGE, ...selection }).toString()}`,
      { sender },
    );
  const queried = async (selection: Selection = {}): Promise<Row[]> => {
    const rows: Row[] = [];
    for (let after: string | null = null; ;) {
      // Each page names the next.
      const { forecasts }: { forecasts: Page } = await platform.data(
        LIST,
        { ...RANGE, ...selection, after },
        reader.participant,
      );
      rows.push(...forecasts.edges.map(({ node }) => columnsOf(node)));
      if (!forecasts.pageInfo.hasNextPage) return rows;
      after = forecasts.pageInfo.endCursor;
    }
  };
  const publish = (by: TestOrganisation, issue: number, hours: readonly number[]) =>
    platform.data(
      PUBLISH,
      {
        input: {
          forecasts: SERIES.flatMap((series) =>
            hours.map((hour) => ({
              series,
              intervalStart: isoInstant(START_MS + (24 + hour) * HOUR_MS),
              p10Wh: series === 'net' ? -9_000_000_000 : 0,
              p50Wh: 10 * hour + issue,
              p90Wh: 5_000_000_000 + hour,
              issuedAt: isoInstant(START_MS + issue * 1_000),
              modelHash: 'a'.repeat(64),
              taskCardHash: issue % 2 === 0 ? 'b'.repeat(64) : null,
            })),
          ),
        },
      },
      by.participant,
    );

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gridcommons-export-'));
    await setClock(START_MS);
    platform = await startPlatform({ env: { GRIDCOMMONS_REPLAY_CLOCK: join(directory, 'clock') } });
    solar = await platform.createOrganisation('Solar');
    reader = await platform.createOrganisation('Reader');
    for (let issue = 0; issue < ISSUES; issue++) {
      await setClock(START_MS + issue * 1_000);
      await publish(
        solar,
        issue,
        Array.from({ length: HOURS }, (_, hour) => hour),
      );
    }
  }, 120_000);

  afterAll(async () => {
    await platform.stop();
    await rm(directory, { recursive: true });
  });

  it('has in every format the rows of the query, in their order, over as many pages as it takes', async () => {
    const rows = await queried();
    expect(rows).toHaveLength(ISSUES * HOURS * SERIES.length);
    for (const format of FORMATS) {
      expect(await READERS[format](await bytesOf(await get({ format })))).toEqual(rows);
    }
  });

  it('takes the same choices as the query, and has a file for no rows', async () => {
    const latest = await queried({ latest: true, series: 'net' });
    expect(latest).toHaveLength(HOURS);
    const empty = { from: isoInstant(START_MS + 190 * HOUR_MS) };
    for (const format of FORMATS) {
      const chosen = await bytesOf(await get({ format, latest: 'true', series: 'net' }, reader.apiKey));
      expect(await READERS[format](chosen)).toEqual(latest);
      expect(await READERS[format](await bytesOf(await get({ format, ...empty })))).toEqual([]);
    }
  });

  it.each<[string, Record<string, string>]>([
    ['FORECAST_EXPORT_FORMAT', { format: 'xml' }],
    ['FORECAST_EXPORT_QUERY', { format: 'csv', colour: 'red' }],
    ['FORECAST_EXPORT_QUERY', { format: 'csv', latest: 'yes' }],
    ['FORECAST_SERIES_UNKNOWN', { format: 'csv', series: 'gas' }],
    ['FORECAST_EXPORT_QUERY', { format: 'csv', constructor: 'x' }],
    ['FORECAST_EXPORT_RANGE', { format: 'csv', to: isoInstant(START_MS + 367 * 24 * HOUR_MS) }],
    ['FORECAST_EXPORT_RANGE', { format: 'csv', to: RANGE.from }],
    ['INSTANT_MALFORMED', { format: 'csv', from: '12 May' }],
    ['FORECAST_SELECTION', { format: 'csv', latest: 'true', version: '1' }],
    ['FORECAST_VERSION', { format: 'csv', version: '1e3' }],
    ['ORGANISATION_IDS', { format: 'csv', organisationIds: 'x,y' }],
  ])('refuses with %s %j', async (code, selection) => {
    expect(await codeOf(await get(selection))).toBe(code);
  });

  it('is behind a link that stands for its key alone, until that is revoked', async () => {
    const range = `from: "${RANGE.from}", to: "${RANGE.to}", series: net, latest: true`;
    const rows = await queried({ latest: true, series: 'net' });
    for (const format of FORMATS) {
      const url = await linkOf(
        platform,
        'forecastsDownload',
        `${range}, format: ${format.toUpperCase()}`,
        reader.apiKey,
      );
      const response = await fetch(url);
      expect(response.headers.get('content-disposition')).toBe(`attachment; filename="forecasts.${format}"`);
      expect(await READERS[format](await bytesOf(response))).toEqual(rows);
    }
    const args = `${range}, format: CSV`;
    const url = await linkOf(platform, 'forecastsDownload', args, reader.apiKey);
    for (const [from, to] of [
      ['series=net', 'series=load'],
      ['expires=1', 'expires=2'],
      [/signature=../, 'signature=zz'],
      [/&key=.*/, '&signature=00'],
    ] as const)
      // prettier-ignore
      expect(await refusalOf(await fetch(url.replace(from, to)))).toBe('401 DOWNLOAD_LINK_INVALID');
    expect(await refusalOf(await fetch(url.slice(0, url.indexOf('&expires'))))).toBe('401 UNAUTHENTICATED');

    const signed = await platform.graphql(`{ forecastsDownload(${args}) { url } }`, {}, reader.participant);
    expect(signed.errors?.[0]?.extensions.code).toBe('DOWNLOAD_KEY_REQUIRED');
    // A prefix is no secret: each link shows it.
    const foreign = `Bearer ${solar.apiKey.slice(0, 20)}_${'0'.repeat(64)}`;
    const forged = await platform.graphql(`{ forecastsDownload(${args}) { url } }`, {}, reader.participant, {
      authorization: foreign,
    });
    expect(forged.errors?.[0]?.extensions.code).toBe('DOWNLOAD_KEY_REQUIRED');
    const { createApiKey: key } = await platform.data<{
      createApiKey: { secret: string; apiKey: { id: string } };
    }>(
      'mutation { createApiKey(input: { memberName: "leaver", roles: [firm] }) { secret apiKey { id } } }',
      {},
      reader.apiKey,
    );
    const leavers = await linkOf(platform, 'forecastsDownload', args, key.secret);
    expect((await fetch(leavers)).status).toBe(200);
    await platform.data(
      'mutation ($id: ID!) { revokeApiKey(id: $id) { id } }',
      { id: key.apiKey.id },
      reader.apiKey,
    );
    expect(await refusalOf(await fetch(leavers))).toBe('401 UNAUTHENTICATED');
  });

  it('is for the readers of the query only', async () => {
    const nobody = await platform.request(
      'GET',
      `/forecasts/export?format=csv&from=${RANGE.from}&to=${RANGE.to}`,
    );
    expect([nobody.status, await codeOf(nobody)]).toEqual([401, 'UNAUTHENTICATED']);
    const { createApiKey } = await platform.data<{ createApiKey: { secret: string } }>(
      'mutation { createApiKey(input: { memberName: "clerk", roles: [admin] }) { secret } }',
      {},
      reader.apiKey,
    );
    const clerk = await get({ format: 'csv' }, createApiKey.secret);
    expect([clerk.status, await codeOf(clerk)]).toEqual([403, 'ROLE_MISSING']);
  });

  describe('by the command line', () => {
    let key: string;
    let breaking: Server;
    const forecastExport = (file: string, url: string, ...more: string[]) =>
      run(
        ['forecast', 'export', '--platform', url, '--key-file', key, '--from', RANGE.from, '--to', RANGE.to]
          .concat(['--out', file, '--json'])
          .concat(more),
      );

    beforeAll(async () => {
      key = join(directory, 'reader.key');
      await writeFile(key, `${reader.apiKey}\n`);
      breaking = createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'text/csv' });
        response.write('id,organisation_id\r\n', () => response.destroy());
      });
      await new Promise<void>((listening) => breaking.listen(0, '127.0.0.1', listening));
    });

    afterAll(() => void breaking.close());

    it('writes a file that is whole, and no second one over it', async () => {
      const file = join(directory, 'net.parquet');
      const done = await forecastExport(
        file,
        platform.url,
        '--format',
        'parquet',
        '--series',
        'net',
        '--latest',
      );
      expect(done).toMatchObject({ exitCode: 0, stderr: '' });
      const bytes = new Uint8Array(await readFile(file));
      expect(JSON.parse(done.stdout)).toEqual({ file, format: 'parquet', bytes: bytes.length, leftOut: [] });
      expect(await READERS.parquet(bytes)).toEqual(await queried({ latest: true, series: 'net' }));
      const again = await forecastExport(file, platform.url);
      expect(again.exitCode).toBe(1);
      expect(JSON.parse(again.stderr)).toMatchObject({ error: { code: 'FILE_EXISTS' } });
    });

    it('keeps nothing of an export that breaks off or is refused', async () => {
      const before = await readdir(directory);
      const { port } = breaking.address() as AddressInfo;
      const broken = await forecastExport(join(directory, 'broken.csv'), `http://127.0.0.1:${port}`);
      expect(broken.exitCode).toBe(3);
      expect(JSON.parse(broken.stderr)).toMatchObject({ error: { code: 'EXPORT_BROKEN_OFF' } });
      const refused = await forecastExport(join(directory, 'no.csv'), platform.url, '--gate', 'day-ahead');
      expect(refused.exitCode).toBe(1);
      expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'FORECAST_SELECTION' } });
      expect(await readdir(directory)).toEqual(before);
    });
  });

  it('leaves priced days out by name, and charges for them once under an agreement', async () => {
    const offer = {
      series: 'net',
      zone: 'UTC',
      from: '2026-05-13',
      to: '2026-05-15',
      pricePerDayMinor: 50,
      currency: 'EUR',
    };
    const { offerForecasts } = await platform.data<{ offerForecasts: { id: string } }>(
      'mutation ($input: OfferForecastsInput!) { offerForecasts(input: $input) { id } }',
      { input: offer },
      solar.apiKey,
    );
    const without = await get({ format: 'csv', latest: 'true' });
    expect(without.headers.get('gridcommons-notice')).toBe(
      `FORECAST_AGREEMENT_REQUIRED ${offerForecasts.id}`,
    );
    expect(READERS.csv(await bytesOf(without))).toHaveLength(3 * HOURS - 48);

    await platform.data(
      'mutation ($termsId: ID!) { subscribeForecasts(termsId: $termsId, from: "2026-05-13", to: "2026-05-15") { id } }',
      { termsId: offerForecasts.id },
      reader.apiKey,
    );
    for (const format of FORMATS) {
      const response = await get({ format, latest: 'true' });
      expect(response.headers.get('gridcommons-notice')).toBeNull();
      expect(await READERS[format](await bytesOf(response))).toHaveLength(3 * HOURS);
    }
    const { forecastCharges } = await platform.data<{ forecastCharges: { edges: object[] } }>(
      '{ forecastCharges { edges { node { priceMinor } } } }',
      {},
      reader.apiKey,
    );
    expect(forecastCharges.edges).toHaveLength(2);
  });
});
