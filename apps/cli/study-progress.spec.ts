import { describe, expect, it } from '@jest/globals';
import { toldOnTerminal } from './study-progress.ts';

/** A terminal and a clock that moves on by `stepMs` whenever it is read. */
function screen(isTTY: boolean, stepMs: number) {
  const written: string[] = [];
  let nowMs = 0;
  return {
    written,
    terminal: { isTTY, write: (text: string) => written.push(text) > 0 } as Pick<
      NodeJS.WriteStream,
      'isTTY' | 'write'
    >,
    now: () => (nowMs += stepMs),
  };
}

describe('progress on a terminal', () => {
  it('is one line that is gone in the end', async () => {
    const { written, terminal, now } = screen(true, 200);
    const result = await toldOnTerminal(
      ({ progress }) => {
        progress({ share: 0.25, text: 'programs solved: 1 of 4' });
        progress({ share: null, text: 'nodes: 9, gap 2.0 %' });
        return 7;
      },
      terminal,
      now,
    );
    expect(result).toBe(7);
    expect(written).toEqual([
      '\r\u001B[2K  25 %  programs solved: 1 of 4',
      '\r\u001B[2Knodes: 9, gap 2.0 %',
      '\r\u001B[2K',
    ]);
  });

  it('is not written more often than it can be read, nor of what takes no time', async () => {
    const { written, terminal, now } = screen(true, 1);
    await toldOnTerminal(({ progress }) => progress({ share: 1, text: 'done' }), terminal, now);
    expect(written).toEqual([]);
  });

  it('is not written where nobody reads it, and an error passes', async () => {
    const { written, terminal, now } = screen(false, 200);
    const failing = toldOnTerminal(
      ({ progress }) => {
        progress({ share: 0.5, text: 'half' });
        throw new RangeError('planted');
      },
      terminal,
      now,
    );
    await expect(failing).rejects.toThrow('planted');
    expect(written).toEqual([]);
  });
});
