import { describe, expect, it } from '@jest/globals';
import { slotsFromCsv } from './slot-readings.ts';

const HEADER = 'start,member,load_kwh,generation_kwh\n';
const row = (minute: number, member = 'a', load = '0.5'): string =>
  `2026-03-01T00:${String(minute).padStart(2, '0')}:00+01:00,${member},${load},0\n`;

describe('slots of a community from CSV', () => {
  it('are read in any order of rows and columns, energy in whole Wh', () => {
    const text = `generation_kwh,member,load_kwh,start\r\n0.1004,b,0,2026-03-01T00:15:00Z\r\n0,a,0.25,2026-03-01T00:00:00Z\r\n`;
    expect(slotsFromCsv(text)).toEqual({
      resolutionMs: 900_000,
      slots: [
        { startMs: Date.UTC(2026, 2, 1), readings: [{ member: 'a', loadWh: 250, generationWh: 0 }] },
        { startMs: Date.UTC(2026, 2, 1, 0, 15), readings: [{ member: 'b', loadWh: 0, generationWh: 100 }] },
      ],
    });
  });

  it.each<[string, string]>([
    ['READINGS_EMPTY', ''],
    ['READINGS_EMPTY', HEADER],
    ['CSV_HEADER', 'start,member,load_kwh\n'],
    ['CSV_CELL', `${HEADER}2026-03-01T00:00:00,a,1,0\n`],
    ['CSV_CELL', `${HEADER}2026-03-01T00:00:00Z,,1,0\n`],
    ['CSV_CELL', `${HEADER}2026-03-01T00:00:00Z,a,-1,0\n`],
    ['CSV_CELL', `${HEADER}2026-03-01T00:00:00Z,a,NaN,0\n`],
    ['CSV_CELL', `${HEADER}2026-03-01T00:00:00Z,a,1\n`],
    ['READINGS_GAP', HEADER + row(0) + row(15) + row(45)],
    ['READINGS_RESOLUTION', HEADER + row(0) + row(15) + row(35)],
  ])('%s', (code, text) => {
    expect(() => slotsFromCsv(text)).toThrow(expect.objectContaining({ code }));
  });

  it('a refusal points at the cell and does not repeat it', () => {
    expect(() => slotsFromCsv(`${HEADER}${row(0, 'a', '12.5x')}`)).toThrow(
      'line 2, column 3: expected a decimal number of kWh ≥ 0',
    );
  });
});
