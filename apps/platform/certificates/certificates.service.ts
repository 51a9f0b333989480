import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { LOCAL_TECHNOLOGY } from '#carbon';
import { type Clock, DomainError, type Interval } from '#core';
import { Database } from '#persistence';
import { givenWithin } from '../carbon/accounting.ts';
import { givenDuring, holdAttributes, isHourly } from '../carbon/attribute-session.ts';
import { Participant } from '../identity/identity.entities.ts';
import type { MarketSession } from '../market/market.entities.ts';
import { findSession } from '../market/session-lock.ts';
import { slotAt } from '../market/session-slots.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { CLOCK } from '../platform.tokens.ts';
import { type CertificateClaim, CertificateRow, CertificateTransfer } from './certificates.entities.ts';
import { VALIDITY_MS } from './certify-session.ts';
import { claimOwn, holdClaims, holdStatedImport } from './claim-own.ts';
import { ownIssuedDuring } from './issued-exports.ts';
import { requireShortHistory } from './history.ts';
import { issueTo, partOf, passOn, whOf } from './registry-store.ts';
import { holdStatements, type Stated } from './stated.ts';

export interface IssueRequest {
  readonly sessionId: string;
  readonly participantId: string;
  readonly startMs: number;
  readonly quantityWh: number;
}

export interface TransferRequest {
  readonly certificateId: string;
  readonly quantityWh: number | null;
  readonly toParticipantId: string;
}

export interface ClaimRequest {
  readonly certificateId: string;
  readonly quantityWh: number | null;
}

/**
 * What members do with certificates. All of it writes as the registry, under a lock of what it takes up and of what it is
 * measured against, so that of requests at the same time one is refused.
 */
@Injectable()
export class CertificatesService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Issues to a participant what it exported in a settled slot, as far as neither trades nor certificates have given it away.
   * @throws ROLE_MISSING, PARTICIPANT_UNKNOWN, SESSION_UNKNOWN, CERTIFICATE_SESSION, HOUR_NOT_IN_SESSION,
   *   CERTIFICATE_EXCEEDS_EXPORT, CERTIFICATE_QUANTITY, CERTIFICATE_OVERLAP
   */
  async issue(principal: Principal, request: IssueRequest): Promise<CertificateRow> {
    requireRole(principal, 'firm', 'market', 'operator');
    await this.#requireOwn(principal, request.participantId);
    const atMs = this.clock.nowMs();
    return this.database.asSystem(async (manager) => {
      const session = await findSession(manager, request.sessionId);
      const slot = slotAt(session, request.startMs);
      requireIssuable(session, isHourly(slot));
      const stated = await holdStatements(manager, request.participantId, slot);
      await holdAttributes(manager);
      if (request.quantityWh > (await freeExport(manager, { session, slot, stated }, request)))
        throw exceedsExport();
      return issueTo(manager, {
        tenantId: principal.organisationId,
        participantId: request.participantId,
        sessionId: session.id,
        resolutionMinutes: session.resolutionMinutes,
        slot,
        kind: 'production',
        area: session.zone,
        technology: LOCAL_TECHNOLOGY,
        wh: request.quantityWh,
        tradedTo: null,
        expiresMs: slot.endMs + VALIDITY_MS,
        atMs,
      });
    });
  }

  /**
   * Passes a certificate of the own organisation, or its first Wh, to a participant.
   * @throws ROLE_MISSING, CERTIFICATE_UNKNOWN, CERTIFICATE_NOT_LIVE, CERTIFICATE_EXPIRED, CERTIFICATE_BOUND,
   *   PARTICIPANT_UNKNOWN, CERTIFICATE_HISTORY, CERTIFICATE_OWNER, CERTIFICATE_QUANTITY
   */
  async transfer(principal: Principal, request: TransferRequest): Promise<CertificateTransfer> {
    requireRole(principal, 'firm', 'market', 'operator');
    const atMs = this.clock.nowMs();
    return this.database.asSystem(async (manager) => {
      const row = await holdCertificate(manager, principal, request.certificateId, atMs);
      if (row.bound) {
        throw new DomainError(
          'CERTIFICATE_BOUND',
          'expected a certificate that may be passed on, got one that came with energy bought locally',
          'conflict',
        );
      }
      const to = isUuid(request.toParticipantId)
        ? await manager.findOneBy(Participant, { id: request.toParticipantId })
        : null;
      if (to === null) throw unknownParticipant();
      await requireShortHistory(manager, row);
      const part = await partOf(manager, row, request.quantityWh ?? whOf(row), atMs);
      const holder = { tenantId: to.tenantId, participantId: to.id };
      const { id: certificateId } = await passOn(manager, part, { to: holder, sessionId: null, atMs });
      return manager.findOneByOrFail(CertificateTransfer, { certificateId });
    });
  }

  /**
   * Claims a production certificate, or its first Wh, for what its holder imported in the same slot.
   * @throws ROLE_MISSING, CERTIFICATE_UNKNOWN, CERTIFICATE_NOT_LIVE, CERTIFICATE_EXPIRED, CLAIM_EXCEEDS_CONSUMPTION,
   *   CERTIFICATE_QUANTITY and the codes of claims
   */
  async claim(principal: Principal, { certificateId, quantityWh }: ClaimRequest): Promise<CertificateClaim> {
    requireRole(principal, 'firm', 'market', 'operator');
    const atMs = this.clock.nowMs();
    return this.database.asSystem(async (manager) => {
      const seen = await findCertificate(manager, principal, certificateId);
      // Settlement holds its session before certificates: so does a claim, or the two could wait for each other.
      const stated = await holdStatedImport(manager, seen);
      await holdClaims(manager, seen.participantId);
      const row = await holdCertificate(manager, principal, certificateId, atMs);
      return claimOwn(manager, row, { wh: quantityWh ?? whOf(row), stated, atMs });
    });
  }

  async #requireOwn({ kind, id, organisationId }: Principal, participantId: string): Promise<void> {
    const isOwn =
      isUuid(participantId) &&
      (kind === 'member' || participantId === id) &&
      (await this.database.asTenant(organisationId, (manager) =>
        manager.existsBy(Participant, { id: participantId, tenantId: organisationId }),
      ));
    if (!isOwn) throw unknownParticipant();
  }
}

async function findCertificate(
  manager: EntityManager,
  principal: Principal,
  certificateId: string,
  lock?: { readonly mode: 'pessimistic_write' },
): Promise<CertificateRow> {
  const where = { id: certificateId, tenantId: principal.organisationId };
  const row = isUuid(certificateId)
    ? await manager.findOne(CertificateRow, { where, ...(lock === undefined ? {} : { lock }) })
    : null;
  if (row !== null && (principal.kind === 'member' || row.participantId === principal.id)) return row;
  throw new DomainError(
    'CERTIFICATE_UNKNOWN',
    'expected a certificate of the own organisation, got none of this id',
    'not-found',
  );
}

/** Locked until the transaction ends: who comes second sees what the first made of it. */
async function holdCertificate(
  manager: EntityManager,
  principal: Principal,
  certificateId: string,
  atMs: number,
): Promise<CertificateRow> {
  const row = await findCertificate(manager, principal, certificateId, { mode: 'pessimistic_write' });
  if (!row.standing || row.state !== 'live') {
    throw new DomainError(
      'CERTIFICATE_NOT_LIVE',
      `expected a live certificate, got one that is ${row.standing ? row.state : 'split or passed on'}`,
      'conflict',
    );
  }
  if (row.expiresAt.getTime() > atMs) return row;
  throw new DomainError('CERTIFICATE_EXPIRED', 'expected a certificate that has not expired, got one that has', 'conflict'); // prettier-ignore
}

function requireIssuable({ state, product }: MarketSession, hourly: boolean): void {
  if (state === 'SETTLED' && product === 'energy' && hourly) return;
  throw new DomainError(
    'CERTIFICATE_SESSION',
    'expected a settled session of energy in slots of an hour at most, got another',
    'conflict',
  );
}

/** The least that is stated, and left of it: Wh of one slot. 0 where the session has no statement. */
async function freeExport(
  manager: EntityManager,
  {
    session,
    slot,
    stated,
  }: { readonly session: MarketSession; readonly slot: Interval; readonly stated: readonly Stated[] },
  { participantId }: IssueRequest,
): Promise<number> {
  if (!stated.some((by) => by.session.id === session.id)) return 0;
  const taken = [...(await givenDuring(manager, slot, null)), ...(await ownIssuedDuring(manager, slot))];
  const exportWh = Math.min(...stated.map(({ statement }) => statement.netExportWh));
  return exportWh - givenWithin(slot, participantId, taken);
}

const exceedsExport = (): DomainError =>
  new DomainError(
    'CERTIFICATE_EXCEEDS_EXPORT',
    'expected at most what was exported in the slot and neither traded with its attributes nor issued before, got more',
    'conflict',
  );

const unknownParticipant = (): DomainError =>
  new DomainError('PARTICIPANT_UNKNOWN', 'expected a participant, got none of this id', 'not-found');
