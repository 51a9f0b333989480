import { inverseMod, leastPrimitiveRoot } from './modular.ts';

/**
 * Negacyclic number-theoretic transform of Z_p[X]/(X^N + 1) in the order of Microsoft SEAL: place k holds the value at
 * ψ^(2·bitReverse(k) + 1), ψ the least primitive 2N-th root of unity (Longa & Naehrig 2016, algorithms 1 and 2).
 */
export interface Ntt {
  readonly degree: number;
  readonly modulus: bigint;
  /** ψ^bitReverse(i). */
  readonly powers: readonly bigint[];
  /** ψ^−bitReverse(i). */
  readonly inversePowers: readonly bigint[];
  readonly inverseDegree: bigint;
}

/** `degree` N a power of two, `modulus` a prime ≡ 1 modulo 2N. */
export function nttOf(degree: number, modulus: bigint): Ntt {
  const root = leastPrimitiveRoot(degree, modulus);
  return {
    degree,
    modulus,
    powers: bitReversedPowers(root, degree, modulus),
    inversePowers: bitReversedPowers(inverseMod(root, modulus), degree, modulus),
    inverseDegree: inverseMod(BigInt(degree), modulus),
  };
}

function bitReversedPowers(root: bigint, degree: number, modulus: bigint): bigint[] {
  const powers = Array.from({ length: degree }, () => 1n);
  let power = 1n;
  for (let i = 0; i < degree; i++) {
    powers[bitReverse(i, degree)] = power;
    power = (power * root) % modulus;
  }
  return powers;
}

/** The log2(degree) low bits of `index` in reverse order. */
export function bitReverse(index: number, degree: number): number {
  let reversed = 0;
  for (let bit = 1; bit < degree; bit <<= 1) reversed = (reversed << 1) | (index & bit ? 1 : 0);
  return reversed;
}

/** Coefficients to values, in place. */
export function forwardNtt(a: BigUint64Array, { degree, modulus, powers }: Ntt): void {
  for (let blocks = 1, half = degree >> 1; half > 0; blocks <<= 1, half >>= 1) {
    for (let block = 0; block < blocks; block++) {
      const twist = powers[blocks + block]!;
      for (let j = 2 * block * half; j < (2 * block + 1) * half; j++) {
        const u = a[j]!;
        const v = (a[j + half]! * twist) % modulus;
        const sum = u + v;
        a[j] = sum >= modulus ? sum - modulus : sum;
        a[j + half] = u >= v ? u - v : u + modulus - v;
      }
    }
  }
}

/** Values to coefficients, in place. */
export function inverseNtt(a: BigUint64Array, { degree, modulus, inversePowers, inverseDegree }: Ntt): void {
  for (let blocks = degree >> 1, half = 1; blocks > 0; blocks >>= 1, half <<= 1) {
    for (let block = 0; block < blocks; block++) {
      const twist = inversePowers[blocks + block]!;
      for (let j = 2 * block * half; j < (2 * block + 1) * half; j++) {
        const u = a[j]!;
        const v = a[j + half]!;
        const sum = u + v;
        a[j] = sum >= modulus ? sum - modulus : sum;
        a[j + half] = ((u >= v ? u - v : u + modulus - v) * twist) % modulus;
      }
    }
  }
  for (let j = 0; j < degree; j++) a[j] = (a[j]! * inverseDegree) % modulus;
}
