import { afterAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { useBackend } from './backend.ts';
import {
  ARCHITECTURES,
  type NetworkTerms,
  normal,
  type Parameter,
  parametersOf,
  randomSource,
  segmentLength,
  tcnLayers,
  tcnSteps,
  weightCount,
  type Windows,
  windowWidth,
} from '#learning';
import { lossGradient, outputsOf } from './passes.ts';

const draws = (count: number, seed: number) => {
  const next = randomSource(seed);
  return Float32Array.from({ length: count }, () => normal(next));
};
const batchOf = (network: NetworkTerms, rows: number, seed: number) => ({
  x: draws(rows * windowWidth(network), seed),
  y: draws(rows * network.horizon, seed + 1),
  rows,
});

/** Entry (row, column) of a parameter. */
function reader(network: NetworkTerms, w: ArrayLike<number>) {
  const parameters = new Map(parametersOf(network).map((parameter) => [parameter.name, parameter]));
  return (name: Parameter['name'], row: number, column: number): number => {
    const { offset, columns } = parameters.get(name)!;
    return w[offset + row * columns + column]!;
  };
}

const sumOver = (count: number, term: (i: number) => number): number => {
  let sum = 0;
  for (let i = 0; i < count; i += 1) sum += term(i);
  return sum;
};
const listOf = <T>(length: number, entry: (i: number) => T): T[] =>
  Array.from({ length }, (_, i) => entry(i));
/** What the covariates of a window, behind its look-back, add to a column of a step's input. */
const covariatesAt = (
  { lookback, covariates = 0 }: NetworkTerms,
  at: ReturnType<typeof reader>,
  x: Float32Array,
  [length, column]: readonly [number, number],
): number => sumOver(covariates, (i) => x[lookback + i]! * at('input', length + i, column));
const logistic = (value: number) => 1 / (1 + Math.exp(-value));

/** The hidden state of an MLP by its definition, in doubles. */
function mlpState(network: NetworkTerms, w: ArrayLike<number>, x: Float32Array): number[] {
  const at = reader(network, w);
  return listOf(network.hidden, (j) =>
    Math.max(0, at('inputBias', 0, j) + sumOver(x.length, (i) => x[i]! * at('input', i, j))),
  );
}

/** The last state of a GRU by its definition, in doubles. */
function gruState(network: NetworkTerms, w: ArrayLike<number>, x: Float32Array): number[] {
  const at = reader(network, w);
  const { hidden, lookback } = network;
  const length = segmentLength(lookback);
  let state = listOf(hidden, () => 0);
  for (let first = 0; first < lookback; first += length) {
    const input = (column: number) =>
      at('inputBias', 0, column) +
      sumOver(length, (i) => x[first + i]! * at('input', i, column)) +
      covariatesAt(network, at, x, [length, column]);
    const before = state;
    const recall = (column: number) => sumOver(hidden, (k) => before[k]! * at('recurrent', k, column));
    state = listOf(hidden, (j) => {
      const update = logistic(input(j) + recall(j));
      const reset = logistic(input(hidden + j) + recall(hidden + j));
      const candidate = Math.tanh(input(2 * hidden + j) + reset * recall(2 * hidden + j));
      return (1 - update) * candidate + update * before[j]!;
    });
  }
  return state;
}

/** The last step's channels of a TCN by its definition, every step of every layer, in doubles. */
function tcnState(network: NetworkTerms, w: ArrayLike<number>, x: Float32Array): number[] {
  const at = reader(network, w);
  const { hidden, lookback } = network;
  const length = segmentLength(lookback);
  const layers = tcnLayers(lookback);
  const steps = tcnSteps(layers);
  const lead = steps * length - lookback;
  let states = listOf(steps, (s) =>
    listOf(hidden, (j) => {
      const input = (i: number) => x[s * length + i - lead] ?? 0;
      const ofSegment = sumOver(length, (i) => input(i) * at('input', i, j));
      return at('inputBias', 0, j) + ofSegment + covariatesAt(network, at, x, [length, j]);
    }),
  );
  for (let layer = 0; layer < layers; layer += 1) {
    const before = states;
    const convolved = (s: number, j: number) =>
      at('convolutionsBias', 0, layer * hidden + j) +
      sumOver(3 * hidden, (i) => {
        const [tap, channel] = [Math.floor(i / hidden), i % hidden];
        const seen = before[s - (2 - tap) * 2 ** layer]?.[channel] ?? 0;
        return seen * at('convolutions', 3 * layer * hidden + i, j);
      });
    states = before.map((state, s) => state.map((value, j) => value + Math.max(0, convolved(s, j))));
  }
  return states.at(-1)!;
}

/** Both maps of DLinear by their definition, in doubles. */
function dlinearByHand(network: NetworkTerms, w: ArrayLike<number>, x: Float32Array): number[] {
  const at = reader(network, w);
  const { lookback, horizon } = network;
  const edged = (i: number) => x[Math.min(lookback - 1, Math.max(0, i))]!;
  const trend = listOf(lookback, (i) => sumOver(25, (k) => edged(i - 12 + k)) / 25);
  return listOf(
    horizon,
    (h) =>
      at('headBias', 0, h) +
      sumOver(lookback, (i) => trend[i]! * at('trend', i, h) + (x[i]! - trend[i]!) * at('head', i, h)),
  );
}

const STATES = { mlp: mlpState, gru: gruState, tcn: tcnState };

function outputsByHand(network: NetworkTerms, w: ArrayLike<number>, x: Float32Array): number[] {
  const { architecture } = network;
  if (architecture === 'dlinear') return dlinearByHand(network, w, x);
  const at = reader(network, w);
  const state = STATES[architecture](network, w, x);
  return listOf(
    network.horizon,
    (h) => at('headBias', 0, h) + sumOver(network.hidden, (j) => state[j]! * at('head', j, h)),
  );
}

function lossByHand(network: NetworkTerms, w: ArrayLike<number>, { x, y, rows }: Windows): number {
  const { horizon } = network;
  const width = windowWidth(network);
  const squares = listOf(rows, (r) => {
    const outputs = outputsByHand(network, w, x.subarray(r * width, (r + 1) * width));
    return sumOver(horizon, (h) => (outputs[h]! - y[r * horizon + h]!) ** 2);
  });
  return sumOver(rows, (r) => squares[r]!) / (rows * horizon);
}

const networks = fc
  .record({
    architecture: fc.constantFrom(...ARCHITECTURES),
    lookback: fc.constantFrom(6, 29, 48, 72, 168),
    horizon: fc.integer({ min: 1, max: 5 }),
    hidden: fc.integer({ min: 1, max: 6 }),
    seed: fc.integer({ min: 0, max: 1000 }),
    covariates: fc.integer({ min: 0, max: 4 }),
  })
  .map((network) =>
    network.architecture === 'dlinear' ? { ...network, hidden: 0, covariates: 0 } : network,
  );

describe.each(['wasm', 'cpu'] as const)('passes on %s', (name) => {
  afterAll(() => useBackend('wasm'));

  it('answer what the definitions say', async () => {
    expect(await useBackend(name)).toBe(true);
    fc.assert(
      fc.property(networks, (network) => {
        const width = windowWidth(network);
        const x = draws(2 * width, 11);
        const weights = draws(weightCount(network), 12).map((value) => value / 3);
        const outputs = outputsOf(network, weights, x, 2);
        const expected = [x.subarray(0, width), x.subarray(width)].flatMap((row) =>
          outputsByHand(network, weights, row),
        );
        for (const [i, value] of expected.entries()) expect(outputs[i]).toBeCloseTo(value, 4);
      }),
      { numRuns: 30 },
    );
  });

  it('have the gradient that differences of the loss show', async () => {
    expect(await useBackend(name)).toBe(true);
    fc.assert(
      fc.property(networks, fc.integer({ min: 1, max: 3 }), fc.nat(), (network, rows, pick) => {
        const batch = batchOf(network, rows, network.seed + 5);
        const weights = draws(weightCount(network), network.seed).map((value) => value / 3);
        const { loss, gradient } = lossGradient(network, weights, batch);
        expect(loss).toBeCloseTo(lossByHand(network, weights, batch), 3);
        // One entry of each parameter; in doubles, so that the stride crosses no kink of a ReLU.
        for (const parameter of parametersOf(network)) {
          const i = parameter.offset + (pick % (parameter.rows * parameter.columns));
          const at = (shift: number) =>
            lossByHand(
              network,
              Float64Array.from(weights, (value, k) => (k === i ? value + shift : value)),
              batch,
            );
          const slope = (at(1e-6) - at(-1e-6)) / 2e-6;
          expect(Math.abs(gradient[i]! - slope)).toBeLessThanOrEqual(1e-3 * (1 + Math.abs(slope)));
        }
      }),
      { numRuns: 60 },
    );
  });
});
