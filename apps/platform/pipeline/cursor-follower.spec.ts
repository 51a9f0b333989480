import { describe, expect, it } from '@jest/globals';
import { followCursor } from './cursor-follower.ts';

/** A growing list of row numbers as strings; remembers where each read began. */
function growing(...rows: string[]) {
  const reads: string[] = [];
  const source = {
    read: (after: string) => {
      reads.push(after);
      return Promise.resolve(rows.filter((row) => Number(row) > Number(after)));
    },
    cursorOf: (row: string) => row,
  };
  return { rows, reads, source };
}

describe('followCursor', () => {
  it('yields what is there after the start, then what comes, each once and in order', async () => {
    const { rows, reads, source } = growing('1', '2', '3');
    const followed = followCursor(source, '1', 1);
    expect(await followed.next()).toEqual({ value: '2', done: false });
    expect(await followed.next()).toEqual({ value: '3', done: false });
    const pending = followed.next();
    rows.push('4', '5');
    expect(await pending).toEqual({ value: '4', done: false });
    expect(await followed.next()).toEqual({ value: '5', done: false });
    await followed.return?.();
    expect(reads[0]).toBe('1');
    expect(new Set(reads.slice(1))).toEqual(new Set(['3']));
  });

  it('ends at once when the reader goes, even in the middle of a long pause', async () => {
    const { source } = growing();
    const followed = followCursor(source, '0', 2 ** 30);
    const pending = followed.next();
    await Promise.resolve();
    await followed.return?.();
    expect(await pending).toEqual({ value: undefined, done: true });
    expect(await followed.next()).toEqual({ value: undefined, done: true });
  });

  it('passes on an error of the source and ends', async () => {
    const followed = followCursor(
      { read: () => Promise.reject(new Error('gone')), cursorOf: String },
      '0',
      1,
    );
    await expect(followed.next()).rejects.toThrow('gone');
    expect(await followed.next()).toEqual({ value: undefined, done: true });
  });
});
