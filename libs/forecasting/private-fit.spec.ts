import { createCipheriv } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import {
  clipToNorm,
  integerSensitivity,
  noiseShare,
  noiseWidth,
  type RandomWords,
  rhoOf,
  sampleDiscreteGaussian,
  truncateNoise,
} from '#privacy';
import { fitRidge, momentCount, normaliseMoments, siteMoments, splitDays, unpackMoments } from './index.ts';
import type { RidgeModelConfig } from './config.ts';
import { fitAdaSsp } from './ada-ssp.ts';

const CONFIG: RidgeModelConfig = {
  statistic: 'moments',
  stepMinutes: 60,
  lookback: 12,
  horizon: 6,
  cycle: 24,
  lambdas: [1e-4, 1e-2, 1],
  inputs: null,
};
const BUDGET = { epsilon: 8, delta: 1e-6 };
const RELEASE = { clip: 12, fractionBits: 20, dimension: momentCount(CONFIG) };
const [KINDS, ZONE] = [12, '+00:00'];

/** AES-256-CTR as a stream of words. */
function keyedWords(key: number): RandomWords {
  const cipher = createCipheriv('aes-256-ctr', new Uint8Array(32).fill(key), new Uint8Array(16));
  return (count) => new Uint32Array(new Uint8Array(cipher.update(new Uint8Array(4 * count))).buffer);
}

/** Moments of a home: a disturbance that remembers 80 % of the last hour about a daily cycle; its generator is the same in every run. */
function home(seed: number): Float64Array {
  let state = seed;
  let level = 0;
  const values = Float64Array.from({ length: 24 * 40 }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    level = 0.8 * level + state / 2 ** 31 - 0.5;
    return 2 + Math.sin((2 * Math.PI * i) / 24) + level;
  });
  const load = { startMs: Date.UTC(2026, 0, 5), resolutionMs: HOUR_MS, values };
  const days = splitDays(ZONE, { startMs: load.startMs, endMs: load.startMs + values.length * HOUR_MS });
  return siteMoments(load, ZONE, days, CONFIG);
}

const contributions = Array.from({ length: KINDS }, (_, i) =>
  clipToNorm(normaliseMoments(home(i + 1), CONFIG), RELEASE.clip),
);

/** The noisy sum of `copies` homes of each kind, each adding its share of noise, and the noise's standard deviation. */
function release(copies: number) {
  const count = KINDS * copies;
  const sensitivityL2 = integerSensitivity(RELEASE);
  const { dimension } = RELEASE;
  const sigmaSquared = noiseShare({
    rho: rhoOf(BUDGET.epsilon, BUDGET.delta),
    sensitivityL2,
    dimension,
    honest: count,
  });
  const { perSite } = noiseWidth({ sigmaSquared, sites: count, dimension, failureProbability: 2 ** -60 });
  const words = keyedWords(copies);
  const unit = 2 ** -RELEASE.fractionBits;
  const summed = new Float64Array(dimension);
  for (let site = 0; site < count; site += 1) {
    const noise = truncateNoise(sampleDiscreteGaussian(dimension, sigmaSquared, words), perSite);
    contributions[site % KINDS]!.forEach((value, i) => {
      summed[i]! += unit * (Math.floor(value / unit) + noise[i]!);
    });
  }
  return { summed, noiseStd: unit * Math.sqrt(count * sigmaSquared) };
}

const exact = new Float64Array(RELEASE.dimension);
for (const vector of contributions) vector.forEach((value, i) => (exact[i]! += value));

/** Mean squared error of a map on the validation rows of all sites: (ΣY² − 2·tr WᵀB + tr WᵀGW) / (rows·H). */
function lossOf(weights: Float64Array): number {
  const { gram, cross, targetSquares, rows } = unpackMoments(exact, CONFIG).validation;
  const [p, h] = [CONFIG.lookback - 1, CONFIG.horizon];
  let sum = targetSquares;
  weights.forEach((w, k) => {
    const [i, c] = [Math.floor(k / h), k % h];
    let gw = 0;
    for (let j = 0; j < p; j += 1) gw += gram[i * p + j]! * weights[j * h + c]!;
    sum += w * (gw - 2 * cross[k]!);
  });
  return sum / (rows * h);
}

describe('a shared map under differential privacy', () => {
  it('comes close to the exact one with 600 sites and does no harm with 12', () => {
    const privately = (copies: number) => {
      const { summed, noiseStd } = release(copies);
      return lossOf(fitAdaSsp(summed, CONFIG, noiseStd).weights);
    };
    const clean = lossOf(fitRidge(exact, CONFIG).weights);
    const prior = lossOf(new Float64Array((CONFIG.lookback - 1) * CONFIG.horizon).fill(1 / CONFIG.lookback));
    const [few, many] = [privately(1), privately(50)];
    expect(prior).toBeGreaterThan(1.1 * clean);
    expect(few).toBeLessThan(1.02 * prior);
    expect(many).toBeLessThan(1.1 * clean);
  });
});
