import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { HOURS, madeTable as csv } from './harness/made-table.ts';

const SHAPE = ['--lookback', '48', '--horizon', '24'];

let directory: string;
let wide: string;

const written = async (name: string, content: string | Uint8Array): Promise<string> => {
  const path = join(directory, name);
  await writeFile(path, content);
  return path;
};
const backtest = (...args: readonly string[]) => run(['forecast', 'backtest', ...args]);
const refusal = async (...args: readonly string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await backtest(...args, '--json');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  return (JSON.parse(stderr.trim().split('\n').at(-1)!) as { error: { code: string } }).error.code;
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-refusals-'));
  wide = await written('wide.csv', csv('60'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('forecast backtest', () => {
  it('refuses what it cannot judge, by name', async () => {
    const split = ['--split', '6:2:2'];
    expect(await refusal('--data', join(directory, 'none.csv'), ...SHAPE, ...split)).toBe('FILE_UNREADABLE');
    expect(await refusal('--data', await written('text.csv.gz', 'date,x\n'), ...SHAPE, ...split)).toBe(
      'FILE_NOT_GZIP',
    );
    expect(
      await refusal('--data', await written('word.csv', 'date,x\n2025-01-01,one\n'), ...SHAPE, ...split),
    ).toBe('CSV_NUMBER');
    expect(await refusal('--data', wide, '--target', 'zone 9', ...SHAPE, ...split)).toBe('COLUMN_UNKNOWN');
    expect(await refusal('--data', wide, '--sites', 'files', ...SHAPE, ...split)).toBe('OPTION_MISSING');
    expect(await refusal('--data', wide, ...SHAPE, '--split', '7:3')).toBe('SPLIT_MALFORMED');
    expect(await refusal('--data', wide, ...SHAPE, '--split', 'ett')).toBe('SPLIT_OUTSIDE');
    expect(await refusal('--data', wide, ...SHAPE, '--split', '0:0:0')).toBe('SPLIT_MALFORMED');
    expect(await refusal('--data', wide, ...SHAPE, '--split', '90:9:1')).toBe('TEST_EMPTY');
    const flat = await written(
      'flat.csv',
      csv('60')
        .replaceAll(/^([^,]+),[^,\n]*/gm, '$1,5')
        .replace('date,5', 'date,x'),
    );
    expect(await refusal('--data', flat, ...SHAPE, ...split)).toBe('SERIES_CONSTANT');
    expect(
      await refusal('--data', await written('latin.csv', Buffer.from([0xe9, 44, 10])), ...SHAPE, ...split),
    ).toBe('CSV_ENCODING');
    const rare = await written(
      'rare.csv',
      csv('60', HOURS, 1).replaceAll(/^([^,]+),[^,\n]*$/gm, (row, at: string, offset: number) =>
        offset % 7 === 0 || at === 'date' ? row : `${at},`,
      ),
    );
    expect(await refusal('--data', rare, ...SHAPE, ...split)).toBe('SERIES_SPARSE');
    const empty = await written('empty.csv', csv('60', HOURS, 1).replaceAll(/^(2[^,]+),.*$/gm, '$1,'));
    expect(await refusal('--data', empty, ...SHAPE, ...split)).toBe('SERIES_EMPTY');
    const mixed = await written('mixed.csv', `${csv('60', HOURS, 1)}2025-01-06 00:10:00,1\n`);
    expect(await refusal('--data', mixed, ...SHAPE, ...split)).toBe('CSV_GRID');
    expect(await refusal('--data', wide, '--lookback', '48', '--horizon', '400', ...split)).toBe(
      'TEST_EMPTY',
    );
    expect(await refusal('--data', wide, ...SHAPE, ...split, '--zone', 'Nowhere/None')).toBe('ZONE_UNKNOWN');
    const nowhere = join(directory, 'none', 'report.html');
    expect(await refusal('--data', wide, ...SHAPE, ...split, '--cycle', 'day', '--report', nowhere)).toBe(
      'FILE_UNWRITABLE',
    );
    const quarters = await written('quarters.csv', csv('15', 400));
    expect(await refusal('--data', wide, quarters, ...SHAPE, ...split)).toBe('SITES_DIFFER');
    const short = await written('short.csv', csv('60', 130));
    expect(await refusal('--data', short, ...SHAPE, '--split', '4:3:3')).toBe('MOMENTS_EMPTY');
    const odd = await written('odd.csv', csv('7', 2_000));
    expect(await refusal('--data', odd, ...SHAPE, ...split)).toBe('RIDGE_CONFIG_INVALID');
  });
});
