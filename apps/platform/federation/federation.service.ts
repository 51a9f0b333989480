import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { DomainError, interval, type Json, type SigningKey } from '#core';
import {
  cardHashOf,
  drawnDecryptors,
  messageHash,
  openFromCard,
  PLATFORM,
  requireShape,
  type RosterMember,
  signMessage,
  type TaskCard,
} from '#federation';
import { Database, insertRows } from '#persistence';
import type { JobQueue } from '#queue';
import { appendEntry, type TranscriptEntry } from '#transcript';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { type Connection, type PageArgs, pageSize, pageByCreation } from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { JOB_QUEUE, PLATFORM_KEY } from '../platform.tokens.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { buildCard } from './card-builder.ts';
import { FederationEntry, FederationMember, FederationTask } from './federation.entities.ts';
import type { CreateTaskInput } from './federation.types.ts';
import { MessagePolicy } from './message-policy.ts';
import { TaskJournal, unknownTask, windowEnd } from './task-journal.ts';
import { requestedTerms } from './task-request.ts';

export const ADVANCE_JOB = 'federation.advance';

@Injectable()
export class FederationService {
  constructor(
    private readonly database: Database,
    private readonly journal: TaskJournal,
    private readonly policy: MessagePolicy,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
    @Inject(PLATFORM_KEY) private readonly key: SigningKey,
  ) {}

  /** Publishes the card that opens a task. @throws ROLE_MISSING, PARTICIPANT_MISSING, CARD_…, ROSTER_… */
  async createTask(principal: Principal, input: CreateTaskInput): Promise<FederationTask> {
    requireRole(principal, 'operator', 'market');
    return this.database.asSystem((manager) => this.openTask(manager, principal.organisationId, input));
  }

  /** The same for work of the platform's own, in its transaction, on behalf of `tenantId`. @throws PARTICIPANT_MISSING, CARD_…, ROSTER_… */
  async openTask(manager: EntityManager, tenantId: string, input: CreateTaskInput): Promise<FederationTask> {
    const roster = await rosterOf(manager, input.organisationIds);
    const card = await buildCard({
      taskId: randomUUID(),
      platformKey: this.key.publicKey,
      issuedAtMs: Date.now(),
      series: input.series,
      zone: input.zone,
      train: interval(input.train.start, input.train.end),
      validation: interval(input.validation.start, input.validation.end),
      windows: { keys: input.windows.keys, upload: input.windows.upload, answer: input.windows.answer },
      roster,
      ...requestedTerms(input),
      decryptors: await committeeOf(roster, input.decryptorIds),
    });
    const cardHash = await cardHashOf(card);
    const payload = { card: card as unknown as Json };
    const message = await signMessage(
      { cardHash, round: 0, kind: 'card', sender: PLATFORM, payload },
      this.key.privateKey,
    );
    const state = await openFromCard(message);
    const entry = await appendEntry(null, message);
    const task = manager.create(FederationTask, {
      id: card.taskId,
      tenantId,
      card,
      cardHash,
      phase: state.phase,
      round: state.round,
      headIndex: entry.index,
      headHash: entry.hash,
      windowEndsAt: windowEnd(state),
    });
    await manager.insert(FederationTask, task);
    await insertRows(
      manager,
      FederationMember,
      roster.map(({ organisation }) => ({ taskId: task.id, tenantId: organisation })),
    );
    const row = { taskId: task.id, ...entry, messageHash: await messageHash(message) };
    await manager.insert(FederationEntry, row);
    return manager.findOneByOrFail(FederationTask, { id: task.id });
  }

  /** Tasks of the principal's organisation, newest first. */
  async tasks(principal: Principal, page: PageArgs): Promise<Connection<FederationTask>> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(FederationTask, 'task'), page, 'DESC'),
    );
  }

  /** @throws TASK_UNKNOWN also for a task of others */
  async task(principal: Principal, id: string): Promise<FederationTask> {
    return this.database.asTenant(principal.organisationId, (manager) => requireVisible(manager, id));
  }

  /** @throws TASK_UNKNOWN also for a task of others */
  async card(principal: Principal, id: string): Promise<TaskCard> {
    const task = await this.database.asTenant(principal.organisationId, (manager) =>
      manager.findOne(FederationTask, { select: { id: true, card: true }, where: { id } }),
    );
    if (!task?.card) throw unknownTask(id);
    return task.card;
  }

  /** Entries after index `after` (−1: from the card on), in order. */
  async transcript(
    principal: Principal,
    taskId: string,
    after: number,
    first: number,
  ): Promise<FederationEntry[]> {
    return this.database.asTenant(principal.organisationId, async (manager) => {
      await requireVisible(manager, taskId);
      return manager
        .createQueryBuilder(FederationEntry, 'entry')
        .where('entry.taskId = :taskId AND entry.index > :after', { taskId, after })
        .orderBy('entry.index', 'ASC')
        .limit(pageSize(first))
        .getMany();
    });
  }

  /**
   * Enters a member's signed message into the transcript; the same message again is the same entry.
   * @throws MESSAGE_MALFORMED, SENDER_NOT_ALLOWED, TASK_UNKNOWN, SIGNATURE_INVALID, CIPHERTEXT_MALFORMED and the refusals
   *   of the protocol's state machine.
   */
  async postMessage(principal: Principal, taskId: string, message: unknown): Promise<TranscriptEntry> {
    if (principal.kind !== 'participant') {
      throw new DomainError(
        'SENDER_NOT_ALLOWED',
        'expected a message from a participant node, got one from a member',
        'forbidden',
      );
    }
    requireShape(message);
    if (message.sender !== principal.organisationId) {
      throw new DomainError(
        'SENDER_NOT_ALLOWED',
        'expected a message signed by its sender, got another organisation',
        'forbidden',
      );
    }
    await this.task(principal, taskId);
    // The protocol's refusals first: bytes are read only for a message that may come now, of who may say it.
    const looked = await this.database.asSystem((manager) => this.journal.look(manager, taskId, message));
    if (!('next' in looked)) return looked;
    await this.policy.requireAcceptable(principal, looked.state, message);
    const entry = await this.database.asSystem((manager) =>
      this.journal.append(manager, taskId, message, looked),
    );
    await this.queue.enqueue(ADVANCE_JOB, { taskId }, { key: taskId });
    return entry;
  }
}

/** @throws TASK_UNKNOWN also for a task of others */
export async function requireVisible(manager: EntityManager, id: string): Promise<FederationTask> {
  const task = isUuid(id) ? await manager.findOneBy(FederationTask, { id }) : null;
  if (!task) throw unknownTask(id);
  return task;
}

/** @throws DECRYPTOR_NOT_IN_ROSTER for a chosen one that takes no part */
async function committeeOf(
  roster: readonly RosterMember[],
  chosen?: readonly string[] | null,
): Promise<readonly string[]> {
  if (!chosen) return drawnDecryptors(roster);
  const members = new Set(roster.map(({ organisation }) => organisation));
  const stranger = chosen.find((id) => !members.has(id));
  if (stranger === undefined) return chosen;
  throw new DomainError(
    'DECRYPTOR_NOT_IN_ROSTER',
    `expected decryptors among the task's organisations, got ${stranger}`,
  );
}

/** One member an organisation, by its newest participant, in order of legal identifier. @throws PARTICIPANT_MISSING */
async function rosterOf(
  manager: EntityManager,
  organisationIds?: readonly string[],
): Promise<RosterMember[]> {
  const where = organisationIds ? { tenantId: In([...organisationIds]) } : {};
  const participants = await manager.find(Participant, { where, order: { createdAt: 'ASC' } });
  const newest = new Map(participants.map((participant) => [participant.tenantId, participant]));
  const missing = organisationIds?.find((id) => !newest.has(id));
  if (missing)
    throw new DomainError(
      'PARTICIPANT_MISSING',
      `expected an enrolled participant of ${missing}, got none`,
      'not-found',
    );
  const organisations = await manager.findBy(Organisation, { id: In([...newest.keys()]) });
  return organisations
    .map(({ id, legalId }) => {
      const { signingKey, agreementKey } = newest.get(id)!;
      return { organisation: id, legalId, signingKey, agreementKey };
    })
    .toSorted((a, b) => (a.legalId < b.legalId ? -1 : 1));
}
