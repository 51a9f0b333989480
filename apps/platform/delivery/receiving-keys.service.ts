import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Clock, DomainError } from '#core';
import { requireReceivingKey, requireReceivingKeySignature } from '#delivery';
import { Database } from '#persistence';
import { agreementNotFound } from '../agreements/agreement-gate.ts';
import { DataAgreement } from '../agreements/agreements.entities.ts';
import { requireConsumer } from '../agreements/party.ts';
import { signingKeyOf } from '../identity/signing-key.ts';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { ReceivingKey } from './delivery.entities.ts';

/** Of one organisation. */
const MOST_KEYS = 100;

/** Public keys that deliveries are re-encrypted to. Providers check whose they are; the platform's word for it is not enough. */
@Injectable()
export class ReceivingKeysService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * By a participant, in its own words; the same again changes nothing. Roles: firm, market, analyst.
   * @throws PARTICIPANT_REQUIRED, RECEIVING_KEY_MALFORMED, SIGNATURE_INVALID, RECEIVING_KEYS_LIMIT
   */
  async register(principal: Principal, publicKey: string, signature: string): Promise<ReceivingKey> {
    requireConsumer(principal);
    await requireReceivingKey(publicKey);
    const { organisationId: tenantId, id: participantId } = principal;
    return this.database.asTenant(tenantId, async (manager) => {
      const statement = { organisationId: tenantId, participantId, publicKey };
      await requireReceivingKeySignature(await signingKeyOf(manager, principal), statement, signature);
      await manager.query("SELECT pg_advisory_xact_lock(hashtext('receiving_keys' || $1))", [tenantId]);
      const known = await manager.findOneBy(ReceivingKey, { tenantId, publicKey });
      if (known !== null) return known;
      if ((await manager.countBy(ReceivingKey, { tenantId })) >= MOST_KEYS) {
        throw new DomainError('RECEIVING_KEYS_LIMIT', `expected at most ${MOST_KEYS} keys`, 'limit');
      }
      const createdAt = new Date(this.clock.nowMs());
      const row = { id: randomUUID(), tenantId, participantId, publicKey, signature, createdAt };
      await manager.insert(ReceivingKey, row);
      return row;
    });
  }

  /** Of the consumer of an agreement, newest first, for either party. @throws AGREEMENT_NOT_FOUND */
  async ofAgreement(
    principal: Principal,
    agreementId: string,
    page: PageArgs,
  ): Promise<Connection<ReceivingKey>> {
    requireConsumer(principal);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const agreement = isUuid(agreementId)
        ? await manager.findOneBy(DataAgreement, { id: agreementId })
        : null;
      if (agreement === null) throw agreementNotFound();
      const { consumerId } = agreement;
      const query = manager
        .createQueryBuilder(ReceivingKey, 'receiving')
        .where('receiving.tenant_id = :consumerId', { consumerId });
      return pageByCreation(query, page, 'DESC');
    });
  }
}
