import { Injectable } from '@nestjs/common';
import { DomainError } from '#core';
import { requireCiphertext } from '#encryption';
import { type AnyMessage, type BlobReference, chunkCount, type TaskCard } from '#federation';
import { BlobService } from '../blobs/blob.service.ts';
import type { Principal } from '../pipeline/principal.ts';

const SEALED_SHARE_LIMIT = 1 << 20;

/** What must hold of the bytes behind a message before it may enter the transcript. */
@Injectable()
export class MessagePolicy {
  constructor(private readonly blobs: BlobService) {}

  /** @throws BLOB_UNKNOWN, BLOB_SIZE, CIPHERTEXT_MALFORMED */
  async requireAcceptable(principal: Principal, card: TaskCard, message: AnyMessage): Promise<void> {
    if (message.kind === 'deal') {
      for (const share of message.payload.shares)
        await this.#requireStored(principal, share, SEALED_SHARE_LIMIT);
    }
    if (message.kind === 'upload' || message.kind === 'answer') {
      await this.#requireStored(principal, message.payload, Number.MAX_SAFE_INTEGER);
      const bytes = await this.blobs.read(message.payload.blob);
      requireCiphertext(bytes, chunkCount(card.encryption), card.encryption);
    }
  }

  async #requireStored(principal: Principal, { blob, bytes }: BlobReference, limit: number): Promise<void> {
    const stored = await this.blobs.statShared(principal, blob);
    if (!stored)
      throw new DomainError(
        'BLOB_UNKNOWN',
        `expected the bytes of ${blob} to be stored for the community first, got none`,
        'not-found',
        { blob },
      );
    if (stored.bytes !== bytes || bytes > limit) {
      throw new DomainError(
        'BLOB_SIZE',
        `expected ${bytes} bytes, at most ${limit}, got ${stored.bytes}`,
        'invalid',
        { blob },
      );
    }
  }
}
