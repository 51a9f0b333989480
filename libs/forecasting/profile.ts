import { DomainError, type Interval } from '#core';
import type { MeterSeries } from '#metering';
import { type Grid, positionOf, slotOf, standardDeviation, stepsPerDay, stepsPerWeek } from './series.ts';

/** What a site removes from its load before it is compared with others, and puts back afterwards. Never leaves the site. */
export interface SiteProfile {
  /** Standard deviation of the values fitted, kWh; 1 where the load is constant. */
  readonly scaleKwh: number;
  /** Expected load by step of the local week (Monday 00:00 first), or of the local day, kWh. */
  readonly cycleKwh: Float64Array;
}

/** Weeks of data that a profile's daily shape, and its deviations by weekday, must outweigh; 0 and 0: plain means. */
export interface ProfilePrior {
  readonly dailyWeeks: number;
  readonly weeklyWeeks: number;
}

/**
 * Homes drift with the season: a mean over months is a noisy and outdated guess of next month's week, and what it leaves
 * the linear map recovers from the last week. Measured on twelve homes: plain means cost 3 % of MAE against these priors.
 */
export const PROFILE_PRIOR: ProfilePrior = { dailyWeeks: 60, weeklyWeeks: 20 };

class Mean {
  count = 0;
  sum = 0;
  add(value: number): void {
    this.count += 1;
    this.sum += value;
  }
  /** The mean, or `otherwise` without data. */
  or(otherwise: number): number {
    return this.count === 0 ? otherwise : this.sum / this.count;
  }
}

const means = (length: number) => Array.from({ length }, () => new Mean());
/** Credibility n / (n + k) of n observations against a prior worth k (Bühlmann). */
const credibility = (n: number, prior: number) => (n === 0 ? 0 : n / (n + prior));

/**
 * Scale and mean cycle of the steps of `range`. Each step of the cycle is shrunk towards its time of day, that towards the
 * overall mean; without data for a step of the week the time of day stands in, without that the mean.
 * @throws PROFILE_EMPTY without a single reading in `range`.
 */
export function fitProfile(
  series: MeterSeries,
  zone: string,
  range: Interval,
  cycle = stepsPerWeek(series),
  prior: ProfilePrior = PROFILE_PRIOR,
): SiteProfile {
  const day = stepsPerDay(series);
  const [overall, byTime, bySlot] = [new Mean(), means(day), means(cycle)];
  const first = Math.max(0, positionOf(series, range.startMs));
  const end = Math.min(series.values.length, positionOf(series, range.endMs));
  for (let i = first; i < end; i += 1) {
    const value = series.values[i]!;
    if (Number.isNaN(value)) continue;
    const slot = slotOf(series, zone, i, stepsPerWeek(series));
    overall.add(value);
    byTime[slot % day]!.add(value);
    bySlot[slot % cycle]!.add(value);
  }
  if (overall.count === 0) {
    throw new DomainError(
      'PROFILE_EMPTY',
      `expected readings in the ${end - first} steps of the fitting range, got none`,
    );
  }
  const mean = overall.or(0);
  const cycleKwh = Float64Array.from(bySlot, (slot, i) => {
    const time = byTime[i % day]!;
    const daily = time.or(mean);
    const weekday = credibility(slot.count, prior.weeklyWeeks) * (slot.or(daily) - daily);
    return mean + credibility(time.count / 7, prior.dailyWeeks) * (daily - mean + weekday);
  });
  return { scaleKwh: standardDeviation(series, range) || 1, cycleKwh };
}

/** Expected load in the step at `position` of the grid that the profile was fitted on, kWh. */
export const profileAt = ({ cycleKwh }: SiteProfile, zone: string, grid: Grid, position: number): number =>
  cycleKwh[slotOf(grid, zone, position, cycleKwh.length)]!;
