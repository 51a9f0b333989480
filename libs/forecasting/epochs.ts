import { DomainError, HOUR_MS, type Interval, interval, startOfLocalDay } from '#core';

/** What the sums of one message cover. Windows of the validation part may look back into the training part. */
export interface Epochs {
  readonly train: Interval;
  readonly validation: Interval;
}

/** The days a data set is judged on, after both epochs. */
export interface SplitDays extends Epochs {
  readonly test: Interval;
}

// Noon of the following day whatever the clock does: local days last 23 to 25 hours.
const DAY_AND_A_HALF_MS = 36 * HOUR_MS;

/** In a zone half an hour off UTC's hours the first full UTC hour of the day stands for its midnight. */
const toFullHour = (ms: number) => Math.ceil(ms / HOUR_MS) * HOUR_MS;

/** The local midnights whose whole day lies within `range`, ascending, on full UTC hours. */
export function localMidnights(zone: string, range: Interval): number[] {
  const midnights: number[] = [];
  const first = startOfLocalDay(zone, range.startMs);
  let at = toFullHour(first) >= range.startMs ? first : startOfLocalDay(zone, first + DAY_AND_A_HALF_MS);
  let next = startOfLocalDay(zone, at + DAY_AND_A_HALF_MS);
  while (toFullHour(next) <= range.endMs) {
    midnights.push(toFullHour(at));
    [at, next] = [next, startOfLocalDay(zone, next + DAY_AND_A_HALF_MS)];
  }
  return midnights;
}

/**
 * The whole local days of `range`, split in order: the first 60 % train, up to 80 % validation, the rest test.
 * @throws SERIES_TOO_SHORT below 20 days: a week of look-back leaves the training part next to nothing.
 */
export function splitDays(zone: string, range: Interval): SplitDays {
  const midnights = localMidnights(zone, range);
  const days = midnights.length;
  if (days < 20) {
    throw new DomainError(
      'SERIES_TOO_SHORT',
      `expected at least 20 whole local days, got ${days}`,
      'invalid',
      {
        days,
      },
    );
  }
  // 6/10 and 8/10 in integers: 0.6 · 365 is not 219 in binary.
  const trainEnd = midnights[Math.floor((days * 6) / 10)]!;
  const validationEnd = midnights[Math.floor((days * 8) / 10)]!;
  return {
    train: interval(midnights[0]!, trainEnd),
    validation: interval(trainEnd, validationEnd),
    test: interval(
      validationEnd,
      toFullHour(startOfLocalDay(zone, midnights[days - 1]! + DAY_AND_A_HALF_MS)),
    ),
  };
}
