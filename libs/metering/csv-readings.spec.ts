import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError, HOUR_MS, isoInstant } from '#core';
import { type CsvOptions, readingsFromCsv } from './csv-readings.ts';

const MINUTE_MS = 60_000;
const at = (text: string) => Date.parse(text);

/** A file of `values` every `stepMs` from `from` on, one load column. */
function file(
  from: string,
  stepMs: number,
  values: readonly (number | string)[],
  header = 'timestamp,load_kwh',
) {
  const rows = values.map((value, i) => `${isoInstant(at(from) + i * stepMs)},${value}`);
  return [header, ...rows].join('\n');
}

const days = (count: number, valueAt: (hour: number) => number | string) =>
  Array.from({ length: count * 24 }, (_, hour) => valueAt(hour));

/** A load that never repeats itself, between 1 and 3 kWh. */
const lively = (hour: number) =>
  (2 + Math.sin((2 * Math.PI * hour) / 24) * 0.9 + ((hour * 7919) % 101) / 1010).toFixed(4);

const loadOf = (text: string, options?: CsvOptions) => [...readingsFromCsv(text, options).columns[0]!.values];
const codes = (text: string, options?: CsvOptions) =>
  readingsFromCsv(text, options).findings.map(({ code }) => code);

function refusal(text: string, options?: CsvOptions) {
  try {
    readingsFromCsv(text, options);
  } catch (error) {
    return error instanceof DomainError ? { code: error.code, ...error.data } : String(error);
  }
  return 'no error';
}

describe('a clean file', () => {
  it('becomes one column a quantity on the grid of UTC, other columns named as not read', () => {
    const text = [
      'timestamp,load_kwh,pv_kwh,grid_kgco2e_per_kwh,note',
      '2026-05-01T00:00:00+02:00,1.5,0,0.4,a',
      '2026-05-01T01:00:00+02:00,2,0.25,0.4,"b, c"',
    ].join('\n');
    const readings = readingsFromCsv(text);
    expect(readings).toMatchObject({
      startMs: at('2026-04-30T22:00:00Z'),
      resolutionMs: HOUR_MS,
      zone: '+02:00',
      rows: 2,
      ignoredColumns: ['note'],
      findings: [],
    });
    expect(readings.columns.map(({ name, values }) => [name, ...values])).toEqual([
      ['load_kwh', 1.5, 2],
      ['pv_kwh', 0, 0.25],
      ['grid_kgco2e_per_kwh', 0.4, 0.4],
    ]);
  });

  it('tells 15, 20, 30 and 60 minutes apart by the most common step', () => {
    for (const minutes of [15, 20, 30, 60]) {
      const text = file('2026-05-01T00:00:00Z', minutes * MINUTE_MS, [1, 2, 3, 4, 5]);
      expect(readingsFromCsv(text).resolutionMs).toBe(minutes * MINUTE_MS);
    }
  });

  it('knows its local days by the declared zone where offsets change, and says so where none is declared', () => {
    const text =
      'timestamp,load_kwh\n2026-03-29T01:00:00+01:00,1\n2026-03-29T03:00:00+02:00,2\n2026-03-29T04:00+02:00,3';
    expect(readingsFromCsv(text, { zone: 'Europe/Berlin' })).toMatchObject({
      zone: 'Europe/Berlin',
      findings: [],
    });
    expect(readingsFromCsv(text).zone).toBeNull();
    expect(codes(text)).toEqual(['ZONE_UNDECLARED']);
  });
});

const local = (...rows: string[]) => ['timestamp,load_kwh', ...rows].join('\n');

describe('local times', () => {
  it('are refused without a zone and read with one', () => {
    const text = local('2026-05-01 00:00,1', '2026-05-01 01:00,2');
    expect(refusal(text)).toEqual({ code: 'CSV_ZONE_REQUIRED', line: 2, column: 1 });
    expect(readingsFromCsv(text, { zone: 'Europe/Berlin' }).startMs).toBe(at('2026-04-30T22:00:00Z'));
    expect(refusal(text, { zone: 'Mars/Olympus' })).toMatchObject({ code: 'ZONE_UNKNOWN' });
  });

  it('give the repeated autumn hour to the earlier instant first', () => {
    const text = local(
      '2026-10-25 01:30,1',
      '2026-10-25 02:00,2',
      '2026-10-25 02:30,3',
      '2026-10-25 02:00,4',
      '2026-10-25 02:30,5',
      '2026-10-25 03:00,6',
    );
    const readings = readingsFromCsv(text, { zone: 'Europe/Berlin' });
    expect(readings.startMs).toBe(at('2026-10-24T23:30:00Z'));
    expect([...readings.columns[0]!.values]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(readings.findings).toEqual([]);
  });

  it('report an autumn hour that comes once, and a spring hour that cannot be', () => {
    const autumn = local(
      '2026-10-25 01:00,1',
      '2026-10-25 02:00,2',
      '2026-10-25 03:00,3',
      '2026-10-25 04:00,4',
    );
    expect(codes(autumn, { zone: 'Europe/Berlin' })).toEqual(['DST_HOUR_MISSING']);
    expect(loadOf(autumn, { zone: 'Europe/Berlin' })).toEqual([1, 2, Number.NaN, 3, 4]);
    const spring = (value: number) =>
      local('2026-03-29 01:00,1', `2026-03-29 02:00,${value}`, '2026-03-29 03:00,3', '2026-03-29 04:00,4');
    expect(codes(spring(0), { zone: 'Europe/Berlin' })).toEqual(['DST_ZERO']);
    expect(codes(spring(2), { zone: 'Europe/Berlin' })).toEqual(['DST_NONEXISTENT']);
    expect(loadOf(spring(2), { zone: 'Europe/Berlin' })).toEqual([1, 3, 4]);
  });

  it('read hour 24 as the midnight it is, and doubt the file', () => {
    const text = local('2026-05-01 22:00,1', '2026-05-01 23:00,2', '2026-05-01 24:00,3');
    expect(loadOf(text, { zone: 'UTC' })).toEqual([1, 2, 3]);
    expect(codes(text, { zone: 'UTC' })).toEqual(['INTERVAL_END_SUSPECT']);
  });
});

describe('an unreadable file is refused with line and column', () => {
  const good = '2026-05-01T00:00:00Z,1\n2026-05-01T01:00:00Z,2';
  const cases: [string, string, object][] = [
    ['nothing', '', { code: 'CSV_EMPTY', line: 1, column: 1 }],
    ['a header only', 'timestamp,load_kwh\n', { code: 'CSV_EMPTY', line: 2, column: 1 }],
    ['no header', good, { code: 'CSV_HEADER', line: 1, column: 1 }],
    ['no unit', `timestamp,load\n${good}`, { code: 'CSV_HEADER', line: 1, column: 2 }],
    ['a unit that is none', `timestamp,load_per_kwh\n${good}`, { code: 'CSV_HEADER', line: 1, column: 2 }],
    ['a name twice', `timestamp,load_kwh,load_kwh\n${good}`, { code: 'CSV_HEADER', line: 1, column: 3 }],
    ['semicolons', 'timestamp;load_kwh\n2026-05-01T00:00:00Z;1', { code: 'CSV_HEADER', line: 1, column: 1 }],
    [
      'a word',
      `timestamp,load_kwh\n${good}\n2026-05-01T02:00:00Z,abc`,
      { code: 'CSV_NUMBER', line: 4, column: 2 },
    ],
    ['NaN', `timestamp,load_kwh\n2026-05-01T02:00:00Z,NaN`, { code: 'CSV_NUMBER', line: 2, column: 2 }],
    [
      'infinity',
      `timestamp,load_kwh\n2026-05-01T02:00:00Z,1e999`,
      { code: 'CSV_NUMBER', line: 2, column: 2 },
    ],
    [
      'hexadecimal',
      `timestamp,load_kwh\n2026-05-01T02:00:00Z,0x10`,
      { code: 'CSV_NUMBER', line: 2, column: 2 },
    ],
    [
      'a comma as point',
      `timestamp,load_kwh\n2026-05-01T02:00:00Z,1,5`,
      { code: 'CSV_FIELD_COUNT', line: 2, column: 3 },
    ],
    [
      'too few fields',
      `timestamp,load_kwh\n${good}\n2026-05-01T02:00:00Z`,
      { code: 'CSV_FIELD_COUNT', line: 4, column: 2 },
    ],
    [
      '30 February',
      `load_kwh,timestamp\n1,2026-02-30T00:00:00Z`,
      { code: 'CSV_TIMESTAMP', line: 2, column: 2 },
    ],
    [
      '25 o’clock',
      `timestamp,load_kwh\n2026-02-03T25:00:00Z,1`,
      { code: 'CSV_TIMESTAMP', line: 2, column: 1 },
    ],
    ['a day first', `timestamp,load_kwh\n31.12.2026 00:00,1`, { code: 'CSV_TIMESTAMP', line: 2, column: 1 }],
    ['one row', `timestamp,load_kwh\n2026-05-01T00:00:00Z,1`, { code: 'CSV_RESOLUTION', line: 2, column: 1 }],
    [
      'daily rows',
      file('2026-05-01T00:00:00Z', 24 * HOUR_MS, [1, 2, 3]),
      { code: 'CSV_RESOLUTION', line: 2, column: 1 },
    ],
    [
      'five minutes',
      file('2026-05-01T00:00:00Z', 5 * MINUTE_MS, [1, 2, 3]),
      { code: 'CSV_RESOLUTION', line: 2, column: 1 },
    ],
    [
      'hours at half past',
      file('2026-05-01T00:30:00Z', HOUR_MS, [1, 2, 3]),
      { code: 'CSV_GRID', line: 2, column: 1 },
    ],
  ];

  it.each(cases)('%s', (_, text, expected) => expect(refusal(text)).toMatchObject(expected));

  it('a span of centuries at a fine resolution', () => {
    const text = `${file('2026-05-01T00:00:00Z', 15 * MINUTE_MS, [1, 2, 3])}\n2199-05-01T00:00:00Z,2`;
    expect(refusal(text)).toMatchObject({ code: 'CSV_TOO_LARGE' });
  });

  it('and never shows a reading', () => {
    const text = 'timestamp,load_kwh\n2026-05-01T02:00:00Z,73195..5';
    expect(() => readingsFromCsv(text)).toThrow(/line 2, column 2/);
    expect(() => readingsFromCsv(text)).not.toThrow(/73195/);
  });

  it('any bytes end in readings or in a coded refusal', () => {
    const cell = fc.constantFrom(
      '',
      '1',
      '-2.5',
      'x',
      '2026-05-01T00:00:00Z',
      '2026-05-01T01:00',
      '"',
      '1e3',
      'null',
    );
    const rows = fc.array(fc.array(cell, { maxLength: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(rows, (table) => {
        const text = `timestamp,load_kwh\n${table.map((row) => row.join(',')).join('\n')}`;
        const got = refusal(text, { zone: 'Europe/Berlin' });
        expect(got === 'no error' || (typeof got === 'object' && got.code.startsWith('CSV_'))).toBe(true);
      }),
    );
  });
});

describe('a short file of corrections', () => {
  it('is read at the resolution of earlier files, which a long file must share', () => {
    const one = file('2026-05-01T00:00:00Z', HOUR_MS, [1]);
    expect(readingsFromCsv(one, { resolutionOf: () => 15 * MINUTE_MS }).resolutionMs).toBe(15 * MINUTE_MS);
    const many = file('2026-05-01T00:00:00Z', HOUR_MS, days(2, lively));
    expect(refusal(many, { resolutionOf: () => 15 * MINUTE_MS })).toMatchObject({ code: 'CSV_RESOLUTION' });
  });
});

const hour = (n: number) => isoInstant(at('2026-05-01T00:00:00Z') + n * HOUR_MS);

const rows = (...lines: [number, number | string][]) =>
  ['timestamp,load_kwh', ...lines.map(([n, value]) => `${hour(n)},${value}`)].join('\n');

describe('rows', () => {
  it('missing, blank and null are gaps', () => {
    const text = rows([0, 1], [1, ''], [2, 'NULL'], [3, 4], [6, 7]);
    expect(loadOf(text)).toEqual([1, Number.NaN, Number.NaN, 4, Number.NaN, Number.NaN, 7]);
    expect(readingsFromCsv(text).findings).toMatchObject([
      { code: 'GAP', severity: 'severe', count: 2, fromMs: at(hour(4)), toMs: at(hour(6)), column: null },
      { code: 'BLANK', count: 2, fromMs: at(hour(1)), toMs: at(hour(3)), column: 'load_kwh' },
    ]);
  });

  it('repeated: the last counts, a blank erases nothing, and both kinds are counted', () => {
    const text = rows([0, 1], [1, 2], [1, 2], [2, 3], [2, 9], [3, 4], [3, '']);
    expect(loadOf(text)).toEqual([1, 2, 9, 4]);
    expect(readingsFromCsv(text).findings).toMatchObject([
      { code: 'DUPLICATE', severity: 'info', count: 2 },
      { code: 'DUPLICATE', severity: 'warning', count: 1, fromMs: at(hour(2)) },
    ]);
  });

  it('out of order are sorted, and of two for one instant the later line still counts', () => {
    const text = rows([2, 3], [0, 1], [1, 2], [1, 5], [3, 4]);
    expect(loadOf(text)).toEqual([1, 5, 3, 4]);
    expect(codes(text)).toEqual(['OUT_OF_ORDER', 'DUPLICATE']);
  });

  it('off the grid are not read', () => {
    const text = `${rows([0, 1], [1, 2], [2, 3])}\n2026-05-01T02:12:27Z,8`;
    expect(loadOf(text)).toEqual([1, 2, 3]);
    expect(codes(text)).toEqual(['OFF_GRID']);
  });

  it('in any order and with repeats give the same readings as in order', () => {
    const shuffled = fc.shuffledSubarray([...Array(24).keys()], { minLength: 24 });
    const ordered = loadOf(rows(...[...Array(24).keys()].map((n): [number, number] => [n, n + 1])));
    fc.assert(
      fc.property(shuffled, (order) => {
        const twice = [...order, ...order].map((n): [number, number] => [n, n + 1]);
        expect(loadOf(rows(...twice))).toEqual(ordered);
      }),
    );
  });

  it('at two resolutions are reported', () => {
    const fine = file('2026-05-01T00:00:00Z', 15 * MINUTE_MS, days(10, lively));
    const coarse = file('2026-05-05T00:00:00Z', HOUR_MS, days(2, lively)).split('\n').slice(1).join('\n');
    expect(codes(`${fine}\n${coarse}`)).toContain('RESOLUTION_MIXED');
    expect(codes(fine)).toEqual([]);
  });
});
