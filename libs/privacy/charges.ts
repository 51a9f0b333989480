import { DomainError, type Interval, isoInstant, overlaps } from '#core';
import { deltaBeforeTruncation, epsilonOf, type PrivacyBudget } from './accounting.ts';

/** What one answered release cost an organisation: its readings of `series` within `epoch` went into a noisy sum. */
export interface Charge {
  readonly epoch: Interval;
  /** What was measured, for example a meter or a class of meters; budgets are kept per series. */
  readonly series: string;
  readonly rho: number;
  readonly cardHash: string;
  readonly step: number;
  readonly attempt: number;
  /** Probability that truncated noise differs from the noise accounted for; default 0. */
  readonly failureProbability?: number;
}

/**
 * The charges of a series that concern an epoch: those that overlap it, those that overlap one of these, and so on.
 * Overlapping ranges are one epoch, and so are ranges linked by a third: what was learnt of a reading must not depend on
 * which of its ranges is asked about.
 */
function concerning(charges: readonly Charge[], epoch: Interval, series: string): Charge[] {
  const found: Charge[] = [];
  let open = charges.filter((charge) => charge.series === series);
  let reached: readonly Interval[] = [epoch];
  while (reached.length > 0) {
    const frontier = reached;
    const touches = (charge: Charge) => frontier.some((range) => overlaps(range, charge.epoch));
    const next = open.filter(touches);
    open = open.filter((charge) => !touches(charge));
    found.push(...next);
    reached = next.map((charge) => charge.epoch);
  }
  return found;
}

const sum = (charges: readonly Charge[], of: (charge: Charge) => number) =>
  charges.reduce((total, charge) => total + of(charge), 0);

const sameRelease = (a: Charge, b: Charge) =>
  a.series === b.series && a.cardHash === b.cardHash && a.step === b.step && a.attempt === b.attempt;

/** Each release once, however often it was written down. */
const distinct = (charges: readonly Charge[]) =>
  charges.filter((charge, i) => charges.findIndex((other) => sameRelease(charge, other)) === i);

/** ρ spent so far on the epoch that `epoch` belongs to: zCDP adds up (Bun & Steinke 2016). */
export const spent = (charges: readonly Charge[], epoch: Interval, series: string): number =>
  sum(distinct(concerning(charges, epoch, series)), ({ rho }) => rho);

/** ε of charges at the budget's δ, what truncation costs of δ taken off first; Infinity where that leaves nothing. */
function epsilonWithin(charges: readonly Charge[], budget: PrivacyBudget): number {
  const failure = sum(charges, ({ failureProbability = 0 }) => failureProbability);
  const delta = deltaBeforeTruncation(budget, failure);
  return delta > 0
    ? epsilonOf(
        sum(charges, ({ rho }) => rho),
        delta,
      )
    : Infinity;
}

export interface Admission {
  /** The same release was charged before: nothing is to be written, the same bytes may be sent again. */
  readonly repeated: boolean;
  /** ε of the epoch with this release, at the budget's δ. */
  readonly spentEpsilon: number;
}

/**
 * Whether an organisation may answer `next` on top of `charges`. A release is charged once per (card, step, attempt).
 * @throws PRIVACY_BUDGET_EXCEEDED with {spentEpsilon, wouldBeEpsilon, budgetEpsilon, delta}; CHARGE_CONFLICT where the same
 *   release was charged with other figures; CHARGE_INVALID for a negative or infinite ρ
 */
export function requireWithinBudget(
  charges: readonly Charge[],
  next: Charge,
  budget: PrivacyBudget,
): Admission {
  requireSound(next);
  const before = charges.find((charge) => sameRelease(charge, next));
  if (before !== undefined) requireSameFigures(before, next);
  // Found from its own epoch, so that charges which only this release links are already among them.
  const known = distinct(concerning(charges, next.epoch, next.series));
  const spentEpsilon = epsilonWithin(known, budget);
  if (before !== undefined) return { repeated: true, spentEpsilon };
  const wouldBeEpsilon = epsilonWithin([...known, next], budget);
  if (wouldBeEpsilon > budget.epsilon) {
    throw new DomainError(
      'PRIVACY_BUDGET_EXCEEDED',
      `expected at most ε ${budget.epsilon} at δ ${budget.delta} on ${next.series} from ${isoInstant(next.epoch.startMs)}, ` +
        `got ${wouldBeEpsilon.toFixed(3)} (spent ${spentEpsilon.toFixed(3)})`,
      'limit',
      { spentEpsilon, wouldBeEpsilon, budgetEpsilon: budget.epsilon, delta: budget.delta },
    );
  }
  return { repeated: false, spentEpsilon: wouldBeEpsilon };
}

function requireSound({ rho, failureProbability = 0 }: Charge): void {
  if (rho >= 0 && Number.isFinite(rho) && failureProbability >= 0 && failureProbability < 1) return;
  throw new DomainError(
    'CHARGE_INVALID',
    `expected rho ≥ 0 and a probability of failure below 1, got ${rho} and ${failureProbability}`,
  );
}

function requireSameFigures(before: Charge, next: Charge): void {
  const figures = ({ epoch, rho, failureProbability = 0 }: Charge) =>
    `rho ${rho}, failure ${failureProbability}, ${isoInstant(epoch.startMs)} to ${isoInstant(epoch.endMs)}`;
  if (figures(before) === figures(next)) return;
  throw new DomainError(
    'CHARGE_CONFLICT',
    `expected step ${next.step} attempt ${next.attempt} as charged before (${figures(before)}), got ${figures(next)}`,
    'conflict',
    { cardHash: next.cardHash, step: next.step, attempt: next.attempt },
  );
}
