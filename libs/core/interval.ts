import { DomainError } from './domain-error.ts';

/** Half-open [startMs, endMs) in milliseconds since 1970-01-01 UTC. The IANA zone, where it matters, travels beside it. */
export interface Interval {
  readonly startMs: number;
  readonly endMs: number;
}

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** @throws INTERVAL_EMPTY unless both ends are whole milliseconds and start < end. */
export function interval(startMs: number, endMs: number): Interval {
  if (!Number.isSafeInteger(startMs) || !Number.isSafeInteger(endMs) || startMs >= endMs) {
    throw new DomainError(
      'INTERVAL_EMPTY',
      `expected start < end in whole milliseconds, got ${instantOr(startMs)} and ${instantOr(endMs)}`,
    );
  }
  return { startMs, endMs };
}

const instantOr = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? isoInstant(ms) : String(ms));

export const overlaps = (a: Interval, b: Interval): boolean => a.startMs < b.endMs && b.startMs < a.endMs;

export const contains = (outer: Interval, inner: Interval): boolean =>
  outer.startMs <= inner.startMs && inner.endMs <= outer.endMs;

/** ISO 8601 in UTC without milliseconds where they are zero: `2026-03-29T00:00:00Z`. The one text form of an instant. */
export function isoInstant(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}

// What is outside of four digits in UTC has another text form, which databases refuse.
const FIRST_MS = Date.parse('0001-01-01T00:00:00Z');
const END_MS = Date.UTC(10_000, 0, 1);

/** @throws INSTANT_MALFORMED unless `text` is ISO 8601 with an offset or Z, of the years 1 to 9999, and names a day that exists. */
export function parseInstant(text: string): number {
  const ms = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text)
    ? Date.parse(text)
    : Number.NaN;
  if (!(ms >= FIRST_MS && ms < END_MS) || !isDay(text.slice(0, 10))) {
    throw new DomainError(
      'INSTANT_MALFORMED',
      `expected ISO 8601 with an offset, of the years 1 to 9999, got ${JSON.stringify(text)}`,
    );
  }
  return ms;
}

// Date.parse turns 30 February into 1 March.
function isDay(date: string): boolean {
  const ms = Date.parse(date);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(date);
}
