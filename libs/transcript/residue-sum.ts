import { type Bytes, DomainError } from '#core';
import { type BfvRing, slotsOf } from './bfv.ts';

const WORD_BYTES = 8;

/** Bytes of one chunk of residues: primes × N little-endian 64-bit words. */
export const chunkBytes = ({ primes, degree }: BfvRing): number => primes.length * degree * WORD_BYTES;

/**
 * @throws RESIDUE_TOO_LARGE unless every residue is below its prime: the sum of two canonical forms has one canonical
 *   form, and a larger number would be a second text of the same residue.
 */
export function requireResidues(blob: Bytes, ring: BfvRing): void {
  const view = new DataView(blob.buffer, blob.byteOffset, blob.byteLength);
  const bounds = ring.primes.map(
    ({ modulus }) => [Number(modulus >> 32n), Number(modulus & 0xffff_ffffn)] as const,
  );
  const words = blob.byteLength / WORD_BYTES;
  for (let word = 0; word < words; word++) {
    const [high, low] = bounds[Math.floor(word / ring.degree) % bounds.length]!;
    const top = view.getUint32(word * WORD_BYTES + 4, true);
    if (top > high || (top === high && view.getUint32(word * WORD_BYTES, true) >= low)) {
      throw new DomainError(
        'RESIDUE_TOO_LARGE',
        `expected residue ${word} below its prime, got a larger number`,
        'invalid',
        {
          word,
        },
      );
    }
  }
}

/** Slots of every chunk of Σ blobs: uploads of U and answers of A, all of one length and with sound residues. */
export function openSum(blobs: readonly Bytes[], ring: BfvRing): BigInt64Array[] {
  const size = chunkBytes(ring);
  const views = blobs.map((blob) => new DataView(blob.buffer, blob.byteOffset, blob.byteLength));
  return Array.from({ length: blobs[0]!.byteLength / size }, (_, chunk) =>
    slotsOf(addResidues(views, chunk * size, ring), ring),
  );
}

/** Halves of 32 bits are added exactly as doubles and reduced once, however many blobs there are. */
function addResidues(
  views: readonly DataView[],
  offset: number,
  { primes, degree }: BfvRing,
): BigUint64Array {
  const sum = new BigUint64Array(primes.length * degree);
  for (let word = 0; word < sum.length; word++) {
    const at = offset + word * WORD_BYTES;
    let low = 0;
    let high = 0;
    for (const view of views) {
      low += view.getUint32(at, true);
      high += view.getUint32(at + 4, true);
    }
    sum[word] = ((BigInt(high) << 32n) + BigInt(low)) % primes[Math.floor(word / degree)]!.modulus;
  }
  return sum;
}
