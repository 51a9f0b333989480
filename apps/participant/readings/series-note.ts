import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoInstant } from '#core';
import { coverage } from '#metering';
import { writeDurably } from '../node/durable-log.ts';
import { declaredTotals } from './declared-totals.ts';
import { rangeDoubt, scaleDoubt, type Unfitness } from './fitness.ts';
import type { ReadingStore } from './reading-store.ts';

/** What there is of one column: its range and how many intervals of it, no reading. */
export interface NotedSeries {
  readonly column: string;
  /** ISO 8601, half-open. */
  readonly from: string;
  readonly to: string;
  readonly present: number;
  readonly missing: number;
  /** Why tasks on it are refused, whatever their range; null where nothing speaks against it. */
  readonly leftOut: Unfitness | null;
}

const fileOf = (dir: string): string => join(dir, 'series.json');

/**
 * Notes beside the readings what they cover. The process that has them open has them alone: this is what another may
 * read meanwhile. Written by every import and at every start, so it is never older than the readings for long.
 */
export async function noteSeries(dir: string, readings: ReadingStore): Promise<void> {
  const series: NotedSeries[] = [];
  const totals = declaredTotals(dir);
  for (const column of await readings.columns()) {
    const whole = await readings.whole(column, Number.POSITIVE_INFINITY);
    if (whole === null) continue;
    const { fromMs, toMs, present, missing } = coverage(whole);
    if (present === 0) continue;
    const leftOut = rangeDoubt(column, whole, 1) ?? scaleDoubt(column, whole, totals[column]);
    series.push({ column, from: isoInstant(fromMs), to: isoInstant(toMs), present, missing, leftOut });
  }
  writeDurably(fileOf(dir), JSON.stringify(series, null, 2));
}

/** Null before the first import. */
export function notedSeries(dir: string): readonly NotedSeries[] | null {
  const file = fileOf(dir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly NotedSeries[]) : null;
}
