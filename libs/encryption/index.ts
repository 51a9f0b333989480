/**
 * encryption: the secure sum by threshold BFV, and what its parties need around it. The only importer of node-seal.
 *
 * Vocabulary: ring element (residues modulo three 60-bit primes), public component a (hash-derived, never sent), secret and
 * Shamir share of a site, share test, answer of a decryptor, smudge (noise that hides the uploads' noise), zero-sum mask,
 * sealing (a share for one decryptor's eyes), place (one residue of a ciphertext), running sum, dither (seeded stochastic rounding).
 * References: Fan & Vercauteren (eprint 2012/144) for BFV; Mouchet et al. (eprint 2020/304, 2022/780) for t-of-n
 * decryption; Becker et al. (NDSS 2018) and Takeshita et al. (2020, SLAP) for sums under a public component; RFC 7748,
 * 5869, 9180 for sealing; FIPS 202 for SHAKE-256. Engine: Microsoft SEAL 4.1 through node-seal.
 */
export { thresholdParameters } from './parameters.ts';
export {
  requireCiphertext,
  requireCiphertextLength,
  sealedShareBytes,
  thresholdAggregator,
} from './threshold-aggregator.ts';
export { type Places, CHUNK_BYTES, RunningSum, placesOfChunk, rangeOf } from './running-sum.ts';
export {
  type AgreementKey,
  type Sealing,
  type ShareContext,
  type Unsealing,
  agreementKeyPair,
  maskKey,
  seal,
  unseal,
} from './sealing.ts';
export { type DitherInput, seededDither, seededNoise } from './dither.ts';
