/**
 * transcript: the signed, hash-chained record of one task and its verification from the file alone. Runs in Node and in
 * browsers; needs neither SEAL nor the platform: ciphertexts are summed by residue addition and rounded in plain integers.
 *
 * Vocabulary: entry (a signed message in its place), root (hash of the last entry), blob (a ciphertext or the aggregate,
 * by SHA-256), U (uploads that were summed), A (decryptors that answered), phase (Σ c0 + Σ d = Δ·Σ m + small).
 * References: Fan & Vercauteren (eprint 2012/144) for BFV; Smart & Vercauteren (eprint 2011/133) for slots; Longa &
 * Naehrig (2016) for the transform, in the order and with the roots of Microsoft SEAL 4.1.
 */
export { type Head, type TranscriptEntry, appendEntry, requireChain } from './chain.ts';
export { exportTask } from './export-task.ts';
export { type TranscriptFile } from './file.ts';
export {
  type CheckName,
  type Expected,
  type TranscriptCheck,
  type Verdict,
  verifyTranscript,
} from './verify.ts';
