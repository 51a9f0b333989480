import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import { readNumericTable } from './numeric-table.ts';

const START_MS = Date.parse('2016-07-01T00:00:00Z');

describe('a table of numbers', () => {
  it('is one series a column, on the grid of its rows, whatever their order', () => {
    const { columns, rows, missingSteps } = readNumericTable(
      'date,HUFL,OT\n2016-07-01 01:00:00,-2,4\n2016-07-01 00:00:00,1.5,3e1\n2016-07-01 03:00:00,,null\n2016-07-01 02:00:00,0,7\n',
    );
    expect({ rows, missingSteps }).toEqual({ rows: 4, missingSteps: 0 });
    expect(columns).toEqual([
      {
        name: 'HUFL',
        series: { startMs: START_MS, resolutionMs: HOUR_MS, values: Float64Array.of(1.5, -2, 0, Number.NaN) },
      },
      {
        name: 'OT',
        series: { startMs: START_MS, resolutionMs: HOUR_MS, values: Float64Array.of(30, 4, 7, Number.NaN) },
      },
    ]);
  });

  it('takes the column of times wherever it is, days too, and counts the steps without a row', () => {
    const { columns, missingSteps } = readNumericTable(
      'a,Date,b\n1,2020-01-01,2\n3,2020-01-02,4\n5,2020-01-04,6\n',
    );
    expect(columns.map(({ name }) => name)).toEqual(['a', 'b']);
    expect([...columns[1]!.series.values]).toEqual([2, 4, Number.NaN, 6]);
    expect([columns[0]!.series.resolutionMs, missingSteps]).toEqual([24 * HOUR_MS, 1]);
  });

  it('keeps the first of two rows of one time', () => {
    const { columns } = readNumericTable(
      't,x\n2020-01-01T00:00,1\n2020-01-01T01:00,2\n2020-01-01T01:00,9\n2020-01-01T02:00,3\n',
    );
    expect([...columns[0]!.series.values]).toEqual([1, 2, 3]);
  });

  it.each([
    ['CSV_EMPTY', ''],
    ['CSV_HEADER', 'date\n2020-01-01\n'],
    ['CSV_FIELD_COUNT', 'date,x\n2020-01-01,1,2\n'],
    ['CSV_TIMESTAMP', 'date,x\n1/2/2020,1\n'],
    ['CSV_NUMBER', 'date,x\n2020-01-01,one\n'],
    ['CSV_RESOLUTION', 'date,x\n2020-01-01,1\n'],
    ['CSV_GRID', 'date,x\n2020-01-01T00:00,1\n2020-01-01T01:00,1\n2020-01-01T02:00,1\n2020-01-01T02:30,1\n'],
  ])('is refused with %s', (code, text) => {
    expect(() => readNumericTable(text)).toThrow(expect.objectContaining({ code }));
  });

  it('gives the columns asked for, whatever the others hold, and names one it lacks or has twice', () => {
    const text = 'date,x,note,y,y\n2020-01-01T00:00,1,fine,3,4\n2020-01-01T01:00,2,dull,5,6\n';
    const { columns } = readNumericTable(text, ['x']);
    expect(columns.map(({ name, series }) => [name, ...series.values])).toEqual([['x', 1, 2]]);
    const refusal = (wanted: readonly string[]) => () => readNumericTable(text, wanted);
    expect(refusal(['x', 'z'])).toThrow(
      expect.objectContaining({ code: 'COLUMN_UNKNOWN', message: expect.stringMatching(/got "z"/) }),
    );
    expect(refusal(['x', 'y'])).toThrow(expect.objectContaining({ code: 'COLUMN_REPEATED' }));
  });
});

const at = (ms: number) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ');
const lively = (hour: number) =>
  (2 + Math.sin((2 * Math.PI * hour) / 24) + Math.sin(hour * hour) / 5).toFixed(3);
type Row = readonly [ms: number, ...values: (string | number)[]];
const hours = (
  from: string,
  count: number,
  valuesAt: (hour: number) => (string | number)[] = (h) => [lively(h)],
) => Array.from({ length: count }, (_, hour): Row => [Date.parse(from) + hour * HOUR_MS, ...valuesAt(hour)]);
const table = (rows: readonly Row[], header = 'date,x') =>
  readNumericTable([header, ...rows.map(([ms, ...values]) => [at(ms), ...values].join(','))].join('\n'));
const codes = (rows: readonly Row[], header?: string) => table(rows, header).findings.map(({ code }) => code);

describe('a table tells what is doubtful in it and changes nothing:', () => {
  it('nothing in a sound one', () => {
    expect(codes(hours('2026-05-01T00:00Z', 24 * 21))).toEqual([]);
  });

  it('rows out of order, repeated with the same and with other values, and missing', () => {
    const rows = hours('2026-05-01T00:00Z', 24);
    const at5 = rows[5]!;
    const shuffled = [...rows.slice(6), ...rows.slice(0, 3), ...rows.slice(4, 6), at5, [at5[0], 9] as const];
    const { findings, repeatedRows, missingSteps } = table(shuffled);
    expect(findings.map(({ code, severity, count }) => [code, severity, count])).toEqual([
      ['OUT_OF_ORDER', 'info', 7],
      ['DUPLICATE', 'info', 1],
      ['DUPLICATE', 'warning', 1],
      ['GAP', 'warning', 1],
    ]);
    expect({ repeatedRows, missingSteps }).toEqual({ repeatedRows: 2, missingSteps: 1 });
  });

  it('a Null row between two steps, which is passed over, and duplicate midnights', () => {
    const rows = hours('2026-05-01T00:00Z', 48);
    const between: Row = [Date.parse('2026-05-01T12:12Z'), 'Null'];
    expect(codes([...rows.slice(0, 25), rows[24]!, between, ...rows.slice(25)])).toEqual([
      'OUT_OF_ORDER',
      'DUPLICATE',
      'OFF_GRID',
    ]);
  });

  it('an hour of spring that no clock shows, zero at every meter', () => {
    const rows = hours('2026-03-28T00:00Z', 48, (hour) =>
      hour === 26 ? [0, 0] : [lively(hour), lively(hour + 1)],
    );
    expect(table(rows, 'date,a,b').findings).toMatchObject([
      { code: 'DST_ZERO', count: 1, fromMs: Date.parse('2026-03-29T02:00Z') },
    ]);
    const oneAlive = hours('2026-03-28T00:00Z', 48, (hour) => [
      hour === 26 ? 0 : 1 + (hour % 5),
      2 + (hour % 7),
    ]);
    expect(codes(oneAlive, 'date,a,b')).toEqual([]);
  });

  it('a wall clock without a zone: spring’s hour skipped, autumn’s twice', () => {
    const spring = hours('2026-03-28T00:00Z', 48).filter(([ms]) => ms !== Date.parse('2026-03-29T02:00Z'));
    expect(codes(spring)).toEqual(['GAP', 'ZONE_UNDECLARED']);
    const autumn = hours('2026-10-24T00:00Z', 48);
    const twice = autumn.flatMap((row) =>
      row[0] === Date.parse('2026-10-25T02:00Z') ? [row, [row[0], 7] as Row] : [row],
    );
    expect(codes(twice)).toEqual(['DUPLICATE', 'ZONE_UNDECLARED']);
  });

  it('interval ends: days from one o’clock to midnight, hour 24', () => {
    expect(codes(hours('2026-05-01T01:00Z', 48))).toEqual(['INTERVAL_END_SUSPECT']);
    const { findings } = readNumericTable(
      'date,x\n2026-05-01 22:00,1\n2026-05-01 23:00,2\n2026-05-01 24:00,3\n',
    );
    expect(findings).toMatchObject([
      { code: 'INTERVAL_END_SUSPECT', message: expect.stringContaining('hour 24') },
    ]);
  });

  it('points that group thousands', () => {
    const grouped = hours('2026-05-01T00:00Z', 24, (hour) => [
      hour % 2 === 0 ? 288 + hour : `1.0${10 + hour}`,
    ]);
    expect(codes(grouped)).toContain('UNIT_SUSPECT');
  });

  it('solar generation below zero, and columns that are zero from some day on', () => {
    const rows = hours('2026-05-01T00:00Z', 72, (hour) => [
      hour % 24 < 6 ? -1 : 5 + (hour % 7),
      hour < 48 ? 280 + (hour % 9) : 0,
      hour < 48 ? 3 + (hour % 5) : 0,
    ]);
    const { columns, findings } = table(rows, 'date,solar_mw,wx_temp_K,wx_wind');
    expect(findings).toMatchObject([
      { code: 'ZERO_FILLED', count: 24, fromMs: Date.parse('2026-05-03T00:00Z') },
      { code: 'NEGATIVE', column: 'solar_mw', count: 18 },
    ]);
    expect(columns[1]!.series.values[60]).toBe(0);
  });

  it('two resolutions, blanks, constant stretches, a level that changes by a unit', () => {
    const fine = hours('2026-05-01T00:00Z', 60);
    const coarse = Array.from({ length: 30 }, (_, i): Row => [
      fine.at(-1)![0] + (i + 1) * 3 * HOUR_MS,
      lively(i),
    ]);
    expect(codes([...fine, ...coarse])).toEqual(['GAP', 'RESOLUTION_MIXED']);
    expect(codes(hours('2026-05-01T00:00Z', 24, (hour) => [hour < 20 ? '' : hour]))).toEqual(['BLANK']);
    expect(codes(hours('2026-05-01T00:00Z', 80, (hour) => [hour < 30 ? 5 : hour]))).toEqual(['CONSTANT']);
    const leap = hours('2026-05-01T00:00Z', 24 * 28, (hour) => [
      Number(lively(hour)) * (hour < 24 * 14 ? 1 : 1000),
    ]);
    expect(codes(leap)).toEqual(['UNIT_SUSPECT']);
  });

  it('an intensity of life-cycle factors beside its mix', () => {
    const rows = hours('2026-05-01T00:00Z', 240, (h) => {
      const [coal, nuclear, wind] = [
        40 + 20 * Math.sin(h / 31),
        20 + Math.sin(h / 5),
        30 + 25 * Math.sin(h / 11),
      ];
      const grams = 820 * coal + 12 * nuclear + 11 * wind;
      return [(grams / (coal + nuclear + wind)).toFixed(2), coal, nuclear, wind];
    });
    expect(codes(rows, 'date,carbon_intensity,coal,nuclear,wind')).toEqual(['INTENSITY_BASIS']);
  });

  it('takes times to the hour, as some write them', () => {
    expect([
      ...readNumericTable('date,x\n2021-07-10T00,1\n2021-07-10T01,2\n').columns[0]!.series.values,
    ]).toEqual([1, 2]);
  });
});
