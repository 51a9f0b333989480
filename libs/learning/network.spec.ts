import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { sha256Hex } from '#core';
import { initialWeights } from './initial-weights.ts';
import {
  ARCHITECTURES,
  DAY_AHEAD_GRU,
  DAY_AHEAD_MLP,
  DAY_AHEAD_NETWORKS,
  headOffset,
  type NetworkTerms,
  parametersOf,
  segmentLength,
  tcnLayers,
  tcnSteps,
  weightCount,
  weightsBytes,
} from './network.ts';

const MLP = DAY_AHEAD_MLP;
const GRU: NetworkTerms = { ...DAY_AHEAD_GRU, hidden: 64 };
const { dlinear: DLINEAR, tcn: TCN } = DAY_AHEAD_NETWORKS;
const networks = fc
  .record({
    architecture: fc.constantFrom(...ARCHITECTURES),
    lookback: fc.integer({ min: 2, max: 200 }),
    horizon: fc.integer({ min: 1, max: 30 }),
    hidden: fc.integer({ min: 1, max: 12 }),
    seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  })
  .map((network) => (network.architecture === 'dlinear' ? { ...network, hidden: 0 } : network));

const matrix = (network: NetworkTerms, name: string) => {
  const { rows, columns, offset } = parametersOf(network).find((parameter) => parameter.name === name)!;
  const values = initialWeights(network).subarray(offset, offset + rows * columns);
  return { rows, columns, values };
};

describe('networks', () => {
  it('count their weights', () => {
    expect(weightCount(MLP)).toBe(168 * 64 + 64 + 64 * 24 + 24);
    expect([DAY_AHEAD_MLP, DAY_AHEAD_GRU].map(weightCount)).toEqual([12_376, 11_688]);
    // Seven steps of a day each: three gates from 24 inputs, a bias, and 64 states; then the head.
    expect(weightCount(GRU)).toBe(24 * 192 + 192 + 64 * 192 + 64 * 24 + 24);
    expect(weightCount(DLINEAR)).toBe(168 * 24 + 168 * 24 + 24);
    // Seven days in: two layers of three steps from 32 channels to 32.
    expect(weightCount(TCN)).toBe(24 * 32 + 32 + 2 * (3 * 32 * 32 + 32) + 32 * 24 + 24);
  });

  it('convolve as many layers as the last step needs to see the whole look-back', () => {
    expect([24, 48, 168, 336, 720].map(tcnLayers)).toEqual([1, 1, 2, 3, 4]);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8192 }), (lookback) => {
        const [layers, steps] = [tcnLayers(lookback), lookback / segmentLength(lookback)];
        expect(tcnSteps(layers)).toBeGreaterThanOrEqual(steps);
        expect(layers === 1 || tcnSteps(layers - 1) < steps).toBe(true);
      }),
    );
  });

  it('end with the layer that personalisation refines: all of DLinear, the head of the others', () => {
    for (const architecture of ARCHITECTURES) {
      const network = DAY_AHEAD_NETWORKS[architecture];
      const last = architecture === 'dlinear' ? weightCount(network) : (network.hidden + 1) * 24;
      expect(weightCount(network) - headOffset(network)).toBe(last);
    }
  });

  it('segments divide the look-back and are at most a day', () => {
    expect([168, 48, 7, 23, 29].map(segmentLength)).toEqual([24, 24, 7, 23, 1]);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 8192 }), (lookback) => {
        const length = segmentLength(lookback);
        expect(lookback % length).toBe(0);
        expect(length).toBeLessThanOrEqual(24);
      }),
    );
  });

  it.each([
    ['architecture', 'cnn'],
    ['lookback', 1],
    ['horizon', 0],
    ['hidden', 1.5],
    ['hidden', 4097],
    ['hidden', 0],
    ['seed', -1],
    ['seed', 2 ** 32],
  ])('refuses %s %s', (field, value) => {
    const refusal = expect.objectContaining({ code: 'NETWORK_TERMS_INVALID', data: { field } });
    expect(() => weightCount({ ...MLP, [field]: value })).toThrow(refusal);
  });

  it('refuses hidden units of a network that has none', () => {
    expect(() => weightCount({ ...DLINEAR, hidden: 1 })).toThrow(
      expect.objectContaining({ code: 'NETWORK_TERMS_INVALID', data: { field: 'hidden' } }),
    );
  });
});

describe('initial weights', () => {
  // Fixed: another value means that machines, or versions, would start one task from different models.
  it.each([
    ['mlp', MLP, '3733b9164f870ae4e21fc27674730d684b1458bfb69e5661b871c7174b86a25f'],
    ['gru', GRU, 'a8c883d86ca56c14e66d6fedd8bf72b78f0cc23ef160ae064b89a1320afc1abf'],
    ['dlinear', DLINEAR, '3dab375f4e78b3ee17e91fb712cdbe12f72c30287b09735ba73b7ca42537cda7'],
    ['tcn', TCN, '0d0334e047710635d3a77b7373944480450b47b0fb016bfe538769eede37cfb9'],
  ])('of %s are the same bits everywhere', async (_, network, hash) => {
    expect(await sha256Hex(weightsBytes(initialWeights(network)))).toBe(hash);
  });

  it('depend on the seed, stay within their limit, and biases are zero', () => {
    fc.assert(
      fc.property(networks, (network) => {
        const weights = initialWeights(network);
        expect(weights).toHaveLength(weightCount(network));
        const { hidden } = network;
        for (const { name, rows, columns } of parametersOf(network)) {
          const { values } = matrix(network, name);
          expect(values.some((value) => value !== 0)).toBe(!name.endsWith('Bias'));
          // Glorot's, with the fans of one gate or one layer; DLinear's authors' own; orthonormal rows.
          const fans = new Map([
            ['input', rows + hidden],
            ['convolutions', 4 * hidden],
            ['recurrent', 6],
          ]);
          const glorot = Math.sqrt(6 / (fans.get(name) ?? rows + columns));
          const limit = Math.fround(network.architecture === 'dlinear' ? 1 / Math.sqrt(rows) : glorot);
          expect(values.every((value) => Math.abs(value) <= limit)).toBe(true);
        }
        expect(initialWeights({ ...network, seed: (network.seed + 1) % 2 ** 32 })).not.toEqual(weights);
      }),
    );
  });

  it('of each recurrent gate are orthogonal', () => {
    const { rows, columns, values } = matrix({ ...GRU, hidden: 16 }, 'recurrent');
    for (let gate = 0; gate < columns; gate += rows) {
      for (let a = 0; a < rows; a += 1) {
        for (let b = 0; b < rows; b += 1) {
          let product = 0;
          for (let k = 0; k < rows; k += 1) {
            product += values[a * columns + gate + k]! * values[b * columns + gate + k]!;
          }
          expect(product).toBeCloseTo(a === b ? 1 : 0, 5);
        }
      }
    }
  });

  it('have one byte form, little-endian', () => {
    expect([...weightsBytes(Float32Array.of(1, -2))]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
  });
});
