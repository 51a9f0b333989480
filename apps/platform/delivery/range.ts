import { DomainError } from '#core';
import type { BlobService } from '../blobs/blob.service.ts';

/** A part of a blob. Bytes, `end` exclusive. */
export interface BlobRange {
  readonly sha256: string;
  readonly start: number;
  readonly end: number;
  /** Of the whole blob. */
  readonly size: number;
}

/** As a header asks; without an end: to the blob's. */
export interface AskedRange {
  readonly start: number;
  /** Exclusive. */
  readonly end: number | null;
}

/** One range of RFC 9110, counted from the start. @throws RANGE_INVALID */
export function parseRange(header: string | undefined): AskedRange | null {
  if (header === undefined) return null;
  const [, start, last] = /^bytes=(\d{1,15})-(\d{1,15})?$/.exec(header) ?? [];
  if (start === undefined) throw rangeInvalid('bytes=<first>-<last>');
  return { start: Number(start), end: last === undefined ? null : Number(last) + 1 };
}

/** @throws RANGE_INVALID, BLOB_NOT_FOUND */
export async function rangeOf(
  blobs: BlobService,
  sha256: string,
  asked: AskedRange | null,
): Promise<BlobRange> {
  const size = await blobs.size(sha256);
  const start = asked?.start ?? 0;
  const end = Math.min(asked?.end ?? size, size);
  if (asked !== null && start >= end) throw rangeInvalid(`a range within ${size} bytes`);
  return { sha256, start, end, size };
}

const rangeInvalid = (expected: string): DomainError =>
  new DomainError('RANGE_INVALID', `expected ${expected}, got another range`);
