import { isoInstant } from '#core';

/** What a file may show without being refused. The code is part of the API. */
export type FindingCode =
  | 'GAP' // intervals between first and last row for which no row exists
  | 'BLANK' // rows whose cell is empty
  | 'DUPLICATE' // several rows for one interval
  | 'OUT_OF_ORDER' // rows earlier than the row above them
  | 'OFF_GRID' // rows that begin between two intervals, and so overlap them; not read
  | 'RESOLUTION_MIXED' // long stretches at another resolution than the file's
  | 'NEGATIVE' // below zero what cannot be: gross load, generation, intensity, irradiance
  | 'OUT_OF_RANGE' // beyond what the quantity can be: 0 K, more than 100 %
  | 'ZERO_FILLED' // every weather column zero for hours, as where a download ended early
  | 'DST_ZERO' // zeros recorded for the hour that spring skips; not read
  | 'DST_NONEXISTENT' // energy recorded for the hour that spring skips; not read
  | 'DST_HOUR_MISSING' // the second of autumn's two equal hours is absent
  | 'INTERVAL_END_SUSPECT' // the timestamps may be interval ends: hour 24, days from 01:00 to 00:00, a later twin
  | 'ZONE_UNDECLARED' // offsets change and no zone says when a local day begins
  | 'OVERLAP' // readings that begin before the one before them ends
  | 'FRACTIONAL_START' // starts that are no whole seconds
  | 'ESTIMATED' // readings whose quality says that they were not simply read
  | 'REGISTER' // levels of a register, not amounts of an interval
  | 'DST_CLOCK_TIME' // breaks where the clock changes, as of clock times written as UTC
  | 'MOSTLY_ZERO' // more zeros than this kind of meter should show
  | 'CONSTANT' // the same value for a day and longer
  | 'UNIT_SUSPECT' // kW for kWh, Wh or MWh for kWh, quarter-hours of MW summed, thousands separators read as decimal points
  | 'TOTAL_DIFFERS' // not what an independent total or another file of the same says
  | 'INTENSITY_BASIS'; // carbon intensity that the mix explains by life-cycle factors, not by direct ones

/** info: handled without loss; warning: some readings are lost or doubtful; severe: the column should not be trusted. */
export type Severity = 'info' | 'warning' | 'severe';

/** One observation about a file or a column; several places of one kind are one finding that spans them. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** null where the finding is about rows, not about one column. */
  readonly column: string | null;
  /** From the start of the first affected interval to the end of the last. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Affected rows or intervals. */
  readonly count: number;
  /** For people; holds counts and times, never a reading. */
  readonly message: string;
}

/** Names come from the file; none may move the cursor or colour the terminal. */
export const printable = (text: string): string => text.replaceAll(/\p{C}/gu, '?');

/** Collects the places of one kind of finding: how many, and from when to when. */
export class Places {
  count = 0;
  fromMs = Number.POSITIVE_INFINITY;
  toMs = Number.NEGATIVE_INFINITY;

  add(startMs: number, durationMs: number, count = 1): void {
    this.count += count;
    this.fromMs = Math.min(this.fromMs, startMs);
    this.toMs = Math.max(this.toMs, startMs + durationMs);
  }

  /** No finding where there is no place. */
  finding(code: FindingCode, severity: Severity, column: string | null, message: string): Finding[] {
    if (this.count === 0) return [];
    return [{ code, severity, column, fromMs: this.fromMs, toMs: this.toMs, count: this.count, message }];
  }
}

export const minuteText = (ms: number): string => isoInstant(ms).replace(/:\d{2}Z$/, 'Z');
