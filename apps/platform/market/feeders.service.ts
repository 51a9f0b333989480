import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, In } from 'typeorm';
import { DomainError } from '#core';
import { Database } from '#persistence';
import { Participant } from '../identity/identity.entities.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageByCreation,
  pageSize,
} from '../pipeline/connection.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { isUuid } from '../pipeline/uuid.ts';
import { requireUuid } from '../pipeline/cursor-keys.ts';
import {
  type ConnectionDraft,
  MAX_FEEDERS,
  requireConnections,
  requireFeeder,
  storedFeeder,
} from './feeder.ts';
import { MarketConnection, MarketFeeder } from './feeders.entities.ts';
import { findFeeder } from './session-feeder.ts';

export interface FeederDraft {
  readonly name: string;
  readonly network: unknown;
  readonly connections: readonly ConnectionDraft[];
}

/** Feeders of an organiser and who is connected where. Both only grow: a session can be carried again. */
@Injectable()
export class FeedersService {
  constructor(private readonly database: Database) {}

  /** @throws ROLE_MISSING, FEEDERS_LIMIT, CONNECTION_CONFLICT, PARTICIPANT_UNKNOWN, and what requireFeeder and requireConnections throw */
  async add(principal: Principal, { name, network, connections }: FeederDraft): Promise<MarketFeeder> {
    requireRole(principal, 'market', 'operator');
    const feeder = requireFeeder(name, network);
    requireConnections(feeder, connections);
    const tenantId = principal.organisationId;
    return this.database.asTenant(tenantId, async (manager) => {
      await holdFeeders(manager, tenantId);
      if ((await manager.countBy(MarketFeeder, { tenantId })) >= MAX_FEEDERS) {
        const message = `expected at most ${MAX_FEEDERS} feeders of an organisation, got another`;
        throw new DomainError('FEEDERS_LIMIT', message, 'limit');
      }
      const row = await manager.save(
        manager.create(MarketFeeder, {
          id: randomUUID(),
          tenantId,
          name,
          network: network as object,
          busCount: feeder.tree.network.buses.length,
        }),
      );
      await connect(manager, row, connections);
      return row;
    });
  }

  /**
   * Connects participants; one that is connected at that bus already stays.
   * @throws ROLE_MISSING, FEEDER_UNKNOWN, CONNECTION_CONFLICT at another bus, PARTICIPANT_UNKNOWN, and what requireConnections throws
   */
  async connect(
    principal: Principal,
    feederId: string,
    connections: readonly ConnectionDraft[],
  ): Promise<MarketFeeder> {
    requireRole(principal, 'market', 'operator');
    return this.database.asTenant(principal.organisationId, async (manager) => {
      await holdFeeders(manager, principal.organisationId);
      const row = await findFeeder(manager, feederId);
      requireConnections(storedFeeder(row.network), connections);
      await connect(manager, row, connections);
      return row;
    });
  }

  /** @throws FEEDER_UNKNOWN */
  async find(principal: Principal, feederId: string): Promise<MarketFeeder> {
    return this.database.asTenant(principal.organisationId, (manager) => findFeeder(manager, feederId));
  }

  /** The organisation's own, newest first. */
  async list(principal: Principal, page: PageArgs): Promise<Connection<MarketFeeder>> {
    return this.database.asTenant(principal.organisationId, (manager) =>
      pageByCreation(manager.createQueryBuilder(MarketFeeder, 'feeder'), page, 'DESC'),
    );
  }

  /** All for the feeder's owner, its own participants' for another organisation: row-level security decides. */
  async connections(
    principal: Principal,
    feederId: string,
    { first, after }: PageArgs,
  ): Promise<Connection<MarketConnection>> {
    const [id] = decodeCursor(after, 1) ?? [];
    return this.database.asTenant(principal.organisationId, async (manager) => {
      const query = manager
        .createQueryBuilder(MarketConnection, 'row')
        .where('row.feeder_id = :feederId', { feederId: requireUuid(feederId) })
        .orderBy('row.participant_id')
        .limit(pageSize(first) + 1);
      if (id !== undefined) query.andWhere('row.participant_id > :id', { id: requireUuid(id) });
      return connectionOf(await query.getMany(), first, (row) => [row.participantId]);
    });
  }
}

/** One change of an organisation's feeders at a time, so that what is checked still holds when it is stored. */
async function holdFeeders(manager: EntityManager, tenantId: string): Promise<void> {
  await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`feeders ${tenantId}`]);
}

async function connect(
  manager: EntityManager,
  { id: feederId, tenantId }: MarketFeeder,
  connections: readonly ConnectionDraft[],
): Promise<void> {
  const ids = connections.map(({ participantId }) => requireParticipantId(participantId));
  const holders = await manager.findBy(Participant, { id: In(ids) });
  const holderOf = new Map(holders.map((row) => [row.id, row.tenantId]));
  const there = await manager.findBy(MarketConnection, { tenantId, feederId, participantId: In(ids) });
  const busOf = new Map(there.map(({ participantId, bus }) => [participantId, bus]));
  const rows = connections.flatMap(({ participantId, bus }) => {
    const holderId = holderOf.get(participantId);
    if (holderId === undefined) throw unknownParticipant(participantId);
    const connected = busOf.get(participantId);
    if (connected === undefined) return [{ tenantId, feederId, participantId, holderId, bus }];
    if (connected !== bus) throw otherBus(participantId);
    return [];
  });
  if (rows.length > 0) await manager.insert(MarketConnection, rows);
}

function requireParticipantId(id: string): string {
  if (!isUuid(id)) throw unknownParticipant(id);
  return id;
}

const unknownParticipant = (id: string): DomainError =>
  new DomainError('PARTICIPANT_UNKNOWN', 'expected a participant, got none of this id', 'not-found', {
    participant: id.slice(0, 64),
  });

const otherBus = (id: string): DomainError =>
  new DomainError(
    'CONNECTION_CONFLICT',
    'expected a participant that is not connected yet, got one at another bus: a feeder does not change under its sessions',
    'conflict',
    { participant: id },
  );
