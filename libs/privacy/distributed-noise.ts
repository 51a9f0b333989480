import { DomainError } from '#core';
import { epsilonAtWholeOrders, requireDelta, requireParameter } from './accounting.ts';

/*
 * Noise that no single party adds: each site adds a share, and the shares of the honest survivors alone must suffice.
 * Variances and sensitivities are in (squared) grid units, 2^-fractionBits of a value.
 */

/** How far one organisation's contribution, present or replaced by zeros, can move the integer sum. */
export interface Sensitivity {
  readonly sensitivityL2: number;
  /** Default √dimension · L2, which always holds. */
  readonly sensitivityL1?: number;
  readonly dimension: number;
}

export interface SummedGaussians extends Sensitivity {
  readonly sigmaSquaredPerSite: number;
  readonly sites: number;
}

const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;

function requireSensitivity({ sensitivityL2, sensitivityL1 = 1, dimension }: Sensitivity): void {
  requireParameter(sensitivityL2 > 0, 'a positive L2 sensitivity', sensitivityL2);
  requireParameter(sensitivityL1 > 0, 'a positive L1 sensitivity', sensitivityL1);
  requireParameter(isCount(dimension), 'a positive whole dimension', dimension);
}

const l1Of = ({ sensitivityL2, sensitivityL1, dimension }: Sensitivity): number =>
  Math.min(sensitivityL1 ?? Infinity, Math.sqrt(dimension) * sensitivityL2);

/** τ = 10·Σ_{k<n} exp(−2π²σ²·k/(k+1)): how far a sum of n discrete Gaussians is from one, per coordinate. */
function sumInflation(sigmaSquared: number, sites: number): number {
  let tau = 0;
  for (let k = 1; k < sites; k += 1) tau += Math.exp((-2 * Math.PI ** 2 * sigmaSquared * k) / (k + 1));
  return 10 * tau;
}

/**
 * The ρ of a sum with discrete Gaussian noise of σ² from each of `sites` sites (Kairouz, Liu & Steinke 2021, arXiv 2102.06387,
 * Theorem 1 and Proposition 14): the least of Δ₂²/2nσ² + τd, (Δ₂²/nσ² + 2τΔ₁/√nσ + τ²d)/2 and (Δ₂/√nσ + τ√d)²/2. The first is
 * the proposition's αΔ₂²/2nσ² + τd with τd times α ≥ 1.
 * @throws PRIVACY_PARAMETER, NOISE_TOO_SMALL below σ² = 1/2, where the theorem does not hold
 */
export function zcdpOfSum(sum: SummedGaussians): number {
  const { sigmaSquaredPerSite, sites, sensitivityL2, dimension } = sum;
  requireSensitivity(sum);
  requireParameter(isCount(sites), 'a positive whole number of sites', sites);
  if (!(sigmaSquaredPerSite >= 0.5)) {
    throw new DomainError(
      'NOISE_TOO_SMALL',
      `expected a variance of at least 1/2 a site, got ${sigmaSquaredPerSite}`,
    );
  }
  const tau = sumInflation(sigmaSquaredPerSite, sites);
  const sigma = Math.sqrt(sites * sigmaSquaredPerSite);
  const [l1, l2] = [l1Of(sum) / sigma, sensitivityL2 / sigma];
  return Math.min(
    l2 ** 2 / 2 + tau * dimension,
    (l2 ** 2 + 2 * tau * l1 + tau ** 2 * dimension) / 2,
    (l2 + tau * Math.sqrt(dimension)) ** 2 / 2,
  );
}

export interface NoiseTarget extends Sensitivity {
  readonly rho: number;
  /** Surviving sites that can be trusted to have added their share: k_min − (t − 1) of a card. */
  readonly honest: number;
}

/**
 * σ² of each site's share, a whole number, such that the shares of `honest` sites alone give ρ; further shares only help.
 * @throws PRIVACY_PARAMETER
 */
export function noiseShare({ rho, honest, ...sensitivity }: NoiseTarget): number {
  requireParameter(rho > 0 && Number.isFinite(rho), 'rho > 0', rho);
  requireParameter(isCount(honest), 'a positive whole number of honest sites', honest);
  const ideal = sensitivity.sensitivityL2 ** 2 / (2 * rho * honest);
  let share = Math.max(1, Math.ceil(ideal));
  const rhoOfShare = () => zcdpOfSum({ ...sensitivity, sites: honest, sigmaSquaredPerSite: share });
  // τ falls by e^(π²) a unit, so few steps are needed; above 2^53 a unit is lost in a double.
  while (rhoOfShare() > rho) share = Math.max(share + 1, share * (1 + 2 ** -50));
  return share;
}

export interface SkellamRelease extends Sensitivity {
  /** μ: variance of the whole noise, the shares of the honest sites added up. */
  readonly variance: number;
  readonly delta: number;
  /** Releases composed; Rényi divergences add. */
  readonly releases: number;
}

/**
 * The ε at δ of Skellam noise of variance μ (Agarwal, Kairouz & Liu 2021, arXiv 2110.04995, Corollary 4.1): at whole orders
 * α ≥ 2 the divergence is at most αΔ₂²/2μ + min(((2α − 1)Δ₂² + 6Δ₁)/4μ², 3Δ₁/2μ). Each of the two bounds is affine in α.
 * @throws PRIVACY_PARAMETER
 */
export function skellamEpsilon(release: SkellamRelease): number {
  const { variance, delta, releases, sensitivityL2 } = release;
  requireSensitivity(release);
  requireDelta(delta);
  requireParameter(variance > 0, 'a positive variance', variance);
  requireParameter(isCount(releases), 'a positive whole number of releases', releases);
  const [l1, squared] = [l1Of(release), sensitivityL2 ** 2];
  const gaussian = squared / (2 * variance);
  const bounds = [
    { slope: gaussian + squared / (2 * variance ** 2), offset: (6 * l1 - squared) / (4 * variance ** 2) },
    { slope: gaussian, offset: (3 * l1) / (2 * variance) },
  ];
  const composed = bounds.map(({ slope, offset }) => ({
    slope: slope * releases,
    offset: offset * releases,
  }));
  return Math.min(...composed.map((bound) => epsilonAtWholeOrders(bound, delta)));
}

/**
 * ρ of Skellam noise of variance μ. The divergence at whole α ≥ 2 is at most αΔ₂²/2μ + ((2α − 1)Δ₂² + 6Δ₁)/4μ² (the same
 * corollary), which is at most α(Δ₂²/2μ + Δ₂²/2μ² + 3Δ₁/4μ²), as 6 ≤ 3α. Between whole orders (α − 1)·D(α) is convex, so a
 * chord exceeds α(α − 1)ρ by ρ/4 at most: D(α) ≤ 9/8·αρ for every α ≥ 2. Orders below 2 are best only beyond ρ = 10.
 */
function zcdpOfSkellam(variance: number, sensitivity: Sensitivity): number {
  const [l1, squared] = [l1Of(sensitivity), sensitivity.sensitivityL2 ** 2];
  const atWholeOrders =
    squared / (2 * variance) + squared / (2 * variance ** 2) + (3 * l1) / (4 * variance ** 2);
  return (9 / 8) * atWholeOrders;
}

/** Largest ρ for which `skellamShare` holds: see `zcdpOfSkellam`. */
const SKELLAM_RHO_LIMIT = 10;

/**
 * `noiseShare` for Skellam noise: the least whole variance of each site's share such that those of `honest` sites, which
 * add up to Skellam noise again, give ρ.
 * @throws PRIVACY_PARAMETER
 */
export function skellamShare({ rho, honest, ...sensitivity }: NoiseTarget): number {
  requireSensitivity(sensitivity);
  requireParameter(rho > 0 && rho <= SKELLAM_RHO_LIMIT, `0 < rho ≤ ${SKELLAM_RHO_LIMIT}`, rho);
  requireParameter(isCount(honest), 'a positive whole number of honest sites', honest);
  const gives = (share: number): boolean => zcdpOfSkellam(honest * share, sensitivity) <= rho;
  let high = Math.max(1, Math.ceil(sensitivity.sensitivityL2 ** 2 / (2 * rho * honest)));
  while (!gives(high)) high *= 2;
  let low = 0;
  while (high - low > Math.max(1, high * 2 ** -50)) {
    const middle = Math.floor((low + high) / 2);
    if (gives(middle)) high = middle;
    else low = middle;
  }
  return high;
}

export interface NoiseTail {
  /** Variance of each site's discrete Gaussian share. */
  readonly sigmaSquared: number;
  readonly sites: number;
  readonly dimension: number;
  /** Probability, over all sites and coordinates of one release, that truncation changes anything. */
  readonly failureProbability: number;
}

export interface NoiseWidth {
  /** Each site cuts its noise at ± this many grid units; a site's lane must hold its value and this. */
  readonly perSite: number;
  /** Bound on the summed noise that holds with the same probability: the accuracy to expect of a released entry. */
  readonly sum: number;
  /** What the cut costs: see `deltaBeforeTruncation`. */
  readonly failureProbability: number;
}

/**
 * Where to cut noise. A discrete Gaussian has the tails of the Gaussian, P(|X| ≥ x) ≤ 2·exp(−x²/2σ²) (Canonne, Kamath & Steinke
 * 2020, section 2.3), and a union bound over sites and coordinates gives σ·√(2·ln(2·sites·d/f)).
 * @throws PRIVACY_PARAMETER
 */
export function noiseWidth({ sigmaSquared, sites, dimension, failureProbability }: NoiseTail): NoiseWidth {
  requireParameter(sigmaSquared > 0, 'a positive variance', sigmaSquared);
  requireParameter(isCount(sites), 'a positive whole number of sites', sites);
  requireParameter(isCount(dimension), 'a positive whole dimension', dimension);
  requireDelta(failureProbability);
  const width = (variance: number, draws: number) =>
    Math.ceil(Math.sqrt(2 * variance * Math.log((2 * draws) / failureProbability)));
  return {
    perSite: width(sigmaSquared, sites * dimension),
    sum: width(sites * sigmaSquared, dimension),
    failureProbability,
  };
}

/** Noise cut at ±limit grid units, as `noiseWidth` says. */
export const truncateNoise = (noise: Float64Array, limit: number): Float64Array =>
  noise.map((value) => Math.max(-limit, Math.min(limit, value)));
