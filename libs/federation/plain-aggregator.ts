import { type Bytes, DomainError } from '#core';
import type { Aggregator } from './aggregator.ts';
import type { EncryptionParameters } from './card.ts';

/**
 * The secure sum without the security: a chunk is its slots as little-endian 64-bit integers modulo the plaintext modulus,
 * secrets and shares are empty. For tests and simulations; a running platform cannot select it.
 */
export function plainAggregator(params: EncryptionParameters): Aggregator {
  const slots = params.ringDegree;
  const t = BigInt(params.plainModulus);
  const half = t / 2n;

  const parse = (chunk: Uint8Array): BigUint64Array => {
    if (chunk.length !== 8 * slots) {
      throw malformed(`${8 * slots} bytes`, `${chunk.length}`, { expected: 8 * slots, got: chunk.length });
    }
    const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.length);
    const residues = BigUint64Array.from({ length: slots }, (_, i) => view.getBigUint64(8 * i, true));
    const index = residues.findIndex((residue) => residue >= t);
    if (index >= 0) throw malformed(`a residue below ${t} at index ${index}`, 'a larger one', { index });
    return residues;
  };

  const format = (residues: BigUint64Array): Bytes => {
    const chunk = new Uint8Array(8 * slots);
    const view = new DataView(chunk.buffer);
    residues.forEach((residue, i) => view.setBigUint64(8 * i, residue, true));
    return chunk;
  };

  return {
    slots,
    deal: (_threshold, points) => ({
      secret: new Uint8Array(0),
      shares: Array.from({ length: points }, () => new Uint8Array(0)),
    }),
    shareTest: () => [],
    encrypt: (_secret, values) => {
      if (values.length !== slots) {
        throw new DomainError('SLOTS_LENGTH', `expected ${slots} slots, got ${values.length}`);
      }
      return format(BigUint64Array.from(values, (value) => ((value % t) + t) % t));
    },
    add: (chunks) => {
      const sum = new BigUint64Array(slots);
      for (const chunk of chunks) parse(chunk).forEach((residue, i) => (sum[i] = (sum[i]! + residue) % t));
      return format(sum);
    },
    answer: () => new Uint8Array(0),
    combine: (sum) => BigInt64Array.from(parse(sum), (residue) => (residue > half ? residue - t : residue)),
  };
}

const malformed = (expected: string, got: string, data: Record<string, number>) =>
  new DomainError('CIPHERTEXT_MALFORMED', `expected ${expected}, got ${got}`, 'invalid', data);
