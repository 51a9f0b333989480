import { DomainError } from '#core';

/**
 * Uniform 32-bit words from the caller's generator, `count` of them; each call continues where the last one ended. Noise is
 * as secret as these words: a site draws them from a keyed stream, a test from a seeded one.
 */
export type RandomWords = (count: number) => Uint32Array;

/** An exact probability or exponent: numerator / denominator, denominator > 0. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

const BLOCK_WORDS = 1024;
const WORD = 2 ** 32;
const UNIT = 2 ** -32;
/** Bound once: looking globals up in every iteration is slow where they are intercepted, as under Jest. */
const { clz32, ceil, log2 } = Math;

/** Exact draws from a stream of words. Words are asked for in blocks, so a stream serves one sampler only. */
export class WordStream {
  #block: Uint32Array = new Uint32Array(0);
  #at = 0;
  readonly #words: RandomWords;

  constructor(words: RandomWords) {
    this.#words = words;
  }

  /** @throws RANDOM_WORDS_SHORT where the generator gives fewer words than asked for. */
  next(): number {
    if (this.#at === this.#block.length) {
      this.#block = this.#words(BLOCK_WORDS);
      this.#at = 0;
      if (this.#block.length !== BLOCK_WORDS) {
        throw new DomainError(
          'RANDOM_WORDS_SHORT',
          `expected ${BLOCK_WORDS} words, got ${this.#block.length}`,
          'unavailable',
        );
      }
    }
    return this.#block[this.#at++]!;
  }

  /** Uniform in {0 … bound − 1} by rejection; 1 ≤ bound ≤ 2^53. */
  below(bound: number): number {
    if (bound === 1) return 0;
    if (bound <= WORD) {
      const unused = clz32(bound - 1);
      let value = this.next() >>> unused;
      while (value >= bound) value = this.next() >>> unused;
      return value;
    }
    const unused = 64 - ceil(log2(bound));
    const draw = () => (this.next() >>> unused) * WORD + this.next();
    let value = draw();
    while (value >= bound) value = draw();
    return value;
  }

  /** Uniform multiple of 2^-53 in [0, 1). */
  fraction(): number {
    return ((this.next() >>> 5) * 2 ** 26 + (this.next() >>> 6)) * 2 ** -53;
  }

  /**
   * True with probability exactly `exact()`, of which `near` is an approximation with an error of at most `slack` (≥ 2^-50,
   * which covers the rounding here). One word decides all but about one draw in 2^32; the rest is settled in whole numbers.
   */
  bernoulli(near: number, slack: number, exact: () => Ratio): boolean {
    const word = this.next();
    if ((word + 1) * UNIT <= near - slack) return true;
    if (word * UNIT >= near + slack) return false;
    return this.#settle(BigInt(word), exact());
  }

  /** Whether the uniform number that begins with `prefix` lies below the ratio, drawing further words as long as it is open. */
  #settle(prefix: bigint, { numerator, denominator }: Ratio): boolean {
    let drawn = prefix;
    for (let bits = 32n; ; bits += 32n) {
      const threshold = numerator << bits;
      if ((drawn + 1n) * denominator <= threshold) return true;
      if (drawn * denominator >= threshold) return false;
      drawn = (drawn << 32n) + BigInt(this.next());
    }
  }
}
