import { DomainError, HOUR_MS, type Interval, isoInstant } from '#core';
import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';

/** One hour of a forecast of the grid's intensity, kgCO2e/kWh, exact decimals or doubles. */
export interface ForecastHour {
  readonly startMs: number;
  readonly kgPerKwh: string | number;
  /** Ends of its interval; both or neither. */
  readonly lowerKgPerKwh?: string | number;
  readonly upperKgPerKwh?: string | number;
}

/** What is to be drawn from the grid, and when it may be. Instants are UTC: a change of clocks changes no length. */
export interface EnergyNeed {
  readonly energyKwh: string | number;
  /** How long it takes at constant power; with `maxPowerKw` absent that is the power. */
  readonly durationMs?: number;
  readonly maxPowerKw?: string | number;
  /** In one run, or in parts. */
  readonly contiguous: boolean;
  readonly earliestMs: number;
  /** By when it must have ended. */
  readonly latestMs: number;
}

/** Power is constant within a part. */
export interface WindowPart {
  readonly startMs: number;
  readonly endMs: number;
  readonly energyKwh: number;
}

/** kgCO2e of a window; its interval adds up those of its hours, as if all erred together: the widest it can be, null without. */
export interface WindowEmissions {
  readonly parts: readonly WindowPart[];
  readonly emissionsKg: number;
  readonly lowerKg: number | null;
  readonly upperKg: number | null;
}

export interface LowestCarbonWindows {
  /** Ascending in emissions, then in time: the best, and of one run the best that begin at other hours. */
  readonly windows: readonly WindowEmissions[];
  /** The same need from `earliestMs` on without waiting; null where the forecast does not say what that emits. */
  readonly immediate: WindowEmissions | null;
}

/** What a publisher may forecast, 31 days, and some. */
export const WINDOW_LIMITS = { hours: 1_000, alternatives: 48 } as const;

interface Rates {
  readonly startMs: number;
  readonly kgPerKwh: Decimal;
  readonly lower: Decimal | null;
  readonly upper: Decimal | null;
}

/** A need, and how long it runs at constant power: whole ms. */
interface Run {
  readonly need: EnergyNeed;
  readonly energyKwh: Decimal;
  readonly lengthMs: number;
}

/** A stretch of time with the hour it lies in. */
interface Stretch extends Interval {
  readonly hour: Rates;
}

/**
 * When a need emits least by a forecast. One run begins or ends at an hour's edge, because between edges its emissions are linear in
 * its start; in parts it takes the cleanest hours at full power. Equal emissions go to the earlier hour. Hours without a forecast
 * are not used.
 * @throws WINDOW_INPUT, WINDOW_POWER where energy and duration need more than the limit, WINDOW_INFEASIBLE where the forecast hours between earliest and latest do not hold it
 */
export function lowestCarbonWindows(
  hours: readonly ForecastHour[],
  need: EnergyNeed,
  alternatives = 3,
): LowestCarbonWindows {
  const run = runOf(need);
  const rates = ratesOf(hours);
  const windows = need.contiguous ? bestRuns(rates, run, alternatives) : [cleanestHours(rates, run)];
  const found = windows.filter((window) => window !== null);
  if (found.length === 0) throw infeasible(run);
  const immediate = need.contiguous
    ? stretchesFrom(rates, need.earliestMs, run.lengthMs)
    : filled(within(rates, need), run);
  return {
    windows: found.map((stretches) => emissionsOf(stretches, run)),
    immediate: immediate && isWithoutWaiting(immediate, need) ? emissionsOf(immediate, run) : null,
  };
}

/** @throws WINDOW_INPUT, WINDOW_POWER */
function runOf(need: EnergyNeed): Run {
  const energyKwh = positive(need.energyKwh, 'an energy');
  const { earliestMs, latestMs } = need;
  if (!Number.isSafeInteger(earliestMs) || !Number.isSafeInteger(latestMs) || earliestMs >= latestMs)
    throw refused('an earliest instant before the latest');
  return { need, energyKwh, lengthMs: lengthOfRun(need, energyKwh) };
}

/** @throws WINDOW_INPUT, WINDOW_POWER */
function lengthOfRun({ durationMs, maxPowerKw }: EnergyNeed, energyKwh: Decimal): number {
  const limit = maxPowerKw === undefined ? null : positive(maxPowerKw, 'a limit of power');
  const shortestMs = limit && energyKwh.mul(HOUR_MS).div(limit).ceil().toNumber();
  if (durationMs === undefined) {
    if (shortestMs === null) throw refused('a duration or a limit of power');
    return shortestMs;
  }
  if (!Number.isSafeInteger(durationMs) || durationMs <= 0) throw refused('a duration above 0');
  if (shortestMs === null || shortestMs <= durationMs) return durationMs;
  const powerKw = energyKwh.mul(HOUR_MS).div(durationMs).toNumber();
  const message = `expected at most ${limit!.toNumber()} kW, got ${powerKw}`;
  throw new DomainError('WINDOW_POWER', message, 'invalid', { powerKw });
}

function positive(value: string | number, what: string): Decimal {
  const number = exact(value, what);
  if (number.isZero()) throw refused(`${what} above 0`);
  return number;
}

function ratesOf(hours: readonly ForecastHour[]): Rates[] {
  if (hours.length > WINDOW_LIMITS.hours) throw refused(`at most ${WINDOW_LIMITS.hours} hours`);
  const rates = hours
    .map(({ startMs, kgPerKwh, lowerKgPerKwh, upperKgPerKwh }) => {
      if (!Number.isSafeInteger(startMs)) throw refused('the start of an hour');
      const kg = exact(kgPerKwh, 'an intensity');
      const lower = lowerKgPerKwh === undefined ? null : exact(lowerKgPerKwh, 'an intensity');
      const upper = upperKgPerKwh === undefined ? null : exact(upperKgPerKwh, 'an intensity');
      if ((lower === null) !== (upper === null)) throw refused('both ends of an interval, or none');
      if (lower?.gt(kg) || upper?.lt(kg)) throw refused('an interval around its intensity');
      return { startMs, kgPerKwh: kg, lower, upper };
    })
    .toSorted((a, b) => a.startMs - b.startMs);
  if (rates.some(({ startMs }, i) => i > 0 && startMs - rates[i - 1]!.startMs < HOUR_MS))
    throw refused('hours that do not overlap');
  return rates;
}

function exact(value: string | number, what: string): Decimal {
  const number = new Exact(value);
  if (!number.isFinite() || number.lt(0)) throw refused(`${what} of at least 0`);
  return number;
}

const refused = (expected: string): DomainError =>
  new DomainError('WINDOW_INPUT', `expected ${expected}, got another`);

const infeasible = ({ need, energyKwh }: Run): DomainError =>
  new DomainError(
    'WINDOW_INFEASIBLE',
    `expected forecast hours for ${energyKwh.toNumber()} kWh between ${isoInstant(need.earliestMs)} and ${isoInstant(need.latestMs)}, got too few`,
    'conflict',
  );

const endOf = ({ startMs }: Rates): number => startMs + HOUR_MS;

/** The parts of the forecast hours that the need may use. */
const within = (
  rates: readonly Rates[],
  { earliestMs, latestMs }: Pick<EnergyNeed, 'earliestMs' | 'latestMs'>,
): Stretch[] =>
  rates
    .filter((hour) => endOf(hour) > earliestMs && hour.startMs < latestMs)
    .map((hour) => ({
      hour,
      startMs: Math.max(hour.startMs, earliestMs),
      endMs: Math.min(endOf(hour), latestMs),
    }));

/** A run from an instant on; null where a part of it has no forecast. */
function stretchesFrom(rates: readonly Rates[], startMs: number, lengthMs: number): Stretch[] | null {
  const stretches = within(rates, { earliestMs: startMs, latestMs: startMs + lengthMs });
  const knownMs = stretches.reduce((sum, stretch) => sum + stretch.endMs - stretch.startMs, 0);
  return knownMs === lengthMs ? stretches : null;
}

/** Σ ms · kg/kWh: emissions at constant power but for a factor. */
const weightOf = (stretches: readonly Stretch[]): Decimal =>
  stretches.reduce(
    (sum, { hour, startMs, endMs }) => sum.add(hour.kgPerKwh.mul(endMs - startMs)),
    new Exact(0),
  );

/** The best runs, no two of which begin in the same hour. */
function bestRuns(rates: readonly Rates[], { need, lengthMs }: Run, alternatives: number): Stretch[][] {
  const lastMs = need.latestMs - lengthMs;
  const edges = rates.flatMap((hour) => [hour.startMs, endOf(hour) - lengthMs]);
  const ranked = [need.earliestMs, lastMs, ...edges]
    .filter((startMs) => startMs >= need.earliestMs && startMs <= lastMs)
    .flatMap((startMs) => {
      const stretches = stretchesFrom(rates, startMs, lengthMs);
      return stretches === null ? [] : [{ startMs, stretches, weight: weightOf(stretches) }];
    })
    .toSorted((a, b) => a.weight.cmp(b.weight) || a.startMs - b.startMs);
  const taken = new Set<number>();
  return ranked
    .filter(({ stretches }) => {
      const { startMs } = stretches[0]!.hour;
      return taken.has(startMs) ? false : taken.add(startMs);
    })
    .slice(0, alternatives)
    .map(({ stretches }) => stretches);
}

/** The cleanest hours, each at full power, the last of them as far as is needed. */
function cleanestHours(rates: readonly Rates[], run: Run): Stretch[] | null {
  const ranked = within(rates, run.need).toSorted(
    (a, b) => a.hour.kgPerKwh.cmp(b.hour.kgPerKwh) || a.startMs - b.startMs,
  );
  return filled(ranked, run)?.toSorted((a, b) => a.startMs - b.startMs) ?? null;
}

/** Stretches one after the other until the need is met; null where they do not hold it. */
function filled(stretches: readonly Stretch[], { lengthMs }: Run): Stretch[] | null {
  let left = lengthMs;
  const used: Stretch[] = [];
  for (const { hour, startMs, endMs } of stretches) {
    if (left === 0) break;
    const length = Math.min(left, endMs - startMs);
    used.push({ hour, startMs, endMs: startMs + length });
    left -= length;
  }
  return left > 0 ? null : used;
}

/** Whether it begins at once and goes on: over a gap in the forecast nothing is known of it. */
const isWithoutWaiting = (stretches: readonly Stretch[], { earliestMs }: EnergyNeed): boolean =>
  stretches.every(({ startMs }, i) => startMs === (i === 0 ? earliestMs : stretches[i - 1]!.endMs));

function emissionsOf(stretches: readonly Stretch[], { energyKwh, lengthMs }: Run): WindowEmissions {
  const energyOf = ({ startMs, endMs }: Interval) => energyKwh.mul(endMs - startMs).div(lengthMs);
  const sumOf = (rate: (hour: Rates) => Decimal | null): number | null => {
    const rates = stretches.map(({ hour }) => rate(hour));
    if (rates.includes(null)) return null;
    return stretches
      .reduce((sum, stretch, i) => sum.add(rates[i]!.mul(energyOf(stretch))), new Exact(0))
      .toNumber();
  };
  return {
    parts: joined(stretches).map((part) => ({ ...part, energyKwh: energyOf(part).toNumber() })),
    emissionsKg: sumOf(({ kgPerKwh }) => kgPerKwh)!,
    lowerKg: sumOf(({ lower }) => lower),
    upperKg: sumOf(({ upper }) => upper),
  };
}

/** Stretches that follow each other as one. */
function joined(stretches: readonly Interval[]): Interval[] {
  const parts: Interval[] = [];
  for (const { startMs, endMs } of stretches) {
    const last = parts.at(-1);
    if (last?.endMs === startMs) parts[parts.length - 1] = { startMs: last.startMs, endMs };
    else parts.push({ startMs, endMs });
  }
  return parts;
}
