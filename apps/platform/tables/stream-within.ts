import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '#core';

/**
 * Writes all of `source` into `sink`, or ends both when the time is up: a client that takes a little now and then would hold its
 * place for ever. @throws EXPORT_TIME, and what either stream ends with
 */
export async function streamWithin(source: Readable, sink: Writable, limitMs: number): Promise<void> {
  const limit = AbortSignal.timeout(limitMs);
  try {
    await pipeline(source, sink, { signal: limit });
  } catch (error) {
    if (!limit.aborted) throw error;
    throw new DomainError(
      'EXPORT_TIME',
      `expected an export within ${limitMs / 1_000} s, got a longer one`,
      'unavailable',
    );
  }
}
