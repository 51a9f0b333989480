import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { clearSkySeries } from '#forecasting';
import { run } from './harness/command-line.ts';

const MINUTES = 60_000;
const DAYS = 80;
/** A Monday. */
const START_MS = Date.UTC(2025, 0, 6);
const TERMS = ['--lookback', '24', '--horizon', '24', '--split', '6:2:2', '--cycle', 'day'];

let directory: string;
let demand: string;

const written = async (name: string, content: string): Promise<string> => {
  const file = join(directory, name);
  await writeFile(file, content);
  return file;
};
const backtest = (...args: readonly string[]) => run(['forecast', 'backtest', ...args]);
const refusal = async (...args: readonly string[]) => {
  const { exitCode, stdout, stderr } = await backtest(...args, '--json');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  return (JSON.parse(stderr.trim().split('\n').at(-1)!) as { error: { code: string; message: string } })
    .error;
};

interface Result {
  readonly sites: readonly string[];
  readonly inputs: object | null;
  readonly quantilesOf: string;
  readonly quantiles: { readonly coverage: Readonly<Record<'80', number>> };
  readonly methods: Readonly<Record<string, { readonly mse: number; readonly mape: number } | null>>;
}
const judged = async (...args: readonly string[]): Promise<Result> => {
  const { exitCode, stdout } = await backtest(...args, '--json');
  expect(exitCode).toBe(0);
  return JSON.parse(stdout) as Result;
};

/** A load that follows a temperature which nobody could guess, halves at weekends and on public holidays, beside other columns. */
function madeDemand(seed: number, startMs = START_MS): string {
  let state = seed;
  const next = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 30 - 1;
  };
  const warmth = Array.from({ length: 4 * DAYS }, () => 10 + 8 * next());
  const rows = Array.from({ length: 24 * DAYS }, (_, hour) => {
    const at = new Date(startMs + 3_600_000 * hour);
    const temperature = warmth[Math.floor(hour / 6)]!;
    const quiet = at.getUTCDay() % 6 === 0 ? 20 : 0;
    const load = 80 - 2 * temperature - quiet + 5 * Math.sin((2 * Math.PI * hour) / 24) + next();
    const wind = 40 + 30 * next();
    const rare = hour % 9 === 0 ? '1' : '';
    return `${at.toISOString().slice(0, 16)}Z,${load.toFixed(3)},${temperature.toFixed(3)},${wind.toFixed(2)},7,${rare},word`;
  });
  return `timestamp,load,temperature_c,wind_mw,flat,rare,note\n${rows.join('\n')}\n`;
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-inputs-'));
  demand = await written('demand.csv', madeDemand(11));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

describe('forecast backtest with inputs', () => {
  it(
    'judges ridges that see them beside those that do not, on the same issue times, in numbers and as a page',
    async () => {
      const report = join(directory, 'report.html');
      const options = ['--data', demand, '--target', 'load', ...TERMS, '--issues', 'midnights', '--calendar'];
      const columns = ['--ahead', 'temperature_c', '--past', 'wind_mw', '--report', report];
      const { sites, methods, inputs, quantiles, quantilesOf } = await judged(...options, ...columns);
      expect(sites).toEqual(['load']);
      expect(inputs).toMatchObject({
        calendar: true,
        holidays: null,
        ahead: ['temperature_c'],
        past: ['wind_mw'],
        issues: 'midnights',
      });
      const { localInputs, globalInputs, personalInputs, local, naive24, naive168 } = methods;
      const unseen = Math.min(local!.mse, naive24!.mse, naive168!.mse);
      for (const seeing of [localInputs, globalInputs, personalInputs])
        expect(seeing!.mse).toBeLessThan(unseen / 4);
      expect(quantilesOf).toBe('personalInputs');
      expect(Math.abs(quantiles.coverage['80'] - 0.8)).toBeLessThan(0.15);
      const page = await readFile(report, 'utf8');
      expect(page).not.toMatch(/<(?:script|img|link)|https?:|NaN|undefined/);
      expect(page).toContain('personalInputs is better than localInputs at');
      expect(page).toContain('calendar, temperature_c (known ahead), wind_mw');
      expect(page).toContain('Every local midnight of the test part is an issue time.');
    },
    2 * MINUTES,
  );

  it(
    'gives every file its own, and the calendar with holidays to all',
    async () => {
      const other = await written('other.csv', madeDemand(5));
      const files = ['--data', demand, other, '--sites', 'files', '--target', 'load', ...TERMS];
      const { sites, methods, inputs } = await judged(...files, '--holidays', 'DE-BW');
      expect(sites).toEqual(['demand.csv:load', 'other.csv:load']);
      expect(inputs).toMatchObject({ calendar: true, holidays: 'DE-BW', issues: 'every-step' });
      expect(methods['personalInputs']!.mse).toBeLessThan(methods['personal']!.mse);
      const seeing = await judged(...files, '--holidays', 'DE-BW', '--ahead', 'temperature_c');
      expect(seeing.methods['globalInputs']!.mse).toBeLessThan(methods['globalInputs']!.mse / 2);
    },
    2 * MINUTES,
  );

  it('computes the clear sky of a place as if the file had it, and tells nobody of the place', async () => {
    const [startMs, resolutionMs] = [START_MS, 3_600_000];
    const sydney = { latitude: -33.87, longitude: 151.21 };
    const { values } = clearSkySeries(sydney, { startMs, resolutionMs }, 24 * DAYS);
    const [header, ...rows] = madeDemand(11).trimEnd().split('\n');
    const withSky = [`${header},sky`, ...rows.map((row, hour) => `${row},${values[hour]}`)];
    const file = await written('sky.csv', withSky.join('\n'));
    const report = join(directory, 'sky.html');
    const options = ['--data', file, '--target', 'load', ...TERMS, '--issues', 'midnights', '--report'];
    const place = ['--latitude', '-33.87', '--longitude', '151.21'];
    const computed = await judged(...options, report, '--ahead', 'clear_sky_w_m2', ...place);
    const read = await judged(...options, join(directory, 'read.html'), '--ahead', 'sky');
    expect(computed.inputs).toMatchObject({ ahead: ['clear_sky_w_m2'] });
    expect(computed.methods).toEqual(read.methods);
    const told = [JSON.stringify(computed), await readFile(report, 'utf8')];
    for (const text of told) expect(text).not.toMatch(/33[.]87|151[.]21/);
  });

  it('judges as before, and says so, where there are none', async () => {
    const { methods, inputs, quantilesOf } = await judged('--data', demand, '--target', 'load', ...TERMS);
    expect(Object.keys(methods).filter((name) => name.endsWith('Inputs'))).toEqual([]);
    expect({ inputs, quantilesOf }).toEqual({ inputs: null, quantilesOf: 'personal' });
  });

  it('refuses by name what is no input', async () => {
    const options = ['--data', demand, '--target', 'load', ...TERMS];
    const told = async (...more: readonly string[]) => {
      const { code, message } = await refusal(...options, ...more);
      return `${code} ${message}`;
    };
    expect(await told('--ahead', 'sun')).toMatch(/^COLUMN_UNKNOWN .*got "sun"$/);
    expect(await told('--ahead', 'load')).toMatch(/^COLUMN_ROLES .*got load as target and load as ahead$/);
    expect(await told('--past', 'load')).toMatch(/^COLUMN_ROLES .*got load as target and load as past$/);
    expect(await told('--ahead', 'wind_mw', '--past', 'wind_mw')).toMatch(
      /^COLUMN_ROLES .*wind_mw as ahead and wind_mw as past$/,
    );
    expect(await told('--ahead', 'wind_mw', 'wind_mw')).toMatch(/^COLUMN_ROLES /);
    expect(await told('--ahead', 'flat')).toMatch(/^SERIES_CONSTANT .*flat beside load/);
    expect(await told('--past', 'rare')).toMatch(/^SERIES_SPARSE .*rare beside load/);
    expect(await told('--ahead', 'note')).toMatch(/^CSV_NUMBER /);
    expect(await told('--holidays', 'XX')).toMatch(/^HOLIDAYS_UNKNOWN /);
    expect(await told('--issues', 'midnights')).toMatch(/^RIDGE_CONFIG_INVALID .*calendar or a column/);
    expect(await told('--calendar', '--statistic', 'autocovariances')).toMatch(/^RIDGE_CONFIG_INVALID /);
    expect(await told('--ahead', 'clear_sky_w_m2', '--latitude', '50')).toMatch(/^OPTION_MISSING /);
    expect(await told('--ahead', 'wind_mw', '--latitude', '50')).toMatch(/^OPTION_ALONE /);
    expect(await told('--ahead', 'clear_sky_w_m2', '--latitude', '95', '--longitude', '8')).toMatch(
      /^PLACE_INVALID /,
    );
    // Not above the horizon from one end of the table to the other.
    const polar = ['--ahead', 'clear_sky_w_m2', '--latitude', '-90', '--longitude', '0'];
    const winter = await written('winter.csv', madeDemand(3, Date.UTC(2025, 4, 1)));
    expect((await refusal('--data', winter, '--target', 'load', ...TERMS, ...polar)).code).toBe(
      'SERIES_CONSTANT',
    );
    const noTarget = await refusal('--data', demand, ...TERMS, '--calendar');
    expect(noTarget.code).toBe('OPTION_MISSING');
    const short = ['--data', demand, '--target', 'load', '--lookback', '24', '--horizon', '24'];
    const parts = '2025-01-06,2025-03-01,2025-03-20,2025-03-21T06:00Z';
    const midday = await refusal(
      ...short,
      '--split',
      parts,
      '--zone',
      '+12:00',
      '--calendar',
      '--issues',
      'midnights',
    );
    expect(midday.code).toBe('TEST_EMPTY');
  });
});
