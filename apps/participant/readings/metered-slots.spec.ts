import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DAY_MS, fixedClock, HOUR_MS, interval, isoInstant } from '#core';
import { readingsFromCsv } from '#metering';
import { meteredSlots, requireFineReadings } from './metered-slots.ts';
import { ReadingStore } from './reading-store.ts';

const START = Date.parse('2026-05-01T00:00:00Z');
const QUARTER_MS = HOUR_MS / 4;
const DAY = interval(START, START + DAY_MS);

describe('meteredSlots', () => {
  let dir: string;
  let readings: ReadingStore;

  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'gridcommons-slots-'));
    readings = await ReadingStore.open(dir);
  });
  afterEach(async () => {
    await readings.close();
    rmSync(dir, { recursive: true });
  });

  /** A day of load and PV, each step's as `valuesAt` says; empty is missing. */
  async function imported(stepMs: number, valuesAt: (n: number) => string): Promise<void> {
    const lines = Array.from(
      { length: DAY_MS / stepMs },
      (_, n) => `${isoInstant(START + n * stepMs)},${valuesAt(n)}`,
    );
    const csv = ['timestamp,load_kwh,pv_kwh', ...lines].join('\n');
    await readings.import(readingsFromCsv(csv), { name: 'a', sha256: '00', format: 'csv', receivedAtMs: 1 });
  }
  const node = () => ({ readings, clock: fixedClock(DAY.endMs) });

  it('nets load and PV within each slot, whose sums agree from quarters to the day', async () => {
    await imported(QUARTER_MS, (n) => (n % 2 === 0 ? '0.5,0.1' : '0.1,0.3'));
    const quarters = await meteredSlots(node(), DAY, QUARTER_MS);
    expect(quarters(interval(START, START + QUARTER_MS))).toEqual({ netImportWh: 400, netExportWh: 0 });
    expect(quarters(interval(START + QUARTER_MS, START + 2 * QUARTER_MS))).toEqual({
      netImportWh: 0,
      netExportWh: 200,
    });
    const hours = await meteredSlots(node(), DAY, HOUR_MS);
    expect(hours(interval(START, START + HOUR_MS))).toEqual({ netImportWh: 400, netExportWh: 0 });
    const whole = await meteredSlots(node(), DAY, DAY_MS);
    expect(whole(DAY)).toEqual({ netImportWh: 24 * 400, netExportWh: 0 });
  });

  it('knows nothing of a day with an hour missing, and everything of its other quarters', async () => {
    await imported(QUARTER_MS, (n) => (n === 5 ? ',0' : '1,0'));
    expect((await meteredSlots(node(), DAY, DAY_MS))(DAY)).toBeUndefined();
    const quarters = await meteredSlots(node(), DAY, QUARTER_MS);
    const known = Array.from({ length: 8 }, (_, n) =>
      quarters(interval(START + n * QUARTER_MS, START + (n + 1) * QUARTER_MS)),
    );
    expect(known.map((slot) => slot?.netImportWh)).toEqual([1e3, 1e3, 1e3, 1e3, 1e3, undefined, 1e3, 1e3]);
  });

  it('divides no hour that was metered whole', async () => {
    await imported(HOUR_MS, () => '1,0');
    await expect(requireFineReadings(node(), QUARTER_MS)).rejects.toMatchObject({
      code: 'READINGS_TOO_COARSE',
    });
    await expect(requireFineReadings(node(), HOUR_MS)).resolves.toBeUndefined();
    await expect(requireFineReadings(node(), DAY_MS)).resolves.toBeUndefined();
  });
});
