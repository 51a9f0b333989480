import { DAY_MS, HOUR_MS } from '#core';

/** An ISO 8601 duration: months and years are months, everything from weeks down is milliseconds. */
export interface Duration {
  readonly months: number;
  readonly ms: number;
}

const SYNTAX =
  /^P(?=.)(?:(?<years>\d{1,3})Y)?(?:(?<months>\d{1,4})M)?(?:(?<weeks>\d{1,4})W)?(?:(?<days>\d{1,5})D)?(?:T(?=.)(?:(?<hours>\d{1,6})H)?(?:(?<minutes>\d{1,7})M)?(?:(?<seconds>\d{1,9})(?:\.(?<fraction>\d{1,3}))?S)?)?$/;

const MINUTE_MS = 60_000;
/** A century: longer is no term of a contract. */
const MOST_MONTHS = 1200;
const MOST_MS = 36_525 * DAY_MS;

/** @returns null where `text` is not a duration of a century at most */
export function parseDuration(text: string): Duration | null {
  const parts = SYNTAX.exec(text)?.groups;
  if (parts === undefined) return null;
  const part = (name: string): number => Number(parts[name] ?? 0);
  const months = 12 * part('years') + part('months');
  const ms =
    7 * DAY_MS * part('weeks') +
    DAY_MS * part('days') +
    HOUR_MS * part('hours') +
    MINUTE_MS * part('minutes') +
    1000 * part('seconds') +
    Number((parts['fraction'] ?? '').padEnd(3, '0'));
  return months > MOST_MONTHS || ms > MOST_MS ? null : { months, ms };
}

const partsText = (parts: readonly (readonly [number, string])[]): string =>
  parts.map(([value, unit]) => (value === 0 ? '' : `${value}${unit}`)).join('');

/** The one text form: PT60M is PT1H, P7D and P1W are P7D, P12M is P1Y. */
export function durationText({ months, ms }: Duration): string {
  const date = [
    [Math.floor(months / 12), 'Y'],
    [months % 12, 'M'],
    [Math.floor(ms / DAY_MS), 'D'],
  ] as const;
  const time = [
    [Math.floor((ms % DAY_MS) / HOUR_MS), 'H'],
    [Math.floor((ms % HOUR_MS) / MINUTE_MS), 'M'],
    [(ms % MINUTE_MS) / 1000, 'S'],
  ] as const;
  const whole = `P${partsText(date)}${partsText(time) === '' ? '' : `T${partsText(time)}`}`;
  return whole === 'P' ? 'PT0S' : whole;
}

/** Adds months first, to the month's last day at most, then the rest (XML Schema 1.1 part 2, appendix E.3.3), in UTC. */
export function addDuration(startMs: number, { months, ms }: Duration): number {
  if (months === 0) return startMs + ms;
  const start = new Date(startMs);
  const first = new Date(startMs);
  first.setUTCDate(1);
  first.setUTCMonth(first.getUTCMonth() + months);
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(start.getUTCDate(), lastDay));
  return first.getTime() + ms;
}

/** The four starts between which every order of months against days appears (XML Schema 1.1 part 2, section 3.3.6.2). */
export const REFERENCE_STARTS: readonly number[] = [
  Date.UTC(1696, 8, 1),
  Date.UTC(1697, 1, 1),
  Date.UTC(1903, 2, 1),
  Date.UTC(1903, 6, 1),
];

/** Signs that a − b takes, by the month it starts in: one where the order is sure, as for P28D and P2M, several for P1M and P30D. */
export function durationOrder(a: Duration, b: Duration): readonly number[] {
  if (a.months === b.months) return [Math.sign(a.ms - b.ms)];
  return REFERENCE_STARTS.map((start) => Math.sign(addDuration(start, a) - addDuration(start, b)));
}
