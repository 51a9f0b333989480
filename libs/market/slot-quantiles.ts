import { HOUR_MS, type Interval, apportion, toSafeInteger } from '#core';
import { type NetQuantiles } from './bid-curve.ts';

/** A forecast of net demand in the hour that begins at `startMs`. */
interface HourForecast extends NetQuantiles {
  readonly startMs: number;
}

/** A forecast of net demand in one slot. */
export interface SlotForecast extends NetQuantiles, Interval {}

const QUANTILES = ['p10Wh', 'p50Wh', 'p90Wh'] as const;

/**
 * A forecast by the hour as one by slots, for a slot within one hour or of whole hours. An hour is divided evenly, to the Wh
 * (largest remainder); hours are added up. Either way a quantile follows the same quantile of its hours, as if a site were as far
 * from its forecast in all of them: within an hour that is nearly so, and over a day it spreads bids more than it must.
 * @param hours each beginning a whole number of hours from the others
 * @returns none of slots of which an hour is missing
 */
export function slotQuantiles(hours: readonly HourForecast[], slots: readonly Interval[]): SlotForecast[] {
  const byStart = new Map(hours.map((hour) => [hour.startMs, hour]));
  const originMs = hours[0]?.startMs ?? 0;
  return slots.flatMap((slot) => {
    const { startMs, endMs } = slot;
    const offsetMs = (((startMs - originMs) % HOUR_MS) + HOUR_MS) % HOUR_MS;
    if (offsetMs + (endMs - startMs) <= HOUR_MS) {
      const hour = byStart.get(startMs - offsetMs);
      return hour === undefined ? [] : [{ ...slot, ...partOf(hour, offsetMs, endMs - startMs) }];
    }
    const whole = Array.from({ length: (endMs - startMs) / HOUR_MS }, (_, n) =>
      byStart.get(startMs + n * HOUR_MS),
    );
    return whole.every((hour) => hour !== undefined) ? [{ ...slot, ...sumOf(whole) }] : [];
  });
}

/** The part of an hour that begins `offsetMs` into it and is `lengthMs` long, of as many as the hour has. */
function partOf(hour: NetQuantiles, offsetMs: number, lengthMs: number): NetQuantiles {
  const parts = Array.from({ length: HOUR_MS / lengthMs }, () => 1n);
  return each((name) => toSafeInteger(apportion(BigInt(hour[name]), parts)[offsetMs / lengthMs]!));
}

const sumOf = (hours: readonly NetQuantiles[]): NetQuantiles =>
  each((name) => hours.reduce((sum, hour) => sum + hour[name], 0));

const each = (valueOf: (name: (typeof QUANTILES)[number]) => number): NetQuantiles => ({
  p10Wh: valueOf('p10Wh'),
  p50Wh: valueOf('p50Wh'),
  p90Wh: valueOf('p90Wh'),
});
