import {
  DAY_MS,
  DomainError,
  HOUR_MS,
  localDate,
  localDay,
  quoted,
  startOfLocalDay,
  zoneOffsetMs,
} from '#core';
import { instantsOfWallClock, readTimestamp } from './timestamp.ts';

const MINUTE_MS = 60_000;
const STEPS_MS: Readonly<Record<string, number>> = {
  PT1M: MINUTE_MS,
  PT5M: 5 * MINUTE_MS,
  PT10M: 10 * MINUTE_MS,
  PT15M: 15 * MINUTE_MS,
  PT20M: 20 * MINUTE_MS,
  PT30M: 30 * MINUTE_MS,
  PT1H: HOUR_MS,
};

/** Steps a series may have, as ISO 8601 durations; days are those of its zone. */
export const SERIES_STEPS: readonly string[] = [...Object.keys(STEPS_MS), 'P1D'];
const CALENDAR_STEPS: readonly string[] = ['P1D', 'P1M', 'P1Y'];
/** Below this, and with at most this many digits behind the point. */
export const VALUE_LIMITS = { below: 1e15, decimals: 9, characters: 40 } as const;

/** The grid the starts of readings stand on. */
export interface ReadingGrid {
  /** IANA zone of its local days. */
  readonly zone: string;
  /** Zone of times that are written without an offset; the same where absent. */
  readonly clock?: string | undefined;
  /** One of SERIES_STEPS. */
  readonly resolution: string;
}

export type RowRefusal =
  | 'START_MALFORMED'
  | 'START_AMBIGUOUS'
  | 'START_ABSENT'
  | 'START_OFF_GRID'
  | 'START_REPEATED'
  | 'VALUE_MALFORMED'
  | 'VALUE_OUT_OF_RANGE'
  | 'QUALITY_UNKNOWN'
  | 'FIELDS_MISSING';

const ROW_REFUSALS: Readonly<Record<RowRefusal, string>> = {
  START_MALFORMED: 'expected an ISO 8601 date and time, got another form',
  START_AMBIGUOUS: 'expected an offset, got a local time that occurs twice where clocks go back',
  START_ABSENT: 'expected a local time of the zone, got one that clocks skip',
  START_OFF_GRID: "expected the start of an interval of the series' resolution, got another instant",
  START_REPEATED: 'expected each start once, got one that stands in an earlier row',
  VALUE_MALFORMED: 'expected a decimal number, got another text',
  VALUE_OUT_OF_RANGE: 'expected less than 10^15 either way, got more',
  QUALITY_UNKNOWN: 'expected a quality of the list, got another',
  FIELDS_MISSING: 'expected the fields of the header, got more or fewer',
};

/** Why a row is refused, with the text that it is refused for. */
export const refusalText = (code: RowRefusal, got?: string): string =>
  got === undefined ? ROW_REFUSALS[code] : `${ROW_REFUSALS[code]}: ${quoted(got)}`;

/** @throws RESOLUTION_UNKNOWN */
export function requireStep(resolution: string): string {
  if (SERIES_STEPS.includes(resolution)) return resolution;
  throw new DomainError('RESOLUTION_UNKNOWN', `expected a resolution of ${SERIES_STEPS.join(', ')}, got ${quoted(resolution)}`); // prettier-ignore
}

/**
 * A step that intervals of `own` fill exactly: itself, a multiple, or a day, month or year of the zone.
 * @throws RESOLUTION_UNKNOWN, RESOLUTION_FINER
 */
export function requireCoarser(own: string, asked: string): string {
  if (CALENDAR_STEPS.includes(asked)) return asked;
  const [step, wanted] = [STEPS_MS[own], STEPS_MS[requireStep(asked)]];
  if (step !== undefined && wanted !== undefined && wanted % step === 0) return asked;
  throw new DomainError(
    'RESOLUTION_FINER',
    `expected a resolution that intervals of ${own} fill, got ${asked}`,
  );
}

/** Where the interval of a step that begins at `startMs` ends: a local day has 23, 24 or 25 hours, a month 28 to 31 days. */
export function stepEndMs(zone: string, step: string, startMs: number): number {
  const fixed = STEPS_MS[step];
  if (fixed !== undefined) return startMs + fixed;
  const date = localDate(zone, startMs);
  if (step === 'P1D') return localDay(zone, date).endMs;
  const [year, month] = [Number(date.slice(0, 4)), Number(date.slice(5, 7))];
  // The day before the first of the next month, or of the next January.
  const last = new Date(Date.UTC(year, step === 'P1M' ? month : 12, 0));
  return localDay(zone, last.toISOString().slice(0, 10)).endMs;
}

/** Whether an interval of a step begins at the instant; steps within a day are counted from a local midnight. */
export function isStepStart(zone: string, step: string, atMs: number): boolean {
  const fixed = STEPS_MS[step];
  if (fixed !== undefined) return (atMs - localDay(zone, '2000-01-01').startMs) % fixed === 0;
  if (startOfLocalDay(zone, atMs) !== atMs) return false;
  const date = localDate(zone, atMs);
  return step === 'P1D' || date.endsWith(step === 'P1M' ? '-01' : '-01-01');
}

/** How many intervals of the resolution fill [startMs, endMs), whose ends are on the grid. */
export function intervalsWithin(resolution: string, startMs: number, endMs: number): number {
  // Days of 23 and 25 hours even out to within one of them.
  return Math.round((endMs - startMs) / (STEPS_MS[resolution] ?? DAY_MS));
}

/** The instant an interval starts at, in ms, or why it is none. A time without an offset is one of the zone's wall clock. */
export function readStart(grid: ReadingGrid, text: string): number | RowRefusal {
  const written = text.length > VALUE_LIMITS.characters ? null : readTimestamp(text);
  if (written === null || written.hour24) return 'START_MALFORMED';
  const { localMs, offsetMs } = written;
  if (offsetMs !== null) return onGrid(grid, localMs - offsetMs);
  const instants = instantsOfWallClock(grid.clock ?? grid.zone, localMs);
  if (instants.length === 0) return 'START_ABSENT';
  return instants.length > 1 ? 'START_AMBIGUOUS' : onGrid(grid, instants[0]!);
}

/** Counted from local midnight: a zone may be half an hour off UTC. */
function onGrid({ zone, resolution }: ReadingGrid, startMs: number): number | RowRefusal {
  const step = STEPS_MS[resolution];
  const isOn =
    step === undefined
      ? startOfLocalDay(zone, startMs) === startMs
      : (startMs + zoneOffsetMs(zone, startMs)) % step === 0;
  return isOn ? startMs : 'START_OFF_GRID';
}

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?$/;

/** Why a text is no value of a reading; undefined of one that is. Digits are not touched: they are decimals, not doubles. */
export function valueRefusal(text: string): RowRefusal | undefined {
  if (text.length > VALUE_LIMITS.characters || !DECIMAL.test(text)) return 'VALUE_MALFORMED';
  return Math.abs(Number(text)) < VALUE_LIMITS.below ? undefined : 'VALUE_OUT_OF_RANGE';
}
