import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError, fromHex, hashJson, type Json, type SigningKey } from '#core';
import { Database } from '#persistence';
import { PLATFORM_KEY } from '../platform.tokens.ts';
import { IdempotencyKey } from './pipeline.entities.ts';
import type { Principal } from './principal.ts';

/** A run that has not answered after this long died with its process; its key may be used for another try. */
const LEASE_MS = 60_000;
/** How long a repeated request gets the first one's answer. */
const KEEP_MS = 24 * 3_600_000;

/** A mutation as the client sent it. */
export interface MutationRequest {
  readonly query: string;
  readonly operationName: string | null;
  readonly variables: Json;
}

/** The answer of a mutation as it was sent: the `data` of GraphQL. */
export type StoredAnswer = Readonly<Record<string, unknown>>;

/**
 * Makes a repeated mutation the same mutation: the first request under a key runs, a like one gets its answer. Only
 * answers of mutations that took effect are kept; a refused one changed nothing and may be tried again.
 */
@Injectable()
export class IdempotencyService {
  readonly #encryptionKey: Uint8Array;

  constructor(
    private readonly database: Database,
    @Inject(PLATFORM_KEY) platformKey: SigningKey,
  ) {
    // Answers may carry a secret that is shown once: a copy of the database alone must not tell it.
    const key = hkdfSync('sha256', fromHex(platformKey.privateKey), '', 'gridcommons/idempotency/1', 32);
    this.#encryptionKey = new Uint8Array(key);
  }

  /**
   * Takes the key for this request.
   * @returns the answer of an earlier like request, or undefined: run it, then `finish` or `release`.
   * @throws IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_IN_PROGRESS
   */
  async begin(
    principal: Principal,
    key: string,
    request: MutationRequest,
  ): Promise<StoredAnswer | undefined> {
    const requestHash = await hashJson({ ...request, principal: principal.id });
    const tenantId = principal.organisationId;
    const now = Date.now();
    const lease = { lockedUntil: new Date(now + LEASE_MS), expiresAt: new Date(now + KEEP_MS) };
    return this.database.asTenant(tenantId, async (manager) => {
      const insert = manager.createQueryBuilder().insert().into(IdempotencyKey);
      const values = { tenantId, key, requestHash, response: null, ...lease };
      const inserted = await insert.values(values).orIgnore().returning('key').execute();
      if ((inserted.raw as readonly unknown[]).length > 0) return undefined;
      const row = await manager.findOneOrFail(IdempotencyKey, {
        where: { tenantId, key },
        lock: { mode: 'pessimistic_write' },
      });
      if (row.expiresAt.getTime() > now) {
        requireSameRequest(row, requestHash);
        if (row.response !== null) return this.#decrypt(row);
        requireDeadRun(row, now);
      }
      await manager.update(IdempotencyKey, { tenantId, key }, { requestHash, response: null, ...lease });
      return undefined;
    });
  }

  /** Keeps the answer of a mutation that took effect. */
  async finish(principal: Principal, key: string, answer: StoredAnswer): Promise<void> {
    const tenantId = principal.organisationId;
    const response = this.#encrypt(tenantId, key, answer);
    await this.database.asTenant(tenantId, (manager) =>
      manager.update(IdempotencyKey, { tenantId, key }, { response }),
    );
  }

  /** Gives the key back: the mutation was refused and changed nothing. */
  async release(principal: Principal, key: string): Promise<void> {
    const tenantId = principal.organisationId;
    await this.database.asTenant(tenantId, (manager) => manager.delete(IdempotencyKey, { tenantId, key }));
  }

  #encrypt(tenantId: string, key: string, answer: StoredAnswer): Buffer {
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.#encryptionKey, nonce).setAAD(
      Buffer.from(`${tenantId} ${key}`),
    );
    const text = Buffer.concat([cipher.update(JSON.stringify(answer), 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), text]);
  }

  #decrypt({ tenantId, key, response }: IdempotencyKey): StoredAnswer {
    const bytes = response ?? Buffer.alloc(0);
    const decipher = createDecipheriv('aes-256-gcm', this.#encryptionKey, bytes.subarray(0, 12))
      .setAAD(Buffer.from(`${tenantId} ${key}`))
      .setAuthTag(bytes.subarray(12, 28));
    return JSON.parse(
      Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8'),
    ) as StoredAnswer;
  }
}

function requireSameRequest(row: IdempotencyKey, requestHash: string): void {
  if (row.requestHash !== requestHash) {
    throw new DomainError(
      'IDEMPOTENCY_KEY_REUSED',
      'expected a new key, got one used for another request',
      'conflict',
    );
  }
}

function requireDeadRun(row: IdempotencyKey, nowMs: number): void {
  if (row.lockedUntil.getTime() > nowMs) {
    throw new DomainError(
      'IDEMPOTENCY_IN_PROGRESS',
      'expected an answered request, got one still running',
      'conflict',
    );
  }
}
