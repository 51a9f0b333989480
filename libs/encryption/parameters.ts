import { DomainError } from '#core';
import type { EncryptionParameters } from '#federation';

/*
 * One parameter set, measured and fixed: ring degree, primes and plaintext modulus are what SEAL 4.1 makes of
 * CoeffModulus.Create(8192, [60, 60, 60, 17]) and PlainModulus.Batching(8192, 59). 197 bits of modulus in all; 128-bit
 * security allows 218 at this degree (Homomorphic Encryption Standard 2018, ternary secrets).
 */
export const RING_DEGREE = 8192;
export const CIPHERTEXT_PRIMES = [1152921504606683137n, 1152921504606748673n, 1152921504606830593n] as const;
/** SEAL keeps one prime for key switching, which is not used here; it costs security margin only. */
export const SPECIAL_PRIME = 114689n;
export const PLAIN_MODULUS = 576460752303210497n;

/** q = Π q_i. */
export const CIPHERTEXT_MODULUS = CIPHERTEXT_PRIMES.reduce((q, prime) => q * prime, 1n);

/** The public parameters of a sum of `values` numbers in `lanes` lanes, as they stand in a card. */
export function thresholdParameters(
  choice: Pick<EncryptionParameters, 'values' | 'lanes' | 'fractionBits' | 'maxSites'>,
): EncryptionParameters {
  const { values, lanes, fractionBits, maxSites } = choice;
  return {
    scheme: 'threshold-bfv/1',
    ringDegree: RING_DEGREE,
    primes: CIPHERTEXT_PRIMES.map(String),
    plainModulus: String(PLAIN_MODULUS),
    lanes,
    fractionBits,
    maxSites,
    values,
  };
}

/** @throws PARAMETERS_UNSUPPORTED unless scheme, ring and moduli are those of thresholdParameters. */
export function requireSupported(params: EncryptionParameters): void {
  const own = thresholdParameters(params);
  const differing = (['scheme', 'ringDegree', 'primes', 'plainModulus'] as const).find(
    (field) => String(params[field]) !== String(own[field]),
  );
  if (differing !== undefined) {
    throw new DomainError(
      'PARAMETERS_UNSUPPORTED',
      `expected ${differing} ${String(own[differing])}, got ${String(params[differing])}`,
      'invalid',
      { field: differing },
    );
  }
}
