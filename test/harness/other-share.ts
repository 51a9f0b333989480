import { createHash } from 'node:crypto';

/** Three primes times 8 192 residues, and six masks. */
const SHARE_BYTES = 8 * (3 * 8_192 + 6);

/** What a decryptor keeps of a share that is not the one its dealer sealed: well formed, and whole on its disk. */
export function otherShare(): Uint8Array {
  const share = new Uint8Array(SHARE_BYTES);
  return Buffer.concat([share, createHash('sha256').update(share).digest()]);
}
