/** Next 32 bits, uniform, as an unsigned integer. */
export type RandomSource = () => number;

const rotl = (value: number, bits: number) => (value << bits) | (value >>> (32 - bits));

/** xoshiro128** 1.1 (Blackman & Vigna 2021) from four words that are not all zero. */
export function xoshiro128([a, b, c, d]: readonly [number, number, number, number]): RandomSource {
  let [s0, s1, s2, s3] = [a, b, c, d];
  return () => {
    const result = Math.imul(rotl(Math.imul(s1, 5), 7), 9) >>> 0;
    const shifted = s1 << 9;
    s2 ^= s0;
    s3 ^= s1;
    s1 ^= s2;
    s0 ^= s3;
    s2 ^= shifted;
    s3 = rotl(s3, 11);
    return result;
  };
}

/** SplitMix32: turns neighbouring seeds into unrelated states. */
function splitMix(seed: number): RandomSource {
  let state = seed;
  return () => {
    state = (state + 0x9e3779b9) | 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed ^= mixed >>> 15;
    mixed = Math.imul(mixed, 0x735a2d97);
    return (mixed ^ (mixed >>> 15)) >>> 0;
  };
}

/**
 * The same numbers on every machine, from integer operations alone. For initial weights, shuffling and projections, never
 * for anything secret. `seed` is a 32-bit unsigned integer.
 */
export function randomSource(seed: number): RandomSource {
  const next = splitMix(seed);
  return xoshiro128([next(), next(), next(), next() | 1]);
}

/** In [0, 1), a multiple of 2^-24: exact in float32. */
export const uniform = (next: RandomSource): number => (next() >>> 8) * 2 ** -24;

/** Mean 0, variance 1, within ± 6: twelve uniforms, because logarithms and cosines differ between machines. */
export function normal(next: RandomSource): number {
  let sum = -6;
  for (let i = 0; i < 12; i += 1) sum += uniform(next);
  return sum;
}

/** The numbers 0 … count − 1 in random order (Fisher & Yates). */
export function permutation(count: number, next: RandomSource): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i -= 1) {
    const j = Math.floor((next() / 2 ** 32) * (i + 1));
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
