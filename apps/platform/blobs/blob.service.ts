import type { ReadStream } from 'node:fs';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Config } from '#config';
import { DomainError } from '#core';
import { Database } from '#persistence';
import { Organisation } from '../identity/identity.entities.ts';
import { OPERATOR_LEGAL_ID } from '../identity/operator-bootstrap.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CONFIG } from '../platform.tokens.ts';
import { type Audience, Blob } from './blob.entity.ts';
import { blobNotFound, BlobStore, isSha256, requireBlobSize } from './blob-store.ts';

export interface StoredBlob {
  readonly sha256: string;
  readonly bytes: number;
  readonly audience: Audience;
}

/** Large bytes, named by their SHA-256: GraphQL carries the names only. */
@Injectable()
export class BlobService implements OnModuleInit {
  readonly #store: BlobStore;
  readonly #limit: number;

  constructor(
    private readonly database: Database,
    @Inject(CONFIG) config: Config,
  ) {
    this.#store = new BlobStore(config.blobDir);
    this.#limit = config.limits.blobBytes;
  }

  async onModuleInit(): Promise<void> {
    await this.#store.removeStale(Date.now());
  }

  /**
   * Stores a stream for the principal's organisation; again is the same. Without an audience a new blob is private and
   * a known one keeps its own.
   * @throws BLOB_TOO_LARGE, DIGEST_MISMATCH, HASH_MALFORMED
   */
  async put(
    principal: Principal,
    sha256: string,
    source: AsyncIterable<Uint8Array>,
    options: { audience?: Audience | undefined; declaredBytes?: number | undefined } = {},
  ): Promise<StoredBlob> {
    if (!isSha256(sha256))
      throw new DomainError('HASH_MALFORMED', 'expected a SHA-256 in lower-case hex, got another form');
    requireBlobSize(options.declaredBytes ?? 0, this.#limit);
    const { bytes } = await this.#store.write({ sha256, bytes: this.#limit }, source);
    const { organisationId } = principal;
    const audience = await this.database.asTenant(organisationId, (manager) =>
      record(manager, { tenantId: organisationId, sha256, bytes: String(bytes) }, options.audience),
    );
    return { sha256, bytes, audience };
  }

  /** For a principal that may read it. @throws BLOB_NOT_FOUND for what is absent and for what is another's alike. */
  async open(principal: Principal, sha256: string): Promise<{ bytes: number; stream: ReadStream }> {
    const visible =
      isSha256(sha256) &&
      (await this.database.asTenant(principal.organisationId, (manager) =>
        manager.existsBy(Blob, { sha256 }),
      ));
    if (!visible) throw blobNotFound(sha256);
    return { bytes: await this.#store.require(sha256), stream: this.#store.stream(sha256) };
  }

  /**
   * The bytes, for the platform's own work: whoever calls has decided that they may be read. Touches no database, so it
   * may be called inside a transaction.
   * @throws BLOB_NOT_FOUND
   */
  async read(sha256: string): Promise<Uint8Array> {
    return this.#store.read(sha256);
  }

  /** Part of the bytes, under the same conditions; fewer where the blob ends. @throws BLOB_NOT_FOUND */
  async readRange(sha256: string, offset: number, bytes: number): Promise<Uint8Array<ArrayBuffer>> {
    return this.#store.readRange(sha256, offset, bytes);
  }

  /** How many bytes, under the same conditions. @throws BLOB_NOT_FOUND */
  async size(sha256: string): Promise<number> {
    return this.#store.require(sha256);
  }

  /** The bytes as they come, under the same conditions; with `part` from `start` to before `end`. */
  stream(sha256: string, part?: { readonly start: number; readonly end: number }): ReadStream {
    return this.#store.stream(sha256, part);
  }

  /** The file, for threads of the platform that read it by themselves. */
  path(sha256: string): string {
    return this.#store.path(sha256);
  }

  /** Sizes of those among `names` that every member may read: not of private ones, whoever asks. */
  async sharedSizes(principal: Principal, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    const shared = await this.database.asTenant(principal.organisationId, (manager) =>
      manager.find(Blob, {
        select: { tenantId: true, sha256: true },
        where: { sha256: In([...names]), audience: 'community' },
      }),
    );
    const sizes = new Map<string, number>();
    for (const { sha256 } of shared) {
      const bytes = await this.#store.size(sha256);
      if (bytes !== undefined) sizes.set(sha256, bytes);
    }
    return sizes;
  }

  /** Stores bytes the platform made, for every member to read. Not inside a transaction. @returns their SHA-256. */
  async writeAsPlatform(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<string> {
    const pieces = source instanceof Uint8Array ? once(source) : source;
    const { sha256, bytes } = await this.#store.write({}, pieces);
    await this.database.asSystem(async (manager) => {
      const operator = await manager.findOneByOrFail(Organisation, { legalId: OPERATOR_LEGAL_ID });
      await record(manager, { tenantId: operator.id, sha256, bytes: String(bytes) }, 'community');
    });
    return sha256;
  }
}

type BlobRow = Pick<Blob, 'tenantId' | 'sha256' | 'bytes'>;

async function record(
  manager: EntityManager,
  row: BlobRow,
  audience: Audience | undefined,
): Promise<Audience> {
  if (audience !== undefined) {
    await manager.upsert(Blob, { ...row, audience }, ['tenantId', 'sha256']);
    return audience;
  }
  const insert = manager.createQueryBuilder().insert().into(Blob);
  await insert
    .values({ ...row, audience: 'private' })
    .orIgnore()
    .execute();
  const { tenantId, sha256 } = row;
  return (await manager.findOneByOrFail(Blob, { tenantId, sha256 })).audience;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
