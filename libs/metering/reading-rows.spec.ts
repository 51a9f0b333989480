import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isoInstant } from '#core';
import { csvReadings } from './csv-stream.ts';
import { ReadingBatch } from './reading-batch.ts';
import {
  intervalsWithin,
  isStepStart,
  readStart,
  requireCoarser,
  stepEndMs,
  valueRefusal,
} from './reading-rows.ts';
import { conversion, requireUnit } from './series-unit.ts';

const BERLIN = { zone: 'Europe/Berlin', resolution: 'PT15M' };

describe('the start of a reading', () => {
  it.each([
    ['2026-01-01T00:15Z', '2026-01-01T00:15:00Z'],
    ['2026-01-01T00:15', '2025-12-31T23:15:00Z'],
    ['2026-10-25T02:30+01:00', '2026-10-25T01:30:00Z'],
    ['2026-10-25T02:30', 'START_AMBIGUOUS'],
    ['2026-03-29T02:30', 'START_ABSENT'],
    ['2026-01-01T00:16Z', 'START_OFF_GRID'],
    ['2026-01-01T00:15:00.001Z', 'START_OFF_GRID'],
    ['2026-01-01T24:00Z', 'START_MALFORMED'],
    ['2026-02-30T00:00Z', 'START_MALFORMED'],
    ['', 'START_MALFORMED'],
    ['9'.repeat(1_000_000), 'START_MALFORMED'],
  ])('%.40s is %s', (text, expected) => {
    const start = readStart(BERLIN, text);
    expect(typeof start === 'number' ? isoInstant(start) : start).toBe(expected);
  });

  it('of an hour or a day is on the hours and days of the zone', () => {
    const india = { zone: 'Asia/Kolkata', resolution: 'PT1H' };
    expect(readStart(india, '2026-01-01T00:30Z')).toBe(Date.parse('2026-01-01T00:30Z'));
    expect(readStart(india, '2026-01-01T00:00Z')).toBe('START_OFF_GRID');
    const days = { zone: 'Europe/Berlin', resolution: 'P1D' };
    expect(readStart(days, '2026-03-28T23:00Z')).toBe(Date.parse('2026-03-28T23:00Z'));
    expect(readStart(days, '2026-03-29T23:00Z')).toBe('START_OFF_GRID');
  });

  it('without an offset is of the zone the file is in, on the grid of the series', () => {
    const grid = { zone: 'Europe/Berlin', clock: 'America/New_York', resolution: 'PT1H' };
    expect(readStart(grid, '2026-01-01T00:00')).toBe(Date.parse('2026-01-01T05:00Z'));
  });
});

it('values are decimals below 10^15', () => {
  for (const text of ['0', '-1.5', '+3', '.5', '1e3', '999999999999999'])
    expect(valueRefusal(text)).toBeUndefined();
  for (const text of ['', ' ', 'NaN', 'Infinity', '1,5', '0x1', "1'", '1}', '1e', '9'.repeat(41)]) {
    expect(valueRefusal(text)).toBe('VALUE_MALFORMED');
  }
  for (const text of ['1e308', '-1e308', '1e999', '1000000000000000']) {
    expect(valueRefusal(text)).toBe('VALUE_OUT_OF_RANGE');
  }
});

it('steps end where their intervals do', () => {
  const zone = 'Europe/Berlin';
  expect(stepEndMs(zone, 'P1D', Date.parse('2026-03-28T23:00Z'))).toBe(Date.parse('2026-03-29T22:00Z'));
  expect(stepEndMs(zone, 'P1D', Date.parse('2026-10-24T22:00Z'))).toBe(Date.parse('2026-10-25T23:00Z'));
  expect(stepEndMs(zone, 'P1M', Date.parse('2026-02-28T23:00Z'))).toBe(Date.parse('2026-03-31T22:00Z'));
  expect(stepEndMs(zone, 'P1Y', Date.parse('2025-12-31T23:00Z'))).toBe(Date.parse('2026-12-31T23:00Z'));
  expect(intervalsWithin('P1D', Date.parse('2026-02-28T23:00Z'), Date.parse('2026-03-31T22:00Z'))).toBe(31);
  expect(requireCoarser('PT15M', 'PT30M')).toBe('PT30M');
  for (const [own, asked] of [
    ['PT15M', 'PT20M'],
    ['PT1H', 'PT15M'],
    ['P1D', 'PT1H'],
  ] as const) {
    expect(() => requireCoarser(own, asked)).toThrow(expect.objectContaining({ code: 'RESOLUTION_FINER' }));
  }
});

const factor = ({ multiply, divide }: ReturnType<typeof conversion>): number =>
  multiply.reduce((product, each) => product * Number(each), 1) /
  divide.reduce((product, each) => product * Number(each), 1);

it('units convert there and back, within their quantity', () => {
  expect(factor(conversion('kWh', 'Wh'))).toBe(1000);
  expect(factor(conversion('therm', 'kWh'))).toBeCloseTo(29.307107, 6);
  expect(factor(conversion('ft3', 'l'))).toBeCloseTo(28.316846592, 9);
  const units = ['J', 'kWh', 'Btu', 'therm', 'GJ'];
  fc.assert(
    fc.property(fc.constantFrom(...units), fc.constantFrom(...units), (from, to) => {
      expect(factor(conversion(from, to)) * factor(conversion(to, from))).toBeCloseTo(1, 12);
    }),
  );
  expect(() => conversion('kW', 'kWh')).toThrow(expect.objectContaining({ code: 'UNIT_UNFIT' }));
  expect(() => requireUnit('constructor')).toThrow(expect.objectContaining({ code: 'UNIT_UNKNOWN' }));
});

it('a batch keeps each start once and finds what is missing, early and late, whatever the order', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 200 }), { minLength: 1 }), (slots) => {
      const batch = new ReadingBatch(BERLIN, 100 * 900_000);
      for (const slot of [...slots, slots[0]!]) batch.add({ start: isoInstant(slot * 900_000), value: '1' });
      const counts = Object.fromEntries(batch.findings().map(({ code, count }) => [code, count]));
      expect(counts['GAP'] ?? 0).toBe(Math.max(...slots) - Math.min(...slots) + 1 - slots.length);
      expect(counts['FUTURE'] ?? 0).toBe(slots.filter((slot) => slot >= 100).length);
      expect(batch.refused).toMatchObject([{ index: slots.length, code: 'START_REPEATED' }]);
      expect(batch.take().starts).toEqual(slots.map((slot) => slot * 900_000));
      expect(batch.waiting).toBe(0);
    }),
  );
});

async function* pieces(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

describe('a file of readings', () => {
  const COLUMNS = { start: 'start', value: 'value', quality: 'quality' };
  const read = async (text: string, size = 7): Promise<unknown[]> => {
    const rows: unknown[] = [];
    for await (const some of csvReadings(pieces(text, size), COLUMNS)) rows.push(...some);
    return rows;
  };

  it('is read alike however it is cut', async () => {
    const text = '\uFEFFname,"value",start,quality\r\nWärme,1,a,\r\n\r\n"x, y",2,"b",MEASURED\nshort,3';
    const expected = [
      { start: 'a', value: '1', quality: '' },
      { start: 'b', value: '2', quality: 'MEASURED' },
      undefined,
    ];
    for (let size = 1; size < 20; size += 1) expect(await read(text, size)).toEqual(expected);
  });

  it.each([
    ['CSV_HEADER', 'start,start,value\na,b,1'],
    ['CSV_EMPTY', ''],
    ['CSV_QUOTE', 'start,value\n"a,1\nb,2'],
    ['CSV_TOO_LARGE', `start,value\n${'x'.repeat(10_001)}`],
  ])('is refused with %s', async (code, text) => {
    await expect(read(text, 4_096)).rejects.toMatchObject({ code });
  });

  it('that is one line without an end is not collected', async () => {
    let sent = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      for (;;) yield new Uint8Array((sent += 1) && 65_536).fill(0x39);
    }
    const all = (async () => {
      for await (const rows of csvReadings(endless(), COLUMNS)) expect(rows).toEqual([]);
    })();
    await expect(all).rejects.toMatchObject({ code: 'CSV_TOO_LARGE' });
    expect(sent).toBe(1);
  });
});

const starts = (zone: string, step: string, at: string) => isStepStart(zone, step, Date.parse(at));

it('knows where a step begins, by the clock of the zone', () => {
  expect(starts('Asia/Kolkata', 'PT1H', '2026-01-01T18:30Z')).toBe(true);
  expect(starts('Asia/Kolkata', 'PT1H', '2026-01-01T18:00Z')).toBe(false);
  expect(starts('Europe/Berlin', 'P1D', '2026-03-29T22:00Z')).toBe(true);
  expect(starts('Europe/Berlin', 'P1D', '2026-03-29T23:00Z')).toBe(false);
  expect(starts('Europe/Berlin', 'P1M', '2026-03-31T22:00Z')).toBe(true);
  expect(starts('Europe/Berlin', 'P1M', '2026-03-30T22:00Z')).toBe(false);
  expect(starts('Europe/Berlin', 'P1Y', '2025-12-31T23:00Z')).toBe(true);
  expect(starts('Europe/Berlin', 'P1Y', '2026-02-28T23:00Z')).toBe(false);
});
