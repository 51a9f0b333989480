import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { DomainError, toHex } from '#core';
import { reencryptCapsule } from '#delivery';
import type { PriceModel } from '#exchange';
import { Database } from '#persistence';
import type { ReadableAgreement } from '../agreements/agreement-gate.ts';
import { AgreementReads, type Yielded } from '../agreements/agreement-reads.service.ts';
import { DataAgreement } from '../agreements/agreements.entities.ts';
import { requireConsumer } from '../agreements/party.ts';
import { BlobService } from '../blobs/blob.service.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { DeliveryGrant, EncryptedVersion } from './delivery.entities.ts';
import { type AskedRange, type BlobRange, rangeOf } from './range.ts';

const HASH_BYTES = 32;

/** A version as one agreement opens it. */
interface Granted {
  readonly version: EncryptedVersion;
  readonly grant: DeliveryGrant;
}

export interface OpenedDelivery extends Granted {
  readonly capsuleFragment: string;
}

/** Which agreement, which version. */
export interface DeliveryOf {
  readonly agreementId: string;
  readonly versionId: string;
}

/** Reads of encrypted versions: each one goes through the agreement's gate and is recorded; all of one version are one use. */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: Database,
    private readonly reads: AgreementReads,
    private readonly blobs: BlobService,
  ) {}

  /**
   * What its consumer needs to decrypt a version: the capsule is re-encrypted anew each time. Roles: firm, market, analyst.
   * @param maxReadings the most it may hold; where each costs something, without it a version with any is not opened
   * @throws as the gate does, DELIVERY_NOT_GRANTED, READINGS_ABOVE_MAX
   */
  open(principal: Principal, of: DeliveryOf, maxReadings: number | null): Promise<OpenedDelivery> {
    return this.#read(principal, of, 'delivery.open', async (granted, { price }) => {
      const { version, grant } = granted;
      const { manifest } = version;
      requireExpected(price, manifest.readings ?? 0, maxReadings);
      const capsuleFragment = await reencryptCapsule(manifest, grant.receivingKey, grant.fragment);
      const bytes = capsuleFragment.length / 2;
      return { value: { ...granted, capsuleFragment }, readings: manifest.readings ?? 0, bytes };
    });
  }

  /** The hashes of all chunks. @throws as the gate does, DELIVERY_NOT_GRANTED */
  chunkList(principal: Principal, of: DeliveryOf): Promise<BlobRange> {
    return this.#read(principal, of, 'delivery.list', async ({ version }) => {
      const bytes = version.manifest.chunks * HASH_BYTES;
      return { value: { sha256: version.chunkList, start: 0, end: bytes, size: bytes }, readings: 0, bytes };
    });
  }

  /** Where a chunk, or the asked part of it, stands. @throws as the gate does, DELIVERY_NOT_GRANTED, CHUNK_NOT_FOUND, RANGE_INVALID */
  chunk(principal: Principal, of: DeliveryOf, index: number, asked: AskedRange | null): Promise<BlobRange> {
    return this.#read(principal, of, 'delivery.chunk', async ({ version }) => {
      if (!Number.isInteger(index) || index < 0 || index >= version.manifest.chunks) {
        throw new DomainError('CHUNK_NOT_FOUND', 'expected a chunk of the version, got none of this index', 'not-found'); // prettier-ignore
      }
      const hash = await this.blobs.readRange(version.chunkList, index * HASH_BYTES, HASH_BYTES);
      const range = await rangeOf(this.blobs, toHex(hash), asked);
      return { value: range, readings: 0, bytes: range.end - range.start };
    });
  }

  async #read<T>(
    principal: Principal,
    of: DeliveryOf,
    operation: string,
    work: (granted: Granted, agreement: ReadableAgreement) => Promise<Yielded<T>>,
  ): Promise<T> {
    requireConsumer(principal);
    const { agreementId, versionId } = of;
    const asked = { agreementId, action: 'use', useId: `delivery ${versionId}`, operation };
    const facts = await this.#facts(principal, of);
    return this.reads.read(principal, { ...asked, ...facts }, async (manager, agreement) =>
      work(await requireGranted(manager, of, agreement), agreement),
    );
  }

  /** What the gate asks beside the agreement; whether anything may be read is for the gate to say. */
  #facts(
    { organisationId }: Principal,
    { agreementId, versionId }: DeliveryOf,
  ): Promise<{ dataSetId: string; resolution: string | undefined }> {
    return this.database.asTenant(organisationId, async (manager) => {
      const own = { id: agreementId, consumerId: organisationId };
      const agreement = isUuid(agreementId) ? await manager.findOneBy(DataAgreement, own) : null;
      const grant =
        agreement !== null && isUuid(versionId)
          ? await manager.findOneBy(DeliveryGrant, { agreementId, versionId })
          : null;
      return { dataSetId: agreement?.dataSetId ?? '', resolution: grant?.resolution ?? undefined };
    });
  }
}

/** How many readings a version holds is the provider's word, and nobody can count them before they are paid. @throws READINGS_ABOVE_MAX */
function requireExpected(price: PriceModel, readings: number, most: number | null): void {
  const isExpected = most === null ? price.kind !== 'perReading' || readings === 0 : readings <= most;
  if (isExpected) return;
  throw new DomainError('READINGS_ABOVE_MAX', `expected a version of at most ${most ?? 0} readings, got one of ${readings}`, 'conflict', { readings }); // prettier-ignore
}

/** @throws DELIVERY_NOT_GRANTED also where there is no such version */
async function requireGranted(
  manager: EntityManager,
  { agreementId, versionId }: DeliveryOf,
  { revocationEpoch, dataSetId }: ReadableAgreement,
): Promise<Granted> {
  const grant = isUuid(versionId) ? await manager.findOneBy(DeliveryGrant, { agreementId, versionId }) : null;
  const version = grant && (await manager.findOneBy(EncryptedVersion, { versionId, dataSetId }));
  if (grant && version && grant.statement.revocationEpoch === revocationEpoch) return { grant, version };
  throw new DomainError(
    'DELIVERY_NOT_GRANTED',
    'expected a version that the provider has granted under this agreement, got none',
    'not-found',
  );
}
