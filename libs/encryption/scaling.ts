import { inverse } from '#federation';
import { CIPHERTEXT_MODULUS, PLAIN_MODULUS } from './parameters.ts';
import { multiply, multiplyAdd, type Residues, type Ring, ringOf, scalars } from './ring.ts';

const t = PLAIN_MODULUS;
const halfT = t / 2n;

/** t has 59 bits; arithmetic modulo 2t fits the ring's and is reduced once more. */
const doubled = (degree: number): Ring => ringOf(degree, [2n * t]);

/**
 * round(q·m / t) + e: the BFV encoding of a plaintext polynomial with an error. With w = q·m mod t, centred, q·m − w is a
 * multiple of t and its quotient the nearest integer to q·m/t; modulo every prime that is −w/t, as q vanishes. (Halevi,
 * Polyakov & Shoup, eprint 2018/117, use the same identity to decrypt.)
 * @param m N coefficients modulo t  @param error N small integers
 */
export function scaleMessage(ring: Ring, m: BigUint64Array, error: Int32Array): Residues {
  const { degree } = ring;
  const ringOfT = doubled(degree);
  const w = multiply(
    ringOfT,
    m,
    scalars(ringOfT, () => CIPHERTEXT_MODULUS % t),
  );
  const rest = signExtended(error);
  const big = BigInt;
  for (let i = 0; i < degree; i++) {
    const less = big.asUintN(64, w[i]! - t);
    const reduced = big.asUintN(64, less + big.asUintN(64, big.asUintN(64, less >> 63n) * t));
    w[i] = reduced;
    // Centring: w − t in place of w > t/2 is one more multiple of t in the quotient.
    rest[i] = big.asUintN(64, rest[i]! + big.asUintN(64, big.asUintN(64, halfT - reduced) >> 63n));
  }
  return multiplyAdd(
    ring,
    w,
    scalars(ring, (p) => -inverse(t, p)),
    smallResidues(rest, ring),
  );
}

/** In two's complement modulo 2^64. */
function signExtended(values: Int32Array): BigUint64Array {
  const words = new BigUint64Array(values.length);
  const halves = new Int32Array(words.buffer);
  for (let i = 0; i < values.length; i++) {
    halves[2 * i] = values[i]!;
    halves[2 * i + 1] = values[i]! >> 31;
  }
  return words;
}

/** Small integers in two's complement, modulo every prime: a negative one needs its prime added once. */
function smallResidues(values: BigUint64Array, { degree, moduli, length }: Ring): Residues {
  const big = BigInt;
  const out = new BigUint64Array(length);
  for (let j = 0; j < moduli.length; j++) {
    const { p } = moduli[j]!;
    for (let i = 0, at = j * degree; i < degree; i++, at++) {
      const value = values[i]!;
      out[at] = big.asUintN(64, value + big.asUintN(64, big.asUintN(64, value >> 63n) * p));
    }
  }
  return out;
}
