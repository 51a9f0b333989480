import { describe, expect, it } from '@jest/globals';
import { toldOnTerminal } from './study-progress.ts';

describe('progress of a study', () => {
  it('is told while it runs and gone when it fails', async () => {
    const written: string[] = [];
    let nowMs = 0;
    const failing = toldOnTerminal(
      ({ progress }) => {
        progress({ share: 0.5, text: 'half' });
        throw new RangeError('planted');
      },
      { isTTY: true, write: (text: Uint8Array | string) => written.push(String(text)) > 0 },
      () => (nowMs += 200),
    );
    await expect(failing).rejects.toThrow('planted');
    expect(written).toEqual(['\r\u001B[2K[##########----------]  50 %  half', '\r\u001B[2K']);
  });

  it('is not told where nobody reads it', async () => {
    expect(await toldOnTerminal(({ progress }) => (progress({ share: 1, text: 'all' }), 7), null)).toBe(7);
  });
});
