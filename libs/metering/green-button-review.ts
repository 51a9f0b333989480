import { TRUSTED_QUALITIES } from './espi-codes.ts';
import { type Finding, type FindingCode, Places, type Severity } from './finding.ts';
import type { GreenButtonSeries, GreenButtonSummary, RawReading } from './green-button-series.ts';
import { dstChanges, type LocalTime } from './green-button-time.ts';

/** Below and above what meters of a home and of a plant show on average: watts. */
const LIKELY_WATTS = { least: 1, most: 100e6 };
/** A publisher rounds; what differs by more was measured otherwise. */
const TOTAL_TOLERANCE = 0.001;

const endMs = ({ startMs, durationSeconds }: Pick<RawReading, 'startMs' | 'durationSeconds'>): number =>
  startMs + durationSeconds * 1_000;

/** Every kind of place is looked for in one pass over the file's order and one over time's. */
export function reviewSeries(
  series: GreenButtonSeries,
  raw: { readonly readings: readonly RawReading[]; readonly blank: number },
  localTime: LocalTime | null,
): Finding[] {
  const span = {
    startMs: series.readings[0]?.startMs ?? 0,
    endMs: Math.max(0, ...series.readings.slice(-2).map(endMs)),
  };
  const whole = (code: FindingCode, severity: Severity, count: number, message: string): Finding[] =>
    count === 0
      ? []
      : [{ code, severity, column: series.id, fromMs: span.startMs, toMs: span.endMs, count, message }];
  return [
    ...whole('BLANK', 'warning', raw.blank, `${raw.blank} interval readings have no value`),
    ...inFileOrder(series, raw.readings),
    ...inTime(series, localTime),
    ...(series.unit === null ? whole('UNIT_SUSPECT', 'severe', series.rows, 'no reading type says in which unit the values are') : []), // prettier-ignore
    ...(series.isRegister ? whole('REGISTER', 'info', series.rows, 'values are levels of a register and are not added up') : []), // prettier-ignore
    ...unlikelyPower(series, whole),
  ];
}

function inFileOrder({ id }: GreenButtonSeries, readings: readonly RawReading[]): Finding[] {
  const [order, fractional, equal, differing, estimated, negative] = Array.from({ length: 6 }, () => new Places()) as [Places, Places, Places, Places, Places, Places]; // prettier-ignore
  const seen = new Map<string, RawReading>();
  let latest = Number.NEGATIVE_INFINITY;
  for (const reading of readings) {
    const { startMs, durationSeconds, value, qualities, isFractional } = reading;
    const at = (places: Places): void => places.add(startMs, durationSeconds * 1_000);
    if (startMs < latest) at(order);
    latest = Math.max(latest, startMs);
    if (isFractional) at(fractional);
    if (value.isNegative() && !value.isZero()) at(negative);
    if (qualities.some((quality) => !TRUSTED_QUALITIES.has(quality))) at(estimated);
    const key = `${startMs} ${durationSeconds}`;
    const before = seen.get(key);
    if (before !== undefined) at(before.value.eq(value) ? equal : differing);
    seen.set(key, reading);
  }
  return [
    ...order.finding('OUT_OF_ORDER', 'info', id, `${order.count} readings are earlier than one above them`),
    ...fractional.finding('FRACTIONAL_START', 'warning', id, `${fractional.count} starts are no whole seconds; cut to the second`),
    ...equal.finding('DUPLICATE', 'info', id, `${equal.count} intervals are there again with the same value`),
    ...differing.finding('DUPLICATE', 'warning', id, `${differing.count} intervals are there again with another value; the last stands`),
    ...estimated.finding('ESTIMATED', 'info', id, `${estimated.count} readings are edited, estimated, questionable or projected by their quality`),
    ...negative.finding('NEGATIVE', 'warning', id, `${negative.count} readings are below zero`),
  ]; // prettier-ignore
}

function inTime(
  { id, readings, intervalSeconds }: GreenButtonSeries,
  localTime: LocalTime | null,
): Finding[] {
  const [gap, overlap, mixed, clock] = Array.from({ length: 4 }, () => new Places()) as [Places, Places, Places, Places]; // prettier-ignore
  let reached = readings[0]?.startMs ?? 0;
  for (const reading of readings) {
    const { startMs, durationSeconds } = reading;
    const away = startMs - reached;
    if (away > 0) gap.add(reached, away, Math.max(1, Math.round(away / (intervalSeconds * 1_000))));
    if (away < 0) overlap.add(startMs, durationSeconds * 1_000);
    if (isClockChange(reached, away, localTime)) clock.add(Math.min(reached, startMs), Math.abs(away));
    if (durationSeconds !== intervalSeconds) mixed.add(startMs, durationSeconds * 1_000);
    reached = Math.max(reached, endMs(reading));
  }
  return [
    ...gap.finding('GAP', 'warning', id, `${gap.count} intervals are missing`),
    ...overlap.finding('OVERLAP', 'severe', id, `${overlap.count} readings begin before the one before them ends; both are counted`),
    ...mixed.finding('RESOLUTION_MIXED', 'warning', id, `${mixed.count} readings do not last ${intervalSeconds} s as most do`),
    ...clock.finding('DST_CLOCK_TIME', 'severe', id, `${clock.count} breaks where the clock changes: the starts may be clock times, not UTC`),
  ].filter(({ count }) => count > 0); // prettier-ignore
}

/** A gap as long as the clock leaps, where it leaps forward by UTC or, read as UTC, by the clock; an overlap where it goes back. */
function isClockChange(reachedMs: number, awayMs: number, localTime: LocalTime | null): boolean {
  if (localTime === null || awayMs === 0 || Math.abs(awayMs) !== localTime.dstOffsetSeconds * 1_000)
    return false;
  const changes = dstChanges(localTime, new Date(reachedMs).getUTCFullYear());
  if (changes === null) return false;
  const clockOf = (ms: number): number => ms + localTime.utcOffsetSeconds * 1_000;
  const [changeMs, beforeMs] = awayMs > 0 ? [changes.startMs, reachedMs] : [changes.endMs, reachedMs - localTime.dstOffsetSeconds * 1_000]; // prettier-ignore
  return beforeMs === changeMs || beforeMs === clockOf(changeMs);
}

function unlikelyPower(
  { unit, isRegister, readings }: GreenButtonSeries,
  whole: (code: FindingCode, severity: Severity, count: number, message: string) => Finding[],
): Finding[] {
  if (unit?.wh == null || isRegister) return [];
  const watts = readings
    .filter(({ value }) => value.greaterThan(0))
    .map(({ value, durationSeconds }) => (value.times(unit.wh!).toNumber() * 3_600) / durationSeconds)
    .toSorted((a, b) => a - b);
  const median = watts[Math.floor(watts.length / 2)];
  if (median === undefined || (median >= LIKELY_WATTS.least && median <= LIKELY_WATTS.most)) return [];
  const message = `half of the readings are ${median < LIKELY_WATTS.least ? 'below 1 W: kWh written as Wh' : 'above 100 MW: a multiplier too many'}?`;
  return whole('UNIT_SUSPECT', 'warning', watts.length, message);
}

/** What a publisher says of a billing period beside what its readings come to. */
export function reviewSummaries(
  series: readonly GreenButtonSeries[],
  summaries: readonly GreenButtonSummary[],
): Finding[] {
  return summaries.flatMap((summary) => {
    const { consumption, startMs, endMs: untilMs } = summary;
    const of = series.filter(
      ({ usagePoint, unit, total, flow }) =>
        usagePoint === summary.usagePoint && total !== null && unit !== null && unit === consumption?.unit && flow !== 'received', // prettier-ignore
    );
    // Which of several series the total is of, nobody says.
    if (of.length !== 1 || consumption === null || startMs === null || untilMs === null) return [];
    const [{ id, readings }] = of as [GreenButtonSeries];
    const within = readings.filter((reading) => reading.startMs >= startMs && endMs(reading) <= untilMs);
    const sum = within.reduce((total, { value }) => total + value.toNumber(), 0);
    const stated = consumption.value.toNumber();
    const isWhole = readings.some((reading) => reading.startMs <= startMs) && readings.some((reading) => endMs(reading) >= untilMs); // prettier-ignore
    if (Math.abs(sum - stated) <= TOTAL_TOLERANCE * Math.abs(stated)) return [];
    const percent = stated === 0 ? '' : ` by ${((sum / stated - 1) * 100).toFixed(1)} %`;
    const part = isWhole ? '' : '; the readings cover a part of it';
    const message = `the readings differ${percent} from what the summary says of its period${part}`;
    return [{ code: 'TOTAL_DIFFERS', severity: isWhole ? 'warning' : 'info', column: id, fromMs: startMs, toMs: untilMs, count: within.length, message }]; // prettier-ignore
  });
}
