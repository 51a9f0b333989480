import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const MINUTES = 60_000;
const HOURS = 24 * 60;
const SHAPE = ['--lookback', '48', '--horizon', '24'];

let directory: string;
let wide: string;

/** Five columns with a rhythm of their own and an echo that they share; negative values and blanks among them. */
function csv(step: string, rows = HOURS, columns = 5): string {
  const minutes = Number(step);
  const noise = new Float64Array(columns);
  let state = 7;
  const lines = Array.from({ length: rows }, (_, i) => {
    const at = new Date(Date.UTC(2025, 0, 6) + i * minutes * 60_000)
      .toISOString()
      .slice(0, 19)
      .replace('T', ' ');
    const values = Array.from(noise, (before, c) => {
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
      noise[c] = 0.7 * before + state / 2 ** 30 - 1;
      const rhythm = (c + 1) * Math.sin((2 * Math.PI * i * minutes) / 1_440);
      return i % 97 === c ? '' : (rhythm + noise[c]).toFixed(4);
    });
    return [at, ...values].join(',');
  });
  const names = Array.from({ length: columns }, (_, c) => `zone ${c}`);
  return `${['date', ...names].join(',')}\n${lines.join('\n')}\n`;
}

const written = async (name: string, content: string | Uint8Array): Promise<string> => {
  const file = join(directory, name);
  await writeFile(file, content);
  return file;
};
const backtest = (...args: readonly string[]) => run(['forecast', 'backtest', ...args]);
const refusal = async (...args: readonly string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await backtest(...args, '--json');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  return (JSON.parse(stderr.trim().split('\n').at(-1)!) as { error: { code: string } }).error.code;
};
interface Result {
  readonly sites: readonly string[];
  readonly stepMinutes: number;
  readonly cycle: number;
  readonly methods: Readonly<Record<string, { readonly mse: number; readonly mae: number } | null>>;
}
const judged = async (...args: readonly string[]): Promise<Result> => {
  const { exitCode, stdout } = await backtest(...args, '--json');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Result;
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-forecast-'));
  wide = await written('wide.csv.gz', gzipSync(csv('60')));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('forecast backtest', () => {
  it(
    'judges every method on every column, in clear and from an encrypted sum',
    async () => {
      const { sites, cycle, methods } = await judged(
        '--data',
        wide,
        ...SHAPE,
        '--split',
        '6:2:2',
        '--cycle',
        'day',
      );
      expect(sites).toEqual(['zone 0', 'zone 1', 'zone 2', 'zone 3', 'zone 4']);
      expect(cycle).toBe(24);
      expect(Object.keys(methods)).toEqual([
        'naive24',
        'naive168',
        'local',
        'global',
        'cycleGlobal',
        'personal',
        'encrypted',
      ]);
      const { encrypted, cycleGlobal, naive24, naive168 } = methods;
      expect(encrypted!.mse / cycleGlobal!.mse).toBeCloseTo(1, 9);
      expect(cycleGlobal!.mse).toBeLessThan(Math.min(naive24!.mse, naive168!.mse));
    },
    2 * MINUTES,
  );

  it(
    'takes a file as a site, and quarters of an hour',
    async () => {
      const [north, south] = await Promise.all(
        ['north.csv', 'south.csv'].map((name) => written(name, csv('15', 4 * HOURS))),
      );
      const files = ['--data', north!, south!, '--sites', 'files', '--target', 'zone 2', '--cycle', 'day'];
      const terms = ['--lookback', '96', '--horizon', '24', '--statistic', 'autocovariances'];
      const split = ['--split', '2025-01-06,2025-02-10,2025-02-20,2025-03-07'];
      const { sites, stepMinutes, methods } = await judged(...files, ...terms, ...split);
      expect({ sites, stepMinutes }).toEqual({
        sites: ['north.csv:zone 2', 'south.csv:zone 2'],
        stepMinutes: 15,
      });
      expect(methods['encrypted']).toBeNull();
      expect(methods['cycleGlobal']!.mse).toBeLessThan(methods['naive24']!.mse);
    },
    2 * MINUTES,
  );

  it('tells people a line a method', async () => {
    const { stdout, stderr } = await backtest(
      '--data',
      wide,
      '--target',
      'zone 1',
      ...SHAPE,
      '--split',
      '6:2:2',
    );
    expect(stdout).toMatch(
      /^1 sites, steps of 60 min, moments, cycle of \d+ steps, [\d.]+ s\n {2}naive24 +mse \d/,
    );
    expect(stdout).toContain('encrypted    fewer sites than a sum needs');
    expect(stderr).toContain('judging every step of the test part\n');
  });

  it('tells what is doubtful in the data, and judges them as they are', async () => {
    const shuffled = csv('60', HOURS, 1).split('\n');
    const [at, value] = shuffled[700]!.split(',') as [string, string];
    shuffled.splice(700, 1, shuffled[701]!);
    shuffled.splice(900, 0, `${at},${value}`, `${at},9`);
    const doubtful = await written('doubtful.csv', shuffled.join('\n'));
    const options = ['--data', doubtful, ...SHAPE, '--split', '6:2:2', '--cycle', 'day'];
    const { findings } = (await judged(...options)) as Result & { findings: readonly object[] };
    expect(findings).toMatchObject([
      { file: 'doubtful.csv', code: 'DUPLICATE', severity: 'warning', count: 1, column: null },
      { code: 'BLANK', severity: 'warning', column: 'zone 0' },
      { code: 'OUT_OF_ORDER', severity: 'info' },
      { code: 'DUPLICATE', severity: 'info' },
    ]);
    const { stdout } = await backtest(...options);
    expect(stdout).toContain(
      '\nfindings: 4, of the data as they were used\n  warning DUPLICATE doubtful.csv ',
    );
  });

  it('reads one column though others hold words', async () => {
    const named = await written(
      'named.csv',
      csv('60', HOURS, 2).replaceAll(/\n([^\n]+),[^,\n]*(?=\n)/g, '\n$1,word'),
    );
    const { sites, methods } = await judged(
      '--data',
      named,
      '--target',
      'zone 0',
      ...SHAPE,
      '--split',
      '6:2:2',
    );
    expect(sites).toEqual(['zone 0']);
    expect(methods['cycleGlobal']!.mse).toBeGreaterThan(0);
  });

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
    const quarters = await written('quarters.csv', csv('15', 400));
    expect(await refusal('--data', wide, quarters, ...SHAPE, ...split)).toBe('SITES_DIFFER');
    const short = await written('short.csv', csv('60', 130));
    expect(await refusal('--data', short, ...SHAPE, '--split', '4:3:3')).toBe('MOMENTS_EMPTY');
    const odd = await written('odd.csv', csv('7', 2_000));
    expect(await refusal('--data', odd, ...SHAPE, ...split)).toBe('RIDGE_CONFIG_INVALID');
  });
});
