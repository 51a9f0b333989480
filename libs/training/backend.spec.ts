import { afterAll, describe, expect, it } from '@jest/globals';
import { type BackendName, backend, backendOfThread, backendText, useBackend } from './backend.ts';
import { ARCHITECTURES, initialWeights, randomSource, uniform } from '#learning';
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
    const native = { name: 'tensorflow', simd: null, threads: null };
    expect(await backendOfThread()).toEqual(
      name === 'tensorflow' ? native : { name: 'wasm', simd: true, threads: 1 },
    );
    expect(await backend()).toBe(name);
  });

  it('say what computes', async () => {
    expect(await useBackend('wasm')).toBe(true);
    expect(backendText(await backendOfThread())).toBe('wasm with SIMD, 1 thread');
    expect(await useBackend('cpu')).toBe(true);
    expect(backendText(await backendOfThread())).toBe('cpu, 1 thread');
    expect(backendText({ name: 'tensorflow', simd: null, threads: null })).toBe(
      'tensorflow, its own threads',
    );
  });

  it.each(ARCHITECTURES)(
    'native, plain JavaScript and WebAssembly, those there are, train %s to the same weights within 1e-4',
    async (architecture) => {
      const network = { ...SHAPE, architecture, hidden: architecture === 'dlinear' ? 0 : SHAPE.hidden };
      const start = initialWeights(network);
      const train = async (name: BackendName) => {
        expect(await useBackend(name)).toBe(true);
        const optimiser = { kind: 'fedavg', serverLearningRate: 1 } as const;
        const terms = { optimiser, localEpochs: 4, batchSize: 16, learningRate: 0.05, clip: 1, rowsScale: 1 };
        return trainLocally({ network, terms, start, windows: windows(), seed: 4 });
      };
      const wasm = await train('wasm');
      const others = [await train('cpu')];
      if (await useBackend('tensorflow')) others.push(await train('tensorflow'));
      expect(wasm.steps).toBe(100);
      const moved = wasm.weights.reduce((most, value, i) => Math.max(most, Math.abs(value - start[i]!)), 0);
      expect(moved).toBeGreaterThan(0.05);
      for (const { weights } of others) {
        const apart = wasm.weights.map((value, i) => Math.abs(value - weights[i]!));
        expect(Math.max(...apart)).toBeLessThan(1e-4);
      }
    },
  );
});
