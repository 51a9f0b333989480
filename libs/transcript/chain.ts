import { DomainError, hashJson } from '#core';
import { type AnyMessage, messageHash } from '#federation';

/** One message in its place. Whoever knows the hash of entry k knows every entry up to k. */
export interface TranscriptEntry {
  /** 0 for the card, then one more each. */
  readonly index: number;
  /** Hash of the entry before, hex; 64 zeros for the first. */
  readonly previous: string;
  readonly message: AnyMessage;
  /** SHA-256 of the canonical JSON of {index, previous, messageHash}, hex. */
  readonly hash: string;
}

/** The last entry somebody has seen. */
export type Head = Pick<TranscriptEntry, 'index' | 'hash'>;

const BEFORE_FIRST = '0'.repeat(64);

/** The entry that follows `previous`; null where the task begins. */
export async function appendEntry(previous: Head | null, message: AnyMessage): Promise<TranscriptEntry> {
  const index = previous === null ? 0 : previous.index + 1;
  const before = previous?.hash ?? BEFORE_FIRST;
  return { index, previous: before, message, hash: await entryHash(index, before, message) };
}

async function entryHash(index: number, previous: string, message: AnyMessage): Promise<string> {
  return hashJson({ index, previous, messageHash: await messageHash(message) });
}

/**
 * Checks that `entries` continue `from` (null: begin the task) without gap, swap or change.
 * @returns the new head, `from` itself where there is nothing new
 * @throws TRANSCRIPT_FORKED where the first entry continues another history than the one seen up to `from`,
 *   TRANSCRIPT_BROKEN otherwise; data.index names the first entry that is wrong
 */
export async function requireChain(
  entries: readonly TranscriptEntry[],
  from: Head | null = null,
): Promise<Head | null> {
  let head = from;
  for (const entry of entries) {
    const expected = await appendEntry(head, entry.message);
    if (entry.index !== expected.index) {
      throw broken(expected.index, `entry ${expected.index}`, `entry ${entry.index}`);
    }
    if (entry.previous !== expected.previous) {
      throw head === from && from !== null
        ? forked(entry, from)
        : broken(
            entry.index,
            `entry ${entry.index} to name ${expected.previous} as previous`,
            entry.previous,
          );
    }
    requireRoot(entry);
    if (entry.hash !== expected.hash) {
      throw broken(entry.index, `entry ${entry.index} to have hash ${expected.hash}`, entry.hash);
    }
    head = entry;
  }
  return head === null ? null : { index: head.index, hash: head.hash };
}

/** What ends a step says itself, under the platform's signature, which entry it follows. */
function requireRoot({ index, previous, message }: TranscriptEntry): void {
  if (message.kind !== 'release' && message.kind !== 'fail') return;
  if (message.payload.previous !== previous)
    throw broken(index, `entry ${index} after ${message.payload.previous}`, `it after ${previous}`);
}

const broken = (index: number, expected: string, got: string): DomainError =>
  new DomainError('TRANSCRIPT_BROKEN', `expected ${expected}, got ${got}`, 'conflict', { index });

const forked = (entry: TranscriptEntry, from: Head): DomainError =>
  new DomainError(
    'TRANSCRIPT_FORKED',
    `expected entry ${entry.index} to continue ${from.hash} seen before, got one that continues ${entry.previous}`,
    'conflict',
    { index: entry.index },
  );
