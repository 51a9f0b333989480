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
});
