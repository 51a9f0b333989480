import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DomainError, HOUR_MS, isoInstant } from '#core';
import { readingsFromCsv } from '#metering';
import { ReadingStore } from './reading-store.ts';

const START_MS = Date.parse('2026-05-01T00:00:00Z');
const FOREVER = Number.POSITIVE_INFINITY;
const hourAt = (hour: number) => START_MS + hour * HOUR_MS;
const span = (from: number, to: number) => ({ startMs: hourAt(from), endMs: hourAt(to) });
const meta = (name: string, receivedAtMs = 1) => ({
  name,
  sha256: '00',
  format: 'csv' as const,
  receivedAtMs,
});

/** Readings of `load_kwh` from hour `from` on. */
const readings = (values: readonly (number | string)[], from = 0, stepMs = HOUR_MS) =>
  readingsFromCsv(
    [
      'timestamp,load_kwh',
      ...values.map((value, i) => `${isoInstant(hourAt(from) + i * stepMs)},${value}`),
    ].join('\n'),
  );

async function codeOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => 'no error',
    (reason: unknown) => reason,
  );
  return error instanceof DomainError ? error.code : String(error);
}

let dir = '';
let store: ReadingStore;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'readings-'));
  store = await ReadingStore.open(dir);
});
afterEach(async () => {
  await store.close();
  rmSync(dir, { recursive: true });
});
const load = async (from: number, to: number, knownBeforeMs = FOREVER) => [
  ...(await store.hourly('load_kwh', span(from, to), knownBeforeMs)).values,
];

describe('what is stored', () => {
  it('averages what is no energy, over steps and over local days, with a gap where a part is missing', async () => {
    const rows = Array.from({ length: 4 * 48 }, (_, i) => {
      const price = i === 7 ? '' : i - 100;
      return `${isoInstant(hourAt(0) + (i * HOUR_MS) / 4)},1,${price}`;
    });
    const text = ['timestamp,load_kwh,price_eur_per_mwh', ...rows].join('\n');
    await store.import(readingsFromCsv(text), meta('a.csv'));
    const price = await store.hourly('price_eur_per_mwh', span(0, 3), FOREVER);
    expect([...price.values]).toEqual([-98.5, Number.NaN, -90.5]);
    const days = { stepMinutes: 1_440, zone: '+00:00', knownBeforeMs: FOREVER };
    const dayOf = async (column: string) => (await store.regular(column, span(0, 48), days)).values[1];
    expect(await dayOf('price_eur_per_mwh')).toBe((-4 + 91) / 2);
    expect(await dayOf('load_kwh')).toBe(96);
  });

  it('has a resolution for each column: hourly prices beside quarters of a load', async () => {
    await store.import(readings([1, 2, 3, 4, 5, 6, 7, 8], 0, HOUR_MS / 4), meta('a.csv'));
    const prices = `timestamp,price_eur_per_mwh\n${isoInstant(hourAt(0))},50\n${isoInstant(hourAt(1))},-5\n`;
    await store.import(readingsFromCsv(prices), meta('prices.csv'));
    expect(await store.dataset()).toMatchObject({ resolutionMs: HOUR_MS / 4 });
    expect([...(await store.hourly('price_eur_per_mwh', span(0, 2), FOREVER)).values]).toEqual([50, -5]);
    const quarters = { stepMinutes: 15, zone: '+00:00', knownBeforeMs: FOREVER };
    expect(await codeOf(store.regular('price_eur_per_mwh', span(0, 2), quarters))).toBe(
      'READINGS_TOO_COARSE',
    );
    expect((await store.regular('load_kwh', span(0, 1), quarters)).values).toHaveLength(4);
  });
});

const loadAndPv = (...rows: readonly string[]) =>
  readingsFromCsv(
    ['timestamp,load_kwh,pv_kwh', ...rows.map((row, i) => `${isoInstant(hourAt(i))},${row}`)].join('\n'),
  );

const net = async () => [...(await store.hourly('net_kwh', span(0, 3), FOREVER)).values];

describe('the net of load and PV', () => {
  it('is there where both are, known where both are known', async () => {
    await store.import(readings([9, 9, 9]), meta('a.csv'));
    expect(await store.columns()).toEqual(['load_kwh']);
    expect(await codeOf(net())).toBe('READINGS_COLUMN_UNKNOWN');
    await store.import(loadAndPv('3,1', '2,4', '1,'), meta('b.csv'));
    expect(await store.columns()).toEqual(['load_kwh', 'net_kwh', 'pv_kwh']);
    expect(await net()).toEqual([2, -2, Number.NaN]);
    expect(await store.coverage('net_kwh', FOREVER)).toMatchObject({ present: 2, missing: 0 });
    expect(await store.coverage('net_kwh', hourAt(0))).toBeNull();
    expect(await store.versions('net_kwh', hourAt(0), FOREVER)).toEqual([]);
  });

  it('is the file’s own where a file has it', async () => {
    await store.import(loadAndPv('3,1', '2,4', '1,0'), meta('a.csv'));
    const own = `timestamp,net_kwh\n${isoInstant(hourAt(0))},7\n${isoInstant(hourAt(1))},-8\n`;
    await store.import(readingsFromCsv(own), meta('b.csv'));
    expect(await store.columns()).toEqual(['load_kwh', 'net_kwh', 'pv_kwh']);
    expect(await net()).toEqual([7, -8, Number.NaN]);
  });
});

describe('a store of a version that held energy alone', () => {
  it('is read and goes on', async () => {
    await store.close();
    rmSync(join(dir, 'readings.duckdb'));
    const old = await DuckDBInstance.create(join(dir, 'readings.duckdb'));
    const connection = await old.connect();
    await connection.run(`
      CREATE TABLE dataset (zone VARCHAR, resolution_ms BIGINT NOT NULL);
      CREATE TABLE files (file_id INTEGER NOT NULL, name VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, format VARCHAR NOT NULL,
        zone VARCHAR, row_count INTEGER NOT NULL, received_at_ms BIGINT NOT NULL);
      CREATE TABLE readings (column_name VARCHAR NOT NULL, start_ms BIGINT NOT NULL, energy_kwh DOUBLE NOT NULL,
        file_id INTEGER NOT NULL, supersedes_file_id INTEGER);
      INSERT INTO dataset VALUES ('Europe/Berlin', ${HOUR_MS});
      INSERT INTO files VALUES (1, 'old.csv', '00', 'csv', 'Europe/Berlin', 2, 5);
      INSERT INTO readings VALUES ('load_kwh', ${hourAt(0)}, 1.5, 1, NULL), ('load_kwh', ${hourAt(1)}, 2.5, 1, NULL);`);
    connection.closeSync();
    old.closeSync();
    store = await ReadingStore.open(dir);
    expect(await store.dataset()).toEqual({ zone: 'Europe/Berlin', resolutionMs: HOUR_MS });
    await store.close();
    store = await ReadingStore.open(dir);
    expect(await load(0, 2)).toEqual([1.5, 2.5]);
    const quarters = readings([1, 2, 3], 0, HOUR_MS / 4);
    expect(await codeOf(store.import(quarters, meta('b.csv')))).toBe('READINGS_RESOLUTION_CONFLICT');
    await store.import(readings([9, 3], 1), meta('c.csv'));
    expect(await load(0, 3)).toEqual([1.5, 9, 3]);
    expect(await store.versions('load_kwh', hourAt(1), FOREVER)).toMatchObject([
      { value: 2.5, file: 'old.csv', receivedAtMs: 5 },
      { value: 9, supersedesFile: 'old.csv' },
    ]);
  });
});

const generation = (header: string, ...rows: readonly string[]) =>
  readingsFromCsv(
    [`timestamp,${header}`, ...rows.map((row, i) => `${isoInstant(hourAt(i))},${row}`)].join('\n'),
  );
const grams = async (basis: string) => [
  ...(await store.hourly(`${basis}_intensity_g_per_kwh`, span(0, 3), FOREVER)).values,
];

describe('the intensity of generation by source', () => {
  it('is there on both bases, by the published factors, where every source is known', async () => {
    const header = 'generation_coal_mw,generation_wind_mw';
    await store.import(generation(header, '1,3', '5,5', '2,'), meta('a.csv'));
    expect(await store.columns()).toEqual([
      'direct_intensity_g_per_kwh',
      'generation_coal_mw',
      'generation_wind_mw',
      'lifecycle_intensity_g_per_kwh',
    ]);
    // Coal 760 and 820, wind 0 and 11 g/kWh.
    expect(await grams('direct')).toEqual([190, 380, Number.NaN]);
    expect(await grams('lifecycle')).toEqual([(820 + 33) / 4, 415.5, Number.NaN]);
    expect(await store.coverage('direct_intensity_g_per_kwh', FOREVER)).toMatchObject({ present: 2 });
  });

  it('is not there where a source has no factor, units differ, or there is but one', async () => {
    await store.import(generation('generation_coal_mw', '1', '5'), meta('a.csv'));
    expect(await store.columns()).toEqual(['generation_coal_mw']);
    await store.import(generation('generation_peat_and_more_mw', '3', '4'), meta('b.csv'));
    expect(await store.columns()).toEqual(['generation_coal_mw', 'generation_peat_and_more_mw']);
    expect(await codeOf(grams('direct'))).toBe('READINGS_COLUMN_UNKNOWN');
  });

  it('is the file’s own where a file has it', async () => {
    const header = 'generation_coal_mw,generation_gas_mw,direct_intensity_g_per_kwh';
    await store.import(generation(header, '1,3,500', '5,5,501', '2,1,502'), meta('a.csv'));
    expect(await grams('direct')).toEqual([500, 501, 502]);
  });
});
