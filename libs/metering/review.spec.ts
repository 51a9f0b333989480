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

const both = (energy: (kw: number) => number) => {
  const rows = Array.from({ length: 96 }, (_, i) => {
    const kw = 4 * quarter(i);
    return `${isoInstant(at('2026-05-01T00:00:00Z') + i * 15 * MINUTE_MS)},${energy(kw)},${kw}`;
  });
  return readingsFromCsv(['timestamp,load_kwh,load_kw', ...rows].join('\n')).findings;
};

const season = (hour: number) => Number(lively(hour)) * Math.min(5, 1 + hour / 100);

const table = (header: string, rows: number, valuesAt: (hour: number) => readonly (number | string)[]) =>
  file(
    '2026-05-01T00:00:00Z',
    HOUR_MS,
    Array.from({ length: rows }, (_, hour) => valuesAt(hour).join(',')),
    `timestamp,${header}`,
  );

it('are read with their signs where they may have any, a tariff that stands included', () => {
  const header = 'price_eur_per_mwh,temperature_c,net_kw,tariff_ct_per_kwh';
  const readings = readingsFromCsv(table(header, 48, (h) => [h - 20, h - 30, 20 - h, 31.5]));
  expect(readings.findings).toEqual([]);
  expect(readings.columns.map(({ values }) => values[0])).toEqual([-20, -30, 20, 31.5]);
});

const weather = (h: number) => [
  h >= 48 ? 0 : 5 + Math.sin(h),
  h >= 48 ? 0 : 3 + Math.cos(h),
  h >= 48 || h % 24 < 6 ? 0 : 100 + h,
  h,
];

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

  it('of energy in another unit than kWh are named, not read', () => {
    const text = 'timestamp,load_kwh,load_wh\n2026-05-01T00:00:00Z,1,1\n2026-05-01T01:00:00Z,2,2';
    expect(readingsFromCsv(text)).toMatchObject({
      ignoredColumns: ['load_wh'],
      findings: [{ code: 'UNIT_SUSPECT', severity: 'info', count: 1 }],
    });
  });

  it('of a load in kWh that its own column of kW contradicts are suspected', () => {
    expect(both((kw) => kw / 4)).toEqual([]);
    expect(both((kw) => kw)).toMatchObject([
      {
        code: 'UNIT_SUSPECT',
        severity: 'severe',
        column: 'load_kwh',
        message: expect.stringContaining('unit'),
      },
    ]);
  });

  it('of quarter-hours of power summed to hours from a day on are suspected, a season is not', () => {
    const summed = (factor: number) =>
      codes(hourly((hour) => Number(lively(hour)) * (hour >= 360 ? factor : 1)));
    expect(summed(4)).toEqual(['UNIT_SUSPECT']);
    expect(summed(2.5)).toEqual([]);
    expect(codes(hourly(season))).toEqual([]);
  });
});

describe('columns that are not energy', () => {
  it('beyond what they can be are missing: below zero, over 100 %, 0 K', () => {
    const header = 'intensity_g_per_kwh,cloud_percent,outdoor_k,irradiance_w_per_m2';
    const readings = readingsFromCsv(
      table(header, 12, (h) =>
        h === 5 ? [-1, 101, 0, -400] : [300 + h, h, 280 + h, h === 0 ? -2 : 500 + h],
      ),
    );
    expect(readings.findings.map(({ code, column }) => [code, column])).toEqual([
      ['NEGATIVE', 'intensity_g_per_kwh'],
      ['OUT_OF_RANGE', 'cloud_percent'],
      ['OUT_OF_RANGE', 'outdoor_k'],
      ['NEGATIVE', 'irradiance_w_per_m2'],
      ['NEGATIVE', 'irradiance_w_per_m2'],
    ]);
    for (const { values } of readings.columns) expect(values[5]).toBeNaN();
    expect(readings.columns[3]!.values[0]).toBe(0);
  });

  it('of weather that is zero throughout for the last day were never measured', () => {
    const header = 'temperature_c,wind_m_per_s,irradiance_w_per_m2,price_eur_per_mwh';
    const readings = readingsFromCsv(table(header, 72, weather));
    expect(readings.findings).toMatchObject([
      {
        code: 'ZERO_FILLED',
        count: 24,
        fromMs: at('2026-05-03T00:00:00Z'),
        toMs: at('2026-05-04T00:00:00Z'),
      },
      { code: 'BLANK', column: 'temperature_c', count: 24 },
      { code: 'BLANK', column: 'wind_m_per_s', count: 24 },
      { code: 'BLANK', column: 'irradiance_w_per_m2', count: 24 },
    ]);
    expect(readings.columns[0]!.values[47]).not.toBeNaN();
    expect(readings.columns.map(({ values }) => values[48])).toEqual([
      Number.NaN,
      Number.NaN,
      Number.NaN,
      48,
    ]);
  });

  it('at a temperature of zero for a day are reported, dry weeks are not', () => {
    expect(
      codes(table('temperature_c,rain_mm_per_h', 240, (h) => [h < 100 || h > 130 ? h % 7 : 0, 0])),
    ).toEqual(['CONSTANT']);
  });
});
