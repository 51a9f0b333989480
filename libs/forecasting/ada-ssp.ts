import { DomainError } from '#core';
import { smallestEigenvalue, solveRidge } from './cholesky.ts';
import { type RidgeModelConfig, shapeOf } from './config.ts';
import { featureCount, type Moments, pool } from './moments.ts';
import { fitRidge, meanSquaredError, type RidgeFit } from './ridge.ts';
import { statisticOf } from './statistic.ts';

/*
 * Ridge regression from moments with known noise: AdaSSP (Wang 2018, arXiv 1803.02596, algorithm 2). A function of the noisy
 * sums alone, so it costs no privacy beyond theirs.
 */

/** Probability with which each of the two bounds on the noise may fail, Wang's ρ. */
const FAILURE = 0.05;

/** Noisy moments with the standard deviation of each entry's noise; of G's upper triangle, mirrored. */
interface NoisyMoments {
  readonly moments: Moments;
  readonly noiseStd: number;
}

/**
 * The least penalty that noise leaves room for. Wang's λ = max(0, σ√(p·ln(2p²/ϱ)) − λ̃) with λ̃ a lower bound of the smallest
 * eigenvalue of XᵀX. He spends a third of the budget on λ̃; here it is read off the noisy matrix, whose noise has a spectral norm
 * of at most 2σ(√p + √ln(1/ϱ)) with probability 1 − ϱ (a symmetric Gaussian matrix: 2σ√p in the mean, √2σ-Lipschitz).
 *
 * The noisy matrix may be indefinite; projecting it would leave a singular one, so it is shifted: what is inverted has
 * eigenvalues of at least half the noise term. Where the noise keeps to half that term, Wang's λ grants this already.
 */
function penaltyFloor({ moments, noiseStd }: NoisyMoments, p: number): number {
  const lowest = smallestEigenvalue(moments.gram, p, noiseStd / 100);
  const deviation = 2 * noiseStd * (Math.sqrt(p) + Math.sqrt(Math.log(1 / FAILURE)));
  const term = noiseStd * Math.sqrt(p * Math.log((2 * p * p) / FAILURE));
  return Math.max(0, term - Math.max(0, lowest - deviation), term / 2 - lowest);
}

/** Unit of a penalty: the mean diagonal of G as in `fitRidge`; the noise where it has drowned the diagonal. */
function penaltyUnit({ moments, noiseStd }: NoisyMoments, p: number): number {
  let trace = 0;
  for (let i = 0; i < p; i += 1) trace += moments.gram[i * p + i]!;
  return Math.max(trace / p, noiseStd);
}

/**
 * Standard deviation that noise in the validation moments gives to the mean squared error of fixed weights, apart from the
 * noise of ΣY², which all weights share.
 */
export function lossDeviation(
  weights: Float64Array,
  { moments, noiseStd }: NoisyMoments,
  config: RidgeModelConfig,
): number {
  const { horizon } = config;
  const p = featureCount(config);
  // tr Wᵀ(G + E)W with symmetric E: each entry off the diagonal of WWᵀ counts twice in one draw.
  let variance = 0;
  for (const value of weights) variance += 4 * value * value;
  for (let i = 0; i < p; i += 1) {
    for (let j = i; j < p; j += 1) {
      let product = 0;
      for (let h = 0; h < horizon; h += 1) product += weights[i * horizon + h]! * weights[j * horizon + h]!;
      variance += (i === j ? 1 : 4) * product * product;
    }
  }
  return (noiseStd * Math.sqrt(variance)) / (moments.rows * horizon);
}

/** Standard deviations of its noise by which a loss must be lower to be believed. */
const DOUBT = 3;

/**
 * The pooled ridge from summed moments with noise, in the shape of `fitRidge`: each candidate λ is raised to what the noise
 * asks for, fitted on the training sums and judged on the validation sums, whose noise is independent, by its loss and
 * three standard deviations of the loss's noise. The winner is fitted again on both parts, whose noise adds up. It shrinks towards
 * the mean of the look-back, and keeps that map (λ = Infinity) where no fit is seen to beat it. Losses are unbiased but noisy,
 * so one may be negative. Without noise it is `fitRidge` itself.
 *
 * `noiseStd`: standard deviation of the noise on each entry of `summed`, in its units: √sites·σ·2^-fractionBits of the shares.
 * @throws MOMENTS_LENGTH, MOMENTS_NOT_FINITE, NOISE_LEVEL; without noise also MOMENTS_EMPTY, RIDGE_ILL_CONDITIONED
 */
export function fitAdaSsp(summed: Float64Array, config: RidgeModelConfig, noiseStd: number): RidgeFit {
  if (!(noiseStd >= 0 && Number.isFinite(noiseStd))) {
    throw new DomainError('NOISE_LEVEL', `expected a finite standard deviation ≥ 0, got ${noiseStd}`);
  }
  if (noiseStd === 0) return fitRidge(summed, config);
  const { train, validation } = statisticOf(config).unpack(summed, config);
  // Noise can make a row count negative; a loss needs a positive one, and its scale does not change which is least.
  const judge = { moments: { ...validation, rows: Math.max(noiseStd, validation.rows) }, noiseStd };
  const fitTrain = fitter({ moments: train, noiseStd }, config);
  const tried = [...config.lambdas, Infinity].map((lambda) => {
    const { weights } = fitTrain(lambda);
    const loss = meanSquaredError(weights, judge.moments, config);
    return { lambda, weights, loss, score: loss + DOUBT * lossDeviation(weights, judge, config) };
  });
  const best = tried.reduce((a, b) => (b.score < a.score ? b : a));
  const pooled = { moments: pool(train, validation), noiseStd: Math.SQRT2 * noiseStd };
  return {
    ...shapeOf(config),
    inputs: null,
    inputPenalty: 1,
    ...fitter(pooled, config)(best.lambda),
    validationWeights: best.weights,
    validationLosses: tried.slice(0, -1).map(({ loss }) => loss),
  };
}

/**
 * Where the noise pulls the map: every hour as the mean of the look-back, y − x_L = mean(x − x_L). Known to everybody, so
 * it costs nothing; where noise drowns the data it is a far better forecast than the last value, which is what zero weights
 * mean.
 */
const priorWeight = ({ lookback }: RidgeModelConfig): number => 1 / lookback;

/**
 * Fits any candidate λ on given moments, shrinking towards the prior W₀: (G + λI)⁻¹(B + λW₀) with λ raised to the floor; gives
 * the weights and the λ used.
 */
function fitter(noisy: NoisyMoments, config: RidgeModelConfig) {
  const p = featureCount(config);
  const [floor, unit] = [penaltyFloor(noisy, p), penaltyUnit(noisy, p)];
  const prior = new Float64Array(p * config.horizon).fill(priorWeight(config));
  return (lambda: number) => {
    if (lambda === Infinity) return { lambda, weights: prior };
    const penalty = Math.max(lambda * unit, floor);
    const { gram, cross } = noisy.moments;
    const target = cross.map((value, i) => value + penalty * prior[i]!);
    return {
      lambda: penalty / unit,
      weights: solveRidge(gram, new Float64Array(p).fill(penalty), target, p),
    };
  };
}
