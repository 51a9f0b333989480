import { DomainError } from '#core';
import { clipFactor } from './site-round.ts';
import type { LearningTerms } from './terms.ts';
import type { Aggregate, RoundMetrics } from './update.ts';

/** How the means of several groups become one update. */
export type Combination = 'mean' | 'median' | 'trimmed-mean';

type Reduce = (sorted: Float64Array) => number;

export const middle: Reduce = (sorted) => {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

/** Of at least three: without the smallest and the largest. */
const trimmed: Reduce = (sorted) => {
  const kept = sorted.length < 3 ? sorted : sorted.subarray(1, -1);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
};

/** Place by place over vectors of one length. */
function placewise(vectors: readonly Float64Array[], reduce: Reduce): Float64Array {
  const column = new Float64Array(vectors.length);
  return vectors[0]!.map((_, i) => {
    for (const [v, vector] of vectors.entries()) column[v] = vector[i]!;
    return reduce(column.toSorted());
  });
}

/** Row-weighted means of the groups' losses; a group whose losses are none counts for nothing. */
export function pooledMetrics(all: readonly RoundMetrics[]): RoundMetrics {
  const rows = all.reduce((sum, metrics) => sum + metrics.rows, 0);
  const mean = (loss: (metrics: RoundMetrics) => number): number => {
    const known = all.filter((metrics) => Number.isFinite(loss(metrics)));
    const weight = known.reduce((sum, metrics) => sum + metrics.rows, 0);
    return known.reduce((sum, metrics) => sum + loss(metrics) * metrics.rows, 0) / weight;
  };
  return {
    rows,
    trainLoss: mean(({ trainLoss }) => trainLoss),
    validationLoss: mean(({ validationLoss }) => validationLoss),
    validationMae: mean(({ validationMae }) => validationMae),
  };
}

const shortened = (vector: Float64Array, limit: number): Float64Array => {
  const factor = clipFactor(vector, limit);
  return factor === 1 ? vector : vector.map((value) => value * factor);
};

/**
 * The mean of updates no longer than `clip` is no longer itself: a longer one holds a site that did not shorten its own, and
 * is shortened here. Noise makes honest sums longer, too: not for private ones.
 */
export function clipAggregate(aggregate: Aggregate, { clip, optimiser }: LearningTerms): Aggregate {
  const { update, controlChange } = aggregate;
  return {
    ...aggregate,
    update: shortened(update, clip),
    ...(controlChange &&
      optimiser.kind === 'scaffold' && { controlChange: shortened(controlChange, optimiser.controlClip) }),
  };
}

/**
 * One update from the groups' means: coordinate-wise median or trimmed mean (Yin et al. 2018), which as long as most groups
 * are honest no group can drag outside the honest range; `mean` takes one group as it is. Losses are means by rows, and can
 * be moved by any group. Deterministic.
 * @throws GROUPS_MISSING, GROUPS_MANY where a mean is given more than one
 */
export function combineAggregates(groups: readonly Aggregate[], how: Combination): Aggregate {
  const [first] = groups;
  if (!first) throw new DomainError('GROUPS_MISSING', 'expected the sum of one group at least, got none');
  if (how === 'mean') {
    if (groups.length === 1) return first;
    throw new DomainError('GROUPS_MANY', `expected one group to take the mean of, got ${groups.length}`);
  }
  const reduce = how === 'median' ? middle : trimmed;
  const changes = groups.flatMap(({ controlChange }) => (controlChange ? [controlChange] : []));
  return {
    update: placewise(
      groups.map(({ update }) => update),
      reduce,
    ),
    ...(changes.length > 0 && { controlChange: placewise(changes, reduce) }),
    metrics: pooledMetrics(groups.map(({ metrics }) => metrics)),
  };
}
