import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { RidgeModelConfig } from './config.ts';
import { fitAdaSsp, lossDeviation } from './ada-ssp.ts';
import { momentCount, unpackMoments } from './moments.ts';
import { fitRidge, meanSquaredError, type RidgeFit } from './ridge.ts';

const [P, H] = [7, 3];
const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  stepMinutes: 60,
  lookback: P + 1,
  horizon: H,
  cycle: 24,
  lambdas: [1e-6, 1e-3, 0.1, 10],
  inputs: null,
};
const PRIOR = new Float64Array(P * H).fill(1 / (P + 1));

/** Standard normal numbers (Box & Muller) from a small generator, so that every run is the same. */
function normals(seed: number): () => number {
  let state = (seed * 2_654_435_761 + 1) % 2 ** 31;
  const uniform = () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return (state + 0.5) / 2 ** 31;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

const truth = Float64Array.from({ length: P * H }, (_, i) => Math.sin(1 + i) / 2);

/** Sums over `rows` rows of correlated x and y = x·truth + noise, in the documented layout. */
function partOf(rows: number, draw: () => number): number[] {
  const sums = Array.from({ length: P }, () => new Float64Array(P + H));
  let squares = 0;
  for (let r = 0; r < rows; r += 1) {
    const level = draw();
    const x = Array.from({ length: P }, () => level + 0.5 * draw());
    const y = Array.from(
      { length: H },
      (_, h) => x.reduce((sum, value, i) => sum + value * truth[i * H + h]!, 0) + 0.3 * draw(),
    );
    const row = [...x, ...y];
    sums.forEach((sum, i) => row.forEach((value, j) => (sum[j]! += x[i]! * value)));
    squares += y.reduce((sum, value) => sum + value * value, 0);
  }
  return [
    ...sums.flatMap((sum, i) => [...sum.subarray(i, P)]),
    ...sums.flatMap((sum) => [...sum.subarray(P)]),
    squares,
    rows,
  ];
}

const draw = normals(1);
const SUMMED = Float64Array.from([...partOf(3000, draw), ...partOf(1000, draw)]);
const withNoise = (noiseStd: number, seed: number) => {
  const next = normals(seed);
  return SUMMED.map((value) => value + noiseStd * next());
};

/** Loss above that of the true map, by the exact sums. */
const exact = unpackMoments(SUMMED, CONFIG).validation;
const excess = (weights: Float64Array) =>
  meanSquaredError(weights, exact, CONFIG) - meanSquaredError(truth, exact, CONFIG);

const median = (values: readonly number[]) =>
  Float64Array.from(values).toSorted()[Math.floor(values.length / 2)]!;
const SEEDS = Array.from({ length: 25 }, (_, i) => i + 10);

/** Excess loss of a fit over noise draws; a fit that is refused has none to show. */
function excesses(noiseStd: number, fit: (summed: Float64Array) => RidgeFit): number[] {
  return SEEDS.map((seed) => {
    try {
      return excess(fit(withNoise(noiseStd, seed)).weights);
    } catch {
      return Infinity;
    }
  });
}

const adaptive = (noiseStd: number) => excesses(noiseStd, (summed) => fitAdaSsp(summed, CONFIG, noiseStd));
const naive = (noiseStd: number) =>
  excesses(noiseStd, (summed) => fitRidge(summed, { ...CONFIG, lambdas: [1e-6] }));

describe('ridge from noisy moments', () => {
  it('is the ridge itself without noise, and least squares as noise vanishes', () => {
    expect(fitAdaSsp(SUMMED, CONFIG, 0)).toEqual(fitRidge(SUMMED, CONFIG));
    const config = { ...CONFIG, lambdas: [1e-9] };
    const [clean, quiet] = [fitRidge(SUMMED, config), fitAdaSsp(withNoise(1e-7, 3), config, 1e-7)];
    quiet.weights.forEach((value, i) => expect(value).toBeCloseTo(clean.weights[i]!, 6));
    quiet.validationWeights.forEach((value, i) => expect(value).toBeCloseTo(clean.validationWeights[i]!, 6));
    expect(quiet.validationLosses[0]).toBeCloseTo(clean.validationLosses[0]!, 6);
  });

  it('stays better than the ridge that trusts the noise, and hardly ever worse than no data at all', () => {
    const withoutData = excess(PRIOR);
    const errors = [1, 10, 30, 100, 300, 1000, 3000, 1e4, 1e6].map((noiseStd) => ({
      noiseStd,
      own: median(adaptive(noiseStd)),
      worst: Math.max(...adaptive(noiseStd)),
      trusting: median(naive(noiseStd)),
    }));
    for (const { noiseStd, own, worst, trusting } of errors) {
      expect(worst).toBeLessThan(1.5 * withoutData);
      expect(noiseStd < 100 || own < trusting).toBe(true);
    }
    // Little noise, little error; the trusting ridge is lost where the noise reaches the smallest eigenvalue, about 750.
    expect(errors[0]!.own).toBeLessThan(1e-3);
    expect(errors.find(({ noiseStd }) => noiseStd === 300)!.trusting).toBeGreaterThan(withoutData);
    expect(errors.find(({ noiseStd }) => noiseStd === 300)!.own).toBeLessThan(withoutData / 2);
  });

  it('inverts nothing near singular, whatever the noise makes of the matrix', () => {
    const term = Math.sqrt(P * Math.log((2 * P * P) / 0.05));
    const level = fc.double({ min: -3, max: 18, noNaN: true }).map(Math.exp);
    fc.assert(
      fc.property(level, fc.integer({ min: 1, max: 1e6 }), (noiseStd, seed) => {
        const summed = withNoise(noiseStd, seed);
        const fit = fitAdaSsp(summed, CONFIG, noiseStd);
        const { gram, cross } = unpackMoments(summed, CONFIG).train;
        const residual = cross.map((value, k) => {
          let sum = value;
          for (let j = 0; j < P; j += 1) sum -= gram[Math.floor(k / H) * P + j]! / (P + 1);
          return sum;
        });
        const moved = fit.validationWeights.map((value, i) => value - PRIOR[i]!);
        expect(Math.hypot(...moved)).toBeLessThanOrEqual(
          (Math.hypot(...residual) / (noiseStd * term)) * 2.001,
        );
        expect(fit.weights.every(Number.isFinite)).toBe(true);
        expect(fit.validationLosses.length).toBe(CONFIG.lambdas.length);
        expect(fit.lambda).toBeGreaterThan(0);
      }),
    );
  });

  it('raises λ with the noise and leaves a well-conditioned matrix alone', () => {
    const lambdas = [1e-4, 1, 100].map(
      (noiseStd) => fitAdaSsp(withNoise(noiseStd, 5), { ...CONFIG, lambdas: [1e-6] }, noiseStd).lambda,
    );
    // The smallest eigenvalue exceeds Wang's term at σ = 1 and is eaten up by it at 100.
    expect(lambdas[0]).toBe(1e-6);
    expect(lambdas[1]).toBe(1e-6);
    expect(lambdas[2]).toBeGreaterThan(1e-3);
  });

  it('knows how noisy its losses are', () => {
    const weights = truth.map((value) => value + 0.4);
    const moments = { ...exact, rows: 50 };
    const noiseStd = 3;
    const losses = Array.from({ length: 4000 }, (_, seed) => {
      const { validation } = unpackMoments(withNoise(noiseStd, seed + 1), CONFIG);
      return meanSquaredError(
        weights,
        { ...validation, rows: 50, targetSquares: exact.targetSquares },
        CONFIG,
      );
    });
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
    const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / losses.length;
    const deviation = lossDeviation(weights, { moments, noiseStd }, CONFIG);
    expect(mean).toBeCloseTo(meanSquaredError(weights, moments, CONFIG), 1);
    expect(Math.sqrt(variance) / deviation).toBeGreaterThan(0.93);
    expect(Math.sqrt(variance) / deviation).toBeLessThan(1.07);
  });

  it('keeps the mean of the look-back where noise drowns the data', () => {
    const { lambda, weights, validationWeights } = fitAdaSsp(withNoise(1e6, 4), CONFIG, 1e6);
    expect({ lambda, weights, validationWeights }).toEqual({
      lambda: Infinity,
      weights: PRIOR,
      validationWeights: PRIOR,
    });
  });

  it('refuses a noise level that is none and sums of another length', () => {
    for (const noiseStd of [-1, Number.NaN, Infinity]) {
      expect(() => fitAdaSsp(SUMMED, CONFIG, noiseStd)).toThrow(
        expect.objectContaining({ code: 'NOISE_LEVEL' }),
      );
    }
    expect(() => fitAdaSsp(new Float64Array(momentCount(CONFIG) - 1), CONFIG, 1)).toThrow(
      expect.objectContaining({ code: 'MOMENTS_LENGTH' }),
    );
  });
});
