import { describe, expect, it } from '@jest/globals';
import { seededDither } from './dither.ts';

const secret = new Uint8Array(32).fill(1);
const input = { cardHash: 'card', step: 'round 1', values: Float64Array.of(1, 2, 3) };
const words = (change = {}, chunk = 0, key = secret) => [
  ...seededDither(key, { ...input, ...change })(chunk, 8),
];

describe('dither', () => {
  it('repeats for the same secret, task, step, input and chunk', () => {
    expect(words()).toEqual(words());
    expect(words({ values: Float64Array.of(0, 1, 2, 3).subarray(1) })).toEqual(words());
    const dither = seededDither(secret, input);
    expect([...dither(0, 3)]).toEqual(words().slice(0, 3));
  });

  it('differs with any of them', () => {
    const all = [
      words(),
      words({}, 1),
      words({}, 0, new Uint8Array(32)),
      words({ cardHash: 'other' }),
      words({ step: 'round 2' }),
      words({ values: Float64Array.of(1, 2, 3.0000000000000004) }),
    ];
    expect(new Set(all.flat()).size).toBe(all.length * 8);
  });

  it('is spread over all 32 bits', () => {
    const draws = seededDither(secret, input)(0, 10_000);
    const mean = draws.reduce((sum, draw) => sum + draw, 0) / draws.length / 2 ** 32;
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(new Set(draws.map((draw) => draw & 0xff)).size).toBe(256);
  });
});
