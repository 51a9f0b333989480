import { DomainError } from './domain-error.ts';
import { DAY_MS, type Interval, interval } from './interval.ts';

/*
 * Local time through the platform's own tz database (Intl.DateTimeFormat), so that Node and browsers agree.
 * A zone is an IANA name (`Europe/Berlin`) or a fixed offset (`-08:00`). Intl takes microseconds to milliseconds for
 * each question, so answers are kept per UTC day: a day has one offset, or two with the instant between them.
 */

const MINUTE_MS = 60_000;
const FIRST_MS = Date.UTC(1000, 0, 1);
const LAST_MS = Date.UTC(9999, 0, 1);

/** Offsets of one UTC day: `before` until `changeMs`, `after` from then on. A day without a change has changeMs = +∞. */
interface DayOffsets {
  readonly before: number;
  readonly changeMs: number;
  readonly after: number;
}

interface Zone {
  readonly offsetAt: (atMs: number) => number;
  readonly days: Map<number, DayOffsets>;
}

// Both bounds only keep a hostile or century-long input from growing memory; an overflow costs recomputation.
const MAX_ZONES = 64;
const MAX_DAYS = 20_000;
const zones = new Map<string, Zone>();

function fixedOffsetMs(zone: string): number | undefined {
  const match = /^([+-])([01]\d|2[0-3]):([0-5]\d)$/.exec(zone);
  if (match === null) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3]);
  return (match[1] === '-' ? -minutes : minutes) * MINUTE_MS || 0;
}

function formatOf(zone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
  } catch {
    throw new DomainError(
      'ZONE_UNKNOWN',
      `expected an IANA time zone or an offset such as +01:00, got ${JSON.stringify(zone.slice(0, 64))}`,
      'invalid',
      { zone: zone.slice(0, 64) },
    );
  }
}

function intlOffsetAt(format: Intl.DateTimeFormat, atMs: number): number {
  // en-US with these options reads "03/29/2026, 03:00:00".
  const [month, day, year, hour, minute, second] = (format.format(atMs).match(/\d+/g) ?? []).map(Number);
  const wholeSecondMs = Math.floor(atMs / 1000) * 1000;
  return Date.UTC(year!, month! - 1, day, hour, minute, second) - wholeSecondMs;
}

function zoneOf(name: string): Zone {
  const known = zones.get(name);
  if (known !== undefined) return known;
  const fixed = fixedOffsetMs(name);
  const format = fixed === undefined ? formatOf(name) : undefined;
  const zone: Zone = {
    offsetAt: format === undefined ? () => fixed! : (atMs) => intlOffsetAt(format, atMs),
    days: new Map(),
  };
  if (zones.size >= MAX_ZONES) zones.clear();
  zones.set(name, zone);
  return zone;
}

/** The smallest t in (lowMs, highMs] for which `reached(t)`; reached(highMs) holds and reached is monotone. */
function firstInstant(lowMs: number, highMs: number, reached: (t: number) => boolean): number {
  let low = lowMs;
  let high = highMs;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (reached(middle)) high = middle;
    else low = middle;
  }
  return high;
}

function dayOffsets(zone: Zone, day: number): DayOffsets {
  const known = zone.days.get(day);
  if (known !== undefined) return known;
  const before = zone.offsetAt(day * DAY_MS);
  const after = zone.offsetAt((day + 1) * DAY_MS);
  const changeMs =
    before === after
      ? Number.POSITIVE_INFINITY
      : firstInstant(day * DAY_MS, (day + 1) * DAY_MS, (t) => zone.offsetAt(t) !== before);
  const offsets = { before, changeMs, after };
  if (zone.days.size >= MAX_DAYS) zone.days.clear();
  zone.days.set(day, offsets);
  return offsets;
}

/** @throws ZONE_UNKNOWN unless `zone` is an IANA name this machine knows or a fixed offset `±HH:mm`. */
export function requireZone(zone: string): void {
  zoneOf(zone);
}

/**
 * Local time minus UTC at an instant, in ms (Berlin in winter: 3 600 000).
 * @throws ZONE_UNKNOWN, INSTANT_OUT_OF_RANGE outside the years 1000 to 9998.
 */
export function zoneOffsetMs(zone: string, atMs: number): number {
  if (!(atMs >= FIRST_MS && atMs < LAST_MS)) {
    throw new DomainError(
      'INSTANT_OUT_OF_RANGE',
      `expected an instant of the years 1000 to 9998, got ${atMs}`,
    );
  }
  const offsets = dayOffsets(zoneOf(zone), Math.floor(atMs / DAY_MS));
  return atMs < offsets.changeMs ? offsets.before : offsets.after;
}

/** The calendar date at an instant, `YYYY-MM-DD`. */
export function localDate(zone: string, atMs: number): string {
  return new Date(atMs + zoneOffsetMs(zone, atMs)).toISOString().slice(0, 10);
}

const LOCAL_TIME = /^(\d{4})-(\d{2})-(\d{2})T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/;

/** Local time read as if it were UTC, in ms. */
function localMsOf(local: string): number {
  const match = LOCAL_TIME.exec(local);
  const [year, month, day, hour, minute, second] = (match ?? [])
    .slice(1)
    .map((digits) => Number(digits ?? 0));
  const ms = match === null ? Number.NaN : Date.UTC(year!, month! - 1, day, hour, minute, second);
  // Date.UTC carries 30 February over into March; the date must come back as it went in.
  if (Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== local.slice(0, 10)) {
    throw new DomainError(
      'LOCAL_TIME_MALFORMED',
      `expected a local time YYYY-MM-DDTHH:mm[:ss], got ${JSON.stringify(local.slice(0, 40))}`,
    );
  }
  return ms;
}

/** The offsets in force around a local time; two where a change is near. No zone changes twice within two days. */
function offsetsAround(zone: string, localMs: number): number[] {
  return [...new Set([zoneOffsetMs(zone, localMs - DAY_MS), zoneOffsetMs(zone, localMs + DAY_MS)])];
}

function instantsOf(zone: string, localMs: number): number[] {
  return offsetsAround(zone, localMs)
    .filter((offset) => zoneOffsetMs(zone, localMs - offset) === offset)
    .map((offset) => localMs - offset)
    .toSorted((a, b) => a - b);
}

/**
 * The instants a local wall clock shows `YYYY-MM-DDTHH:mm[:ss]`, ascending: one, none in the hour that spring skips,
 * two in the hour that autumn repeats.
 * @throws ZONE_UNKNOWN, LOCAL_TIME_MALFORMED.
 */
export function instantsOfLocal(zone: string, local: string): number[] {
  return instantsOf(zone, localMsOf(local));
}

/** First instant whose local time is at or after `localMs`: where midnight is skipped, the moment the clock jumps. */
function firstInstantFrom(zone: string, localMs: number): number {
  const [instant] = instantsOf(zone, localMs);
  if (instant !== undefined) return instant;
  const offsets = offsetsAround(zone, localMs);
  const [low, high] = [localMs - Math.max(...offsets), localMs - Math.min(...offsets)];
  return firstInstant(low, high, (t) => t + zoneOffsetMs(zone, t) >= localMs);
}

/**
 * The local calendar day `YYYY-MM-DD` as an interval: 24 h, 23 h or 25 h where the clock changes.
 * @throws ZONE_UNKNOWN, LOCAL_TIME_MALFORMED, INTERVAL_EMPTY for a date that a zone skipped whole (Samoa, 2011-12-30).
 */
export function localDay(zone: string, date: string): Interval {
  const midnightMs = localMsOf(`${date}T00:00`);
  return interval(firstInstantFrom(zone, midnightMs), firstInstantFrom(zone, midnightMs + DAY_MS));
}

/** First instant of the local day that contains `atMs`. */
export function startOfLocalDay(zone: string, atMs: number): number {
  return firstInstantFrom(zone, localMsOf(`${localDate(zone, atMs)}T00:00`));
}

const MINUTES_PER_WEEK = 7 * 24 * 60;

/** Minute of the local week at an instant: 0 is Monday 00:00, 10 079 is Sunday 23:59. */
export function minuteOfLocalWeek(zone: string, atMs: number): number {
  // 1970-01-01 was a Thursday: three days into its week.
  const minutes = Math.floor((atMs + zoneOffsetMs(zone, atMs)) / MINUTE_MS) + 3 * 24 * 60;
  return ((minutes % MINUTES_PER_WEEK) + MINUTES_PER_WEEK) % MINUTES_PER_WEEK;
}
