import { describe, expect, it } from '@jest/globals';
import { figuresOf } from './backtest.ts';

describe('what a backtest tells people of a method', () => {
  it('is in words where there is no number', () => {
    expect(figuresOf({ mse: 0.25, mae: 0.5, skill: 0.1 })).toBe('mse 0.2500  mae 0.5000  skill 0.100');
    expect(figuresOf({ mse: Number.NaN, mae: Number.NaN, skill: Number.NaN })).toBe(
      'nothing to judge: the file is too short for it',
    );
    expect(figuresOf(null)).toBe('fewer sites than a sum needs');
  });
});
