import { DomainError } from '#core';

/** One hour of a system: what it emitted and what it generated for its demand. */
export interface SystemHour {
  readonly startMs: number;
  readonly emissionsKg: number;
  readonly demandMwh: number;
}

/**
 * Slope of emissions over demand, kg/MWh. Of its own kind: it says what a change of load changes, never what a load emitted,
 * and no account of this library takes it for an average.
 */
export interface MarginalEstimate {
  readonly averaging: 'marginal';
  /** Hour of the day, UTC; null: all hours. */
  readonly hourOfDay: number | null;
  readonly kgPerMwh: number;
  readonly standardError: number;
  readonly rSquared: number;
  readonly differences: number;
}

export const MARGINAL_METHOD = 'gridcommons/marginal-emissions/1';

/** A slope of fewer has no standard error. */
const LEAST_DIFFERENCES = 3;
const HOURS_OF_DAY = 24;
const HOUR_MS = 3_600_000;

/**
 * Marginal emission factors of Hawkes (Energy Policy 38, 2010): the least-squares slope of the hour-to-hour differences of
 * emissions over those of demand, with an intercept; of all differences, then of each hour of the day that they end in.
 * Hours that do not follow each other make no difference; hours of the day with too few are left out.
 * @throws MARGINAL_HOURS_TOO_FEW where the demand of all hours changes fewer than three times, or not at all
 */
export function marginalEmissions(hours: readonly SystemHour[]): MarginalEstimate[] {
  const sorted = hours.toSorted((a, b) => a.startMs - b.startMs);
  const differences = sorted.flatMap((hour, i) => {
    const before = sorted[i - 1];
    if (before === undefined || hour.startMs - before.startMs !== HOUR_MS) return [];
    return [
      {
        hourOfDay: Math.floor(hour.startMs / HOUR_MS) % HOURS_OF_DAY,
        kg: hour.emissionsKg - before.emissionsKg,
        mwh: hour.demandMwh - before.demandMwh,
      },
    ];
  });
  const all = slopeOf(null, differences);
  if (all === undefined) {
    const got = `${differences.length}${differences.length < LEAST_DIFFERENCES ? '' : ', all the same'}`;
    throw new DomainError(
      'MARGINAL_HOURS_TOO_FEW',
      `expected ${LEAST_DIFFERENCES} differences of demand between following hours, not all the same, got ${got}`,
      'invalid',
      { differences: differences.length },
    );
  }
  const byHour = Array.from({ length: HOURS_OF_DAY }, (_, hourOfDay) =>
    slopeOf(
      hourOfDay,
      differences.filter((each) => each.hourOfDay === hourOfDay),
    ),
  );
  return [all, ...byHour.filter((each) => each !== undefined)];
}

function slopeOf(
  hourOfDay: number | null,
  points: readonly { readonly kg: number; readonly mwh: number }[],
): MarginalEstimate | undefined {
  const count = points.length;
  if (count < LEAST_DIFFERENCES) return undefined;
  const mean = (of: 'kg' | 'mwh'): number => points.reduce((sum, point) => sum + point[of], 0) / count;
  const [meanKg, meanMwh] = [mean('kg'), mean('mwh')];
  const sum = (of: (kg: number, mwh: number) => number): number =>
    points.reduce((total, { kg, mwh }) => total + of(kg - meanKg, mwh - meanMwh), 0);
  const spread = sum((_, mwh) => mwh * mwh);
  if (spread === 0) return undefined;
  const slope = sum((kg, mwh) => kg * mwh) / spread;
  const variation = sum((kg) => kg * kg);
  const unexplained = sum((kg, mwh) => (kg - slope * mwh) ** 2);
  return {
    averaging: 'marginal',
    hourOfDay,
    kgPerMwh: slope,
    standardError: Math.sqrt(unexplained / (count - 2) / spread),
    rSquared: variation === 0 ? 1 : 1 - unexplained / variation,
    differences: count,
  };
}
