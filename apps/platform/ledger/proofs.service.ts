import { Inject, Injectable } from '@nestjs/common';
import { type EntityManager, LessThanOrEqual, MoreThanOrEqual } from 'typeorm';
import { type Clock, DomainError } from '#core';
import { inclusionPath, type InclusionPath, requireCountersignature } from '#ledger';
import { Database } from '#persistence';
import { signingKeyOf } from '../identity/signing-key.ts';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { CLOCK } from '../platform.tokens.ts';
import { requireInteger, requireKey, requireUuid } from '../pipeline/cursor-keys.ts';
import { isDay, requireDay } from './day.ts';
import { DayTrees } from './day-trees.ts';
import { LedgerCountersignature, LedgerDay } from './days.entities.ts';
import { LedgerEntry } from './ledger.entities.ts';

/** An entry, its place and the record that says so. */
export interface LedgerProof {
  readonly entry: LedgerEntry;
  readonly path: InclusionPath;
  readonly day: LedgerDay;
}

/** Records of days and who counter-signed them, to every member; proofs of entries, to those who hold them. */
@Injectable()
export class ProofsService {
  readonly #trees: DayTrees;

  constructor(
    private readonly database: Database,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {
    this.#trees = new DayTrees(database);
  }

  /** Records from `since` on, oldest first. @throws DATE_MALFORMED */
  async days(
    principal: Principal,
    since: string | null | undefined,
    { first, after }: PageArgs,
  ): Promise<Connection<LedgerDay>> {
    const [cursor] = decodeCursor(after, 1) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(LedgerDay, 'day')
        .orderBy('day.day', 'ASC')
        .limit(pageSize(first) + 1);
      if (since) query.andWhere('day.day >= :since', { since: requireDay(since) });
      if (cursor !== undefined)
        query.andWhere('day.day > :cursor', { cursor: requireKey(cursor, isDay(cursor)) });
      return query.getMany();
    });
    return connectionOf(rows, first, ({ day }) => [day]);
  }

  /** Who counter-signed a day's record, by participant. @throws DATE_MALFORMED, LEDGER_DAY_UNKNOWN */
  async countersignatures(
    principal: Principal,
    day: string,
    { first, after }: PageArgs,
  ): Promise<Connection<LedgerCountersignature>> {
    const [cursor] = decodeCursor(after, 1) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, async (manager) => {
      const query = manager
        .createQueryBuilder(LedgerCountersignature, 'countersignature')
        .where('countersignature.day = :day', { day: (await findDay(manager, day)).day })
        .orderBy('countersignature.participantId', 'ASC')
        .limit(pageSize(first) + 1);
      if (cursor !== undefined) {
        query.andWhere('countersignature.participantId > :cursor', { cursor: requireUuid(cursor) });
      }
      return query.getMany();
    });
    return connectionOf(rows, first, ({ participantId }) => [participantId]);
  }

  /** @throws LEDGER_ENTRY_UNKNOWN where the own organisation holds no such entry, LEDGER_ENTRY_UNSALTED, LEDGER_DAY_OPEN */
  async proof(principal: Principal, entryIndex: number): Promise<LedgerProof> {
    const { entry, day } = await this.database.asTenant(principal.organisationId, async (manager) => {
      const held = await findEntry(manager, entryIndex);
      return { entry: held, day: await dayOf(manager, held) };
    });
    return { entry, path: inclusionPath(await this.#trees.of(day), day, entry.index), day };
  }

  /** Proofs of the own organisation's entries in a day. @throws DATE_MALFORMED, LEDGER_DAY_UNKNOWN */
  async proofs(
    principal: Principal,
    date: string,
    { first, after }: PageArgs,
  ): Promise<Connection<LedgerProof>> {
    const [cursor] = decodeCursor(after, 1) ?? [];
    const { day, entries } = await this.database.asTenant(principal.organisationId, async (manager) => {
      const found = await findDay(manager, date);
      const query = manager
        .createQueryBuilder(LedgerEntry, 'entry')
        .where('entry.index BETWEEN :firstIndex AND :lastIndex', found)
        .orderBy('entry.index', 'ASC')
        .limit(pageSize(first) + 1);
      if (cursor !== undefined) query.andWhere('entry.index > :cursor', { cursor: requireInteger(cursor) });
      return { day: found, entries: await query.getMany() };
    });
    const tree = entries.length === 0 ? [] : await this.#trees.of(day);
    const proofs = entries.map((entry) => ({ entry, path: inclusionPath(tree, day, entry.index), day }));
    return connectionOf(proofs, first, ({ entry }) => [String(entry.index)]);
  }

  /**
   * Keeps a participant's signature over a day's record. The same again changes nothing.
   * @throws PARTICIPANT_REQUIRED, DATE_MALFORMED, LEDGER_DAY_UNKNOWN, SIGNATURE_INVALID
   */
  async countersign(principal: Principal, date: string, signature: string): Promise<LedgerCountersignature> {
    const { id: participantId, organisationId: tenantId } = principal;
    const { signingKey, record } = await this.database.asTenant(tenantId, async (manager) => ({
      signingKey: await signingKeyOf(manager, principal),
      record: await findDay(manager, date),
    }));
    const { day, hash } = record;
    await requireCountersignature(hash, { participantId, signingKey, signature });
    return this.database.asTenant(tenantId, async (manager) => {
      const row = {
        tenantId,
        participantId,
        day,
        signingKey,
        signature,
        signedAt: new Date(this.clock.nowMs()),
      };
      await manager
        .createQueryBuilder()
        .insert()
        .into(LedgerCountersignature)
        .values(row)
        .orIgnore()
        .execute();
      return manager.findOneByOrFail(LedgerCountersignature, { tenantId, participantId, day });
    });
  }
}

async function findDay(manager: EntityManager, date: string): Promise<LedgerDay> {
  const day = await manager.findOneBy(LedgerDay, { day: requireDay(date) });
  if (day !== null) return day;
  throw new DomainError('LEDGER_DAY_UNKNOWN', `expected a day with a record, got ${date}`, 'not-found', {
    day: date,
  });
}

/** Another organisation's entry is as unknown as one that does not exist. */
async function findEntry(manager: EntityManager, index: number): Promise<LedgerEntry> {
  const entry = await manager.findOneBy(LedgerEntry, { index });
  if (entry === null) {
    throw new DomainError(
      'LEDGER_ENTRY_UNKNOWN',
      `expected an entry of the own organisation, got ${index}`,
      'not-found',
      { index },
    );
  }
  if (entry.salt !== null) return entry;
  throw new DomainError(
    'LEDGER_ENTRY_UNSALTED',
    `expected an entry with a salt, got entry ${index}, which was booked before there were any`,
    'conflict',
    { index },
  );
}

async function dayOf(manager: EntityManager, { index }: LedgerEntry): Promise<LedgerDay> {
  const day = await manager.findOneBy(LedgerDay, {
    firstIndex: LessThanOrEqual(index),
    lastIndex: MoreThanOrEqual(index),
  });
  if (day !== null) return day;
  throw new DomainError(
    'LEDGER_DAY_OPEN',
    `expected an entry whose day is over and recorded, got entry ${index}`,
    'conflict',
    { index },
  );
}
