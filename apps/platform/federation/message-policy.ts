import { Injectable } from '@nestjs/common';
import { DomainError } from '#core';
import { CHUNK_BYTES, requireCiphertext, requireCiphertextLength, thresholdAggregator } from '#encryption';
import {
  type AnyMessage,
  type BlobReference,
  chunkCount,
  type Message,
  requireOpening,
  shareTestSeed,
  summedGroups,
  type TaskCard,
  type TaskState,
} from '#federation';
import { BlobService } from '../blobs/blob.service.ts';
import type { Principal } from '../pipeline/principal.ts';

const SEALED_SHARE_LIMIT = 1 << 20;

/** What must hold of the bytes behind a message before it may enter the transcript. */
@Injectable()
export class MessagePolicy {
  constructor(private readonly blobs: BlobService) {}

  /** @throws BLOB_UNKNOWN, BLOB_SIZE, CIPHERTEXT_MALFORMED, OPENING_FALSE */
  async requireAcceptable(principal: Principal, state: TaskState, message: AnyMessage): Promise<void> {
    switch (message.kind) {
      case 'deal':
        return this.#requireStored(principal, message.payload.shares, SEALED_SHARE_LIMIT);
      case 'open':
        return this.#requireOpenings(principal, state, message);
      case 'upload':
        return this.#requireCiphertext(principal, state.card, message.payload, 1);
      case 'answer':
        return this.#requireCiphertext(principal, state.card, message.payload, groupsOf(state));
      default:
    }
  }

  /** Read chunk by chunk: an upload may be as large as a blob. */
  async #requireCiphertext(
    principal: Principal,
    { encryption }: TaskCard,
    reference: BlobReference,
    groups: number,
  ): Promise<void> {
    await this.#requireStored(principal, [reference], Number.MAX_SAFE_INTEGER);
    const chunks = groups * chunkCount(encryption);
    requireCiphertextLength(reference.bytes, chunks, encryption);
    for (let chunk = 0; chunk < chunks; chunk++) {
      const bytes = await this.blobs.readRange(reference.blob, chunk * CHUNK_BYTES, CHUNK_BYTES);
      requireCiphertext(bytes, 1, encryption);
    }
  }

  /** An opened share is what it claims to be: it gives these responses to this dealer's challenge. */
  async #requireOpenings(principal: Principal, state: TaskState, message: Message<'open'>): Promise<void> {
    if (!state.disputes.has(message.sender)) return;
    using aggregator = await thresholdAggregator(state.card.encryption);
    const seed = await shareTestSeed(state, message.sender);
    for (const { share, responses } of message.payload.openings) {
      await this.#requireStored(principal, [share], SEALED_SHARE_LIMIT);
      const bytes = new Uint8Array(await this.blobs.read(share.blob));
      requireOpening(aggregator.shareTest(bytes, seed), responses);
    }
  }

  async #requireStored(
    principal: Principal,
    references: readonly BlobReference[],
    limit: number,
  ): Promise<void> {
    const names = references.map(({ blob }) => blob);
    const sizes = await this.blobs.sharedSizes(principal, names);
    for (const reference of references) requireSize(reference, sizes.get(reference.blob), limit);
  }
}

/** @throws BLOB_UNKNOWN, BLOB_SIZE */
function requireSize({ blob, bytes }: BlobReference, stored: number | undefined, limit: number): void {
  if (stored === undefined)
    throw new DomainError(
      'BLOB_UNKNOWN',
      `expected the bytes of ${blob} to be stored for the community first, got none`,
      'not-found',
      { blob },
    );
  if (stored !== bytes || bytes > limit) {
    throw new DomainError(
      'BLOB_SIZE',
      `expected ${bytes} bytes, at most ${limit}, got ${stored}`,
      'invalid',
      { blob },
    );
  }
}

/** Sums that an answer is for; before U is fixed there is no answer, which the state machine says. */
function groupsOf({ card, close }: TaskState): number {
  const cohort = (close?.uploads ?? []).map(({ organisation }) => organisation);
  return Math.max(1, summedGroups(card, cohort).length);
}
