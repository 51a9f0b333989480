import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError, isoInstant } from '#core';
import { fragmentHash, requireFragment, requireGrant } from '#delivery';
import { Database } from '#persistence';
import { agreementNotFound, requireInForce } from '../agreements/agreement-gate.ts';
import { DataAgreement } from '../agreements/agreements.entities.ts';
import { lockParties, requireConsumer } from '../agreements/party.ts';
import { recordDecision } from '../audit/record-decision.ts';
import { DataSet } from '../catalogue/catalogue.entities.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { DeliveryGrant, EncryptedVersion, ReceivingKey } from './delivery.entities.ts';
import type { GrantDeliveryInput } from './delivery.types.ts';
import { versionNotFound } from './encrypted-versions.service.ts';

/** Key fragments that providers give for their agreements. */
@Injectable()
export class DeliveryGrantsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Lets the consumer of an agreement in force open a version of its data set; another grant of the same version replaces the
   * one before. By a participant of the provider, with role firm.
   * @throws PARTICIPANT_REQUIRED, AGREEMENT_NOT_FOUND, as its standing says, VERSION_NOT_FOUND, RECEIVING_KEY_NOT_FOUND,
   *   GRANT_DIFFERS, SIGNATURE_INVALID, FRAGMENT_INVALID
   */
  grant(principal: Principal, input: GrantDeliveryInput): Promise<DeliveryGrant> {
    requireRole(principal, 'firm');
    const { organisationId } = principal;
    return this.database.asTenant(organisationId, async (manager) => {
      const signingKey = await signingKeyOf(manager, principal);
      const agreement = await providedAgreement(manager, organisationId, input.agreementId);
      // No fragment comes in beside the end of its agreement.
      await lockParties(manager, agreement);
      const nowMs = this.clock.nowMs();
      const { revocationEpoch } = await requireInForce(manager, agreement, nowMs);
      const version = await grantableVersion(manager, agreement, input.versionId);
      const grant = await checkedGrant(manager, { input, agreement, version, revocationEpoch, signingKey });
      const { agreementId, versionId } = grant;
      await manager.delete(DeliveryGrant, { agreementId, versionId });
      const row = { id: randomUUID(), ...grant, participantId: principal.id, createdAt: new Date(nowMs) };
      await manager.insert(DeliveryGrant, row);
      const { consumerId, providerId } = agreement;
      const parties = { consumerId, providerId };
      await recordDecision(manager, { principal, agreementId, parties, operation: 'delivery.grant', rows: 0, bytes: 0, decision: 'PERMIT' }); // prettier-ignore
      return row;
    });
  }

  /** Of an agreement, newest first, for its parties. @throws AGREEMENT_NOT_FOUND */
  async ofAgreement(
    principal: Principal,
    agreementId: string,
    page: PageArgs,
  ): Promise<Connection<DeliveryGrant>> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      if (!isUuid(agreementId) || !(await manager.existsBy(DataAgreement, { id: agreementId }))) {
        throw agreementNotFound();
      }
      const query = manager
        .createQueryBuilder(DeliveryGrant, 'delivery')
        .where('delivery.agreement_id = :agreementId', { agreementId });
      return pageByCreation(query, page, 'DESC');
    });
  }
}

/** @throws AGREEMENT_NOT_FOUND */
async function providedAgreement(
  manager: EntityManager,
  providerId: string,
  id: string,
): Promise<DataAgreement> {
  const agreement = isUuid(id) ? await manager.findOneBy(DataAgreement, { id, providerId }) : null;
  if (agreement === null) throw agreementNotFound();
  return agreement;
}

/** @throws VERSION_NOT_FOUND */
async function grantableVersion(
  manager: EntityManager,
  { dataSetId, providerId: tenantId }: DataAgreement,
  versionId: string,
): Promise<EncryptedVersion> {
  const version = isUuid(versionId)
    ? await manager.findOneBy(EncryptedVersion, { versionId, dataSetId, tenantId })
    : null;
  if (version === null) throw versionNotFound();
  return version;
}

interface ToCheck {
  readonly input: GrantDeliveryInput;
  readonly agreement: DataAgreement;
  readonly version: EncryptedVersion;
  readonly revocationEpoch: number;
  /** Of the participant that grants. */
  readonly signingKey: string;
}

/** @throws RECEIVING_KEY_NOT_FOUND, GRANT_DIFFERS, SIGNATURE_INVALID, FRAGMENT_INVALID */
async function checkedGrant(
  manager: EntityManager,
  { input, agreement, version, revocationEpoch, signingKey }: ToCheck,
): Promise<Omit<DeliveryGrant, 'id' | 'participantId' | 'createdAt'>> {
  const { receivingKey, fragment, signature } = input;
  const { id: agreementId, consumerId, providerId, validUntil } = agreement;
  const { versionId, manifest, dataSetId } = version;
  if (!(await manager.existsBy(ReceivingKey, { tenantId: consumerId, publicKey: receivingKey }))) {
    throw new DomainError('RECEIVING_KEY_NOT_FOUND', 'expected a receiving key of the consumer, got none', 'not-found'); // prettier-ignore
  }
  const { contentId, root } = manifest;
  const until = validUntil && isoInstant(validUntil.getTime());
  const expected = { agreementId, versionId, contentId, root, receivingKey, revocationEpoch, validUntil: until }; // prettier-ignore
  await requireFragment(fragment, { ...manifest, receivingKey });
  const statement = await requireGrant(input.statement, expected, { signingKey, signature });
  if (statement.fragmentHash !== fragmentHash(fragment)) {
    throw new DomainError('GRANT_DIFFERS', 'expected the fragment that was signed, got another', 'conflict');
  }
  const { resolution } = await manager.findOneByOrFail(DataSet, { id: dataSetId });
  return { agreementId, versionId, consumerId, providerId, resolution, receivingKey, fragment, statement, signature, validUntil }; // prettier-ignore
}
