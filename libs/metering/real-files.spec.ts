import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import { readingsFromCsv } from './csv-readings.ts';
import { hourlySeries, lastCompleteLocalDay } from './series.ts';

// Recorded data of real meters, which this project does not carry; absent, the tests are shown as skipped.
// oxlint-disable-next-line node/no-process-env -- where test data lies is not configuration of the product
const DATA = process.env['DATA_DIR'] ?? join('..', 'shared', 'data');
const withData = existsSync(DATA) ? describe : describe.skip;
const home = (number: string) => readFileSync(join(DATA, 'demo-households', `home-${number}.csv`), 'utf8');
const unzipped = (name: string) => gunzipSync(readFileSync(join(DATA, 'dirty', name))).toString('utf8');
const body = (text: string) => text.slice(text.indexOf('\n'));
const summary = (readings: ReturnType<typeof readingsFromCsv>) =>
  readings.findings.map(({ code, severity, count }) => [code, severity, count]);

withData('twelve homes of Fontana (real data, needs DATA_DIR)', () => {
  it('are complete years of hours whose last day lacks an hour', () => {
    for (const number of ['01', '02', '08', '11']) {
      const readings = readingsFromCsv(home(number));
      expect(readings).toMatchObject({ rows: 8760, resolutionMs: HOUR_MS, zone: '-08:00', findings: [] });
      const load = hourlySeries({ ...readings, values: readings.columns[0]!.values });
      expect(lastCompleteLocalDay(load, '-08:00')?.date).toBe('2017-07-30');
    }
  });

  it('home-12 is zero in 4 543 of 8 760 hours, home-07’s modules for the first eight days', () => {
    expect(summary(readingsFromCsv(home('12')))).toEqual([['MOSTLY_ZERO', 'warning', 4543]]);
    expect(summary(readingsFromCsv(home('07')))).toEqual([['CONSTANT', 'warning', 201]]);
  });
});

withData('dirty files (real data, needs DATA_DIR)', () => {
  it('London half-hours: 17 duplicate midnights and one Null row off the grid', () => {
    const text = `meter,timestamp,load_kwh${body(unzipped('lcl_MAC000002_raw_halfhour.csv.gz'))}`;
    const readings = readingsFromCsv(text, { zone: '+00:00' });
    expect(readings.resolutionMs).toBe(HOUR_MS / 2);
    expect(summary(readings)).toEqual([
      ['DUPLICATE', 'info', 17],
      ['OFF_GRID', 'warning', 1],
      ['GAP', 'warning', 52],
    ]);
  });

  it('a PJM zone: years in reverse, spring hours that are not, autumn hours once until 2013 and twice from 2014', () => {
    const text = `timestamp,load_kwh${body(unzipped('pjm_AEP_hourly.csv.gz'))}`;
    const readings = readingsFromCsv(text, { zone: 'America/New_York' });
    expect(readings.rows).toBe(121_273);
    expect(summary(readings)).toEqual([
      ['DST_NONEXISTENT', 'warning', 14],
      ['OUT_OF_ORDER', 'info', 120_899],
      ['DUPLICATE', 'warning', 4],
      ['GAP', 'warning', 27],
      ['DST_HOUR_MISSING', 'info', 14],
    ]);
  });
});
