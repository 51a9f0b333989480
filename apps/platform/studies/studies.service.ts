import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { DomainError, type Json } from '#core';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import { type Connection, type PageArgs, pageByCreation } from '../pipeline/connection.ts';
import { followCursor } from '../pipeline/cursor-follower.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { JOB_QUEUE } from '../platform.tokens.ts';
import { wakeLanes } from './study-lanes.ts';
import {
  isFinished,
  ORGANISATION_LIMITS,
  requireDraft,
  requireStudyId,
  type StudyDraft,
  unknownStudy,
} from './study-request.ts';
import { MarketStudyRow } from './study.entity.ts';

/** A change reaches a subscriber within this time plus one query. */
const POLL_MS = 500;
const UNFINISHED = In(['QUEUED', 'RUNNING']);

/** Computations as organisations ask for them: each sees and stops its own only. */
@Injectable()
export class StudiesService {
  constructor(
    private readonly database: Database,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  /** @throws ROLE_MISSING, what requireDraft throws, STUDIES_TOO_MANY, IDEMPOTENCY_KEY_REUSED */
  async submit(principal: Principal, draft: StudyDraft): Promise<MarketStudyRow> {
    requireAsker(principal);
    const requestHash = await requireDraft(draft);
    const { organisationId: tenantId } = principal;
    const id = await this.database.asTenant(tenantId, async (manager) => {
      await holdStudies(manager, tenantId);
      const known = await manager.findOneBy(MarketStudyRow, { idempotencyKey: draft.idempotencyKey });
      if (known !== null) return sameStudy(known, requestHash);
      await requireRoom(manager);
      await forgetOldest(manager);
      return insertStudy(manager, tenantId, draft, requestHash);
    });
    await wakeLanes(this.queue);
    return this.find(principal, id);
  }

  /** @throws STUDY_UNKNOWN */
  find({ organisationId }: Principal, id: string): Promise<MarketStudyRow> {
    return this.database.asTenant(organisationId, (manager) => findStudy(manager, id));
  }

  /** Newest first. */
  list({ organisationId }: Principal, page: PageArgs): Promise<Connection<MarketStudyRow>> {
    return this.database.asTenant(organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(MarketStudyRow, 'study'), page, 'DESC'),
    );
  }

  /** What a study was given, or what came of it. @throws STUDY_UNKNOWN */
  async document(
    { organisationId }: Principal,
    id: string,
    column: 'input' | 'options' | 'result',
  ): Promise<Json | null> {
    const row = await this.database.asTenant(organisationId, (manager) =>
      manager.findOne(MarketStudyRow, { where: { id }, select: { id: true, [column]: true } }),
    );
    if (row === null) throw unknownStudy(id);
    return row[column] as Json | null;
  }

  /** Ends it now, whether it waits or runs; again it changes nothing. @throws ROLE_MISSING, STUDY_UNKNOWN, STUDY_FINISHED */
  async cancel(principal: Principal, id: string): Promise<MarketStudyRow> {
    requireAsker(principal);
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const { affected } = await manager
        .createQueryBuilder()
        .update(MarketStudyRow)
        .set({
          state: 'CANCELLED',
          finishedAt: () => 'now()',
          expiresAt: () => "now() + interval '7 days'",
          revision: () => 'revision + 1',
        })
        .where({ id: requireStudyId(id), state: UNFINISHED })
        .execute();
      const study = await findStudy(manager, id);
      if (affected === 0 && study.state !== 'CANCELLED') throw finished(study);
      return study;
    });
  }

  /** The study now, then at every change until it is finished. @throws STUDY_UNKNOWN */
  async follow(principal: Principal, id: string): Promise<AsyncIterableIterator<MarketStudyRow>> {
    await this.find(principal, id);
    const read = async (revision: string): Promise<MarketStudyRow[]> => {
      const study = await this.find(principal, id);
      return study.revision > Number(revision) ? [study] : [];
    };
    return untilFinished(followCursor({ read, cursorOf: ({ revision }) => String(revision) }, '-1', POLL_MS));
  }
}

const requireAsker = (principal: Principal): void =>
  requireRole(principal, 'firm', 'analyst', 'market', 'operator');

/** One request of an organisation at a time, so that what is counted still holds when it is stored. */
async function holdStudies(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [
    `market studies ${tenantId}`,
  ]);
}

/** @throws STUDY_UNKNOWN */
async function findStudy(manager: EntityManager, id: string): Promise<MarketStudyRow> {
  const study = await manager.findOneBy(MarketStudyRow, { id: requireStudyId(id) });
  if (study === null) throw unknownStudy(id);
  return study;
}

/** @throws IDEMPOTENCY_KEY_REUSED */
function sameStudy({ id, requestHash }: MarketStudyRow, asked: string): string {
  if (requestHash === asked) return id;
  throw new DomainError(
    'IDEMPOTENCY_KEY_REUSED',
    'expected a new key, got one used for another study',
    'conflict',
  );
}

/** @throws STUDIES_TOO_MANY */
async function requireRoom(manager: EntityManager): Promise<void> {
  const { unfinished: limit } = ORGANISATION_LIMITS;
  const unfinished = await manager.countBy(MarketStudyRow, { state: UNFINISHED });
  if (unfinished < limit) return;
  throw new DomainError(
    'STUDIES_TOO_MANY',
    `expected at most ${limit} studies waiting or running, got one more`,
    'limit',
    { limit },
  );
}

/** Makes room for one more among those that are kept. */
async function forgetOldest(manager: EntityManager): Promise<void> {
  await manager.query(
    `DELETE FROM market_study WHERE id IN (
      SELECT id FROM market_study WHERE state NOT IN ('QUEUED', 'RUNNING')
      ORDER BY created_at DESC, id DESC OFFSET $1)`,
    [ORGANISATION_LIMITS.kept - ORGANISATION_LIMITS.unfinished],
  );
}

async function insertStudy(
  manager: EntityManager,
  tenantId: string,
  { timeLimitSeconds, input, options, ...draft }: StudyDraft,
  requestHash: string,
): Promise<string> {
  const id = randomUUID();
  const waiting = { state: 'QUEUED', revision: 0, progress: 0, attempts: 0 } as const;
  // Every schema is that of an object.
  const documents = { input: input as object, options: options as object };
  const timeLimitMs = timeLimitSeconds * 1_000;
  const row = { id, tenantId, ...draft, ...documents, timeLimitMs, requestHash, ...waiting };
  await manager.insert(MarketStudyRow, row);
  return id;
}

const finished = ({ state }: MarketStudyRow): DomainError =>
  new DomainError('STUDY_FINISHED', `expected a study under way, got one that is ${state}`, 'conflict', {
    state,
  });

/** Ends with the study that is finished. */
function untilFinished(
  studies: AsyncIterableIterator<MarketStudyRow>,
): AsyncIterableIterator<MarketStudyRow, undefined> {
  let ended = false;
  const done = { done: true, value: undefined } as const;
  return {
    async next() {
      if (ended) return done;
      const { value } = await studies.next();
      if (value === undefined) return done;
      ended = isFinished((value as MarketStudyRow).state);
      if (ended) await studies.return?.();
      return { done: false, value: value as MarketStudyRow };
    },
    async return() {
      ended = true;
      await studies.return?.();
      return done;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
