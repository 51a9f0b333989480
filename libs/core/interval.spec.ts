import { describe, expect, it } from '@jest/globals';
import { parseInstant } from './interval.ts';

describe('parseInstant', () => {
  it('reads the years 1 to 9999 in UTC', () => {
    for (const text of ['0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']) {
      expect(new Date(parseInstant(text)).toISOString()).toBe(text);
    }
  });

  it.each([
    '0000-12-31T23:59:59Z',
    '0001-01-01T00:00:00+00:01',
    '9999-12-31T23:59:59-00:01',
    '2026-02-30T00:00:00Z',
    '2026-01-01',
  ])('refuses %s', (text) => {
    expect(() => parseInstant(text)).toThrow(expect.objectContaining({ code: 'INSTANT_MALFORMED' }));
  });
});
