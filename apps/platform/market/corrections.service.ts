import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { type Clock, DomainError, requireSignature } from '#core';
import { CORRECTION_CONTEXT, correctionStatement, requireCorrection, type StatedVersion } from '#market';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK, JOB_QUEUE } from '../platform.tokens.ts';
import { requireCorrectable, type StatedCorrection } from './corrections.ts';
import { requireStatements, requireTraded } from './deliveries.service.ts';
import { MarketDelivery, type MarketSession } from './market.entities.ts';
import type { Submitted } from './orders.service.ts';
import { SETTLE_JOB } from './session.ts';
import { slotAt } from './session-slots.ts';
import { holdOrders, holdSession, signerIn } from './session-lock.ts';
import { MarketDeliveryCorrection } from './settlement.entities.ts';

/** Takes signed statements after settlement: corrections of traded slots, and the first of slots that had none. */
@Injectable()
export class CorrectionsService {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /**
   * Stores a batch whole or not at all, and has the difference settled. The same correction again changes nothing, also
   * after the window.
   * @throws PARTICIPANT_REQUIRED, SESSION_UNKNOWN, DELIVERIES_COUNT, DELIVERY_DUPLICATE, HOUR_NOT_IN_SESSION,
   *   DELIVERY_ENERGY, DELIVERY_TOO_EARLY, SIGNATURE_INVALID, STATEMENT_PRODUCT, SESSION_NOT_CLEARED, SESSION_NOT_SETTLED, CORRECTION_CLOSED,
   *   DELIVERY_NOT_TRADED, CORRECTION_CONFLICT, and what requireCorrection throws.
   */
  async submit(
    principal: Principal,
    sessionId: string,
    stated: readonly StatedCorrection[],
  ): Promise<Submitted> {
    const { session, signingKey } = await signerIn(this.database, principal, sessionId);
    const nowMs = this.clock.nowMs();
    requireStatements(stated, session, nowMs);
    for (const statement of stated) {
      const value = statementOf(principal, session, statement);
      await requireSignature(signingKey, CORRECTION_CONTEXT, value, statement.signature);
    }
    const submitted = await this.database.asTenant(principal.organisationId, async (manager) => {
      const current = await holdSession(manager, session.id, 'shared');
      await holdOrders(manager, session.id, principal.id);
      const fresh = await this.fresh(manager, principal, session, stated);
      if (fresh.length > 0) {
        requireCorrectable(current, nowMs);
        await requireTraded(manager, principal, session, fresh);
        const rows = fresh.map((statement) => toRow(principal, session.id, statement, nowMs));
        await manager.insert(MarketDeliveryCorrection, rows);
      }
      return { accepted: fresh.length, unchanged: stated.length - fresh.length };
    });
    if (submitted.accepted > 0)
      await this.queue.enqueue(SETTLE_JOB, { sessionId: session.id }, { key: session.id });
    return submitted;
  }

  /** What of a batch is not stored yet. @throws CORRECTION_CONFLICT, and what requireCorrection throws */
  private async fresh(
    manager: EntityManager,
    principal: Principal,
    session: MarketSession,
    stated: readonly StatedCorrection[],
  ): Promise<StatedCorrection[]> {
    const versions = await storedVersions(manager, principal, session.id, stated);
    return stated.filter((statement) => {
      const stored = versions.get(statement.startMs) ?? [];
      const same = stored.find(({ version, reason }) => version === statement.version && reason !== null);
      if (same !== undefined) {
        requireSame(statement, same);
        return false;
      }
      const interval = slotAt(session, statement.startMs);
      requireCorrection({ ...statement, interval }, newestOf(stored));
      return true;
    });
  }
}

interface StoredVersion extends StatedVersion {
  /** Null for a statement of before settlement. */
  readonly reason: string | null;
}

async function storedVersions(
  manager: EntityManager,
  principal: Principal,
  sessionId: string,
  stated: readonly StatedCorrection[],
): Promise<Map<number, StoredVersion[]>> {
  const own = {
    tenantId: principal.organisationId,
    sessionId,
    participantId: principal.id,
    startsAt: In(stated.map(({ startMs }) => new Date(startMs))),
  };
  const versions = new Map<number, StoredVersion[]>(stated.map(({ startMs }) => [startMs, []]));
  const add = (startsAt: Date, version: StoredVersion) => versions.get(startsAt.getTime())!.push(version);
  for (const { startsAt, netImportWh, netExportWh } of await manager.findBy(MarketDelivery, own))
    add(startsAt, { version: 1, netImportWh, netExportWh, reason: null });
  for (const { startsAt, ...row } of await manager.findBy(MarketDeliveryCorrection, own)) add(startsAt, row);
  return versions;
}

const newestOf = (stored: readonly StoredVersion[]): StoredVersion | undefined =>
  stored.toSorted((a, b) => b.version - a.version)[0];

function requireSame(statement: StatedCorrection, stored: StoredVersion): void {
  const { netImportWh, netExportWh, reason, version } = statement;
  if (
    stored.netImportWh === netImportWh &&
    stored.netExportWh === netExportWh &&
    stored.reason === reason
  )
    return; // prettier-ignore
  throw new DomainError(
    'CORRECTION_CONFLICT',
    `expected version ${version} as it was stated before, got another`,
    'conflict',
    { version },
  );
}

function statementOf(principal: Principal, session: MarketSession, statement: StatedCorrection) {
  const { startMs, netImportWh, netExportWh, version, reason } = statement;
  return correctionStatement({
    session: session.id,
    participant: principal.id,
    interval: slotAt(session, startMs),
    netImportWh,
    netExportWh,
    version,
    reason,
  });
}

function toRow(
  principal: Principal,
  sessionId: string,
  { startMs, ...statement }: StatedCorrection,
  nowMs: number,
): MarketDeliveryCorrection {
  const key = { tenantId: principal.organisationId, sessionId, participantId: principal.id };
  return { ...key, ...statement, startsAt: new Date(startMs), receivedAt: new Date(nowMs) };
}
