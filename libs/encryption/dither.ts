import { createCipheriv, createHash, hkdfSync } from 'node:crypto';
import { type Bytes, utf8 } from '#core';
import type { Dither } from '#federation';
import { encodeFields } from './expand.ts';

export interface DitherInput {
  readonly cardHash: string;
  /** What is being rounded: round, attempt and step of the task; equal steps on equal values repeat the rounding. */
  readonly step: string;
  /** The exact input before rounding. */
  readonly values: Float64Array;
}

/**
 * Stochastic rounding that only the site can predict and that a crash cannot vary: AES-256-CTR, one counter range a chunk,
 * under HKDF-SHA-256(site secret; card hash; step, SHA-256 of the input).
 */
export function seededDither(secret: Bytes, { cardHash, step, values }: DitherInput): Dither {
  const input = createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest();
  const info = encodeFields(['gridcommons/dither/1', step, input]);
  const key = new Uint8Array(hkdfSync('sha256', secret, utf8(cardHash), info, 32));
  return (chunk, count) => {
    const start = new Uint8Array(16);
    new DataView(start.buffer).setUint32(0, chunk);
    const stream = createCipheriv('aes-256-ctr', key, start).update(new Uint8Array(4 * count));
    return new Uint32Array(new Uint8Array(stream).buffer);
  };
}
