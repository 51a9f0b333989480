import { describe, expect, it } from '@jest/globals';
import { requireInput } from '#inputs';
import { storageCore, storageEquilibrium } from './storage.ts';
import { storageCoreInput, storageEquilibriumInput } from './storage-input.ts';

const PRICES = { pricePeak: '0.3', priceOffPeak: 0.12 };

describe('market storage', () => {
  it('allocates what a community pays, by name', () => {
    const members = [
      { id: 'A', peak: 10, capacity: 5 },
      { id: 'B', peak: 6, capacity: '8' },
      { id: 'C', peak: 4, capacity: 2 },
    ];
    const result = storageCore(requireInput({ members, ...PRICES }, storageCoreInput));
    expect(result['coalition']).toBeCloseTo(3.3, 9);
    expect(result['allocation']).toMatchObject({ B: expect.closeTo(0.36, 9) });
    expect(result['alone']).toMatchObject({ B: expect.closeTo(0.72, 9) });
  });

  it('invests by means and covariances or by observed days', () => {
    const gaussian = {
      members: [
        { id: 'A', mean: 5 },
        { id: 'B', mean: 8 },
      ],
      covariance: [
        [1, 0],
        [0, 3],
      ],
      priceStorage: 0.09,
      ...PRICES,
    };
    const half = storageEquilibrium(requireInput(gaussian, storageEquilibriumInput));
    expect(half['serviceLevel']).toBeCloseTo(0.5, 12);
    expect(half['allocation']).toMatchObject({ A: expect.closeTo(5, 9), B: expect.closeTo(8, 9) });
    const observed = {
      members: [
        { id: 'A', days: [1, 2, 3] },
        { id: 'B', days: [2, 2, 2] },
      ],
      priceStorage: 0.09,
      neighbours: 1,
      ...PRICES,
    };
    const seen = storageEquilibrium(requireInput(observed, storageEquilibriumInput));
    expect(seen).toMatchObject({ coalition: 4, allocation: { A: 2, B: 2 } });
  });

  it('refuses days that are not those of all', () => {
    const members = [
      { id: 'A', days: [1, 2] },
      { id: 'B', days: [1] },
    ];
    const input = requireInput({ members, priceStorage: 0.1, ...PRICES }, storageEquilibriumInput);
    expect(() => storageEquilibrium(input)).toThrow(expect.objectContaining({ code: 'STORAGE_INPUT' }));
  });
});
