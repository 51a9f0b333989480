import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { HOURS, madeTable as csv } from './harness/made-table.ts';

const MINUTES = 60_000;
const SHAPE = ['--lookback', '48', '--horizon', '24'];

let directory: string;
let wide: string;

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

interface Scores {
  readonly mse: number;
  readonly mae: number;
  readonly rmse: number;
  readonly skill: number;
}
interface Cells {
  readonly mse: readonly number[];
  readonly mae: readonly number[];
}
interface Quantiles {
  readonly pinball: { readonly p10: number; readonly p50: number; readonly p90: number };
  readonly coverage: Readonly<Record<'50' | '80' | '90', number>>;
}
type Method = Scores & { readonly byHour: Cells; readonly byWeekday: Cells; readonly byHorizon: Cells };
interface Result {
  readonly sites: readonly string[];
  readonly stepMinutes: number;
  readonly cycle: number;
  readonly methods: Readonly<Record<string, Method | null>>;
  readonly quantiles: Quantiles;
  readonly bySite: readonly {
    readonly name: string;
    readonly methods: Readonly<Record<string, Scores | null>>;
    readonly quantiles: Quantiles;
  }[];
}
const judged = async (...args: readonly string[]): Promise<Result> => {
  const { exitCode, stdout } = await backtest(...args, '--json');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Result;
};

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

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
    'says by site, hour, weekday and steps ahead where the errors are, and how many readings its intervals hold',
    async () => {
      const day = ['--cycle', 'day', '--zone', 'Europe/Berlin'];
      const { methods, bySite, quantiles } = await judged(
        '--data',
        wide,
        ...SHAPE,
        '--split',
        '6:2:2',
        ...day,
      );
      for (const [name, method] of Object.entries(methods)) {
        const { mse, rmse, skill, byHour, byWeekday, byHorizon } = method!;
        expect([byHour, byWeekday, byHorizon].map((cells) => cells.mse.length)).toEqual([24, 7, 24]);
        // Every step ahead has all but the same readings.
        expect(mean(byHorizon.mse) / mse).toBeCloseTo(1, 2);
        expect(rmse).toBeCloseTo(Math.sqrt(mse), 12);
        expect(skill).toBeCloseTo(1 - mse / Math.min(methods['naive24']!.mse, methods['naive168']!.mse), 12);
        expect(mean(bySite.map((site) => site.methods[name]!.mse))).toBeCloseTo(mse, 12);
      }
      const { byHorizon } = methods['personal']!;
      expect(byHorizon.mse[0]!).toBeLessThan(byHorizon.mse.at(-1)!);
      const { coverage, pinball } = quantiles;
      expect(Math.abs(coverage['80'] - 0.8)).toBeLessThan(0.08);
      expect(coverage['50']).toBeLessThan(coverage['80']);
      expect(coverage['80']).toBeLessThan(coverage['90']);
      expect(pinball.p50).toBeLessThan(methods['personal']!.mae);
      expect(mean(bySite.map((site) => site.quantiles.coverage['80']))).toBeCloseTo(coverage['80'], 12);
    },
    2 * MINUTES,
  );

  it(
    'draws a page that needs nothing else, whatever names hold, to a new file',
    async () => {
      const hostile = `<img src=x onerror="alert(1)"> & 'a'`;
      const named = await written(
        'hostile.csv',
        csv('60', HOURS, 2).replace('zone 0', `"${hostile.replaceAll('"', '""')}"`),
      );
      const report = join(directory, 'report.html');
      const terms = ['--data', named, ...SHAPE, '--split', '6:2:2', '--cycle', 'day', '--report', report];
      const { exitCode, stdout } = await backtest(...terms);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`report: ${report}`);
      const page = await readFile(report, 'utf8');
      expect(page).not.toMatch(/<(?:script|img|link|iframe|object)|https?:|@import|url\(|NaN|undefined/);
      expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt; &amp; &#39;a&#39;');
      const charts = page.match(/<svg [^>]*role="img"/g)!.length;
      // Four days of each of two sites, three orders of errors, the sites side by side, and coverage.
      expect(charts).toBe(4 * 2 + 3 + 1 + 1);
      expect(
        [page.match(/<title id=/g), page.match(/<desc id=/g), page.match(/<details>/g)].map(
          (found) => found!.length,
        ),
      ).toEqual([charts, charts, charts]);
      expect(page).toContain('prefers-color-scheme:dark');
      expect(await refusal(...terms)).toBe('FILE_EXISTS');
      expect(await readFile(report, 'utf8')).toBe(page);
      expect((await readdir(directory)).filter((name) => name.includes('partial'))).toEqual([]);
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
      /^1 site, steps of 60 min, moments, cycle of \d+ steps, [\d.]+ s\n {2}naive24 +mse \d/,
    );
    expect(stdout).toContain('encrypted      fewer sites than a sum needs');
    expect(stderr).toBe('');
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

  it('takes rows in any order', async () => {
    const [header, ...rows] = csv('60', HOURS, 1).trimEnd().split('\n');
    const [ordered, reversed] = await Promise.all([
      written('ordered.csv', [header, ...rows].join('\n')),
      written('reversed.csv', [header, ...rows.toReversed()].join('\n')),
    ]);
    const terms = [...SHAPE, '--split', '6:2:2', '--cycle', 'day'];
    const [one, other] = [
      await judged('--data', ordered, ...terms),
      await judged('--data', reversed, ...terms),
    ];
    expect(other.methods).toEqual(one.methods);
  });
});
