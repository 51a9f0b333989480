import { DomainError } from '#core';
import type { EncryptionParameters } from '#federation';
import { inverseMod, isPrime } from './modular.ts';
import { bitReverse, forwardNtt, inverseNtt, type Ntt, nttOf } from './ntt.ts';

/**
 * BFV (Fan & Vercauteren, eprint 2012/144) in plain integers: what a verifier needs to turn a sum of residues into
 * slots without SEAL. q = Π q_i is odd, so t·x/q is never half-way between two integers and rounding has no ties.
 */
export interface BfvRing {
  readonly degree: number;
  /** Ciphertext primes q_i. */
  readonly primes: readonly Ntt[];
  readonly q: bigint;
  /** By prime: the CRT basis element that is 1 modulo q_i and 0 modulo the others. */
  readonly crtBasis: readonly bigint[];
  readonly plain: Ntt;
  /** Place of slot j in the transform modulo t. */
  readonly slotPlaces: readonly number[];
}

/** Bounds of what a verifier computes with; SEAL allows less. */
const MAX_DEGREE = 32_768;
const MAX_PRIMES = 8;
const MAX_PRIME_BITS = 61;

/** @throws CARD_RING unless the parameters name a ring in which sums can be recomputed. */
export function bfvRing({ ringDegree, primes, plainModulus }: EncryptionParameters): BfvRing {
  if (!Number.isInteger(Math.log2(ringDegree)) || ringDegree < 8 || ringDegree > MAX_DEGREE) {
    throw unsound(`a ring degree of 8 to ${MAX_DEGREE}, a power of two`, ringDegree);
  }
  if (primes.length < 1 || primes.length > MAX_PRIMES || new Set(primes).size !== primes.length) {
    throw unsound(`1 to ${MAX_PRIMES} different primes`, primes.length);
  }
  const moduli = [...primes, plainModulus].map((text) => requireModulus(text, ringDegree));
  const q = moduli.slice(0, -1).reduce((product, prime) => product * prime, 1n);
  const tables = moduli.map((modulus) => nttOf(ringDegree, modulus));
  return {
    degree: ringDegree,
    primes: tables.slice(0, -1),
    q,
    crtBasis: moduli.slice(0, -1).map((prime) => (q / prime) * inverseMod((q / prime) % prime, prime)),
    plain: tables.at(-1)!,
    slotPlaces: slotPlaces(ringDegree),
  };
}

function requireModulus(text: string, degree: number): bigint {
  const modulus = /^[1-9]\d{0,19}$/.test(text) ? BigInt(text) : 0n;
  if (modulus >> BigInt(MAX_PRIME_BITS) || modulus % BigInt(2 * degree) !== 1n || !isPrime(modulus)) {
    throw unsound(`a prime below 2^${MAX_PRIME_BITS} that is 1 modulo ${2 * degree}`, text);
  }
  return modulus;
}

const unsound = (expected: string, got: string | number): DomainError =>
  new DomainError('CARD_RING', `expected ${expected}, got ${got}`);

/**
 * SEAL's slots are two rows of N/2: slot j of the first row is the value at ψ^(3^j), of the second at ψ^(−3^j), since 3
 * and −1 generate the odd residues modulo 2N (Smart & Vercauteren, eprint 2011/133).
 */
function slotPlaces(degree: number): number[] {
  const places = Array.from({ length: degree }, () => 0);
  const row = degree >> 1;
  for (let j = 0, exponent = 1; j < row; j++, exponent = (exponent * 3) % (2 * degree)) {
    places[j] = bitReverse((exponent - 1) >> 1, degree);
    places[row + j] = bitReverse((2 * degree - exponent - 1) >> 1, degree);
  }
  return places;
}

/**
 * Slots of one chunk: inverse transform, integer coefficients x, round(t·x/q) modulo t, transform modulo t.
 * @param phase Σ c0 + Σ d: primes × N residues, prime by prime, in SEAL's transform order; overwritten
 * @returns N integers centred modulo t
 */
export function slotsOf(phase: BigUint64Array, ring: BfvRing): BigInt64Array {
  const { degree, primes, plain, slotPlaces: places } = ring;
  const residues = primes.map((prime, i) => {
    const part = phase.subarray(i * degree, (i + 1) * degree);
    inverseNtt(part, prime);
    return part;
  });
  const scaled = new BigUint64Array(degree);
  for (let k = 0; k < degree; k++) {
    let x = 0n;
    for (let i = 0; i < residues.length; i++) x += residues[i]![k]! * ring.crtBasis[i]!;
    x %= ring.q;
    scaled[k] = ((2n * plain.modulus * x + ring.q) / (2n * ring.q)) % plain.modulus;
  }
  forwardNtt(scaled, plain);
  const half = plain.modulus >> 1n;
  return BigInt64Array.from(places, (place) => {
    const value = scaled[place]!;
    return value > half ? value - plain.modulus : value;
  });
}
