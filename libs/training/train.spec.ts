import { beforeAll, describe, expect, it } from '@jest/globals';
import { memory } from '@tensorflow/tfjs-core';
import * as fc from 'fast-check';
import { backend } from './backend.ts';
import { evaluate, meanSquaredError, predict } from './evaluate.ts';
import {
  ARCHITECTURES,
  headOffset,
  initialWeights,
  type LearningTerms,
  type NetworkTerms,
  normal,
  type OptimiserTerms,
  randomSource,
} from '#learning';
import { lossGradient } from './passes.ts';
import { descend, trainLocally } from './train.ts';

const NETWORK: NetworkTerms = { architecture: 'mlp', lookback: 8, horizon: 2, hidden: 6, seed: 1 };
const START = initialWeights(NETWORK);
const NETWORKS = ARCHITECTURES.map((architecture): NetworkTerms => ({
  ...NETWORK,
  architecture,
  hidden: architecture === 'dlinear' ? 0 : 6,
}));
const TERMS: LearningTerms = {
  optimiser: { kind: 'fedavg', serverLearningRate: 1 },
  localEpochs: 1,
  batchSize: 4,
  learningRate: 0.05,
  clip: 10,
  rowsScale: 100,
};

/** Targets that a small network can learn: sums of parts of x, with a little noise. */
function windows(rows: number, seed = 1) {
  const next = randomSource(seed);
  const x = Float32Array.from({ length: rows * 8 }, () => normal(next));
  const y = Float32Array.from({ length: rows * 2 }, (_, i) => {
    const row = x.subarray(8 * Math.floor(i / 2), 8 * Math.floor(i / 2) + 8);
    return (i % 2 === 0 ? row[0]! + row[1]! : Math.max(row[2]!, row[3]!)) + normal(next) / 10;
  });
  return { x, y, rows };
}

/** Of one series with a rhythm of 24 steps, the amplitude of which drifts, and a little noise; less the last value of x. */
function rhythmWindows(rows: number, seed: number) {
  const next = randomSource(seed);
  let amplitude = 1;
  const series = Float64Array.from({ length: rows + 60 }, (_, t) => {
    amplitude += normal(next) / 50;
    return amplitude * Math.sin((2 * Math.PI * t) / 24) + normal(next) / 20;
  });
  const cut = (offset: number, length: number) =>
    Float32Array.from({ length: rows * length }, (_, i) => {
      const row = Math.floor(i / length);
      return series[row + offset + (i % length)]! - series[row + 47]!;
    });
  return { x: cut(0, 48), y: cut(48, 12), rows };
}

const train = (terms: Partial<LearningTerms>, rows: number) =>
  trainLocally({
    network: NETWORK,
    terms: { ...TERMS, ...terms },
    start: START,
    windows: windows(rows),
    seed: 3,
  });
const distance = (a: Float32Array, b: Float32Array) =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0));

beforeAll(() => backend());

describe('local training', () => {
  it('one step is w − η·g, with SCAFFOLD w − η·(g + c − c_i)', async () => {
    const batch = windows(4);
    const { gradient } = lossGradient(NETWORK, START, batch);
    const plain = await train({}, 4);
    const shared = Float64Array.from(START, (_, i) => Math.sin(i));
    const own = Float64Array.from(START, (_, i) => Math.cos(i));
    const optimiser: OptimiserTerms = { kind: 'scaffold', serverLearningRate: 1, controlClip: 100 };
    const corrected = await trainLocally({
      network: NETWORK,
      terms: { ...TERMS, optimiser },
      start: START,
      windows: batch,
      control: { shared, own },
      seed: 3,
    });
    for (const [i, slope] of gradient.entries()) {
      expect(plain.weights[i]).toBeCloseTo(START[i]! - 0.05 * slope, 5);
      const drift = Math.sin(i) - Math.cos(i);
      expect(corrected.weights[i]).toBeCloseTo(START[i]! - 0.05 * (slope + drift), 5);
      // Option II after one step: c_i − c + (g + c − c_i) = g.
      expect(corrected.control!.own[i]).toBeCloseTo(slope, 3);
      expect(corrected.control!.change[i]).toBeCloseTo(slope - Math.cos(i), 3);
    }
    expect(plain).toMatchObject({ steps: 1, rows: 4 });
    expect(plain.control).toBeUndefined();
  });

  it('learns: most of the variance is explained after some epochs', async () => {
    const { weights, steps, trainLoss } = await train({ localEpochs: 30 }, 200);
    const unseen = windows(100, 2);
    expect(steps).toBe(30 * 50);
    expect(trainLoss).toBeLessThan(0.15);
    const losses = await Promise.all(
      [START, weights].map(async (of) => meanSquaredError(await evaluate(NETWORK, of, unseen), NETWORK)),
    );
    expect(losses[1]).toBeLessThan(0.2 * losses[0]!);
  });

  it('depends on nothing but its input, also when two trainings share the thread', async () => {
    const [a, b] = await Promise.all([train({ localEpochs: 3 }, 50), train({ localEpochs: 3 }, 50)]);
    expect(b).toEqual(a);
    const other = await trainLocally({
      network: NETWORK,
      terms: { ...TERMS, localEpochs: 3 },
      start: START,
      windows: windows(50),
      seed: 4,
    });
    expect(other.weights).not.toEqual(a.weights);
  });

  it('FedProx stays nearer to the start the stronger it pulls', async () => {
    const far = await Promise.all(
      [0, 1, 10].map(async (proximal) => {
        const optimiser = { kind: 'fedprox', serverLearningRate: 1, proximal } as const;
        return distance((await train({ optimiser, localEpochs: 10 }, 40)).weights, START);
      }),
    );
    expect(far).toEqual(far.toSorted((a, b) => b - a));
    expect(far[2]).toBeLessThan(far[0]! / 2);
    expect(far[0]).toBeCloseTo(distance((await train({ localEpochs: 10 }, 40)).weights, START), 10);
  });

  it('a descent of the head alone leaves the layers below', async () => {
    const terms = { epochs: 2, batchSize: 8, learningRate: 0.05, headOnly: true };
    const { weights } = await descend({
      network: NETWORK,
      terms,
      start: START,
      windows: windows(40),
      seed: 1,
    });
    const head = headOffset(NETWORK);
    expect(weights.slice(0, head)).toEqual(START.slice(0, head));
    expect(weights.slice(head)).not.toEqual(START.slice(head));
  });

  it('clips the change of a control variate and keeps c_i in step with what was sent', async () => {
    const optimiser: OptimiserTerms = { kind: 'scaffold', serverLearningRate: 1, controlClip: 0.01 };
    const zeros = new Float64Array(START.length);
    const { control } = await trainLocally({
      network: NETWORK,
      terms: { ...TERMS, optimiser },
      start: START,
      windows: windows(20),
      control: { shared: zeros, own: zeros },
      seed: 1,
    });
    expect(Math.hypot(...control!.change)).toBeCloseTo(0.01, 10);
    expect(control!.own).toEqual(control!.change);
  });

  it('without a window nothing moves', async () => {
    const result = await train({}, 0);
    expect(result).toMatchObject({ weights: START, steps: 0, rows: 0, trainLoss: Number.NaN });
  });

  it('a thousand steps leave no tensor behind', async () => {
    for (const network of NETWORKS) {
      const input = { network, start: initialWeights(network), windows: windows(400), seed: 1 };
      await trainLocally({ ...input, terms: TERMS });
      const { numTensors, numBytes, numDataBuffers } = memory();
      const { steps } = await trainLocally({ ...input, terms: { ...TERMS, localEpochs: 10 } });
      expect(steps).toBe(1000);
      expect(memory()).toMatchObject({ numTensors, numBytes, numDataBuffers });
    }
  });
});

describe.each(NETWORKS)('$architecture', (network) => {
  it('learns a series: most of what a day of noise leaves is explained after some epochs', async () => {
    const rhythm = { ...network, lookback: 48, horizon: 12 };
    const start = initialWeights(rhythm);
    const seen = rhythmWindows(300, 1);
    const terms = { ...TERMS, localEpochs: 20, batchSize: 8 };
    const { weights } = await trainLocally({ network: rhythm, terms, start, windows: seen, seed: 5 });
    const unseen = rhythmWindows(100, 2);
    const [before, after] = await Promise.all(
      [start, weights].map(async (of) => meanSquaredError(await evaluate(rhythm, of, unseen), rhythm)),
    );
    const variance = unseen.y.reduce((sum, value) => sum + value * value, 0) / unseen.y.length;
    expect(after!).toBeLessThan(before! / 3);
    expect(after!).toBeLessThan(variance / 4);
  });

  it('is refused where it diverges, and where it starts from what has', async () => {
    const input = { network, start: initialWeights(network), windows: windows(40), seed: 3 };
    const diverged = { code: 'TRAINING_DIVERGED' };
    const terms = { ...TERMS, learningRate: 1e6, localEpochs: 100 };
    await expect(trainLocally({ ...input, terms })).rejects.toMatchObject(diverged);
    const lost = { ...input, start: input.start.map(() => Number.NaN) };
    await expect(trainLocally({ ...lost, terms: TERMS })).rejects.toMatchObject(diverged);
  });
});

describe('training that does not finish', () => {
  it('is refused when it diverges', async () => {
    await expect(train({ learningRate: 1e6, localEpochs: 20 }, 40)).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
    });
  });

  it('ends when it is cancelled, before or on the way, with reports of its progress until then', async () => {
    const input = {
      network: NETWORK,
      terms: { ...TERMS, localEpochs: 1000 },
      start: START,
      windows: windows(400),
    };
    const cancelled = { code: 'TRAINING_CANCELLED' };
    await expect(trainLocally({ ...input, seed: 1, signal: AbortSignal.abort() })).rejects.toMatchObject(
      cancelled,
    );
    const controller = new AbortController();
    const steps: number[] = [];
    const training = trainLocally({
      ...input,
      seed: 1,
      signal: controller.signal,
      onProgress: (progress) => {
        steps.push(progress.step);
        expect(progress.steps).toBe(100_000);
        expect(progress.loss).toBeGreaterThan(0);
        if (steps.length === 3) controller.abort();
      },
    });
    await expect(training).rejects.toMatchObject(cancelled);
    expect(steps).toEqual(steps.toSorted((a, b) => a - b));
    expect(steps).toHaveLength(3);
  });

  it.each([
    ['WEIGHTS_LENGTH', { start: START.slice(1) }],
    ['WINDOWS_LENGTH', { windows: { ...windows(4), rows: 5 } }],
    ['CONTROL_LENGTH', { control: { shared: new Float64Array(3), own: new Float64Array(3) } }],
    [
      'CONTROL_LENGTH',
      {
        terms: { ...TERMS, optimiser: { kind: 'scaffold', serverLearningRate: 1, controlClip: 1 } as const },
      },
    ],
    ['LEARNING_TERMS_INVALID', { terms: { ...TERMS, batchSize: 0 } }],
    ['NETWORK_TERMS_INVALID', { network: { ...NETWORK, hidden: 0 } }],
  ])('is refused with %s', async (code, change) => {
    const input = { network: NETWORK, terms: TERMS, start: START, windows: windows(4), seed: 1, ...change };
    await expect(trainLocally(input)).rejects.toMatchObject({ code });
  });
});

describe('evaluation', () => {
  it('sums the errors of what predict answers, and adds up over parts of the windows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 2100 }), fc.nat(2000), async (rows, split) => {
        const all = windows(rows, 5);
        const forecasts = await predict(NETWORK, START, all.x);
        const errors = all.y.map((value, i) => value - forecasts[i]!);
        const whole = await evaluate(NETWORK, START, all);
        expect(whole.squaredError).toBeCloseTo(
          errors.reduce((sum, error) => sum + error * error, 0),
          1,
        );
        const first = Math.min(rows, split);
        const parts = await Promise.all(
          [
            { x: all.x.slice(0, 8 * first), y: all.y.slice(0, 2 * first), rows: first },
            { x: all.x.slice(8 * first), y: all.y.slice(2 * first), rows: rows - first },
          ].map((part) => evaluate(NETWORK, START, part)),
        );
        const total = (of: 'squaredError' | 'absoluteError' | 'rows') => parts[0]![of] + parts[1]![of];
        expect(total('rows')).toBe(rows);
        expect(total('squaredError')).toBeCloseTo(whole.squaredError, 2);
        expect(total('absoluteError')).toBeCloseTo(whole.absoluteError, 2);
      }),
      { numRuns: 10 },
    );
  });

  it('refuses inputs that are no whole windows', async () => {
    await expect(predict(NETWORK, START, new Float32Array(9))).rejects.toMatchObject({
      code: 'WINDOWS_LENGTH',
    });
  });
});
