import { describe, expect, it } from '@jest/globals';
import { mixIntensity } from './index.ts';

const FACTORS = new Map([
  ['coal', 0.76],
  ['gas', 0.37],
  ['wind', 0],
]);
const of = (generation: Record<string, number>) => mixIntensity(Object.entries(generation), FACTORS);

describe('mixIntensity', () => {
  it('is the mean factor of what is generated, whatever the unit of energy', () => {
    // (1 · 0.76 + 2 · 0.37) / 4
    expect(of({ coal: 1, gas: 2, wind: 1 })).toBeCloseTo(0.375, 12);
    expect(of({ coal: 4, gas: 8, wind: 4 })).toBeCloseTo(0.375, 12);
  });

  it('counts what a plant draws for itself as nothing', () => {
    expect(of({ coal: 1, wind: -1 })).toBe(0.76);
  });

  it('is unknown where a source is missing or nothing is generated', () => {
    expect(of({ coal: 1, wind: Number.NaN })).toBeNull();
    expect(of({ coal: 0, wind: -2 })).toBeNull();
    expect(of({})).toBeNull();
  });

  it('refuses a source without a factor', () => {
    expect(() => of({ coal: 1, peat: 1 })).toThrow(expect.objectContaining({ code: 'FACTOR_MISSING' }));
  });
});
