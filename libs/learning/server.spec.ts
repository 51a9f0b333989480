import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sha256Hex } from '#core';
import { initialWeights } from './initial-weights.ts';
import { type NetworkTerms, weightCount } from './network.ts';
import { earlyStop, initialServerState, type ServerState, serverStateBytes, serverStep } from './server.ts';
import type { LearningTerms, OptimiserTerms } from './terms.ts';
import type { Aggregate } from './update.ts';

const NETWORK: NetworkTerms = { architecture: 'mlp', lookback: 2, horizon: 1, hidden: 1, seed: 1 };
const COUNT = weightCount(NETWORK);
const ALL = { uploads: 4, sites: 4 };
const metrics = { rows: 1, trainLoss: 1, validationLoss: 1, validationMae: 1 };
const aggregateOf = (values: readonly number[], change?: readonly number[]): Aggregate => ({
  update: Float64Array.from(values),
  ...(change && { controlChange: Float64Array.from(change) }),
  metrics,
});
const termsOf = (optimiser: OptimiserTerms): LearningTerms => ({
  optimiser,
  localEpochs: 1,
  batchSize: 1,
  learningRate: 0.1,
  clip: 1,
  rowsScale: 10,
});
const ADAPTIVE = { serverLearningRate: 0.5, beta1: 0.9, beta2: 0.99, tau: 0.1 } as const;
const update = [0.3, -0.2, 0.1, 0, 0.05];
const stepOnce = (optimiser: OptimiserTerms, state?: Partial<ServerState>) => {
  const before = { ...initialServerState(NETWORK, termsOf(optimiser)), ...state };
  return { before, after: serverStep(before, aggregateOf(update), termsOf(optimiser), ALL) };
};

describe('the server step', () => {
  it.each<OptimiserTerms>([
    { kind: 'fedavg', serverLearningRate: 0.5 },
    { kind: 'fedprox', serverLearningRate: 0.5, proximal: 1 },
  ])('of $kind adds η times the mean update', (optimiser) => {
    const { before, after } = stepOnce(optimiser);
    expect(before.weights).toEqual(initialWeights(NETWORK));
    expect(after.round).toBe(1);
    expect(after.weights).toEqual(before.weights.map((w, i) => w + 0.5 * update[i]!));
    expect([after.first, after.second, after.control].map(({ length }) => length)).toEqual([0, 0, 0]);
  });

  it('of FedAdam is that of Reddi et al., algorithm 2', () => {
    const { before, after } = stepOnce({ kind: 'fedadam', ...ADAPTIVE });
    expect([...before.second]).toEqual(Array.from({ length: COUNT }, () => 0.1 * 0.1));
    for (const [i, delta] of update.entries()) {
      const m = 0.1 * delta;
      const v = 0.99 * 0.01 + 0.01 * delta ** 2;
      expect(after.first[i]).toBeCloseTo(m, 12);
      expect(after.second[i]).toBeCloseTo(v, 12);
      expect(after.weights[i]).toBeCloseTo(before.weights[i]! + (0.5 * m) / (Math.sqrt(v) + 0.1), 6);
    }
  });

  it('of FedYogi moves the second moment by (1 − β₂)Δ² towards Δ²', () => {
    const { after } = stepOnce({ kind: 'fedyogi', ...ADAPTIVE });
    // v₀ = 0.01: Δ = 0.3 and −0.2 lie above, the others at or below.
    const expected = [0.01 + 0.0009, 0.01 + 0.0004, 0.01, 0.01, 0.01 - 0.000025];
    for (const [i, v] of expected.entries()) expect(after.second[i]).toBeCloseTo(v, 10);
  });

  it('of SCAFFOLD moves c by the share of the sites that took part', () => {
    const terms = termsOf({ kind: 'scaffold', serverLearningRate: 1, controlClip: 1 });
    const state = initialServerState(NETWORK, terms);
    const after = serverStep(state, aggregateOf(update, [1, 2, 3, 4, 5]), terms, { uploads: 3, sites: 4 });
    expect([...after.control]).toEqual([0.75, 1.5, 2.25, 3, 3.75]);
  });

  it.each([
    [0, 4],
    [5, 4],
    [1.5, 4],
  ])('refuses %d uploads of %d sites', (uploads, sites) => {
    const terms = termsOf({ kind: 'fedavg', serverLearningRate: 1 });
    const state = initialServerState(NETWORK, terms);
    expect(() => serverStep(state, aggregateOf(update), terms, { uploads, sites })).toThrow(
      expect.objectContaining({ code: 'PARTICIPATION_INVALID' }),
    );
  });
});

describe('server states', () => {
  // Fixed: another value means that participants would disagree about the model after ten rounds.
  it.each([
    [
      'fedavg',
      { kind: 'fedavg', serverLearningRate: 0.7 },
      '82f004e3c698d1f5c742af39c896e0abaccdee9b69dfe850dec9ac5e2fadf497',
    ],
    [
      'fedadam',
      { kind: 'fedadam', ...ADAPTIVE },
      'cef4b24a9d74f224bd1098c9a59ba7ee00fbebbf4da99923115b72053834fcaf',
    ],
    [
      'fedyogi',
      { kind: 'fedyogi', ...ADAPTIVE },
      '08aaa827e5c12619eb3897aa30b1f4ce955b17d3ff54d561910271c7c5211e6d',
    ],
    [
      'scaffold',
      { kind: 'scaffold', serverLearningRate: 0.7, controlClip: 1 },
      '50f3af73e8b83839ea982c874a8716a507fa379dead1c6073afe37e8ca3b65a2',
    ],
  ] as const)('of %s after ten rounds are the same bits everywhere', async (_, optimiser, hash) => {
    const terms = termsOf(optimiser);
    let state = initialServerState(NETWORK, terms);
    for (let round = 1; round <= 10; round += 1) {
      const sums = update.map((value, i) => (value * (i + 1)) / (round + 2));
      state = serverStep(state, aggregateOf(sums, sums), terms, { uploads: 3, sites: 4 });
    }
    expect(await sha256Hex(serverStateBytes(state))).toBe(hash);
  });

  it('that differ in one entry differ in their bytes', () => {
    const { before } = stepOnce({ kind: 'fedadam', ...ADAPTIVE });
    const bytes = (change: Partial<ServerState>) => serverStateBytes({ ...before, ...change }).join();
    const variants = [
      {},
      { round: 1 },
      { weights: before.weights.map((w, i) => (i === 2 ? w + 1 : w)) },
      { first: before.first.map((m, i) => (i === 2 ? 1 : m)) },
      { second: before.first },
      { control: new Float64Array(1) },
    ];
    expect(new Set(variants.map(bytes)).size).toBe(variants.length);
  });
});

describe('early stopping', () => {
  it.each([
    [[], 2, false, 0],
    [[3, 2, 1], 2, false, 2],
    [[3, 1, 2], 2, false, 1],
    [[3, 1, 2, 1], 2, true, 1],
    [[Number.NaN, 2, 3], 2, false, 1],
  ])('of %j with patience %d', (history, patience, stop, best) => {
    expect(earlyStop(history, patience)).toEqual({ stop, best });
  });

  it('never stops while losses fall, and points at the first least loss', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 5 }),
        (history, patience) => {
          const { stop, best } = earlyStop(history, patience);
          expect(best).toBe(history.indexOf(Math.min(...history)));
          expect(stop).toBe(history.length - best > patience);
        },
      ),
    );
  });
});
