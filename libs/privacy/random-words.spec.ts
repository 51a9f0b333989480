import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { WordStream } from './random-words.ts';
import { seededWords } from './seeded-words.ts';

/** A stream that begins with the given words and goes on with zeros. */
function beginningWith(...words: number[]) {
  let at = 0;
  return new WordStream((count) => Uint32Array.from({ length: count }, () => words[at++] ?? 0));
}

const certain = (numerator: bigint) => () => ({ numerator, denominator: 1n });
const third = () => ({ numerator: 1n, denominator: 3n });
const never = () => {
  throw new Error('expected the double to decide');
};

describe('word stream', () => {
  it('passes every word on once, in order', () => {
    const [direct, stream] = [seededWords(1), new WordStream(seededWords(1))];
    const words = [...direct(1024), ...direct(1024)];
    expect(words.map(() => stream.next())).toEqual(words);
  });

  it('refuses a generator that gives less than asked', () => {
    const stream = new WordStream(() => new Uint32Array(3));
    expect(() => stream.next()).toThrow(expect.objectContaining({ code: 'RANDOM_WORDS_SHORT' }));
  });

  it('draws below any bound, evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 53 - 1 }), fc.integer(), (bound, seed) => {
        const stream = new WordStream(seededWords(seed));
        const draws = Array.from({ length: 400 }, () => stream.below(bound));
        expect(draws.every((draw) => Number.isSafeInteger(draw) && draw >= 0 && draw < bound)).toBe(true);
        if (bound < 1000) return;
        const mean = draws.reduce((sum, draw) => sum + draw / bound, 0) / draws.length;
        expect(Math.abs(mean - 0.5)).toBeLessThan(6 / Math.sqrt(12 * draws.length));
      }),
    );
    const stream = new WordStream(seededWords(5));
    const counts = new Float64Array(5);
    for (let i = 0; i < 50_000; i += 1) counts[stream.below(5)]! += 1;
    counts.forEach((count) => expect(Math.abs(count - 10_000)).toBeLessThan(6 * Math.sqrt(8000)));
  });

  it('lets a double decide where it can', () => {
    expect(beginningWith(0x7fffffff).bernoulli(0.51, 2 ** -50, never)).toBe(true);
    expect(beginningWith(0x90000000).bernoulli(0.51, 2 ** -50, never)).toBe(false);
  });

  it('settles the rest in whole numbers, on as many words as it takes', () => {
    // 1/3 is 0.555… in base 2^32 digits: the draw follows it for three words, then falls to one side.
    const digit = 0x55555555;
    const draw = (last: number) => beginningWith(digit, digit, digit, last).bernoulli(1 / 3, 2 ** -50, third);
    expect([draw(digit - 1), draw(digit + 1)]).toEqual([true, false]);
    // The approximation is never believed beyond its slack.
    expect(beginningWith(digit, 0).bernoulli(0.4, 0.1, third)).toBe(true);
    expect(beginningWith(digit, 0xffffffff).bernoulli(0.3, 0.1, third)).toBe(false);
  });

  it('is sure of 0 and of 1', () => {
    for (const word of [0, 0xffffffff]) {
      expect(beginningWith(word).bernoulli(1, 2 ** -50, certain(1n))).toBe(true);
      expect(beginningWith(word).bernoulli(0, 2 ** -50, certain(0n))).toBe(false);
    }
  });
});
