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
  const rest = new Int32Array(error);
  const big = BigInt;
  for (let i = 0; i < degree; i++) {
    if (w[i]! >= t) w[i] = big.asUintN(64, w[i]! - t);
    // Centring: w − t in place of w is one more multiple of t in the quotient.
    if (w[i]! > halfT) rest[i]!++;
  }
  return multiplyAdd(
    ring,
    w,
    scalars(ring, (p) => -inverse(t, p)),
    smallResidues(rest, ring),
  );
}

/** Small integers modulo every prime. As two's complement modulo 2^64 a negative one needs its prime added once. */
function smallResidues(values: Int32Array, { degree, moduli, length }: Ring): Residues {
  const big = BigInt;
  const wide = new BigUint64Array(degree);
  const halves = new Int32Array(wide.buffer);
  for (let i = 0; i < degree; i++) {
    halves[2 * i] = values[i]!;
    halves[2 * i + 1] = values[i]! >> 31;
  }
  const out = new BigUint64Array(length);
  for (let j = 0; j < moduli.length; j++) {
    const { p } = moduli[j]!;
    for (let i = 0, at = j * degree; i < degree; i++, at++) {
      const value = wide[i]!;
      const raised = big.asUintN(64, value + p);
      out[at] = values[i]! < 0 ? raised : value;
    }
  }
  return out;
}
