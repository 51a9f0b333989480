import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, fixedClock, HOUR_MS, isoInstant } from '#core';
import { parseTotals } from './declared-totals.ts';
import { type ImportOptions, importReadings } from './import-readings.ts';
import { renderImportReport } from './import-report.ts';
import { ReadingStore } from './reading-store.ts';
import { notedSeries } from './series-note.ts';

const CSV: ImportOptions = { format: 'csv' };
const FOREVER = Number.POSITIVE_INFINITY;
const GOOD = 'timestamp,load_kwh,pv_kwh,note\n2026-05-01T00:00Z,1,0,a\n2026-05-01T01:00Z,2,0.5,b\n';

let dir = '';
const data = () => join(dir, 'data');
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'import-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

function file(content: string | Uint8Array, name = 'firm.csv'): string {
  writeFileSync(join(dir, name), content);
  return join(dir, name);
}

async function refusal(path: string, options = CSV): Promise<unknown> {
  try {
    await importReadings(data(), path, options);
  } catch (error) {
    return error instanceof DomainError ? { code: error.code, ...error.data } : error;
  }
  return 'no error';
}

async function everything(): Promise<unknown[]> {
  const store = await ReadingStore.open(data());
  try {
    const columns = await store.columns();
    const span = { startMs: Date.parse('2026-04-30T00:00Z'), endMs: Date.parse('2026-05-03T00:00Z') };
    return await Promise.all(columns.map((column) => store.hourly(column, span, FOREVER)));
  } finally {
    await store.close();
  }
}

describe('importing a file', () => {
  it('reports what came in', async () => {
    const report = await importReadings(data(), file(GOOD), CSV, fixedClock(5));
    expect(report).toMatchObject({
      file: 'firm.csv',
      rows: 2,
      zone: '+00:00',
      outcome: 'imported',
      ignoredColumns: ['note'],
    });
    expect(report.columns).toMatchObject([
      { column: 'load_kwh', added: 2, coverage: { present: 2, missing: 0 } },
      { column: 'pv_kwh', added: 2 },
    ]);
  });

  it('again says that nothing changed', async () => {
    await importReadings(data(), file(GOOD), CSV);
    const again = await importReadings(data(), file(GOOD), CSV);
    expect(again).toMatchObject({
      outcome: 'unchanged',
      columns: [{ added: 0, unchanged: 2 }, { unchanged: 2 }],
    });
    expect(renderImportReport(again)).toContain('nothing changed');
  });

  it('of one corrected interval needs no second row to tell the resolution', async () => {
    await importReadings(data(), file(GOOD), CSV);
    const one = 'timestamp,load_kwh\n2026-05-01T01:00Z,7\n';
    expect(await importReadings(data(), file(one, 'late.csv'), CSV)).toMatchObject({
      columns: [{ corrected: 1 }],
    });
  });

  it('that cannot be read to its last line changes nothing', async () => {
    await importReadings(data(), file(GOOD), CSV);
    const before = await everything();
    const rows = Array.from(
      { length: 24 },
      (_, hour) => `2026-05-01T${String(hour).padStart(2, '0')}:00Z,9,9,c`,
    );
    const bad = ['timestamp,load_kwh,pv_kwh,note', ...rows, '2026-05-02T00:00Z,1,oops,d'].join('\n');
    expect(await refusal(file(bad))).toEqual({ code: 'CSV_NUMBER', line: 26, column: 3 });
    expect(await everything()).toEqual(before);
  });

  it('refuses what is no text, no file, or in an unknown zone', async () => {
    const latin1 = Uint8Array.from([...new TextEncoder().encode(`${GOOD}2026-05-01T02:00Z,1,1,`), 0xe9]);
    expect(await refusal(file(latin1))).toEqual({ code: 'CSV_ENCODING', line: 4, column: 4 });
    expect(await refusal(join(dir, 'absent.csv'))).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(await refusal(dir)).toMatchObject({ code: 'FILE_UNREADABLE' });
    expect(existsSync(data())).toBe(false);
    expect(await refusal(file(GOOD), { ...CSV, zone: 'Nowhere' })).toMatchObject({ code: 'ZONE_UNKNOWN' });
  });

  it('is refused while another holds the directory, and leaves it free afterwards', async () => {
    const store = await ReadingStore.open(data());
    expect(await refusal(file(GOOD))).toMatchObject({ code: 'DATA_DIR_IN_USE' });
    await store.close();
    expect(await refusal(file('x'))).toMatchObject({ code: 'CSV_HEADER' });
    expect(await refusal(file(GOOD))).toBe('no error');
  });
});

const START_MS = Date.parse('2026-01-05T00:00Z');

/** Days of hourly load around 1 kWh from day `from` on, at a level of `factor`. */
function loadDays(from: number, days: number, factor: number, header = 'timestamp,load_kwh'): string {
  const rows = Array.from({ length: days * 24 }, (_, i) => {
    const hour = from * 24 + i;
    const load = factor * (1 + 0.4 * Math.sin((2 * Math.PI * hour) / 24) + 0.1 * Math.sin(hour * hour));
    return `${isoInstant(START_MS + hour * HOUR_MS)},${load.toFixed(6)}`;
  });
  return [header, ...rows].join('\n');
}

const doubts = async (path: string, options = CSV) =>
  (await importReadings(data(), path, options)).findings.map(
    ({ code, severity, column }) => `${severity} ${code} ${column}`,
  );
const leftOut = () => notedSeries(data())!.map((series) => series.leftOut?.code ?? null);

describe('what a site can tell of its units at home', () => {
  const SUSPECT = 'severe UNIT_SUSPECT load_kwh';

  it('a file at a thousand times the level of those before, across a gap, keeps the series out until it is put right', async () => {
    expect(await doubts(file(loadDays(0, 14, 1)))).toEqual([]);
    expect(leftOut()).toEqual([null]);
    expect(await doubts(file(loadDays(30, 14, 1000)))).toEqual([SUSPECT]);
    expect(leftOut()).toEqual(['SERIES_SCALE_SUSPECT']);
    // The correction, too, is told by the level of what it replaces.
    expect(await doubts(file(loadDays(30, 14, 1)))).toEqual([SUSPECT]);
    expect(leftOut()).toEqual([null]);
  });

  it('a doubled level is worth a warning, and keeps nothing out', async () => {
    await importReadings(data(), file(loadDays(0, 14, 1)), CSV);
    expect(await doubts(file(loadDays(30, 14, 2)))).toEqual(['warning UNIT_SUSPECT load_kwh']);
    expect(leftOut()).toEqual([null]);
  });

  it('a declared yearly total is kept, held against every later file, and outweighs a leap that it explains', async () => {
    const declared = { ...CSV, annualKwh: { load_kwh: 8_766 } };
    expect(await doubts(file(loadDays(0, 14, 1000)), declared)).toEqual([SUSPECT]);
    expect(leftOut()).toEqual(['SERIES_SCALE_SUSPECT']);
    await importReadings(data(), file(loadDays(0, 14, 0.001)), CSV);
    expect(leftOut()).toEqual(['SERIES_SCALE_SUSPECT']);
    expect(await doubts(file(loadDays(14, 14, 2)))).toEqual([SUSPECT]);
    expect(leftOut()).toEqual([null]);
  });

  it('a total is of a column that is there, and above zero', async () => {
    const elsewhere = { ...CSV, annualKwh: { heat_kwh: 100 } };
    expect(await refusal(file(loadDays(0, 2, 1)), elsewhere)).toMatchObject({ code: 'COLUMN_UNKNOWN' });
    expect(await everything()).toEqual([]);
    expect(parseTotals(['4200', 'pv_kwh=5100.5'])).toEqual({ load_kwh: 4200, pv_kwh: 5100.5 });
    for (const text of ['0', '-3', 'x', 'pv=3', '4,2'])
      expect(() => parseTotals([text])).toThrow(expect.objectContaining({ code: 'TOTAL_INVALID' }));
  });

  it('another source tells quarter-hours that were summed, and interval ends; it is not stored', async () => {
    const operator = file(loadDays(0, 7, 1), 'operator.csv');
    const against = { ...CSV, checkAgainst: operator };
    expect(await doubts(file(loadDays(0, 7, 4)), against)).toEqual([SUSPECT]);
    expect(await everything()).toHaveLength(1);
    const ends = loadDays(0, 7, 1).replaceAll(/^2026[^,]+/gm, (at) => isoInstant(Date.parse(at) + HOUR_MS));
    expect(await doubts(file(ends), { ...against, intervalEnds: true })).toEqual([SUSPECT]);
    expect(await doubts(file(ends), against)).toContain('severe INTERVAL_END_SUSPECT load_kwh');
    const other = file(loadDays(0, 7, 1, 'timestamp,heat_kwh'), 'heat.csv');
    expect(await refusal(file(ends), { ...CSV, checkAgainst: other })).toMatchObject({
      code: 'COLUMN_UNKNOWN',
    });
  });

  it('a series that never changes is left out', async () => {
    await importReadings(data(), file(loadDays(0, 3, 0)), CSV);
    expect(leftOut()).toEqual(['SERIES_CONSTANT']);
  });
});

describe('the report for people', () => {
  it('shows columns and findings in tables, the gravest first, and no control character of the file', async () => {
    const dirty = [
      'timestamp,load_kwh,ev\u001bil',
      '2026-05-01T00:00Z,1,',
      '2026-05-01T01:00Z,-2,',
      '2026-05-01T01:00Z,-2,',
      '2026-05-01T02:00Z,3,',
      '2026-05-01T04:00Z,3,',
    ].join('\n');
    const text = renderImportReport(await importReadings(data(), file(dirty), CSV));
    expect(text.split('\n')).toEqual([
      'firm.csv: imported; 5 rows every 60 min, zone +00:00, times below in UTC',
      '  column    from              to                readings  coverage  new  corrected  unchanged',
      '  load_kwh  2026-05-01 00:00  2026-05-01 05:00         3    60.0 %    3          0          0',
      'not read: ev?il',
      'findings: 3',
      '  severity  code       column    count  from              to                what',
      expect.stringMatching(/^ {2}severe {4}(GAP|NEGATIVE) /),
      expect.stringMatching(/^ {2}severe {4}(GAP|NEGATIVE) /),
      expect.stringMatching(/^ {2}info {6}DUPLICATE {2}all {11}1 /),
    ]);
  });
});
