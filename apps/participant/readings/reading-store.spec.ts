import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  it('comes back by the hour, with zone, resolution, columns and coverage', async () => {
    expect(await store.dataset()).toBeNull();
    expect(await store.columns()).toEqual([]);
    const counts = await store.import(readings([1, 2, '', 4]), meta('a.csv'));
    expect(counts).toEqual([{ column: 'load_kwh', added: 3, corrected: 0, unchanged: 0 }]);
    expect(await store.dataset()).toEqual({ zone: '+00:00', resolutionMs: HOUR_MS });
    expect(await store.columns()).toEqual(['load_kwh']);
    expect(await store.hourly('load_kwh', span(-1, 5), FOREVER)).toEqual({
      startMs: hourAt(-1),
      resolutionMs: HOUR_MS,
      values: Float64Array.from([Number.NaN, 1, 2, Number.NaN, 4, Number.NaN]),
    });
    expect(await store.coverage('load_kwh', FOREVER)).toEqual({
      fromMs: hourAt(0),
      toMs: hourAt(4),
      present: 3,
      missing: 1,
      longestGap: { startMs: hourAt(2), endMs: hourAt(3) },
    });
  });

  it('survives closing, in a file only its owner may read', async () => {
    await store.import(readings([1, 2]), meta('a.csv'));
    await store.close();
    expect(statSync(join(dir, 'readings.duckdb')).mode & 0o077).toBe(0);
    store = await ReadingStore.open(dir);
    expect(await load(0, 2)).toEqual([1, 2]);
  });

  it('sums quarter-hours to hours', async () => {
    await store.import(readings([1, 2, 3, 4, 5, 6, 7, 8, 9], 0, HOUR_MS / 4), meta('a.csv'));
    expect(await load(0, 3)).toEqual([1 + 2 + 3 + 4, 5 + 6 + 7 + 8, Number.NaN]);
  });

  it('sums to the steps asked for, local days too, and refuses finer ones than it has', async () => {
    const stepped = async (stepMinutes: number, hours: number) => {
      const grid = { stepMinutes, zone: '+00:00', knownBeforeMs: FOREVER };
      return [...(await store.regular('load_kwh', span(0, hours), grid)).values];
    };
    await store.import(
      readings(
        Array.from({ length: 4 * 48 }, (_, i) => i),
        0,
        HOUR_MS / 4,
      ),
      meta('a.csv'),
    );
    expect((await stepped(15, 1)).slice(0, 4)).toEqual([0, 1, 2, 3]);
    expect(await stepped(30, 2)).toEqual([0 + 1, 2 + 3, 4 + 5, 6 + 7]);
    const days = await stepped(1_440, 48);
    // From the first local midnight on; 96 quarters a whole day.
    const midnight = 4 * (24 - (new Date(hourAt(0)).getUTCHours() || 24));
    expect(days[0]).toBe((96 * (2 * midnight + 95)) / 2);
    expect(await codeOf(stepped(5, 1))).toBe('READINGS_TOO_COARSE');
  });

  it('takes a zone that is declared over one that was inferred', async () => {
    await store.import(readings([1, 2]), meta('a.csv'));
    await store.import(readings([1, 2]), { ...meta('a.csv'), declaredZone: 'Europe/Berlin' });
    await store.import(readings([3, 4], 2), meta('b.csv'));
    expect((await store.dataset())?.zone).toBe('Europe/Berlin');
  });

  it('has only the columns it has', async () => {
    expect(await codeOf(store.hourly('load_kwh', span(0, 1), FOREVER))).toBe('READINGS_COLUMN_UNKNOWN');
    await store.import(readings([1, 2]), meta('a.csv'));
    expect(await codeOf(store.hourly("load_kwh' OR 1=1 --", span(0, 1), FOREVER))).toBe(
      'READINGS_COLUMN_UNKNOWN',
    );
    expect(await codeOf(store.coverage('pv_kwh', FOREVER))).toBe('READINGS_COLUMN_UNKNOWN');
  });
});

describe('what may be known', () => {
  it('ends with the interval that ends at the bound', async () => {
    await store.import(readings([1, 2, 3, 4]), meta('a.csv'));
    expect(await load(0, 4, hourAt(2))).toEqual([1, 2, Number.NaN, Number.NaN]);
    expect(await load(0, 4, hourAt(2) - 1)).toEqual([1, Number.NaN, Number.NaN, Number.NaN]);
    expect(await store.coverage('load_kwh', hourAt(3))).toMatchObject({ toMs: hourAt(3), present: 3 });
    expect(await store.coverage('load_kwh', hourAt(0))).toBeNull();
    expect(await store.versions('load_kwh', hourAt(3), hourAt(4) - 1)).toEqual([]);
  });

  it('is the same whatever later rows say', async () => {
    await store.import(readings([1, 2, 3, 4]), meta('a.csv'));
    const before = await load(0, 4, hourAt(2));
    await store.import(readings([30, 40, 50], 2), meta('b.csv'));
    expect(await load(0, 4, hourAt(2))).toEqual(before);
    expect(await load(0, 5)).toEqual([1, 2, 30, 40, 50]);
  });
});

describe('a later file', () => {
  it('with the same values changes nothing', async () => {
    await store.import(readings([1, 2, 3]), meta('a.csv'));
    const counts = await store.import(readings([1, 2, 3]), meta('b.csv'));
    expect(counts).toEqual([{ column: 'load_kwh', added: 0, corrected: 0, unchanged: 3 }]);
    expect(await store.versions('load_kwh', hourAt(0), FOREVER)).toHaveLength(1);
    expect(await store.revision()).toBe(1);
  });

  it('with other values supersedes them, and what was first stays on record', async () => {
    await store.import(readings([1, 2, 3]), meta('a.csv', 1000));
    const counts = await store.import(readings([1, 20, '', 4]), meta('b.csv', 2000));
    expect(counts).toEqual([{ column: 'load_kwh', added: 1, corrected: 1, unchanged: 1 }]);
    expect(await store.revision()).toBe(2);
    await store.import(readings([2, 3], 1), meta('c.csv', 3000));
    expect(await load(0, 4)).toEqual([1, 2, 3, 4]);
    expect(await store.versions('load_kwh', hourAt(1), FOREVER)).toEqual([
      { value: 2, file: 'a.csv', receivedAtMs: 1000, supersedesFile: null },
      { value: 20, file: 'b.csv', receivedAtMs: 2000, supersedesFile: 'a.csv' },
      { value: 2, file: 'c.csv', receivedAtMs: 3000, supersedesFile: 'b.csv' },
    ]);
  });

  it('of every stage of a correction is kept with when it came and what it replaced', async () => {
    const stages = ['raw', 'basic', 'rolling', 'optimised'];
    for (const [i, stage] of stages.entries()) {
      const value = [5, 6, 6.5, 6.25][i]!;
      await store.import(readings([1, value]), meta(`${stage}.csv`, 1000 * (i + 1)));
    }
    expect(await load(0, 2)).toEqual([1, 6.25]);
    expect(await store.versions('load_kwh', hourAt(0), FOREVER)).toHaveLength(1);
    expect(await store.versions('load_kwh', hourAt(1), FOREVER)).toEqual([
      { value: 5, file: 'raw.csv', receivedAtMs: 1000, supersedesFile: null },
      { value: 6, file: 'basic.csv', receivedAtMs: 2000, supersedesFile: 'raw.csv' },
      { value: 6.5, file: 'rolling.csv', receivedAtMs: 3000, supersedesFile: 'basic.csv' },
      { value: 6.25, file: 'optimised.csv', receivedAtMs: 4000, supersedesFile: 'rolling.csv' },
    ]);
  });

  it('at another resolution is refused', async () => {
    await store.import(readings([1, 2, 3]), meta('a.csv'));
    const quarters = readings([1, 2, 3], 0, HOUR_MS / 4);
    expect(await codeOf(store.import(quarters, meta('b.csv')))).toBe('READINGS_RESOLUTION_CONFLICT');
    expect(await load(0, 3)).toEqual([1, 2, 3]);
  });

  it('that fails half-way leaves nothing, and the next one works', async () => {
    await store.import(readings([1, 2]), meta('a.csv'));
    // Not an instant DuckDB can store: the appender fails after the file's row and the first reading went in.
    const good = readings([7, 8], 2);
    const broken = { ...good, startMs: 2 ** 63 - HOUR_MS, columns: good.columns };
    expect(await codeOf(store.import(broken, meta('b.csv')))).not.toBe('no error');
    expect(await load(0, 4)).toEqual([1, 2, Number.NaN, Number.NaN]);
    await store.import(good, meta('c.csv'));
    expect(await load(0, 4)).toEqual([1, 2, 7, 8]);
  });

  it('imported at the same time waits its turn', async () => {
    await Promise.all([
      store.import(readings([1, 2, 3]), meta('a.csv')),
      store.import(readings([1, 5, 3]), meta('b.csv')),
    ]);
    expect(await load(0, 3)).toEqual([1, 5, 3]);
  });
});

describe('the directory', () => {
  it('is closed to others where it was open, while readings stand in the journal', async () => {
    const open = mkdtempSync(join(tmpdir(), 'readings-'));
    chmodSync(open, 0o755);
    const other = await ReadingStore.open(open);
    try {
      await other.import(readings([1, 2]), meta('a.csv'));
      expect(statSync(join(open, 'readings.duckdb.wal')).size).toBeGreaterThan(0);
      expect(statSync(open).mode & 0o077).toBe(0);
    } finally {
      await other.close();
      rmSync(open, { recursive: true });
    }
  });

  it('belongs to one store of one process', async () => {
    expect(await codeOf(ReadingStore.open(dir))).toBe('DATA_DIR_IN_USE');
    expect(await codeOf(ReadingStore.open(`${dir}/.`))).toBe('DATA_DIR_IN_USE');
  });

  it('belongs to one process', async () => {
    await store.close();
    const holder = `import { DuckDBInstance } from '@duckdb/node-api';
      globalThis.held = await DuckDBInstance.create(process.argv[1]);
      process.stdout.write('held');
      process.stdin.resume().on('end', () => process.exit(0));`;
    const child = spawn(process.execPath, [
      '--input-type=module',
      '-e',
      holder,
      join(dir, 'readings.duckdb'),
    ]);
    await once(child.stdout, 'data');
    expect(await codeOf(ReadingStore.open(dir))).toBe('DATA_DIR_IN_USE');
    child.stdin.end();
    await once(child, 'exit');
    store = await ReadingStore.open(dir);
  });

  it('with something else in place of the store is refused, and can be opened once that is gone', async () => {
    await store.close();
    writeFileSync(join(dir, 'readings.duckdb'), 'not a database '.repeat(1000));
    expect(await codeOf(ReadingStore.open(dir))).toBe('READINGS_STORE_UNREADABLE');
    rmSync(join(dir, 'readings.duckdb'));
    store = await ReadingStore.open(dir);
  });
});
