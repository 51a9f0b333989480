import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR_MS, type Interval } from '#core';
import { siteWindows, splitDays, type WindowShape } from '#forecasting';
import type { Windows } from '#learning';
import { type MeterSeries, hourlySeries, readingsFromCsv } from '#metering';

/** The files' fixed offset. */
const ZONE = '-08:00';
/** Hours between windows: one at each midnight. */
const STRIDE = 24;

export interface Home {
  readonly train: Windows;
  readonly validation: Windows;
  readonly test: Windows;
  /** kWh a standardised unit. */
  readonly scaleKwh: number;
  /** Mean of the test hours, kWh. */
  readonly meanTestKwh: number;
}

function knownHours({ startMs, values }: MeterSeries, part: Interval): number[] {
  const from = (part.startMs - startMs) / HOUR_MS;
  const to = (part.endMs - startMs) / HOUR_MS;
  return [...values.subarray(from, to)].filter((value) => !Number.isNaN(value));
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

function deviation(values: readonly number[]): number {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));
}

function readHome(file: string, shape: WindowShape): Home {
  const readings = readingsFromCsv(readFileSync(file, 'utf8'));
  const load = hourlySeries({ ...readings, values: readings.columns[0]!.values });
  const range = { startMs: load.startMs, endMs: load.startMs + load.values.length * HOUR_MS };
  const days = splitDays(ZONE, range);
  const known = siteWindows(load, ZONE, days, shape, { stride: STRIDE });
  const later = siteWindows(load, ZONE, { ...days, validation: days.test }, shape, { stride: STRIDE });
  return {
    ...known,
    test: later.validation,
    scaleKwh: deviation(knownHours(load, days.train)),
    meanTestKwh: mean(knownHours(load, days.test)),
  };
}

export const readHomes = (dataDir: string, shape: WindowShape): Home[] => {
  const folder = join(dataDir, 'demo-households');
  return readdirSync(folder)
    .toSorted()
    .map((file) => readHome(join(folder, file), shape));
};
