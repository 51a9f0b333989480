import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { canonicalJson, type Clock, DomainError, requireSignature, requireZone } from '#core';
import {
  type DefaultDeclaration,
  DEFAULTS_CONTEXT,
  DEFAULTS_REVOKED_CONTEXT,
  DEFAULTS_WITHDRAWN_CONTEXT,
  defaultsStatement,
  requireDeclaration,
  revocationStatement,
  SLOT_MINUTES,
  withdrawalStatement,
} from '#market';
import { Database } from '#persistence';
import { signingKeyOf } from '../identity/signing-key.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import { requireUuid } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { holdDefaults, timedDeclaration } from './default-placement.ts';
import { MarketDefaultDeclaration, MarketDefaultWithdrawal } from './defaults.entities.ts';
import { phaseOf } from './phases.ts';
import { requireInstant } from './results.service.ts';
import { requireOrderSize } from './session.ts';
import { holdSession, signerIn } from './session-lock.ts';

/** Of one participant, not revoked and of days to come. */
const MAX_STANDING = 20;
/** Revoked ones with them: a node may declare anew after every bid of a year. */
const MAX_DECLARED = 2_000;

export type DeclarationDraft = Omit<DefaultDeclaration, 'participant'> & { readonly signature: string };

/** Orders that participants declare beforehand, signed by them; each sees its own alone. */
@Injectable()
export class DefaultsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * Takes a declaration, of which one is in force for a participant and a session: the newest that covers it. The same one
   * again changes nothing.
   * @throws PARTICIPANT_REQUIRED, ZONE_UNKNOWN, SESSION_RESOLUTION, SESSION_CURRENCY, SIGNATURE_INVALID, DEFAULTS_CONFLICT,
   *   DEFAULTS_LIMIT, and what requireDeclaration and requireOrderSize throw
   */
  async declare(
    principal: Principal,
    { signature, ...draft }: DeclarationDraft,
  ): Promise<MarketDefaultDeclaration> {
    requireDraft(draft);
    const statement = defaultsStatement({ ...draft, participant: principal.id });
    const { organisationId: tenantId, id: participantId } = principal;
    const signingKey = await this.database.asTenant(tenantId, (manager) => signingKeyOf(manager, principal));
    await requireSignature(signingKey, DEFAULTS_CONTEXT, statement, signature);
    return this.database.asTenant(tenantId, async (manager) => {
      await holdDefaults(manager, 'shared');
      await holdOwn(manager, participantId);
      const nowMs = this.clock.nowMs();
      const { declaration: declarationId, ...terms } = draft;
      const stored = await findOwn(manager, principal, declarationId);
      if (stored !== null) return requireSame(stored, canonicalJson(statement));
      await requireRoom(manager, principal, nowMs);
      const key = { tenantId, participantId, declarationId };
      const row = { ...key, ...terms, signature, declaredAt: new Date(nowMs), revokedAt: null, revocationSignature: null }; // prettier-ignore
      await manager.insert(MarketDefaultDeclaration, row);
      return row;
    });
  }

  /** From now on none of its orders is placed; what was placed stands. Again it changes nothing. @throws PARTICIPANT_REQUIRED, DEFAULTS_UNKNOWN, SIGNATURE_INVALID */
  async revoke(
    principal: Principal,
    declarationId: string,
    signature: string,
  ): Promise<MarketDefaultDeclaration> {
    const { organisationId: tenantId, id: participantId } = principal;
    return this.database.asTenant(tenantId, async (manager) => {
      const signingKey = await signingKeyOf(manager, principal);
      const statement = revocationStatement(participantId, declarationId);
      await requireSignature(signingKey, DEFAULTS_REVOKED_CONTEXT, statement, signature);
      await holdDefaults(manager, 'shared');
      await holdOwn(manager, participantId);
      const stored = await findOwn(manager, principal, declarationId);
      if (stored === null) throw unknown(declarationId);
      if (stored.revokedAt !== null) return stored;
      const change = { revokedAt: new Date(this.clock.nowMs()), revocationSignature: signature };
      await manager.update(MarketDefaultDeclaration, { tenantId, participantId, declarationId }, change);
      return Object.assign(stored, change);
    });
  }

  /**
   * Keeps a participant's default orders out of one session, before its gate. Again it changes nothing.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, SIGNATURE_INVALID, GATE_CLOSED
   */
  async withdraw(principal: Principal, sessionId: string, signature: string): Promise<void> {
    const { organisationId: tenantId, id: participantId } = principal;
    const { session, signingKey } = await signerIn(this.database, principal, sessionId);
    const statement = withdrawalStatement(participantId, session.id);
    await requireSignature(signingKey, DEFAULTS_WITHDRAWN_CONTEXT, statement, signature);
    await this.database.asTenant(tenantId, async (manager) => {
      const held = await holdSession(manager, session.id, 'shared');
      await holdDefaults(manager, 'shared');
      await holdOwn(manager, participantId);
      const key = { tenantId, sessionId: session.id, participantId };
      if (await manager.existsBy(MarketDefaultWithdrawal, key)) return;
      const nowMs = this.clock.nowMs();
      const phase = phaseOf(held, nowMs);
      if (phase !== 'COMMIT' && phase !== 'BID') throw gateClosed();
      await manager.insert(MarketDefaultWithdrawal, { ...key, signature, withdrawnAt: new Date(nowMs) });
    });
  }

  /** Of the own organisation's participants, the newest first. */
  async list(
    principal: Principal,
    { first, after }: PageArgs,
  ): Promise<Connection<MarketDefaultDeclaration>> {
    const [declaredAt, participantId, declarationId] = decodeCursor(after, 3) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(MarketDefaultDeclaration, 'row')
        .orderBy('row.declared_at', 'DESC')
        .addOrderBy('row.participant_id', 'DESC')
        .addOrderBy('row.declaration_id', 'DESC')
        .limit(pageSize(first) + 1);
      if (declaredAt !== undefined && participantId !== undefined) {
        query.where('(row.declared_at, row.participant_id, row.declaration_id) < (:at, :by, :id)', {
          at: requireInstant(declaredAt),
          by: requireUuid(participantId),
          id: declarationId,
        });
      }
      return query.getMany();
    });
    return connectionOf(rows, first, (row) => [row.declaredAt.toISOString(), row.participantId, row.declarationId]); // prettier-ignore
  }
}

/** One participant declares or revokes at a time. */
const holdOwn = (manager: EntityManager, participantId: string): Promise<unknown> =>
  manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `market defaults ${participantId}`,
  ]);

const findOwn = (
  manager: EntityManager,
  { organisationId: tenantId, id: participantId }: Principal,
  declarationId: string,
): Promise<MarketDefaultDeclaration | null> =>
  manager.findOneBy(MarketDefaultDeclaration, { tenantId, participantId, declarationId });

function requireDraft(draft: Omit<DefaultDeclaration, 'participant'>): void {
  requireZone(draft.zone);
  if (!SLOT_MINUTES.some((minutes) => minutes === draft.resolutionMinutes)) {
    throw new DomainError(
      'SESSION_RESOLUTION',
      `expected slots of ${SLOT_MINUTES.join(', ')} minutes, got ${draft.resolutionMinutes}`,
    );
  }
  if (!/^[A-Z]{3}$/.test(draft.currency)) {
    throw new DomainError('SESSION_CURRENCY', 'expected a currency as in ISO 4217, got another');
  }
  requireDeclaration(draft);
  const anySlot = { startMs: 0, endMs: 1 };
  draft.orders.forEach((line, n) => requireOrderSize(String(n), anySlot, line));
}

function requireSame(stored: MarketDefaultDeclaration, said: string): MarketDefaultDeclaration {
  if (canonicalJson(defaultsStatement(timedDeclaration(stored))) === said) return stored;
  throw new DomainError(
    'DEFAULTS_CONFLICT',
    `expected declaration ${stored.declarationId} as it was declared, got other terms`,
    'conflict',
    { declaration: stored.declarationId },
  );
}

/** What ended more than two days ago covers no day that anywhere is still to come. */
const PAST_MS = 2 * 24 * 60 * 60_000;

async function requireRoom(
  manager: EntityManager,
  { organisationId: tenantId, id: participantId }: Principal,
  nowMs: number,
): Promise<void> {
  const day = new Date(nowMs - PAST_MS).toISOString().slice(0, 10);
  const declared = () =>
    manager
      .createQueryBuilder(MarketDefaultDeclaration, 'row')
      .where({ tenantId, participantId })
      .andWhere('row.last_day >= :day', { day });
  const standing = await declared().andWhere('row.revoked_at IS NULL').getCount();
  if (standing >= MAX_STANDING) throw tooMany(MAX_STANDING, 'that are not revoked');
  if ((await declared().getCount()) >= MAX_DECLARED) throw tooMany(MAX_DECLARED, 'of days to come');
}

const tooMany = (limit: number, which: string): DomainError =>
  new DomainError('DEFAULTS_LIMIT', `expected at most ${limit} declarations ${which}, got another`, 'limit', {
    limit,
  });

const unknown = (declaration: string): DomainError =>
  new DomainError('DEFAULTS_UNKNOWN', 'expected an own declaration, got none of this id', 'not-found', {
    declaration: declaration.slice(0, 64),
  });

const gateClosed = (): DomainError =>
  new DomainError('GATE_CLOSED', 'expected a withdrawal before the gate closed, got it after', 'conflict');
