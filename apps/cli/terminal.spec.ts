import { afterEach, describe, expect, it } from '@jest/globals';
import { hushTerminal, openTerminal, painted, progressTerminal } from './terminal.ts';

/** Both streams of this process as terminals, or not. */
const pretend = (isTTY: boolean): void => {
  for (const stream of [process.stdout, process.stderr]) {
    Object.defineProperty(stream, 'isTTY', { value: isTTY, configurable: true });
  }
};
const real = [process.stdout, process.stderr].map((stream) => [stream, stream.isTTY] as const);

afterEach(() => {
  for (const [stream, isTTY] of real) Object.defineProperty(stream, 'isTTY', { value: isTTY, configurable: true }); // prettier-ignore
});

describe('the terminal', () => {
  it('is told nothing before it is opened', () => {
    pretend(true);
    expect(progressTerminal()).toBeNull();
    expect(painted('error', 'CODE', 'stderr')).toBe('CODE');
  });

  it.each([
    [true, false, true],
    [true, true, false],
    [false, false, false],
  ])('where it is one (%p) and quiet is wanted (%p), is told progress: %p', (isTTY, quiet, told) => {
    pretend(isTTY);
    openTerminal();
    if (quiet) hushTerminal();
    expect(progressTerminal() !== null).toBe(told);
  });
});
