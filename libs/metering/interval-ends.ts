import { DAY_MS, HOUR_MS } from '#core';
import { type Finding, Places } from './finding.ts';

/** What a file shows of the convention of its timestamps. */
export interface WrittenRows {
  readonly instants: readonly number[];
  /** Where the hour after spring's skipped one begins, of each row written at a time that was skipped. */
  readonly afterSkipped: readonly number[];
  /** Earliest and latest wall clock as written, read as if it were UTC, ms. */
  readonly firstLocalMs: number;
  readonly lastLocalMs: number;
}

/**
 * Doubt that timestamps read as interval starts are interval ends. Whole days of ends run from one step past midnight to
 * midnight; and in spring the hour before the clock changes ends at 02:00, which no clock shows, while nothing ends at 03:00
 * that has not begun an hour later.
 */
export function intervalEndFindings(rows: WrittenRows, resolutionMs: number): Finding[] {
  const { firstLocalMs, lastLocalMs } = rows;
  const places = new Places();
  const isWholeDays = firstLocalMs % DAY_MS === resolutionMs % DAY_MS && lastLocalMs % DAY_MS === 0;
  if (resolutionMs <= HOUR_MS && isWholeDays && lastLocalMs - firstLocalMs >= 2 * DAY_MS - resolutionMs)
    places.add(rows.instants[0]!, 0);
  const has = new Set(rows.afterSkipped.length === 0 ? [] : rows.instants);
  const last = rows.instants.at(-1)!;
  const judged = rows.afterSkipped.filter((instant) => instant <= last);
  if (judged.length > 0 && judged.every((instant) => !has.has(instant)))
    for (const instant of judged) places.add(instant, 0);
  const message =
    'timestamps are read as interval starts, these look like ends: days run from one step past midnight to midnight, or spring lacks the hour after the skipped one';
  return places.finding('INTERVAL_END_SUSPECT', 'warning', null, message);
}
