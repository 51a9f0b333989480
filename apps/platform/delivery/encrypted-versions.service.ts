import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { canonicalJson, type Clock, DomainError, type Json } from '#core';
import { encryptedBytes, type Manifest, requireChunkList, requireManifest } from '#delivery';
import { Database } from '#persistence';
import { BlobService } from '../blobs/blob.service.ts';
import { DataSetVersion } from '../catalogue/catalogue.entities.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { EncryptedVersion } from './delivery.entities.ts';
import type { PublishEncryptedVersionInput } from './delivery.types.ts';

const HASH_BYTES = 32;

/** Versions whose chunks their owner has stored here, encrypted. */
@Injectable()
export class EncryptedVersionsService {
  constructor(
    private readonly database: Database,
    private readonly blobs: BlobService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Says of an own version how it is encrypted. Every chunk is a blob of the own organisation, so that nobody delivers what it
   * knows the hash of only; the same again changes nothing. By a participant with role firm.
   * @throws PARTICIPANT_REQUIRED, MANIFEST_MALFORMED, SIGNATURE_INVALID, VERSION_NOT_FOUND, VERSION_DIFFERS, CHUNKS_MISSING,
   *   CHUNK_LIST_DIFFERS, VERSION_PUBLISHED
   */
  publish(principal: Principal, input: PublishEncryptedVersionInput): Promise<EncryptedVersion> {
    requireRole(principal, 'firm');
    const { versionId, chunkList, signature } = input;
    const { organisationId: tenantId, id: participantId } = principal;
    return this.database.asTenant(tenantId, async (manager) => {
      const signingKey = await signingKeyOf(manager, principal);
      const manifest = await requireManifest(input.manifest, signature, signingKey);
      requireSameVersion(await ownVersion(manager, tenantId, versionId), manifest);
      const known = await manager.findOneBy(EncryptedVersion, { versionId });
      if (known !== null) return requireSame(known, manifest);
      await this.#requireChunks(manager, tenantId, chunkList, manifest);
      const { dataSetId } = manifest;
      const createdAt = new Date(this.clock.nowMs());
      const row = { versionId, tenantId, dataSetId, participantId, manifest, signature, chunkList, createdAt }; // prettier-ignore
      await manager.insert(EncryptedVersion, row);
      return row;
    });
  }

  /** For its owner and for who has an agreement about its data set. @throws VERSION_NOT_FOUND */
  async get(principal: Principal, versionId: string): Promise<EncryptedVersion> {
    requireRole(principal, 'firm', 'market', 'analyst');
    const found = isUuid(versionId)
      ? await this.database.asTenant(principal.organisationId, (manager) =>
          manager.findOneBy(EncryptedVersion, { versionId }),
        )
      : null;
    if (found === null) throw versionNotFound();
    return found;
  }

  /** @throws CHUNKS_MISSING, CHUNK_LIST_DIFFERS */
  async #requireChunks(
    manager: EntityManager,
    tenantId: string,
    chunkList: string,
    manifest: Manifest,
  ): Promise<void> {
    const [list] = await ownBlobs(manager, tenantId, [chunkList]);
    if (list?.bytes !== manifest.chunks * HASH_BYTES) throw chunksMissing(manifest.chunks);
    const hashes = await requireChunkList(await this.blobs.read(chunkList), manifest);
    const own = await ownBlobs(manager, tenantId, hashes);
    const bytes = own.reduce((sum, blob) => sum + blob.bytes, 0);
    if (own.length !== hashes.length || bytes !== encryptedBytes(manifest)) {
      throw chunksMissing(hashes.length - own.length);
    }
  }
}

export const versionNotFound = (): DomainError =>
  new DomainError('VERSION_NOT_FOUND', 'expected an encrypted version, got none of this id', 'not-found');

const chunksMissing = (missing: number): DomainError =>
  new DomainError('CHUNKS_MISSING', 'expected all chunks and their list among the own blobs, got others', 'conflict', { missing }); // prettier-ignore

function ownBlobs(
  manager: EntityManager,
  tenantId: string,
  names: readonly string[],
): Promise<{ bytes: number }[]> {
  return manager.query('SELECT bytes::float8 AS bytes FROM blob WHERE tenant_id = $1 AND sha256 = ANY($2)', [tenantId, names]); // prettier-ignore
}

/** @throws VERSION_NOT_FOUND */
async function ownVersion(manager: EntityManager, tenantId: string, id: string): Promise<DataSetVersion> {
  const version = isUuid(id) ? await manager.findOneBy(DataSetVersion, { id, tenantId }) : null;
  if (version === null) throw versionNotFound();
  return version;
}

/** @throws VERSION_DIFFERS */
function requireSameVersion(version: DataSetVersion, manifest: Manifest): void {
  const { dataSetId, root, chunks } = manifest;
  const told = [dataSetId, root, chunks, encryptedBytes(manifest)];
  const listed = [version.dataSetId, version.contentRoot, version.chunks, version.bytes];
  if (told.every((value, i) => value === listed[i])) return;
  throw new DomainError(
    'VERSION_DIFFERS',
    'expected data set, root, chunks and bytes of the version, got others',
    'conflict',
  );
}

/** @throws VERSION_PUBLISHED */
function requireSame(known: EncryptedVersion, manifest: Manifest): EncryptedVersion {
  const [stored, sent] = [known.manifest, manifest].map((each) => canonicalJson(each as unknown as Json));
  if (stored === sent) return known;
  throw new DomainError(
    'VERSION_PUBLISHED',
    'expected the manifest of this version, got another',
    'conflict',
  );
}
