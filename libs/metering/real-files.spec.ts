import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import { readingsFromCsv } from './csv-readings.ts';
import { readNumericTable } from './numeric-table.ts';
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

const negative = (stage: string) =>
  readNumericTable(unzipped(`eia930_E_${stage}_2021-07-10_2021-07-20.csv.gz`)).findings.filter(
    ({ code }) => code === 'NEGATIVE',
  );
const codesOf = (grid: string) =>
  readNumericTable(
    gunzipSync(readFileSync(join(DATA, 'carbon', `${grid}_mix_ci_weather.csv.gz`))).toString('utf8'),
  ).findings.map(({ code }) => code);

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
      ['INTERVAL_END_SUSPECT', 'warning', 1],
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
      ['INTERVAL_END_SUSPECT', 'warning', 15],
      ['OUT_OF_ORDER', 'info', 120_899],
      ['DUPLICATE', 'warning', 4],
      ['GAP', 'warning', 27],
      ['DST_HOUR_MISSING', 'info', 14],
    ]);
    const asEnds = readingsFromCsv(text, { zone: 'America/New_York', intervalEnds: true });
    expect(summary(asEnds)).toEqual([
      ['OUT_OF_ORDER', 'info', 120_913],
      ['GAP', 'warning', 13],
      ['DST_HOUR_MISSING', 'info', 10],
    ]);
  });

  it('a stage of EIA-930 before correction: solar below zero, which the next stage no longer has', () => {
    expect(negative('raw').map(({ column }) => column)).toContain('E_CISO_SUN');
    expect(negative('basic')).toEqual([]);
  });
});

withData('mixes and intensities (real data, needs DATA_DIR)', () => {
  it('the German intensity called direct is made of life-cycle factors, a Californian one is not', () => {
    expect(codesOf('DE')).toContain('INTENSITY_BASIS');
    const california = codesOf('CISO');
    expect(california).not.toContain('INTENSITY_BASIS');
    expect(california).toContain('ZERO_FILLED');
  });
});
