import { describe, expect, it } from '@jest/globals';
import { isOrdered } from './period.ts';

describe('a chosen period', () => {
  it('ends after it begins', () => {
    expect(isOrdered({ from: '2026-05-09', to: '2026-05-10' })).toBe(true);
    expect(isOrdered({ from: '2026-12-01', to: '2026-11-01' })).toBe(false);
    expect(isOrdered({ from: '2026-05-09', to: '2026-05-09' })).toBe(false);
  });
});
