import { DomainError } from '#core';
import {
  epsilonOf,
  integerSensitivity,
  noiseShare,
  noiseWidth,
  planRho,
  type PrivacyBudget,
  type RandomWords,
  sampleDiscreteGaussian,
  sampleSkellam,
  SKELLAM_DISTANCE,
  skellamShare,
  truncateNoise,
} from '#privacy';
import type { EncryptionParameters, PrivacyTerms, ReleasePolicy, TaskCard } from './card.ts';
import type { Noise } from './packing.ts';

/** What an operator asks for; the rest follows. */
export type PrivacyChoice = Pick<PrivacyTerms, 'mechanism' | 'epsilon' | 'delta' | 'clip'>;

/** Part of δ that pays for cut noise, over all steps. */
const TRUNCATION_SHARE = 1e-3;
/** Part of δ that pays for a sampler that is nearly exact, over all steps. */
const SAMPLER_SHARE = 0.1;

/** δ that is left for the noise itself. */
const noiseDelta = ({ mechanism, delta }: Pick<PrivacyTerms, 'mechanism' | 'delta'>): number =>
  delta * (1 - TRUNCATION_SHARE - (mechanism === 'skellam' ? SAMPLER_SHARE : 0));

/**
 * Probability that a step's cut changes anything: (1 + e^ε) of it for each step fit into their share of δ (see
 * `deltaBeforeTruncation`).
 */
export const truncationProbability = ({ epsilon, delta }: PrivacyBudget, steps: number): number =>
  (TRUNCATION_SHARE * delta) / (steps * (1 + Math.exp(epsilon)));

/** Sites whose noise alone must suffice: t − 1 decryptors and with them their firms may pool what they added. */
const honestSites = ({ minimumOrganisations, threshold }: ReleasePolicy): number =>
  minimumOrganisations - (threshold - 1);

/**
 * The terms under which `steps` sums of ever the same readings stay within (ε, δ) for each organisation, by noise that
 * the sites add themselves. Operator and nodes compute it alike, so nobody has to believe another's figures.
 * @throws PRIVACY_PARAMETER, NOISE_TOO_SMALL
 */
export function privacyTerms(
  choice: PrivacyChoice,
  encryption: Pick<EncryptionParameters, 'values' | 'fractionBits'>,
  release: ReleasePolicy,
  { steps, sites }: { readonly steps: number; readonly sites: number },
): PrivacyTerms {
  const { mechanism, epsilon, delta, clip } = choice;
  const honest = honestSites(release);
  const rhoPerStep = planRho({ epsilon, delta: noiseDelta(choice), steps });
  const dimension = encryption.values;
  if (mechanism === 'skellam') requireExactEnough(choice, steps * honest * dimension);
  const sensitivityL2 = integerSensitivity({ clip, fractionBits: encryption.fractionBits, dimension });
  const share = mechanism === 'skellam' ? skellamShare : noiseShare;
  const sigmaSquared = share({ rho: rhoPerStep, honest, sensitivityL2, dimension });
  const failureProbability = truncationProbability({ epsilon, delta }, steps);
  const { perSite } = noiseWidth({ sigmaSquared, sites, dimension, failureProbability });
  // Bernstein's bound on Skellam tails at twice the Gaussian's width is below the Gaussian's own, for variances above 1.
  const noiseBound = mechanism === 'skellam' ? 2 * perSite : perSite;
  return { unit: 'organisation', ...choice, honest, rhoPerStep, sigmaSquared, noiseBound };
}

/** The Skellam sampler is so close to its distribution that all `draws` of it fit into their share of δ. */
function requireExactEnough({ epsilon, delta }: PrivacyChoice, draws: number): void {
  const needed = ((1 + Math.exp(epsilon)) * draws * SKELLAM_DISTANCE) / SAMPLER_SHARE;
  if (needed <= delta) return;
  throw new DomainError(
    'SKELLAM_INEXACT',
    `expected a delta of at least ${needed.toPrecision(3)} for Skellam noise of this size, got ${delta}: discrete-gaussian is exact`,
    'limit',
    { needed, delta },
  );
}

/** One site's share of the noise of one attempt; the same words give the same noise. */
export function drawNoise(
  { mechanism, sigmaSquared, noiseBound }: PrivacyTerms,
  count: number,
  words: RandomWords,
): Noise {
  const sample = mechanism === 'skellam' ? sampleSkellam : sampleDiscreteGaussian;
  return { values: truncateNoise(sample(count, sigmaSquared, words), noiseBound), bound: noiseBound };
}

/** Standard deviation of the noise on each value of a sum over `sites`, in the values' unit. */
export const noiseDeviation = (
  { sigmaSquared }: PrivacyTerms,
  { fractionBits }: EncryptionParameters,
  sites: number,
): number => Math.sqrt(sites * sigmaSquared) * 2 ** -fractionBits;

/** What `attempts` answered sums have cost each organisation in them; null where nothing bounds it. @throws PRIVACY_PARAMETER */
export const privacySpent = (
  { privacy }: Pick<TaskCard, 'privacy'>,
  attempts: number,
): PrivacyBudget | null =>
  privacy && {
    epsilon: epsilonOf(attempts * privacy.rhoPerStep, noiseDelta(privacy)),
    delta: privacy.delta,
  };

/** Digits that all machines agree on: exponentials and logarithms may differ in the last. */
const AGREED = 1e-9;

/** @throws PRIVACY_MISSTATED unless a release says what its task has cost. */
export function requirePrivacyStated(expected: PrivacyBudget | null, stated: PrivacyBudget | null): void {
  const same =
    expected === null || stated === null
      ? expected === stated
      : Math.abs(stated.epsilon / expected.epsilon - 1) < AGREED && stated.delta === expected.delta;
  if (same) return;
  throw new DomainError(
    'PRIVACY_MISSTATED',
    `expected a privacy cost of ${JSON.stringify(expected)}, got ${JSON.stringify(stated)}`,
    'conflict',
  );
}
