import { DomainError } from '#core';
import type { AnswerInput } from '#federation';
import { ERROR_BOUND } from './bfv.ts';
import { expand, randomWords } from './expand.ts';
import { CIPHERTEXT_MODULUS, PLAIN_MODULUS } from './parameters.ts';
import { addInto, multiplyAdd, type Residues, type Ring, scalars, subtractInto } from './ring.ts';

/** The smudge is this much wider than all it hides: statistical distance ≤ N · 2^−81 a ciphertext. */
const STATISTICAL_BITS = 80n;

/** Worst noise of K uploads: K errors, and K times half a unit from rounding the message to a multiple of q/t. */
const noiseBound = (sites: number): bigint => (BigInt(sites) * (2n * ERROR_BOUND + 1n) + 1n) / 2n;

/**
 * k of the smudge, uniform in [−2^k, 2^k): 2^k ≥ 2^80 × the worst noise of `sites` uploads. Sum of |A| smudges and that
 * noise must stay below q/2t, or rounding would fail.
 * @throws SMUDGING_DOES_NOT_FIT
 */
export function smudgingBits(sites: number, active: number): bigint {
  const noise = noiseBound(sites);
  const bits = STATISTICAL_BITS + BigInt(noise.toString(2).length);
  if (2n * PLAIN_MODULUS * (noise + (BigInt(active) << bits)) >= CIPHERTEXT_MODULUS) {
    throw new DomainError(
      'SMUDGING_DOES_NOT_FIT',
      `expected noise of ${sites} sites and ${active} smudges of 2^${bits} to stay below q/2t, got more`,
      'limit',
      { sites, active, bits: Number(bits) },
    );
  }
  return bits;
}

/** N coefficients uniform in [−2^bits, 2^bits), from the system's CSPRNG, as residues. `bits` in 60…119. */
export function drawSmudge(ring: Ring, bits: bigint): Residues {
  const words = randomWords(2 * ring.degree);
  const low = new BigUint64Array(ring.degree);
  const high = new BigUint64Array(ring.degree);
  // bits + 1 random bits: 60 in the low part, the others above.
  const highMask = (1n << (bits - 59n)) - 1n;
  const lowMask = (1n << 60n) - 1n;
  for (let i = 0; i < ring.degree; i++) {
    low[i] = words[2 * i]! & lowMask;
    high[i] = words[2 * i + 1]! & highMask;
  }
  const one = scalars(ring, () => 1n);
  const shifted = multiplyAdd(
    ring,
    one,
    scalars(ring, () => -(1n << bits)),
    low,
  );
  return multiplyAdd(
    ring,
    high,
    scalars(ring, () => 1n << 60n),
    shifted,
  );
}

/**
 * z_l = Σ_{k ∈ A, k > l} P_lk − Σ_{k ∈ A, k < l} P_lk with P_lk = Expand("mask", K_lk, card hash, round, chunk, agreement):
 * over all of A they cancel, one answer alone is uniform. Without them an honest answer less known shares is a fraction of
 * a·Σs plus smudge, from which the noise can be read modulo the denominator.
 * @throws MASK_KEY_MISSING
 */
export function zeroSumMask(
  ring: Ring,
  { index, active, maskKeys, component, agreementHash }: Omit<AnswerInput, 'shares'>,
): Residues {
  const { cardHash, round, chunk } = component;
  const mask = new BigUint64Array(ring.length);
  for (const other of active) {
    if (other === index) continue;
    const key = maskKeys.get(other);
    if (key?.length !== 32) {
      throw new DomainError(
        'MASK_KEY_MISSING',
        `expected 32 bytes shared with decryptor ${other}, got ${key?.length ?? 'none'}`,
        'invalid',
        { decryptor: other },
      );
    }
    const pairwise = expand(ring, ['mask', key, cardHash, round, chunk, agreementHash]);
    if (other > index) addInto(ring, mask, pairwise);
    else subtractInto(ring, mask, pairwise);
  }
  return mask;
}
