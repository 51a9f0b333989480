import { DomainError, HOUR_MS, instantsOfLocal } from '#core';

/** The start of an interval as a file writes it: a wall clock, with its offset from UTC or without. */
export interface WrittenTime {
  /** The wall clock read as if it were UTC, ms. */
  readonly localMs: number;
  /** null where the file gives no offset. */
  readonly offsetMs: number | null;
  /** Written as hour 24, which only the end of an interval is. */
  readonly hour24: boolean;
}

const WRITTEN =
  /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(Z|[+-]\d{2}(?::?\d{2})?)?$/;

function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(':', ''));
  const ms = hours * HOUR_MS + minutes * 60_000;
  return text.startsWith('-') ? 0 - ms : ms;
}

function isClock(hour: number, minute: number, second: number): boolean {
  return minute <= 59 && second <= 59 && (hour <= 23 || (hour === 24 && minute === 0 && second === 0));
}

/** ISO 8601 date and time to the hour or finer, `T` or a space between, offset optional; null where the text is not that. Years 1900–2199. */
export function readTimestamp(text: string): WrittenTime | null {
  const match = WRITTEN.exec(text);
  if (match === null) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map((digits) => Number(digits ?? 0));
  const fractionMs = Number((match[7] ?? '').slice(0, 3).padEnd(3, '0'));
  const dayMs = Date.UTC(year!, month! - 1, day);
  if (year! < 1900 || year! > 2199 || !isClock(hour!, minute!, second!)) return null;
  if (new Date(dayMs).toISOString().slice(0, 10) !== text.slice(0, 10)) return null;
  return {
    localMs: dayMs + hour! * HOUR_MS + minute! * 60_000 + second! * 1000 + fractionMs,
    offsetMs: match[8] === undefined ? null : offsetOf(match[8]),
    hour24: hour === 24,
  };
}

/** Wall clock → instants in `zone`, ms, ascending: one; two in autumn's repeated hour; none in spring's skipped one. */
export function instantsOfWallClock(zone: string, localMs: number): number[] {
  const wholeSecondMs = Math.floor(localMs / 1000) * 1000;
  const local = new Date(wholeSecondMs).toISOString().slice(0, 19);
  return instantsOfLocal(zone, local).map((instant) => instant + (localMs - wholeSecondMs));
}

const two = (n: number) => String(n).padStart(2, '0');

/** The offset as a fixed zone's name: `-08:00`. @throws OFFSET_MALFORMED for less than whole minutes. */
export function offsetName(offsetMs: number): string {
  const minutes = Math.abs(offsetMs) / 60_000;
  if (!Number.isInteger(minutes)) {
    throw new DomainError('OFFSET_MALFORMED', `expected an offset in whole minutes, got ${offsetMs} ms`);
  }
  return `${offsetMs < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
