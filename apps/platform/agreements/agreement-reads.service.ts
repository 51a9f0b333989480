import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '#core';
import { Database } from '#persistence';
import { AuditService } from '../audit/audit.service.ts';
import { type Parties, recordDecision } from '../audit/record-decision.ts';
import { LedgerService } from '../ledger/ledger.service.ts';
import { meterRead } from '../payments/agreement-meter.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { DataAgreement } from './agreements.entities.ts';
import { assertReadable, type ReadableAgreement, type ReadRequest } from './agreement-gate.ts';

export interface AskedRead extends Omit<ReadRequest, 'consumer' | 'at'> {
  /** As the audit names it. */
  readonly operation: string;
}

/** What a read yields, and how much of the data that is; of a use in several reads the readings of all it opens. */
export interface Yielded<T> {
  readonly value: T;
  readonly readings: number;
  readonly bytes: number;
}

/** The one way to data under an agreement. */
@Injectable()
export class AgreementReads {
  constructor(
    private readonly database: Database,
    private readonly audit: AuditService,
    private readonly ledger: LedgerService,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Gate, read, the record of both and the meter in one transaction: what was read was permitted, stands in the agreement's chain
   * and is paid where readings cost something, and what fails leaves nothing but its refusal there. Gate, read and record are of
   * the principal's organisation, whose role cannot write what it owes.
   * @throws WALLET_INSUFFICIENT, and as the gate (`assertReadable`) and `work` do
   */
  read<T>(
    principal: Principal,
    { operation, ...request }: AskedRead,
    work: (manager: EntityManager, agreement: ReadableAgreement) => Promise<Yielded<T>>,
  ): Promise<T> {
    const { organisationId: consumer } = principal;
    const { agreementId, useId } = request;
    const asked = { principal, agreementId, operation };
    const findParties = (manager: EntityManager) => partiesOf(manager, agreementId);
    return this.audit.recordingRefusals({ ...asked, findParties }, () =>
      this.database.asSystem(async (system) => {
        const at = this.clock.nowMs();
        const { agreement, value, readings, bytes } = await this.database.within(
          system,
          consumer,
          async (manager) => {
            const readable = await assertReadable(manager, { ...request, consumer, at });
            const yielded = await work(manager, readable);
            const parties = { consumerId: consumer, providerId: readable.provider };
            const { readings: rows, bytes: size } = yielded;
            await recordDecision(manager, { ...asked, parties, rows, bytes: size, decision: 'PERMIT' });
            return { agreement: readable, ...yielded };
          },
        );
        const { provider, price } = agreement;
        const read = { agreementId, consumer, provider, price, useId, readings, bytes, at };
        await meterRead(system, this.ledger, read);
        return value;
      }),
    );
  }
}

/** Of an agreement that the running tenant is a party of; of no other one sees a row. */
async function partiesOf(manager: EntityManager, id: string): Promise<Parties | undefined> {
  const agreement = isUuid(id) ? await manager.findOneBy(DataAgreement, { id }) : null;
  return agreement === null
    ? undefined
    : { consumerId: agreement.consumerId, providerId: agreement.providerId };
}
