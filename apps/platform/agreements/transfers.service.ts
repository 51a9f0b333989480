import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Clock, DomainError, hashJson, quoted } from '#core';
import { transferAfter, type TransferMessage } from '#exchange';
import { Database } from '#persistence';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { agreementNotFound, requireInForce } from './agreement-gate.ts';
import { DataAgreement, Transfer } from './agreements.entities.ts';
import {
  lockParties,
  partyOf,
  type Reason,
  requireConsumer,
  requireOwn,
  requirePid,
  requireReason,
} from './party.ts';

/** How this platform hands data over: ciphertext, re-encrypted for its reader, fetched by it. */
export const TRANSFER_FORMAT = 'HttpData-PULL';
/** Of one agreement, however they ended. */
const MAX_TRANSFERS = 10_000;

export interface TransferRequest {
  readonly agreementId: string;
  readonly consumerPid: string;
  readonly format: string;
}

export interface Stop {
  readonly code: string;
  readonly reason?: string | null | undefined;
}

/** Transfer processes of the Dataspace Protocol. They say what is under way; every read asks the agreement itself. */
@Injectable()
export class TransfersService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * By the consumer of an agreement in force. The same consumerPid with the same content is the same transfer.
   * @throws AGREEMENT_NOT_FOUND, TRANSFER_CONFLICT, TRANSFER_FORMAT, TRANSFERS_LIMIT, PID_MALFORMED, and as the agreement's
   *   standing says
   */
  async request(principal: Principal, request: TransferRequest): Promise<Transfer> {
    requireConsumer(principal);
    const { agreementId, consumerPid, format } = request;
    requirePid(consumerPid);
    requireFormat(format);
    const consumerId = principal.organisationId;
    const requestHash = await hashJson({ agreementId, format });
    return this.#inTenant(principal, async (manager, nowMs) => {
      const agreement = isUuid(agreementId)
        ? await manager.findOneBy(DataAgreement, { id: agreementId, consumerId })
        : null;
      if (agreement === null) throw agreementNotFound();
      await lockParties(manager, agreement);
      const known = await manager.findOneBy(Transfer, { consumerId, consumerPid });
      if (known !== null) return requireSame(known, requestHash);
      await requireInForce(manager, agreement, nowMs);
      await requireRoom(manager, agreementId);
      const now = new Date(nowMs);
      const row = {
        id: randomUUID(),
        consumerPid,
        agreementId,
        consumerId,
        providerId: agreement.providerId,
        format,
        requestHash,
        state: transferAfter('INIT', 'TransferRequestMessage', 'consumer'),
        reasonCode: null,
        reason: null,
        createdAt: now,
        changedAt: now,
      };
      await manager.insert(Transfer, row);
      return row;
    });
  }

  /** By the provider, and by either side after a suspension. @throws TRANSITION_REFUSED, and as the agreement's standing says */
  start(principal: Principal, id: string): Promise<Transfer> {
    return this.#speak(principal, id, 'TransferStartMessage');
  }

  /** @throws TRANSITION_REFUSED, REASON_MALFORMED */
  suspend(principal: Principal, id: string, { code, reason }: Stop): Promise<Transfer> {
    return this.#speak(principal, id, 'TransferSuspensionMessage', requireReason(code, reason));
  }

  /** @throws TRANSITION_REFUSED */
  complete(principal: Principal, id: string): Promise<Transfer> {
    return this.#speak(principal, id, 'TransferCompletionMessage');
  }

  /** @throws TRANSITION_REFUSED, REASON_MALFORMED */
  terminate(principal: Principal, id: string, { code, reason }: Stop): Promise<Transfer> {
    return this.#speak(principal, id, 'TransferTerminationMessage', requireReason(code, reason));
  }

  /** Of either side, newest first. */
  async list(principal: Principal, page: PageArgs): Promise<Connection<Transfer>> {
    requireConsumer(principal);
    return this.#inTenant(principal, (manager) =>
      pageByCreation(manager.createQueryBuilder(Transfer, 'transfer'), page, 'DESC'),
    );
  }

  /** @throws TRANSFER_NOT_FOUND */
  async get(principal: Principal, id: string): Promise<Transfer> {
    requireConsumer(principal);
    return this.#inTenant(principal, (manager) => find(manager, id));
  }

  #speak(
    principal: Principal,
    id: string,
    message: TransferMessage,
    reason: Reason | null = null,
  ): Promise<Transfer> {
    return this.#inTenant(principal, async (manager, nowMs) => {
      await lockParties(manager, await find(manager, id));
      const transfer = await find(manager, id);
      const state = transferAfter(transfer.state, message, partyOf(principal, transfer));
      if (message === 'TransferStartMessage') {
        const { agreementId } = transfer;
        const agreement = await manager.findOneByOrFail(DataAgreement, { id: agreementId });
        await requireInForce(manager, agreement, nowMs);
      }
      const { reasonCode = null, reason: text = null } = reason ?? {};
      const changes = { state, reasonCode, reason: text, changedAt: new Date(nowMs) };
      await manager.update(Transfer, { id: transfer.id }, changes);
      return Object.assign({}, transfer, changes);
    });
  }

  #inTenant<T>(
    { organisationId }: Principal,
    work: (manager: EntityManager, nowMs: number) => Promise<T>,
  ): Promise<T> {
    return this.database.asTenant(organisationId, (manager) => work(manager, this.clock.nowMs()));
  }
}

/** @throws TRANSFER_NOT_FOUND */
const find = (manager: EntityManager, id: string): Promise<Transfer> =>
  requireOwn(manager, Transfer, { id, what: 'a transfer', code: 'TRANSFER_NOT_FOUND' });

/** @throws TRANSFER_FORMAT */
function requireFormat(format: string): void {
  if (format === TRANSFER_FORMAT) return;
  throw new DomainError('TRANSFER_FORMAT', `expected format ${TRANSFER_FORMAT}, got ${quoted(format)}`);
}

/** @throws TRANSFER_CONFLICT */
function requireSame(known: Transfer, requestHash: string): Transfer {
  if (known.requestHash === requestHash) return known;
  throw new DomainError(
    'TRANSFER_CONFLICT',
    'expected a new consumerPid or the same request, got another request of a known one',
    'conflict',
  );
}

/** @throws TRANSFERS_LIMIT */
async function requireRoom(manager: EntityManager, agreementId: string): Promise<void> {
  if ((await manager.countBy(Transfer, { agreementId })) < MAX_TRANSFERS) return;
  throw new DomainError('TRANSFERS_LIMIT', `expected at most ${MAX_TRANSFERS} transfers, got more`, 'limit');
}
