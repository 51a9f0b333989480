import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock } from '#core';
import { Database } from '#persistence';
import { AuditService } from '../audit/audit.service.ts';
import { recordDecision } from '../audit/record-decision.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { assertReadable, type ReadableAgreement, type ReadRequest } from './agreement-gate.ts';

export interface AskedRead extends Omit<ReadRequest, 'consumer' | 'at'> {
  /** As the audit names it. */
  readonly operation: string;
}

/** What a read yields, and how much of the data that is. */
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
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Gate, read and the record of both in one transaction of the principal's organisation: what was read was permitted and
   * stands in the agreement's chain, and what fails leaves nothing but its refusal there.
   * @throws as the gate (`assertReadable`) and `work` do
   */
  read<T>(
    principal: Principal,
    { operation, ...request }: AskedRead,
    work: (manager: EntityManager, agreement: ReadableAgreement) => Promise<Yielded<T>>,
  ): Promise<T> {
    const { organisationId: consumer } = principal;
    const { agreementId } = request;
    const asked = { principal, agreementId, operation };
    return this.audit.recordingRefusals(asked, () =>
      this.database.asTenant(consumer, async (manager) => {
        const agreement = await assertReadable(manager, {
          ...request,
          consumer,
          at: this.clock.nowMs(),
        });
        const { value, readings, bytes } = await work(manager, agreement);
        const parties = { consumerId: consumer, providerId: agreement.provider };
        await recordDecision(manager, {
          ...asked,
          parties,
          rows: readings,
          bytes,
          decision: 'PERMIT',
        });
        return value;
      }),
    );
  }
}
