import { existsSync } from 'node:fs';
import { DomainError, HOUR_MS, type Interval, type LpSolve, zoneOffsetMs } from '#core';
import { deviceDayBids, HOURS_OF_DAY, onLocalDay } from '#devices';
import {
  type BidStep,
  DAY_MINUTES,
  type RetailTerms,
  type SlotForecast,
  type SlotMinutes,
  slotQuantiles,
  slotsOf,
} from '#market';
import { loadSolver, type LpSolver } from '#optimization';
import { requireSiteDevices, type SiteDevices } from '#studies';
import type { HourQuantiles } from '../forecasting/publish-forecasts.ts';
import type { SiteNode } from '../node/node.ts';
import { readJson, type SiteDirectory } from '../node/site-directory.ts';

/** What a slot's orders are made from. */
export type CurveOf = (slot: SlotForecast) => readonly BidStep[];

/** A session's day as this site bids for it. */
export interface BidDay extends RetailTerms {
  readonly id: string;
  readonly day: Interval;
  readonly minutes: SlotMinutes;
  /** Of local hours. */
  readonly zone: string;
  readonly hours: readonly HourQuantiles[];
  /** Those that have not begun. */
  readonly slots: readonly Interval[];
}

/** Prices at which devices are asked, besides those of the quantiles. */
const LEVELS = 7;
const MINUTE_MS = 60_000;
/** Of a session's programs together; the node does nothing else meanwhile. */
const SOLVER_SECONDS = 60;

/**
 * The site's `devices.json`; it never leaves the site. @returns null where there is none
 * @throws FILE_NOT_JSON and the codes of requireSiteDevices
 */
export function readSiteDevices(directory: SiteDirectory): SiteDevices | null {
  const file = directory.file('devices.json');
  return existsSync(file) ? requireSiteDevices(readJson(file)) : null;
}

/**
 * Curves of the site's devices for a session's slots, or null, reported, where its devices cannot be scheduled: then the
 * forecast alone is bid, as by a site without any.
 */
export async function deviceCurves(
  { report }: Pick<SiteNode, 'report'>,
  devices: SiteDevices,
  day: BidDay,
  solverSeconds: number = SOLVER_SECONDS,
): Promise<CurveOf | null> {
  try {
    const curves = curvesOn(devices, day, within(await loadSolver(), solverSeconds));
    report('devices', { session: day.id, devices: devices.member.devices.length, slots: curves.size });
    return ({ startMs }) => curves.get(startMs) ?? [];
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    report('devices-not-bid', { session: day.id, code: error.code, reason: error.message });
    return null;
  }
}

/** By start of slot. A day slot is bid for by its hours. */
function curvesOn(
  { member, terms, share }: SiteDevices,
  { day, minutes, zone, hours, slots, ...retail }: BidDay,
  solve: LpSolve,
): Map<number, readonly BidStep[]> {
  const stepMinutes = minutes === DAY_MINUTES ? 60 : minutes;
  const net = slotQuantiles(hours, slotsOf(day, stepMinutes));
  const stepMs = stepMinutes * MINUTE_MS;
  const local = onLocalDay(member, terms, {
    hours: net.map(({ startMs }) => localHour(zone, startMs)),
    slotsPerHour: HOUR_MS / stepMs,
  });
  // A model of 24 hours does not reach the end of a day of 25.
  const forecastEndMs = net.at(-1)?.endMs ?? day.startMs;
  const bidFor = slots.filter(({ endMs }) => endMs <= forecastEndMs);
  const market = bidFor.map(({ startMs, endMs }) => ({
    first: (startMs - day.startMs) / stepMs,
    span: (endMs - startMs) / stepMs,
  }));
  const forecast = { net, retail, slots: market, levels: LEVELS, ...(share === undefined ? {} : { share }) };
  const curves = deviceDayBids(local.member, local.terms, forecast, solve);
  return new Map(bidFor.map(({ startMs }, i) => [startMs, curves[i]!]));
}

/** A solver for programs that take so long together. @throws DEVICES_TIME_OUT, LP_TIME_OUT after that, and as `solve` */
function within(solver: LpSolver, seconds: number): LpSolve {
  const untilMs = performance.now() + 1_000 * seconds;
  return (problem) => {
    const timeLimitSeconds = (untilMs - performance.now()) / 1_000;
    if (timeLimitSeconds > 0) return solver.solve(problem, { timeLimitSeconds });
    throw new DomainError(
      'DEVICES_TIME_OUT',
      `expected bids of devices within ${seconds} s, got none`,
      'limit',
    );
  };
}

const localHour = (zone: string, atMs: number): number =>
  Math.floor((atMs + zoneOffsetMs(zone, atMs)) / HOUR_MS) % HOURS_OF_DAY;
