import { afterAll, describe, expect, it } from '@jest/globals';
import { backend, hasSimd, useBackend } from './backend.ts';
import { initialWeights, randomSource, uniform } from '#learning';
import { trainLocally } from './train.ts';

const SHAPE = { lookback: 48, horizon: 24, hidden: 16, seed: 1 };
const ROWS = 400;

function windows() {
  const next = randomSource(9);
  const series = Float32Array.from({ length: ROWS + 72 }, (_, t) => Math.sin(t / 3.8) + uniform(next));
  const rows = (offset: number, length: number) =>
    Float32Array.from(
      { length: ROWS * length },
      (_, i) => series[Math.floor(i / length) + offset + (i % length)]!,
    );
  return { x: rows(0, 48), y: rows(48, 24), rows: ROWS };
}

describe('backends', () => {
  afterAll(() => useBackend('wasm'));

  it('WebAssembly with vector instructions is chosen where the native library is absent', async () => {
    const name = await backend();
    expect(['tensorflow', 'wasm']).toContain(name);
    expect(await hasSimd()).toBe(true);
    expect(await backend()).toBe(name);
  });

  it.each(['mlp', 'gru'] as const)(
    'plain JavaScript and WebAssembly train an %s to the same weights within 1e-4',
    async (architecture) => {
      const network = { architecture, ...SHAPE };
      const start = initialWeights(network);
      const train = async (name: 'wasm' | 'cpu') => {
        expect(await useBackend(name)).toBe(true);
        const optimiser = { kind: 'fedavg', serverLearningRate: 1 } as const;
        const terms = { optimiser, localEpochs: 4, batchSize: 16, learningRate: 0.05, clip: 1, rowsScale: 1 };
        return trainLocally({ network, terms, start, windows: windows(), seed: 4 });
      };
      const [wasm, cpu] = [await train('wasm'), await train('cpu')];
      expect(wasm.steps).toBe(100);
      const moved = wasm.weights.reduce((most, value, i) => Math.max(most, Math.abs(value - start[i]!)), 0);
      expect(moved).toBeGreaterThan(0.05);
      const apart = wasm.weights.reduce(
        (most, value, i) => Math.max(most, Math.abs(value - cpu.weights[i]!)),
        0,
      );
      expect(apart).toBeLessThan(1e-4);
    },
  );
});
