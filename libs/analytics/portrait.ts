import { DomainError } from '#core';
import { bestClusters } from './clusters.ts';
import type { DayShape, DayShapes } from './day-shapes.ts';

/** Names of load shapes, the whole list: what a member may share of a portrait is one of them and a share of days. */
export const SHAPE_LABELS = [
  'flat',
  'morning-peak',
  'midday-peak',
  'evening-peak',
  'night-peak',
  'double-peak',
] as const;
export type ShapeLabel = (typeof SHAPE_LABELS)[number];

/** One kind of day of a member. */
export interface DayKind {
  readonly label: ShapeLabel;
  /** Share of the days with a shape. */
  readonly shareOfDays: number;
  readonly shareOfWeekends: number;
  readonly meanDayKwh: number;
  /** 24 shares of the day's energy. */
  readonly shares: readonly number[];
}

/** What the load of a member is like. Computed where its readings are; only labels and shares of days are meant to be shared. */
export interface Portrait {
  readonly days: number;
  readonly skipped: DayShapes['skipped'];
  /** By falling share of days. */
  readonly kinds: readonly DayKind[];
  readonly meanDayKwh: number;
  /** Mean of a day over its highest hour, mean over the days; 1 is flat. */
  readonly loadFactor: number;
  /** Mean day of a weekend over that of a weekday; null without both. */
  readonly weekendRatio: number | null;
}

/** Fewer tell nothing of a habit. */
const LEAST_DAYS = 14;
const MOST_KINDS = 4;
/** Below it clusters are cuts through one cloud (Kaufman & Rousseeuw 1990, table 4: "no substantial structure" to 0.25). */
const LEAST_SILHOUETTE = 0.25;
const LEAST_SHARE = 0.05;

/**
 * Clusters of the day shapes (k-means, k by silhouette up to four) and figures of the load curve.
 * @throws PORTRAIT_TOO_SHORT for fewer than fourteen whole days with energy
 */
export function portraitOf({ days, skipped }: DayShapes): Portrait {
  if (days.length < LEAST_DAYS) {
    throw new DomainError(
      'PORTRAIT_TOO_SHORT',
      `expected at least ${LEAST_DAYS} whole local days with energy, got ${days.length}`,
      'invalid',
      { days: days.length },
    );
  }
  const clusters = bestClusters(
    days.map(({ shares }) => shares),
    { most: MOST_KINDS, leastSize: Math.ceil(LEAST_SHARE * days.length), leastSilhouette: LEAST_SILHOUETTE },
  );
  const kinds = clusters.centroids.map((centroid, cluster) =>
    kindOf(
      centroid,
      days.filter((_, i) => clusters.of[i] === cluster),
      days.length,
    ),
  );
  return { days: days.length, skipped, kinds, ...figures(days) };
}

const kindOf = (centroid: Float64Array, members: readonly DayShape[], all: number): DayKind => ({
  label: shapeLabel(centroid),
  shareOfDays: members.length / all,
  shareOfWeekends: members.filter(({ isWeekend }) => isWeekend).length / members.length,
  meanDayKwh: meanDay(members)!,
  shares: [...centroid],
});

function figures(days: readonly DayShape[]): Pick<Portrait, 'meanDayKwh' | 'loadFactor' | 'weekendRatio'> {
  const [weekend, weekday] = [true, false].map((wanted) =>
    meanDay(days.filter(({ isWeekend }) => isWeekend === wanted)),
  );
  return {
    meanDayKwh: meanDay(days)!,
    loadFactor: days.reduce((sum, { shares }) => sum + 1 / (24 * Math.max(...shares)), 0) / days.length,
    weekendRatio: weekend == null || weekday == null ? null : weekend / weekday,
  };
}

const meanDay = (days: readonly DayShape[]): number | null =>
  days.length === 0 ? null : days.reduce((sum, { energyKwh }) => sum + energyKwh, 0) / days.length;

/** First hour and end of the parts of the day that peaks are named by; the night wraps. */
const PARTS: readonly { readonly label: ShapeLabel; readonly hours: readonly number[] }[] = [
  { label: 'morning-peak', hours: [5, 6, 7, 8, 9] },
  { label: 'midday-peak', hours: [10, 11, 12, 13, 14, 15] },
  { label: 'evening-peak', hours: [16, 17, 18, 19, 20, 21] },
  { label: 'night-peak', hours: [22, 23, 0, 1, 2, 3, 4] },
];
/** Highest over mean hour below which a day is flat. */
const FLAT_BELOW = 1.25;
/** Morning and evening within this ratio of each other, with a dip between them, are two peaks. */
const SECOND_PEAK = 0.85;

/** The part of the day of the highest hour; `double-peak` where morning and evening rival each other over a dip. */
export function shapeLabel(shares: Float64Array): ShapeLabel {
  const highest = Math.max(...shares);
  if (highest * 24 < FLAT_BELOW) return 'flat';
  const [morning, midday, evening] = PARTS.map(({ hours }) => hours.map((hour) => shares[hour]!));
  const [a, b] = [Math.max(...morning!), Math.max(...evening!)];
  const dip = Math.min(...midday!);
  const rivals = Math.min(a, b) >= SECOND_PEAK * Math.max(a, b) && Math.max(a, b) === highest;
  if (rivals && dip < SECOND_PEAK * Math.min(a, b)) return 'double-peak';
  return PARTS.find(({ hours }) => hours.some((hour) => shares[hour] === highest))!.label;
}
