import { describe, expect, it } from '@jest/globals';
import { DAY_AHEAD_RIDGE, requireSoundConfig } from './config.ts';

describe('ridge configuration', () => {
  it('accepts the day-ahead one', () => {
    expect(() => requireSoundConfig(DAY_AHEAD_RIDGE)).not.toThrow();
  });

  it.each([
    ['a look-back of one hour', { lookback: 1 }],
    ['a fractional look-back', { lookback: 24.5 }],
    ['no horizon', { horizon: 0 }],
    ['a cycle that does not divide the week', { cycle: 100 }],
    ['no penalty', { lambdas: [] }],
    ['a zero penalty', { lambdas: [0, 1] }],
    ['descending penalties', { lambdas: [1, 0.1] }],
    ['an infinite penalty', { lambdas: [1, Infinity] }],
  ])('refuses %s', (_name, change) => {
    expect(() => requireSoundConfig({ ...DAY_AHEAD_RIDGE, ...change })).toThrow(
      expect.objectContaining({ code: 'RIDGE_CONFIG_INVALID' }),
    );
  });
});
