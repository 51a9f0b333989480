import { describe, expect, it } from '@jest/globals';
import { decodeCreationCursor, decodeCursor, encodeCursor } from './connection.ts';

const ID = '00000000-0000-4000-8000-000000000001';

describe('cursor of a list in order of creation', () => {
  it('is what it was made of', () => {
    const createdAt = new Date(0).toISOString();
    expect(decodeCreationCursor(encodeCursor([createdAt, ID]))).toEqual({ createdAt, id: ID });
    expect(decodeCreationCursor(null)).toBeUndefined();
  });

  it.each([
    ['no instant', ['nonsense', ID]],
    ['an instant that is none', ['2026-13-45T00:00:00.000Z', ID]],
    ['a year the database does not know', ['+275760-09-13T00:00:00.000Z', ID]],
    ['the year 0', ['0000-01-01T00:00:00.000Z', ID]],
    ['no id', ['2026-01-01T00:00:00.000Z', "' OR true"]],
    ['another list', ['2026-01-01T00:00:00.000Z']],
  ])('is refused with %s', (_what, keys) => {
    expect(() => decodeCreationCursor(encodeCursor(keys))).toThrow(
      expect.objectContaining({ code: 'CURSOR_MALFORMED' }),
    );
  });
});

describe('cursor of a list', () => {
  it.each(['a\u0000', '\ud800'])('is refused with text that no column takes: %j', (key) => {
    expect(() => decodeCursor(encodeCursor(['a', key]), 2)).toThrow(
      expect.objectContaining({ code: 'CURSOR_MALFORMED' }),
    );
  });
});
