import { type Bytes, DomainError } from '#core';

/**
 * An element of R_q = Z_q[X]/(X^N + 1) by residues: prime by prime, N each, little-endian 64-bit words on the wire. In
 * SEAL's transform order ("NTT form") products are taken place by place.
 */
export type Residues = BigUint64Array<ArrayBuffer>;

/** p = 2^60 − fold with fold < 2^19, so that 2^60 ≡ fold (mod p) and reduction needs no division. */
export interface Modulus {
  readonly p: bigint;
  readonly fold: bigint;
}

export interface Ring {
  readonly degree: number;
  readonly moduli: readonly Modulus[];
  /** Residues of one element: moduli × degree. */
  readonly length: number;
}

const TWO_60 = 1n << 60n;

/** Moduli need not be prime. @throws MODULUS_UNSUPPORTED outside (2^60 − 2^19, 2^60). */
export function ringOf(degree: number, moduli: readonly bigint[]): Ring {
  const wrong = moduli.find((p) => p <= TWO_60 - (1n << 19n) || p >= TWO_60);
  if (wrong !== undefined) {
    throw new DomainError('MODULUS_UNSUPPORTED', `expected a modulus just below 2^60, got ${wrong}`);
  }
  return { degree, moduli: moduli.map((p) => ({ p, fold: TWO_60 - p })), length: degree * moduli.length };
}

export const ringBytes = (ring: Ring): number => 8 * ring.length;

/** The bytes of an element; shares memory. */
export const toBytes = (x: Residues): Bytes => new Uint8Array(x.buffer, x.byteOffset, x.byteLength);

/**
 * The element in foreign bytes, or whatever else has N residues for each of the ring's moduli. To be read only: it shares
 * their memory where they are aligned.
 * @throws `code` (CIPHERTEXT_MALFORMED) for another length or a residue that is not below its modulus.
 */
export function parseResidues(bytes: Uint8Array, ring: Ring, code = 'CIPHERTEXT_MALFORMED'): Residues {
  if (bytes.length !== ringBytes(ring)) {
    throw new DomainError(code, `expected ${ringBytes(ring)} bytes, got ${bytes.length}`, 'invalid', {
      expected: ringBytes(ring),
      got: bytes.length,
    });
  }
  const residues = wordsOf(bytes);
  requireReduced(residues, ring, code);
  return residues;
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Residues {
  return buffer instanceof ArrayBuffer && byteOffset % 8 === 0
    ? new BigUint64Array(buffer, byteOffset, byteLength / 8)
    : new BigUint64Array(new Uint8Array(buffer, byteOffset, byteLength).slice().buffer);
}

function requireReduced(residues: Residues, ring: Ring, code: string): void {
  const index = firstUnreduced(residues, ring);
  if (index < 0) return;
  const { p } = ring.moduli[Math.floor(index / ring.degree)]!;
  throw new DomainError(code, `expected residue ${index} below ${p}, got a larger one`, 'invalid', { index });
}

/** −1 for none. */
function firstUnreduced(residues: Residues, { degree, moduli }: Ring): number {
  for (let j = 0; j < moduli.length; j++) {
    const { p } = moduli[j]!;
    for (let i = j * degree; i < (j + 1) * degree; i++) if (residues[i]! >= p) return i;
  }
  return -1;
}

/*
 * Arithmetic runs in loops of 64-bit operations, each written out: V8 turns BigInt.asUintN(64, …) into machine arithmetic
 * within a function but not across calls, which is worth a factor of 5 to 8. Nothing branches on a residue: a processor
 * guesses every second such branch wrong, which costs more than a product, and time would depend on secrets. So x < 2p
 * becomes x mod p as (x − p) + p · (sign bit of x − p).
 */

const LOW_18 = (1n << 18n) - 1n;
const LOW_30 = (1n << 30n) - 1n;
const LOW_42 = (1n << 42n) - 1n;
const LOW_55 = (1n << 55n) - 1n;
const LOW_60 = (1n << 60n) - 1n;

/** A full element, or one polynomial below every modulus (N numbers), or one scalar a modulus. */
export type Operand = BigUint64Array;

/** Where the numbers of an operand for modulus j start, and the step between them. */
function addressing(x: Operand, { degree, length }: Ring): readonly [start: number, step: number] {
  if (x.length === length) return [degree, 1];
  return x.length === degree ? [0, 1] : [1, 0];
}

/**
 * x·y + z, place by place; scalars and polynomials below every modulus are broadcast.
 * With 30-bit halves, x·y = hi·2^60 + lo; then 2^60 ≡ fold twice over, in parts that stay below 2^63.
 */
export function multiplyAdd(ring: Ring, x: Operand, y: Operand, z: Operand): Residues {
  const { degree, moduli } = ring;
  const out = new BigUint64Array(ring.length);
  const [xStart, xStep] = addressing(x, ring);
  const [yStart, yStep] = addressing(y, ring);
  const [zStart, zStep] = addressing(z, ring);
  const big = BigInt;
  for (let j = 0; j < moduli.length; j++) {
    const { p, fold } = moduli[j]!;
    let [xi, yi, zi] = [j * xStart, j * yStart, j * zStart];
    for (let i = j * degree; i < (j + 1) * degree; i++, xi += xStep, yi += yStep, zi += zStep) {
      const a = x[xi]!;
      const b = y[yi]!;
      const a0 = big.asUintN(64, a & LOW_30);
      const a1 = big.asUintN(64, a >> 30n);
      const b0 = big.asUintN(64, b & LOW_30);
      const b1 = big.asUintN(64, b >> 30n);
      const middle = big.asUintN(64, big.asUintN(64, a1 * b0) + big.asUintN(64, a0 * b1));
      const hi = big.asUintN(64, big.asUintN(64, a1 * b1) + big.asUintN(64, middle >> 30n));
      const lo = big.asUintN(
        64,
        big.asUintN(64, big.asUintN(64, middle & LOW_30) << 30n) + big.asUintN(64, a0 * b0),
      );
      const top = big.asUintN(64, big.asUintN(64, hi >> 42n) * fold);
      const folded = big.asUintN(
        64,
        big.asUintN(64, big.asUintN(64, top & LOW_18) << 42n) +
          big.asUintN(64, big.asUintN(64, top >> 18n) * fold),
      );
      const sum = big.asUintN(
        64,
        big.asUintN(64, lo + big.asUintN(64, big.asUintN(64, hi & LOW_42) * fold)) +
          big.asUintN(64, folded + z[zi]!),
      );
      const reduced = big.asUintN(
        64,
        big.asUintN(64, sum & LOW_60) + big.asUintN(64, big.asUintN(64, sum >> 60n) * fold),
      );
      const less = big.asUintN(64, reduced - p);
      out[i] = big.asUintN(64, less + big.asUintN(64, big.asUintN(64, less >> 63n) * p));
    }
  }
  return out;
}

/** x·y. */
export const multiply = (ring: Ring, x: Operand, y: Operand): Residues =>
  multiplyAdd(ring, x, y, new BigUint64Array(ring.moduli.length));

/** target += x. */
export function addInto(ring: Ring, target: Residues, x: Residues): void {
  const { degree, moduli } = ring;
  const big = BigInt;
  for (let j = 0; j < moduli.length; j++) {
    const { p } = moduli[j]!;
    for (let i = j * degree; i < (j + 1) * degree; i++) {
      const less = big.asUintN(64, big.asUintN(64, target[i]! + x[i]!) - p);
      target[i] = big.asUintN(64, less + big.asUintN(64, big.asUintN(64, less >> 63n) * p));
    }
  }
}

/** target −= x. */
export function subtractInto(ring: Ring, target: Residues, x: Residues): void {
  const { degree, moduli } = ring;
  const big = BigInt;
  for (let j = 0; j < moduli.length; j++) {
    const { p } = moduli[j]!;
    for (let i = j * degree; i < (j + 1) * degree; i++) {
      const difference = big.asUintN(64, target[i]! - x[i]!);
      target[i] = big.asUintN(64, difference + big.asUintN(64, big.asUintN(64, difference >> 63n) * p));
    }
  }
}

/** Any 64-bit words → residues. */
function reduceInPlace({ degree, moduli }: Ring, x: Residues): void {
  const big = BigInt;
  for (let j = 0; j < moduli.length; j++) {
    const { p, fold } = moduli[j]!;
    for (let i = j * degree; i < (j + 1) * degree; i++) {
      const word = x[i]!;
      const folded = big.asUintN(
        64,
        big.asUintN(64, word & LOW_60) + big.asUintN(64, big.asUintN(64, word >> 60n) * fold),
      );
      const less = big.asUintN(64, folded - p);
      x[i] = big.asUintN(64, less + big.asUintN(64, big.asUintN(64, less >> 63n) * p));
    }
  }
}

/** Residues that fit into one 64-bit word, less the reduced sum they are added to. */
const ADDED_BEFORE_REDUCTION = 15;

/** Σ of elements; of none it is zero. */
export function sumOf(ring: Ring, elements: Iterable<Residues>): Residues {
  const sum = new BigUint64Array(ring.length);
  const big = BigInt;
  let added = 0;
  for (const element of elements) {
    for (let i = 0; i < sum.length; i++) sum[i] = big.asUintN(64, sum[i]! + element[i]!);
    if (++added % ADDED_BEFORE_REDUCTION === 0) reduceInPlace(ring, sum);
  }
  reduceInPlace(ring, sum);
  return sum;
}

/** Σ_i x_i·y_i over the places of each modulus: one number a modulus. */
export function innerProduct(ring: Ring, x: Residues, y: Residues): Residues {
  const { degree, moduli } = ring;
  const products = multiply(ring, x, y);
  // In an array, as V8 keeps 64-bit integers unboxed there but not across a loop.
  const sums = new BigUint64Array(moduli.length);
  const big = BigInt;
  for (let j = 0; j < moduli.length; j++) {
    const { p } = moduli[j]!;
    for (let i = j * degree; i < (j + 1) * degree; i++) {
      const less = big.asUintN(64, big.asUintN(64, sums[j]! + products[i]!) - p);
      sums[j] = big.asUintN(64, less + big.asUintN(64, big.asUintN(64, less >> 63n) * p));
    }
  }
  return sums;
}

/**
 * Σ_k c_k·x^k at a small point x, place by place, by Horner's rule. A step v·x + c takes v < 2^63 to below 2^62 and leaves
 * it unreduced: with v = high·2^55 + low, low·x stays below 2^60 and of high·x·2^55 what is above 2^60 is folded.
 * @param coefficients c_0, c_1, … at least one  @param x whole, 0…31
 */
export function evaluateAt(ring: Ring, coefficients: readonly Residues[], x: number): Residues {
  const { degree, moduli } = ring;
  const value = coefficients.at(-1)!.slice();
  const point = BigInt(x);
  const big = BigInt;
  for (let k = coefficients.length - 2; k >= 0; k--) {
    const coefficient = coefficients[k]!;
    for (let j = 0; j < moduli.length; j++) {
      const { fold } = moduli[j]!;
      for (let i = j * degree; i < (j + 1) * degree; i++) {
        const v = value[i]!;
        const high = big.asUintN(64, big.asUintN(64, v >> 55n) * point);
        const low = big.asUintN(64, big.asUintN(64, v & LOW_55) * point);
        const wrapped = big.asUintN(
          64,
          big.asUintN(64, big.asUintN(64, high & 31n) << 55n) +
            big.asUintN(64, big.asUintN(64, high >> 5n) * fold),
        );
        value[i] = big.asUintN(64, big.asUintN(64, low + wrapped) + coefficient[i]!);
      }
    }
  }
  reduceInPlace(ring, value);
  return value;
}

/** One scalar a modulus. */
export const scalars = (ring: Ring, of: (p: bigint) => bigint): BigUint64Array =>
  BigUint64Array.from(ring.moduli, ({ p }) => ((of(p) % p) + p) % p);

/** Words of a uniform stream, each call the next `count` of it in memory of their own. */
export type WordSource = (count: number) => Residues;

/** `places` numbers for every modulus, uniform below it by rejection: the 60 low bits of each word, if they are small enough. */
export function uniform({ moduli }: Ring, places: number, source: WordSource): Residues {
  const out = source(moduli.length * places);
  const big = BigInt;
  for (let j = 0; j < moduli.length; j++) {
    const { p } = moduli[j]!;
    for (let i = j * places; i < (j + 1) * places; i++) {
      const word = big.asUintN(64, out[i]! & LOW_60);
      out[i] = word;
      // Once in 2^42 words: the rest of the stream moves up by one.
      if (word >= p) {
        out.copyWithin(i, i + 1);
        out.set(source(1), out.length - 1);
        i--;
      }
    }
  }
  return out;
}
