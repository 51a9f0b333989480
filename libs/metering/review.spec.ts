import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant } from '#core';
import { readingsFromCsv } from './csv-readings.ts';

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

const loadOf = (text: string) => [...readingsFromCsv(text).columns[0]!.values];
const codes = (text: string) => readingsFromCsv(text).findings.map(({ code }) => code);

const hourly = (valueAt: (hour: number) => number | string, count = 30, column = 'load_kwh') =>
  file('2026-05-01T00:00:00Z', HOUR_MS, days(count, valueAt), `timestamp,${column}`);

const oneNegative = (hour: number) => (hour === 100 ? -1 : lively(hour));

const standby = (hour: number) => (hour % 24 < 6 ? -0.01 : hour === 106 ? -1 : lively(hour));

const quarter = (i: number) => Number(lively(Math.floor(i / 4))) / 4 + (i % 7) / 1000;

const grouped = (hour: number) =>
  hour % 24 > 11 ? `1.${String(100 + hour).slice(-3)}` : 288 + (hour % 24) * 50;

const shifted = (factor: number) =>
  Array.from({ length: 28 * 96 }, (_, i) => (quarter(i) * (i >= 14 * 96 ? factor : 1)).toFixed(4));

const quarterHours = (factor: number) => file('2026-05-01T00:00:00Z', 15 * MINUTE_MS, shifted(factor));

describe('values', () => {
  it('below zero are missing for a load, zero for an inverter’s standby, and fine for a net meter', () => {
    expect(loadOf(hourly(oneNegative))[100]).toBeNaN();
    expect(codes(hourly(oneNegative))).toEqual(['NEGATIVE']);
    expect(loadOf(hourly(oneNegative, 30, 'net_kwh'))[100]).toBe(-1);
    expect(codes(hourly(oneNegative, 30, 'net_kwh'))).toEqual([]);
    const solar = readingsFromCsv(hourly(standby, 30, 'pv_kwh'));
    expect(solar.columns[0]!.values[0]).toBe(0);
    expect(solar.columns[0]!.values[106]).toBeNaN();
    expect(solar.findings).toMatchObject([
      { code: 'NEGATIVE', severity: 'info', count: 180 },
      { code: 'NEGATIVE', severity: 'warning', count: 1 },
    ]);
  });

  it('that are mostly zero or do not change for a day are reported', () => {
    expect(codes(hourly((hour) => (hour % 24 < 13 ? 0 : lively(hour))))).toEqual(['MOSTLY_ZERO']);
    expect(codes(hourly((hour) => (hour % 24 < 13 ? 0 : lively(hour)), 30, 'pv_kwh'))).toEqual([]);
    const stuck = readingsFromCsv(hourly((hour) => (hour >= 100 && hour < 125 ? 1.5 : lively(hour))));
    expect(stuck.findings).toMatchObject([
      { code: 'CONSTANT', count: 25, fromMs: at('2026-05-05T04:00:00Z') },
    ]);
  });

  it('in Wh among kWh are suspected, single or from a day on', () => {
    expect(codes(hourly((hour) => (hour === 100 ? Number(lively(hour)) * 1000 : lively(hour))))).toEqual([
      'UNIT_SUSPECT',
    ]);
    const wh = readingsFromCsv(hourly((hour) => (hour >= 360 ? Number(lively(hour)) * 1000 : lively(hour))));
    expect(wh.findings).toMatchObject([{ code: 'UNIT_SUSPECT', severity: 'severe', column: 'load_kwh' }]);
  });

  it('in kW among kWh are suspected where an hour has several intervals', () => {
    expect(codes(quarterHours(1))).toEqual([]);
    expect(codes(quarterHours(2))).toEqual([]);
    expect(readingsFromCsv(quarterHours(4)).findings).toMatchObject([
      { code: 'UNIT_SUSPECT', severity: 'severe', message: expect.stringContaining('kW for kWh') },
    ]);
  });

  it('with points between thousands are suspected', () => {
    expect(codes(hourly(grouped, 3))).toContain('UNIT_SUSPECT');
  });

  it('of a column of power beside the energy are named, not read', () => {
    const text = 'timestamp,load_kwh,load_kw\n2026-05-01T00:00:00Z,1,1\n2026-05-01T01:00:00Z,2,2';
    expect(readingsFromCsv(text).findings).toMatchObject([
      { code: 'UNIT_SUSPECT', severity: 'info', count: 1 },
    ]);
  });
});
