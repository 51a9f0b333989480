import { describe, expect, it } from '@jest/globals';
import { evaluate, meanSquaredError } from './evaluate.ts';
import { headOffset, initialWeights, type NetworkTerms, normal, randomSource } from '#learning';
import { ditto, personaliseHead, personaliseNetwork } from './personal.ts';
import { descend } from './train.ts';

const NETWORK: NetworkTerms = { architecture: 'mlp', lookback: 6, horizon: 2, hidden: 8, seed: 1 };
const TERMS = { epochs: 10, batchSize: 8, learningRate: 0.05, proximal: 0.1 };

/** y = gain·(x₀ + x₁): sites differ in their gain. */
function windowsOf(gain: number, rows: number, seed: number) {
  const next = randomSource(seed);
  const x = Float32Array.from({ length: rows * 6 }, () => normal(next));
  const y = Float32Array.from({ length: rows * 2 }, (_, i) => {
    const first = 6 * Math.floor(i / 2);
    return gain * (x[first]! + x[first + 1]!) + normal(next) / 5;
  });
  return { x, y, rows };
}

async function sharedModel(): Promise<Float32Array> {
  const descent = {
    network: NETWORK,
    start: initialWeights(NETWORK),
    windows: windowsOf(1, 300, 1),
    seed: 1,
  };
  return (await descend({ ...descent, terms: { epochs: 20, batchSize: 8, learningRate: 0.05 } })).weights;
}
const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((value, i) => value - b[i]!));
const inputFor = async (gain: number) => ({
  network: NETWORK,
  terms: TERMS,
  shared: await sharedModel(),
  train: windowsOf(gain, 120, 2),
  seed: 3,
});

describe('personal models', () => {
  it('fine-tuning touches the head alone and helps a site that is unlike the others', async () => {
    const input = await inputFor(2);
    const weights = await personaliseHead(input);
    const head = headOffset(NETWORK);
    expect(weights.slice(0, head)).toEqual(input.shared.slice(0, head));
    const unseen = windowsOf(2, 100, 4);
    const [before, after] = await Promise.all(
      [input.shared, weights].map((of) => evaluate(NETWORK, of, unseen)),
    );
    expect(after!.squaredError).toBeLessThan(before!.squaredError / 2);
  });

  it('Ditto stays nearer to the shared model the stronger it pulls', async () => {
    const input = await inputFor(2);
    const models = await Promise.all(
      [0, 1, 10].map((proximal) => ditto({ ...input, terms: { ...TERMS, proximal } })),
    );
    const far = models.map((weights) => distance(weights, input.shared));
    expect(far).toEqual(far.toSorted((a, b) => b - a));
    expect(far[2]).toBeLessThan(far[0]! / 2);
  });

  it('the candidate of least validation loss is chosen', async () => {
    const input = await inputFor(2);
    const validation = windowsOf(2, 60, 5);
    const chosen = await personaliseNetwork(input, validation);
    expect(chosen.method).not.toBe('shared');
    const losses = await Promise.all(
      [input.shared, await personaliseHead(input), await ditto(input)].map(async (of) =>
        meanSquaredError(await evaluate(NETWORK, of, validation), NETWORK),
      ),
    );
    expect(chosen.validationLoss).toBe(Math.min(...losses));
  });

  it('the shared model stays where refining harms, and where nothing can judge', async () => {
    const input = await inputFor(1);
    // Own data that contradict the validation windows: refined models can only be worse.
    const misled = { ...input, train: windowsOf(-3, 40, 6) };
    expect(await personaliseNetwork(misled, windowsOf(1, 60, 5))).toMatchObject({
      method: 'shared',
      weights: input.shared,
    });
    const none = { x: new Float32Array(0), y: new Float32Array(0), rows: 0 };
    expect(await personaliseNetwork(misled, none)).toMatchObject({
      method: 'shared',
      validationLoss: Number.NaN,
    });
  });
});
