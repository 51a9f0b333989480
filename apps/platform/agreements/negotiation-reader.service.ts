import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import type { Clock } from '#core';
import { Database } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  encodeCursor,
  type PageArgs,
  pageByCreation,
  pageSize,
} from '../pipeline/connection.ts';
import { followCursor } from '../pipeline/cursor-follower.ts';
import { requireInteger } from '../pipeline/cursor-keys.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { Negotiation, NegotiationMessageRow } from './agreements.entities.ts';
import { atInstant, findNegotiation } from './negotiation-store.ts';
import { requireConsumer } from './party.ts';

/** News reach a subscriber within this time plus one query. */
const POLL_MS = 500;
const FOLLOW_PAGE = 100;

export interface NegotiationChange {
  readonly cursor: string;
  readonly message: NegotiationMessageRow;
  readonly negotiation: Negotiation;
}

/** Negotiations and what was said in them, to their parties: every look is a tenant's own transaction, so row-level security is the check. */
@Injectable()
export class NegotiationReader {
  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** Of either side, newest first. */
  async list(principal: Principal, page: PageArgs): Promise<Connection<Negotiation>> {
    requireConsumer(principal);
    const nowMs = this.clock.nowMs();
    const { edges, pageInfo } = await this.#inTenant(principal, (manager) =>
      pageByCreation(manager.createQueryBuilder(Negotiation, 'negotiation'), page, 'DESC'),
    );
    return { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: atInstant(node, nowMs) })) };
  }

  /** @throws NEGOTIATION_NOT_FOUND */
  async get(principal: Principal, id: string): Promise<Negotiation> {
    requireConsumer(principal);
    return atInstant(
      await this.#inTenant(principal, (manager) => findNegotiation(manager, id)),
      this.clock.nowMs(),
    );
  }

  /** What was said in one, in its order. @throws NEGOTIATION_NOT_FOUND, CURSOR_MALFORMED, PAGE_SIZE_INVALID */
  async messages(
    principal: Principal,
    negotiationId: string,
    { first, after }: PageArgs,
  ): Promise<Connection<NegotiationMessageRow>> {
    requireConsumer(principal);
    const limit = pageSize(first) + 1;
    const rows = await this.#inTenant(principal, async (manager) => {
      await findNegotiation(manager, negotiationId);
      return messagesAfter(manager, { negotiationId, after: placeOf(after), limit });
    });
    return connectionOf(rows, first, ({ sequence }) => [sequence]);
  }

  /** What is said from a cursor or from now on, in one negotiation or in all. @throws NEGOTIATION_NOT_FOUND, CURSOR_MALFORMED */
  async follow(
    principal: Principal,
    negotiationId: string | null,
    after: string | null,
  ): Promise<AsyncIterableIterator<NegotiationChange>> {
    requireConsumer(principal);
    placeOf(after);
    if (negotiationId !== null)
      await this.#inTenant(principal, (manager) => findNegotiation(manager, negotiationId));
    const read = (cursor: string): Promise<NegotiationChange[]> =>
      this.#inTenant(principal, (manager) => changesAfter(manager, negotiationId, cursor));
    const start = after ?? (await this.#inTenant(principal, endOfMessages));
    return followCursor({ read, cursorOf: ({ cursor }) => cursor }, start, POLL_MS);
  }

  #inTenant<T>({ organisationId }: Principal, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.asTenant(organisationId, work);
  }
}

/** @throws CURSOR_MALFORMED */
function placeOf(cursor: string | null | undefined): string {
  const [sequence = '0'] = decodeCursor(cursor, 1) ?? [];
  return requireInteger(sequence);
}

async function endOfMessages(manager: EntityManager): Promise<string> {
  const [newest] = await manager.find(NegotiationMessageRow, { order: { sequence: 'DESC' }, take: 1 });
  return encodeCursor([newest?.sequence ?? '0']);
}

interface MessagePage {
  readonly negotiationId: string | null;
  readonly after: string;
  readonly limit: number;
}

function messagesAfter(
  manager: EntityManager,
  { negotiationId, after, limit }: MessagePage,
): Promise<NegotiationMessageRow[]> {
  const query = manager
    .createQueryBuilder(NegotiationMessageRow, 'message')
    .where('message.sequence > :after', { after })
    .orderBy('message.sequence')
    .limit(limit);
  if (negotiationId !== null) query.andWhere('message.negotiation_id = :negotiationId', { negotiationId });
  return query.getMany();
}

async function changesAfter(
  manager: EntityManager,
  negotiationId: string | null,
  cursor: string,
): Promise<NegotiationChange[]> {
  const after = placeOf(cursor);
  const messages = await messagesAfter(manager, { negotiationId, after, limit: FOLLOW_PAGE });
  if (messages.length === 0) return [];
  const ids = [...new Set(messages.map((message) => message.negotiationId))];
  const negotiations = new Map(
    (await manager.findBy(Negotiation, { id: In(ids) })).map((negotiation) => [negotiation.id, negotiation]),
  );
  return messages.map((message) => ({
    cursor: encodeCursor([message.sequence]),
    message,
    negotiation: negotiations.get(message.negotiationId)!,
  }));
}
