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

interface StreamInput extends DitherInput {
  readonly purpose: 'gridcommons/dither/1' | 'gridcommons/noise/1';
}

/** HKDF-SHA-256(site secret; card hash; purpose, step, SHA-256 of the input): only the site knows it, a crash cannot vary it. */
function streamKey(secret: Bytes, { cardHash, step, values, purpose }: StreamInput): Uint8Array {
  const input = createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest();
  const info = encodeFields([purpose, step, input]);
  return new Uint8Array(hkdfSync('sha256', secret, utf8(cardHash), info, 32));
}

const wordsOf = (stream: Uint8Array): Uint32Array => new Uint32Array(new Uint8Array(stream).buffer);

/**
 * Random words for a site's noise, AES-256-CTR: a repeat of the same attempt on the same input has the same noise, anything
 * else another.
 */
export function seededNoise(secret: Bytes, input: DitherInput): (count: number) => Uint32Array {
  const key = streamKey(secret, { ...input, purpose: 'gridcommons/noise/1' });
  const cipher = createCipheriv('aes-256-ctr', key, new Uint8Array(16));
  return (count) => wordsOf(cipher.update(new Uint8Array(4 * count)));
}

/**
 * Stochastic rounding that only the site can predict and that a crash cannot vary: AES-256-CTR, one counter range a chunk.
 */
export function seededDither(secret: Bytes, input: DitherInput): Dither {
  const key = streamKey(secret, { ...input, purpose: 'gridcommons/dither/1' });
  return (chunk, count) => {
    const start = new Uint8Array(16);
    new DataView(start.buffer).setUint32(0, chunk);
    return wordsOf(createCipheriv('aes-256-ctr', key, start).update(new Uint8Array(4 * count)));
  };
}
