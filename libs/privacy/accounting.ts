import { DomainError } from '#core';

/** @throws PRIVACY_PARAMETER naming the parameter. */
export function requireParameter(holds: boolean, rule: string, got: number): void {
  if (!holds) throw new DomainError('PRIVACY_PARAMETER', `expected ${rule}, got ${got}`);
}

export const requireDelta = (delta: number): void =>
  requireParameter(delta > 0 && delta < 1, '0 < delta < 1', delta);

/** A bound on the Rényi divergence of order α that is affine in α: slope·α + offset. ρ-zCDP is slope ρ, offset 0. */
export interface AffineRenyi {
  readonly slope: number;
  readonly offset: number;
}

/**
 * The ε that a Rényi divergence of at most slope·α + offset at α gives at δ (Canonne, Kamath & Steinke 2020, Proposition 12):
 * divergence + log(1 − 1/α) + (log 1/δ − log α) / (α − 1). α is given as log(α − 1), which keeps digits near 1.
 */
function epsilonAt({ slope, offset }: AffineRenyi, delta: number, logExcess: number): number {
  const excess = Math.exp(logExcess);
  const logAlpha = Math.log1p(excess);
  return slope * (1 + excess) + offset + logExcess - logAlpha - (Math.log(delta) + logAlpha) / excess;
}

/** The log(α − 1) of least ε, by ternary search: ε has one valley, as log δ is convex in α for every fixed ε. */
function bestLogExcess(renyi: AffineRenyi, delta: number): number {
  let [low, high] = [-40, 80];
  for (let i = 0; i < 200; i += 1) {
    const third = (high - low) / 3;
    const leftIsBetter = epsilonAt(renyi, delta, low + third) < epsilonAt(renyi, delta, high - third);
    if (leftIsBetter) high -= third;
    else low += third;
  }
  return (low + high) / 2;
}

/**
 * The least ε for which ρ-zCDP implies (ε, δ)-differential privacy by the conversion of Canonne, Kamath & Steinke 2020
 * (arXiv 2004.00010, Proposition 12 and Corollary 13), optimised over α. Every α gives a valid ε, so an inexact optimum errs
 * on the safe side. ρ adds up over releases (Bun & Steinke 2016).
 * @throws PRIVACY_PARAMETER
 */
export function epsilonOf(rho: number, delta: number): number {
  requireParameter(rho >= 0 && Number.isFinite(rho), 'rho ≥ 0', rho);
  requireDelta(delta);
  if (rho === 0) return 0;
  const renyi = { slope: rho, offset: 0 };
  return Math.max(0, epsilonAt(renyi, delta, bestLogExcess(renyi, delta)));
}

/** `epsilonOf` for a bound that holds at whole α ≥ 2 only: the best is next to the best real one. */
export function epsilonAtWholeOrders(renyi: AffineRenyi, delta: number): number {
  const alpha = 1 + Math.exp(bestLogExcess(renyi, delta));
  const whole = [Math.floor(alpha), Math.floor(alpha) + 1].map((order) => Math.max(2, order));
  return Math.max(0, Math.min(...whole.map((order) => epsilonAt(renyi, delta, Math.log(order - 1)))));
}

/**
 * The largest ρ (to 15 digits, from below) that stays within (ε, δ): `epsilonOf(rhoOf(ε, δ), δ) ≤ ε`.
 * @throws PRIVACY_PARAMETER
 */
export function rhoOf(epsilon: number, delta: number): number {
  requireParameter(epsilon > 0 && Number.isFinite(epsilon), 'epsilon > 0', epsilon);
  requireDelta(delta);
  let [low, high] = [0, epsilon];
  while (epsilonOf(high, delta) <= epsilon) [low, high] = [high, 2 * high];
  while (high - low > 1e-15 * high) {
    const middle = (low + high) / 2;
    if (epsilonOf(middle, delta) <= epsilon) low = middle;
    else high = middle;
  }
  return low;
}

export interface PrivacyBudget {
  readonly epsilon: number;
  readonly delta: number;
}

/** ρ of each of `steps` equal releases that together use up (ε, δ). @throws PRIVACY_PARAMETER */
export function planRho({ epsilon, delta, steps }: PrivacyBudget & { readonly steps: number }): number {
  requireParameter(Number.isSafeInteger(steps) && steps > 0, 'a positive whole number of steps', steps);
  return rhoOf(epsilon, delta) / steps;
}

/**
 * What is left of δ for the untruncated mechanism. A mechanism that differs from an (ε, δ')-private one with probability at
 * most f is (ε, δ' + (1 + e^ε)·f)-private: f is paid once on either side of the inequality. Not positive: nothing is left.
 */
export const deltaBeforeTruncation = (
  { epsilon, delta }: PrivacyBudget,
  failureProbability: number,
): number => delta - (1 + Math.exp(epsilon)) * failureProbability;
