import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const HOUR_MS = 3_600_000;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-import-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const imported = async (text: string, ...options: readonly string[]) => {
  const file = join(directory, 'readings.csv');
  await writeFile(file, text);
  return run(['participant', 'import', file, '--dir', join(directory, 'site'), ...options]);
};
const status = (...options: readonly string[]) =>
  run(['participant', 'status', '--dir', join(directory, 'site'), ...options]);

/** Two weeks of hours from 5 January 2026 on, written as wall clocks of UTC from `firstHour` on. */
function hours(header: string, valuesAt: (hour: number) => readonly number[], firstHour = 0): string {
  const rows = Array.from({ length: 14 * 24 }, (_, hour) => {
    const at = new Date(Date.UTC(2026, 0, 5) + (hour + firstHour) * HOUR_MS).toISOString().slice(0, 16);
    return [at.replace('T', ' '), ...valuesAt(hour)].join(',');
  });
  return [`timestamp,${header}`, ...rows].join('\n');
}

const lively = (hour: number) => 2 + Math.sin((2 * Math.PI * hour) / 24) + Math.sin(hour * hour) / 4;

const place = (latitude: string, longitude: string) =>
  run([
    'participant',
    'place',
    '--latitude',
    latitude,
    '--longitude',
    longitude,
    '--dir',
    directory,
    '--json',
  ]);

describe('participant import', () => {
  it('takes prices and weather beside energy, hours that are named by their ends, and offers the net', async () => {
    const text = hours(
      'load_kwh,pv_kwh,price_eur_per_mwh,temperature_c,mood',
      (h) => [lively(h), lively(h) / 2, 40 - (h % 60), (h % 23) - 10, 1],
      1,
    );
    const options = ['--zone', 'UTC', '--interval-ends', '--json'];
    const { exitCode, stdout } = await imported(text, ...options);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      columns: ['load_kwh', 'pv_kwh', 'price_eur_per_mwh', 'temperature_c'].map((column) => ({
        column,
        added: 336,
        coverage: { fromMs: Date.UTC(2026, 0, 5) },
      })),
      ignoredColumns: ['mood'],
      findings: [],
    });
    const { series } = JSON.parse((await status('--json')).stdout) as {
      series: readonly { column: string; leftOut: unknown }[];
    };
    expect(series.map(({ column, leftOut }) => [column, leftOut])).toEqual(
      ['load_kwh', 'net_kwh', 'price_eur_per_mwh', 'pv_kwh', 'temperature_c'].map((name) => [name, null]),
    );
  });

  it('finds by a bill that kWh are Wh, and the status says why the series is left out of tasks', async () => {
    const { stdout } = await imported(
      hours('load_kwh', (h) => [1000 * lively(h)]),
      '--zone',
      'UTC',
      '--expect-annual-kwh',
      '17500',
    );
    expect(stdout).toMatch(/severe {4}UNIT_SUSPECT {2}load_kwh .*declared yearly total: Wh or MWh for kWh\?/);
    expect((await status()).stdout).toMatch(
      /left out of tasks, SERIES_SCALE_SUSPECT: load_kwh, 2026-01-05T00/,
    );
    await imported(
      hours('load_kwh', (h) => [lively(h)]),
      '--zone',
      'UTC',
    );
    expect((await status()).stdout).not.toContain('left out');
  });

  it('finds by an operator’s file that quarter-hours were summed', async () => {
    const operator = join(directory, 'operator.csv');
    await writeFile(
      operator,
      hours('feed_in_mw', (h) => [lively(h)]),
    );
    const summed = hours('feed_in_mw', (h) => [4 * lively(h)]);
    const options = ['--zone', 'UTC', '--check-against', operator, '--json'];
    const { stdout } = await imported(summed, ...options);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ code: 'UNIT_SUSPECT', severity: 'severe', column: 'feed_in_mw' }],
    });
  });

  it('refuses a total that is none, and leaves no directory behind', async () => {
    const refused = await imported(
      hours('load_kwh', (h) => [h]),
      '--expect-annual-kwh',
      'much',
      '--json',
    );
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'TOTAL_INVALID' } });
    const none = await status('--json');
    expect(JSON.parse(none.stderr)).toMatchObject({ error: { code: 'SITE_DIRECTORY_UNKNOWN' } });
  });
});

describe('participant place', () => {
  it('is kept by the site, and told to nobody, not even by its status', async () => {
    const { exitCode, stdout } = await place('-33.87', '151.21');
    expect({ exitCode, told: JSON.parse(stdout) as unknown }).toEqual({
      exitCode: 0,
      told: { column: 'clear_sky_w_m2' },
    });
    const shown = await run(['participant', 'status', '--dir', directory, '--json']);
    expect(shown.stdout).not.toMatch(/33[.]87|151[.]21/);
    const refused = await place('-90.5', '0');
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'PLACE_INVALID' } });
  });
});
