import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { SigningKey } from '#core';
import { PLATFORM_KEY } from '../platform.tokens.ts';
import { requireKey } from './cursor-keys.ts';
import type { Principal } from './principal.ts';

const CONTEXT = 'gridcommons/sealed-sequence/1';
const BLOCK = 16;
const HALF = 8;

/**
 * Sequence numbers as cursors that say nothing. A table counts the rows of all tenants, so that a number, beside one of an hour
 * ago, would tell what others have done meanwhile. One AES block of the reader and the number: the same cursor for the
 * same place, another for each reader, and none that is made up.
 */
@Injectable()
export class SealedSequences {
  readonly #key: Uint8Array;

  constructor(@Inject(PLATFORM_KEY) { privateKey }: SigningKey) {
    this.#key = createHash('sha256').update(`${CONTEXT}\n${privateKey}`).digest();
  }

  /** 32 hex digits. */
  seal({ organisationId }: Pick<Principal, 'organisationId'>, list: string, sequence: string): string {
    const block = Buffer.alloc(BLOCK);
    readerOf(organisationId, list).copy(block);
    block.writeBigUInt64BE(BigInt(sequence), HALF);
    const cipher = createCipheriv('aes-256-ecb', this.#key, null).setAutoPadding(false);
    return Buffer.concat([cipher.update(block), cipher.final()]).toString('hex');
  }

  /** The sequence number, as text for a bigint comparison. @throws CURSOR_MALFORMED for another list's or reader's as well */
  open(
    { organisationId }: Pick<Principal, 'organisationId'>,
    list: string,
    cursor: string | undefined,
  ): string | undefined {
    if (cursor === undefined) return undefined;
    requireKey(cursor, /^[0-9a-f]{32}$/.test(cursor));
    const decipher = createDecipheriv('aes-256-ecb', this.#key, null).setAutoPadding(false);
    const block = Buffer.concat([decipher.update(Buffer.from(cursor, 'hex')), decipher.final()]);
    requireKey(cursor, block.subarray(0, HALF).equals(readerOf(organisationId, list)));
    return String(block.readBigUInt64BE(HALF));
  }
}

const readerOf = (organisationId: string, list: string): Buffer =>
  createHash('sha256').update(`${list}\n${organisationId}`).digest().subarray(0, HALF);
