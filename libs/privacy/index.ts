/**
 * privacy: the arithmetic of differential privacy in the federation. Pure: random words come from the caller.
 *
 * Vocabulary: organisation (the unit of privacy: all it contributes on one data epoch), neighbours (a vector and zeros in its
 * place), grid unit (2^-fractionBits of a value), sensitivity (how far one organisation moves the integer sum), share (the
 * noise one site adds; those of the honest survivors suffice), ρ (zero-concentrated privacy, which adds up over releases),
 * (ε, δ) (what ρ amounts to), charge (the ρ one release cost on one epoch), truncation (noise cut to fit a lane; costs δ).
 *
 * The order of use: `clipToNorm` → round to the grid → `integerSensitivity` → `noiseShare` of `planRho` → `noiseWidth` into the
 * lane → `sampleDiscreteGaussian`, `truncateNoise` → add → charge → `requireWithinBudget`.
 *
 * References: Bun & Steinke 2016 (zCDP); Canonne, Kamath & Steinke 2020, arXiv 2004.00010 (discrete Gaussian, conversion);
 * Kairouz, Liu & Steinke 2021, arXiv 2102.06387 (distributed discrete Gaussian); Agarwal, Kairouz & Liu 2021,
 * arXiv 2110.04995 (Skellam).
 */
export { type RandomWords } from './random-words.ts';
export { MAX_VARIANCE, sampleDiscreteGaussian } from './discrete-gaussian.ts';
export { SKELLAM_DISTANCE, sampleSkellam } from './skellam.ts';
export { type PrivacyBudget, deltaBeforeTruncation, epsilonOf, planRho, rhoOf } from './accounting.ts';
export {
  type NoiseTail,
  type NoiseTarget,
  type NoiseWidth,
  type Sensitivity,
  type SkellamRelease,
  type SummedGaussians,
  noiseShare,
  noiseWidth,
  skellamEpsilon,
  skellamShare,
  truncateNoise,
  zcdpOfSum,
} from './distributed-noise.ts';
export { type Discretisation, clipToNorm, integerSensitivity } from './clipping.ts';
export { type Admission, type Charge, requireWithinBudget, spent } from './charges.ts';
