import { describe, expect, it } from '@jest/globals';
import { printable } from './output.ts';

describe('text for a terminal', () => {
  it.each([
    ['the cursor moved up and a line cleared', '\u001B[1A\u001B[2Kverified', '\uFFFD[1A\uFFFD[2Kverified'],
    ['another title of the window', '\u001B]0;x\u0007', '\uFFFD]0;x\uFFFD'],
    ['the one-byte form of the same', '\u009B2J', '\uFFFD2J'],
    ['a line begun again', 'NOT VERIFIED\rverified', 'NOT VERIFIED\uFFFDverified'],
    ['what follows hidden', '\u001B[8mNOT VERIFIED', '\uFFFD[8mNOT VERIFIED'],
    ['letters in the colour of their ground', '\u001B[30;40mNOT', '\uFFFD[30;40mNOT'],
    ['letters taken back', 'ab\b\b', 'ab\uFFFD\uFFFD'],
  ])('lets nobody have %s', (_, text, printed) => {
    expect(printable(text)).toBe(printed);
  });

  it('keeps colours, tabs and ends of lines', () => {
    const text = '\u001B[32m✓\u001B[39m a\tb\r\nc\n';
    expect(printable(text)).toBe(text);
  });
});
