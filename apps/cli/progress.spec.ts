import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { progressOn, progressText } from './progress.ts';

/** A terminal and a clock that moves on by `stepMs` whenever it is read. */
function screen(stepMs: number, columns = 80) {
  const written: string[] = [];
  let nowMs = 0;
  return {
    written,
    terminal: { isTTY: true, columns, write: (text: Uint8Array | string) => written.push(String(text)) > 0 },
    now: () => (nowMs += stepMs),
  };
}

const share = fc.double({ min: 0, max: 1, noNaN: true });
const judged = fc.integer({ min: 5, max: 1_000 }).map((thousandths) => thousandths / 1_000);
const elapsedMs = fc.integer({ min: 0, max: 10 ** 9 });

const filled = (text: string): number => text.split('#').length - 1;
/** Seconds that are told to be left. */
const left = (text: string): number =>
  (/ ([\d:]+) left/.exec(text)?.[1] ?? '0').split(':').reduce((sum, part) => 60 * sum + Number(part), 0);

describe('the text of progress', () => {
  it.each([
    [0, 0, '[--------------------]   0 %  x'],
    [0.25, 1_000, '[#####---------------]  25 %  x'],
    [0.001, 9_000, '[--------------------]   0 %  x'],
    [0.25, 2_000, '[#####---------------]  25 %  0:06 left  x'],
    [0.5, 3_661_000, '[##########----------]  50 %  1:01:01 left  x'],
    [1, 9_000, '[####################] 100 %  x'],
    [null, 9_000, 'x'],
  ])('of %p after %i ms', (done, elapsed, text) => {
    expect(progressText(done, 'x', elapsed)).toBe(text);
  });

  it('is as long a bar for every share, full only when all is done, never longer with less done', () => {
    fc.assert(
      fc.property(share, share, elapsedMs, (one, other, elapsed) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map((done) => progressText(done, '', elapsed)); // prettier-ignore
        expect(less).toMatch(/^\[#*-*\] {1,3}\d+ % /);
        expect(less!.indexOf(']')).toBe(21);
        expect(filled(less!)).toBeLessThanOrEqual(filled(more!));
        expect(filled(less!) === 20).toBe(Math.min(one, other) === 1);
      }),
    );
  });

  it('leaves less time the more of the same time has done', () => {
    fc.assert(
      fc.property(judged, judged, elapsedMs, (one, other, elapsed) => {
        const [less, more] = [Math.min(one, other), Math.max(one, other)];
        expect(left(progressText(more, '', elapsed))).toBeLessThanOrEqual(left(progressText(less, '', elapsed))); // prettier-ignore
      }),
    );
  });
});

describe('progress on a terminal', () => {
  it('is one line that is gone in the end', () => {
    const { written, terminal, now } = screen(200);
    const progress = progressOn(terminal, now);
    progress.at(0.25, 'programs solved: 1 of 4');
    progress.at(null, 'nodes: 9, gap 2.0 %');
    progress.end();
    progress.end();
    expect(written).toEqual([
      '\r\u001B[2K[#####---------------]  25 %  programs solved: 1 of 4',
      '\r\u001B[2Knodes: 9, gap 2.0 %',
      '\r\u001B[2K',
    ]);
  });

  it('is not written more often than it can be read, nor of what takes no time', () => {
    const { written, terminal, now } = screen(1);
    const progress = progressOn(terminal, now);
    for (let i = 0; i < 100; i += 1) progress.at(i / 100, 'steps');
    progress.end();
    expect(written).toHaveLength(2);
    const other = screen(1);
    const brief = progressOn(other.terminal, other.now);
    brief.at(1, 'done');
    brief.end();
    expect(other.written).toEqual([]);
  });

  it('never wraps', () => {
    const { written, terminal, now } = screen(200, 30);
    progressOn(terminal, now).at(0.5, 'a text that is longer than the terminal is wide');
    expect(written[0]!.replace('\r\u001B[2K', '')).toHaveLength(29);
  });
});
