import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isoInstant } from '#core';
import { writeDurably } from '../node/durable-log.ts';
import type { ReadingStore } from './reading-store.ts';

/** What there is of one column: its range and how many intervals of it, no reading. */
export interface NotedSeries {
  readonly column: string;
  /** ISO 8601, half-open. */
  readonly from: string;
  readonly to: string;
  readonly present: number;
  readonly missing: number;
}

const fileOf = (dir: string): string => join(dir, 'series.json');

/**
 * Notes beside the readings what they cover. The process that has them open has them alone: this is what another may
 * read meanwhile. Written by every import and at every start, so it is never older than the readings for long.
 */
export async function noteSeries(dir: string, readings: ReadingStore): Promise<void> {
  const series: NotedSeries[] = [];
  for (const column of await readings.columns()) {
    const covered = await readings.coverage(column, Number.POSITIVE_INFINITY);
    if (covered === null) continue;
    const { fromMs, toMs, present, missing } = covered;
    series.push({ column, from: isoInstant(fromMs), to: isoInstant(toMs), present, missing });
  }
  writeDurably(fileOf(dir), JSON.stringify(series, null, 2));
}

/** Null before the first import. */
export function notedSeries(dir: string): readonly NotedSeries[] | null {
  const file = fileOf(dir);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly NotedSeries[]) : null;
}
