import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { type CsvOptions, readingsFromCsv } from './csv-readings.ts';

const at = (text: string) => Date.parse(text);
const local = (...rows: string[]) => ['timestamp,load_kwh', ...rows].join('\n');
const loadOf = (text: string, options?: CsvOptions) => [...readingsFromCsv(text, options).columns[0]!.values];
const codes = (text: string, options?: CsvOptions) =>
  readingsFromCsv(text, options).findings.map(({ code }) => code);

/** Two days of hours from `from` on. */
const twoDays = (from: string) =>
  local(
    ...Array.from({ length: 48 }, (_, hour) => `${isoInstant(at(from) + hour * HOUR_MS)},${(hour % 7) + 1}`),
  );

describe('timestamps', () => {
  it('of a file of interval ends are doubted by spring’s hours and by where days begin, and read right once declared', () => {
    const ends = local(
      '2026-03-28 01:00,1',
      ...Array.from({ length: 22 }, (_, h) => `2026-03-28 ${String(h + 2).padStart(2, '0')}:00,2`),
      '2026-03-29 00:00,3',
      '2026-03-29 01:00,4',
      '2026-03-29 02:00,5',
      '2026-03-29 04:00,6',
      '2026-03-29 05:00,7',
    );
    const zone = 'Europe/Berlin';
    expect(codes(ends, { zone })).toEqual(['DST_NONEXISTENT', 'INTERVAL_END_SUSPECT', 'GAP']);
    expect(codes(ends, { zone, intervalEnds: true })).toEqual([]);
    expect(readingsFromCsv(ends, { zone, intervalEnds: true }).startMs).toBe(at('2026-03-27T23:00:00Z'));
    expect(loadOf(ends, { zone, intervalEnds: true }).slice(-5)).toEqual([3, 4, 5, 6, 7]);
    const wholeDays = twoDays('2026-05-01T01:00:00Z');
    expect(codes(wholeDays)).toEqual(['INTERVAL_END_SUSPECT']);
    expect(codes(wholeDays, { intervalEnds: true })).toEqual([]);
    expect(codes(twoDays('2026-05-01T00:00:00Z'))).toEqual([]);
  });

  it('with the autumn hour once and then twice, in any order, place every row there is', () => {
    const nights = [
      '2014-10-26 02:00,21',
      '2014-10-26 02:00,22',
      '2014-10-26 03:00,23',
      '2014-10-26 01:00,20',
      '2013-10-27 03:00,3',
      '2013-10-27 01:00,1',
      '2013-10-27 02:00,2',
    ];
    const readings = readingsFromCsv(local(...nights), { zone: 'Europe/Berlin' });
    const byCode = new Map(readings.findings.map(({ code, count }) => [code, count]));
    expect(byCode.get('DST_HOUR_MISSING')).toBe(1);
    expect(byCode.get('OUT_OF_ORDER')).toBe(4);
    expect(byCode.has('DUPLICATE')).toBe(false);
    const known = [...readings.columns[0]!.values].filter((value) => !Number.isNaN(value));
    expect(known).toEqual([1, 2, 3, 20, 21, 22, 23]);
  });
});
