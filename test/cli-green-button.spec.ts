import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type ColumnSource as Column, parquetWriteBuffer } from 'hyparquet-writer';
import { run } from './harness/command-line.ts';
import { greenButtonFeed } from './harness/green-button.ts';

const START = Date.UTC(2026, 0, 5) / 1_000;
const DAY = Array.from({ length: 24 }, (_, hour) => ({ start: START + hour * 3_600, duration: 3_600, value: 300 + hour, cost: 10 })); // prettier-ignore
const FEED = greenButtonFeed([{ type: { uom: 72, flowDirection: 1, currency: 840 }, readings: DAY }]);

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-green-button-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const written = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(directory, name);
  await writeFile(file, content);
  return file;
};
const convert = (file: string, ...options: readonly string[]) => run(['convert', 'green-button', file, ...options]); // prettier-ignore
const imported = (file: string, ...options: readonly string[]) =>
  run(['participant', 'import', file, '--dir', join(directory, 'site'), '--json', ...options]);
const codeOf = ({ stderr }: { readonly stderr: string }): unknown => JSON.parse(stderr).error.code;

describe('convert green-button', () => {
  it('tells readings, totals and findings, gzipped or not', async () => {
    for (const file of [await written('usage.xml', FEED), await written('usage.xml.gz', gzipSync(FEED))]) {
      const { exitCode, stdout } = await convert(file, '--json');
      expect(exitCode).toBe(0);
      const { totals, readings, findings } = JSON.parse(stdout);
      expect(totals).toMatchObject({
        readings: 24,
        intervalSeconds: 3_600,
        energyWh: 24 * 300 + (23 * 24) / 2,
        costE5: 240,
        currency: 'USD',
        first: '2026-01-05T00:00:00Z',
        lastStart: '2026-01-05T23:00:00Z',
      });
      expect(readings[1]).toMatchObject({
        start: '2026-01-05T01:00:00Z',
        value: 301,
        unit: 'Wh',
        costE5: 10,
      });
      expect(findings).toEqual([]);
    }
  });

  it('reads well, and gives CSV that a participant imports', async () => {
    const file = await written('usage.xml', FEED);
    expect((await convert(file)).stdout).toContain('7476 Wh');
    const csv = await written('usage.csv', (await convert(file, '--csv')).stdout);
    expect(await readFile(csv, 'utf8')).toMatch(/^timestamp,load_kwh\n2026-01-05T00:00:00Z,0\.3\n/);
    expect(JSON.parse((await imported(csv)).stdout)).toMatchObject({ format: 'csv', outcome: 'imported' });
    expect(JSON.parse((await imported(file)).stdout)).toMatchObject({
      format: 'green-button',
      outcome: 'unchanged',
    });
  });

  it('refuses bad files by code', async () => {
    const bomb = await written('bomb.xml', '<!DOCTYPE a [<!ENTITY a "a">]><feed>&a;</feed>');
    expect(codeOf(await convert(bomb, '--json'))).toBe('XML_DOCTYPE');
    expect(codeOf(await imported(bomb))).toBe('XML_DOCTYPE');
    expect(codeOf(await convert(await written('broken.xml.gz', gzipSync(FEED).subarray(0, 200)), '--json'))).toBe('GZIP_INVALID'); // prettier-ignore
    expect(codeOf(await convert(await written('latin.xml', Buffer.from([0x3c, 0xe9])), '--json'))).toBe('XML_ENCODING'); // prettier-ignore
    expect(codeOf(await convert(join(directory, 'absent.xml'), '--json'))).toBe('FILE_UNREADABLE');
  });
});

const parquet = (name: string, columnData: Column[]): Promise<string> =>
  written(name, new Uint8Array(parquetWriteBuffer({ columnData })));

describe('participant import of Parquet', () => {
  const hours = Array.from({ length: 48 }, (_, hour) => new Date((START + hour * 3_600) * 1_000));
  const load: Column = { name: 'load_kwh', data: hours.map((_, hour) => 2 + hour), type: 'DOUBLE' };
  const clocks: Column = { name: 'timestamp', data: hours, type: 'TIMESTAMP' };
  const instants: Column = { name: 'timestamp', data: hours.map((at) => at.toISOString()), type: 'STRING' };

  it('reads instants and wall clocks, in whatever column they stand', async () => {
    const stored = await imported(await parquet('instants.parquet', [load, instants]));
    const told = { format: 'parquet', rows: 48, columns: [{ column: 'load_kwh', added: 48 }] };
    expect(JSON.parse(stored.stdout)).toMatchObject(told);
    const local = await parquet('clocks.parquet', [clocks, load]);
    expect(codeOf(await imported(local))).toBe('CSV_ZONE_REQUIRED');
    expect(JSON.parse((await imported(local, '--zone', 'UTC')).stdout)).toMatchObject({ outcome: 'unchanged' }); // prettier-ignore
  });

  it.each<[string, Column[]]>([
    ['PARQUET_COLUMNS', [load]],
    ['PARQUET_COLUMNS', [{ ...load, name: 'timestamp' }, load]],
    ['CSV_NUMBER', [instants, { ...load, data: hours.map(() => Number.NaN) }]],
  ])('refuses with %s', async (code, columns) => {
    expect(codeOf(await imported(await parquet('bad.parquet', columns)))).toBe(code);
  });

  it('refuses what only begins like one', async () => {
    expect(codeOf(await imported(await written('short.parquet', 'PAR1 and no more')))).toBe(
      'PARQUET_UNREADABLE',
    );
    const csv = await written('a.csv', 'timestamp,load_kwh');
    expect(codeOf(await imported(csv, '--format', 'xlsx'))).toBe('FORMAT_UNKNOWN');
  });
});
