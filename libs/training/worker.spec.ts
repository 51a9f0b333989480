import { describe, expect, it } from '@jest/globals';
import { initialWeights, type LearningTerms, type NetworkTerms, normal, randomSource } from '#learning';
import { type Backend, backendOfThread } from './backend.ts';
import { type Progress, trainLocally } from './train.ts';
import { trainInWorker } from './worker.ts';

const NETWORK: NetworkTerms = { architecture: 'mlp', lookback: 48, horizon: 24, hidden: 32, seed: 1 };
const TERMS: LearningTerms = {
  optimiser: { kind: 'fedavg', serverLearningRate: 1 },
  localEpochs: 2,
  batchSize: 16,
  learningRate: 0.01,
  clip: 10,
  rowsScale: 100,
};

function inputOf(terms: Partial<LearningTerms> = {}) {
  const next = randomSource(1);
  const rows = 320;
  const windows = {
    x: Float32Array.from({ length: rows * 48 }, () => normal(next)),
    y: Float32Array.from({ length: rows * 24 }, () => normal(next)),
    rows,
  };
  return {
    network: NETWORK,
    terms: { ...TERMS, ...terms },
    start: initialWeights(NETWORK),
    windows,
    seed: 2,
  };
}

describe('training in a thread', () => {
  it('is the training of this thread, and reports what computes it and its progress', async () => {
    const reports: Progress[] = [];
    const backends: Backend[] = [];
    const result = await trainInWorker(inputOf(), {
      onBackend: (backend) => {
        expect(reports).toHaveLength(0);
        backends.push(backend);
      },
      onProgress: (progress) => reports.push(progress),
    });
    expect(backends).toEqual([await backendOfThread()]);
    expect(result).toEqual(await trainLocally(inputOf()));
    expect(reports.at(-1)).toMatchObject({ step: 40, steps: 40 });
  });

  it('leaves the event loop free', async () => {
    let longestMs = 0;
    let last = performance.now();
    const timer = setInterval(() => {
      longestMs = Math.max(longestMs, performance.now() - last);
      last = performance.now();
    }, 5);
    let steps = 0;
    await trainInWorker(inputOf({ localEpochs: 50 }), { onProgress: ({ step }) => (steps = step) });
    clearInterval(timer);
    expect(steps).toBe(1000);
    // Training itself takes longer than that without a break.
    expect(longestMs).toBeLessThan(500);
  });

  it('is refused as this thread would be', async () => {
    await expect(trainInWorker(inputOf({ batchSize: 0 }))).rejects.toMatchObject({
      name: 'DomainError',
      code: 'LEARNING_TERMS_INVALID',
      kind: 'invalid',
      data: { field: 'batchSize' },
    });
    await expect(trainInWorker(inputOf({ learningRate: 1e6, localEpochs: 50 }))).rejects.toMatchObject({
      code: 'TRAINING_DIVERGED',
    });
  });

  it('ends when it is cancelled, before it starts or on the way', async () => {
    const input = inputOf({ localEpochs: 1_000_000 });
    const cancelled = { code: 'TRAINING_CANCELLED' };
    await expect(trainInWorker(input, { signal: AbortSignal.abort() })).rejects.toMatchObject(cancelled);
    const controller = new AbortController();
    const training = trainInWorker(input, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(training).rejects.toMatchObject(cancelled);
  });
});
