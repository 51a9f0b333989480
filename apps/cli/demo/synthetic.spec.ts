import { describe, expect, it } from '@jest/globals';
import { DomainError, HOUR_MS, localDay } from '#core';
import { type MeterReadings, hourlySeries, hoursOf, lastCompleteLocalDay, readingsFromCsv } from '#metering';
import { syntheticFirms, syntheticIntensity } from './synthetic.ts';

const ZONE = 'Europe/Berlin';
const DAYS = { seed: 1, days: 90, zone: ZONE, lastDay: '2026-05-17' };
const firms = syntheticFirms({ ...DAYS, firms: 6 }).map(({ name, csv }) => ({
  name,
  csv,
  readings: readingsFromCsv(csv, { zone: ZONE }),
}));

function hourly(readings: MeterReadings, column: string) {
  const found = readings.columns.find(({ name }) => name === column);
  return found === undefined ? null : hourlySeries({ ...readings, values: found.values });
}

function meanAbsolute(differences: readonly number[]): number {
  const known = differences.filter((difference) => !Number.isNaN(difference));
  return known.reduce((sum, difference) => sum + Math.abs(difference), 0) / known.length;
}

/** Autocorrelation, at a day's lag, of what is left of a load when the same hour of last week is taken away. */
function dayToDay(values: Float64Array): number {
  const rest = Array.from(values.subarray(168), (value, i) => value - values[i]!);
  const pairs = rest.slice(24).map((value, i): [number, number] => [value, rest[i]!]);
  const known = pairs.filter(([a, b]) => !Number.isNaN(a) && !Number.isNaN(b));
  const sum = (of: (pair: [number, number]) => number) => known.reduce((total, pair) => total + of(pair), 0);
  return sum(([a, b]) => a * b) / Math.sqrt(sum(([a]) => a * a) * sum(([, b]) => b * b));
}

const csvOf = (seed: number, count: number) =>
  syntheticFirms({ ...DAYS, seed, firms: count }).map(({ csv }) => csv);

describe('synthetic firms', () => {
  it('are the same bytes for the same seed, others for another, and do not depend on how many there are', () => {
    expect(csvOf(1, 3)).toEqual(firms.slice(0, 3).map(({ csv }) => csv));
    expect(csvOf(2, 1)).not.toEqual(csvOf(1, 1));
  });

  it('say in name and rows that they are synthetic', () => {
    for (const { name, csv } of firms) {
      expect(name).toMatch(/^synthetic-/);
      const [header, ...rows] = csv.trimEnd().split('\n');
      expect(header).toMatch(/^timestamp,load_kwh,(pv_kwh,)?origin$/);
      expect(rows.every((row) => row.endsWith(',synthetic'))).toBe(true);
    }
    expect(new Set(syntheticFirms({ ...DAYS, days: 1, firms: 14 }).map(({ name }) => name)).size).toBe(14);
  });

  it('cover the declared days, the one of 23 hours included, to the last complete day', () => {
    const { startMs } = localDay(ZONE, '2026-02-17');
    const { endMs } = localDay(ZONE, '2026-05-17');
    expect((endMs - startMs) / HOUR_MS).toBe(90 * 24 - 1);
    for (const { readings } of firms) {
      expect(readings).toMatchObject({ startMs, resolutionMs: HOUR_MS, zone: ZONE });
      expect(lastCompleteLocalDay(hourly(readings, 'load_kwh')!, ZONE)?.date).toBe('2026-05-17');
    }
  });

  it('have one fault each, in the first half', () => {
    const middleMs = localDay(ZONE, '2026-04-03').startMs;
    const found = firms.map(({ readings }) =>
      readings.findings.map(({ code, severity }) => `${code} ${severity}`),
    );
    expect(found).toEqual([
      ['DUPLICATE info'],
      ['GAP warning'],
      ['OUT_OF_ORDER info'],
      ['NEGATIVE warning'],
      ['DUPLICATE warning'],
      ['DUPLICATE info'],
    ]);
    expect(firms.every(({ readings }) => readings.findings.every(({ toMs }) => toMs < middleMs))).toBe(true);
  });

  it('have weeks, deviations that last from day to day, and in part energy to sell at noon', () => {
    const noon = hourSpan('2026-05-17', 10, 14);
    const balances = firms.map(({ readings }) => {
      const load = hourly(readings, 'load_kwh')!;
      expect(dayToDay(load.values)).toBeGreaterThan(0.15);
      const pv = hourly(readings, 'pv_kwh');
      const total = (series: typeof load | null) =>
        series === null ? 0 : hoursOf(series, noon).values.reduce((a, b) => a + b, 0);
      return total(pv) - total(load);
    });
    expect(balances.some((balance) => balance > 0)).toBe(true);
    expect(balances.some((balance) => balance < 0)).toBe(true);
    const office = hourly(firms[1]!.readings, 'load_kwh')!.values;
    const naive = (lag: number) =>
      meanAbsolute(Array.from(office.subarray(lag), (value, i) => value - office[i]!));
    expect(naive(168)).toBeLessThan(naive(24));
  });

  it('are refused out of range', () => {
    const codes = [{ firms: 0 }, { firms: 61 }, { days: 0 }, { days: 1.5 }].map((wrong) => {
      try {
        return syntheticFirms({ ...DAYS, firms: 1, ...wrong }).length;
      } catch (error) {
        return error instanceof DomainError ? error.code : String(error);
      }
    });
    expect(codes).toEqual(Array.from({ length: 4 }, () => 'SYNTHETIC_RANGE'));
  });
});

function hourSpan(date: string, from: number, to: number) {
  const { startMs } = localDay(ZONE, date);
  return { startMs: startMs + from * HOUR_MS, endMs: startMs + to * HOUR_MS };
}

describe('synthetic grid intensity', () => {
  it('has every hour of the same days, in plausible kgCO2e per kWh, lower when the sun shines', () => {
    const [header, ...rows] = syntheticIntensity(DAYS).trimEnd().split('\n');
    expect(header).toBe('timestamp,grid_kgco2e_per_kwh');
    expect(rows).toHaveLength(90 * 24 - 1);
    expect(rows[0]).toMatch(/^2026-02-17T00:00:00\+01:00,0\.\d{4}$/);
    expect(rows.at(-1)).toMatch(/^2026-05-17T23:00:00\+02:00,0\.\d{4}$/);
    const mean = (hour: string) => {
      const values = rows.filter((row) => row.slice(11, 13) === hour).map((row) => Number(row.split(',')[1]));
      expect(values.every((value) => value >= 0.03 && value <= 0.75)).toBe(true);
      return values.reduce((a, b) => a + b, 0) / values.length;
    };
    expect(mean('12')).toBeLessThan(mean('03'));
  });
});
