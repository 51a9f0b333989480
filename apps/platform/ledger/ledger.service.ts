import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type ChainVerdict, type Entry, type EntryDraft, type Head, appendEntry, verifyChain } from '#ledger';
import { Database, insertRows } from '#persistence';
import {
  type Connection,
  connectionOf,
  decodeCursor,
  type PageArgs,
  pageSize,
} from '../pipeline/connection.ts';
import type { Principal } from '../pipeline/principal.ts';
import { requireInteger } from '../pipeline/cursor-keys.ts';
import { HEAD_ROW, headRow } from './head-row.ts';
import { LedgerEntry, LedgerHead, LedgerHolder } from './ledger.entities.ts';

/** Entries read at once while verifying: memory stays flat and other transactions get their turn in between. */
const VERIFY_BATCH = 1_000;

/** What is to be booked, and the organisations whose accounts it posts to. */
export interface Booking {
  readonly draft: EntryDraft;
  readonly holders: readonly string[];
}

/** The ledger in the database: one chain over all organisations, each reading only the entries it holds an account in. */
@Injectable()
export class LedgerService {
  #last: Promise<unknown> = Promise.resolve();
  #waiting: Promise<ChainVerdict> | undefined;

  constructor(private readonly database: Database) {}

  /**
   * Appends entries in the caller's system transaction: they are booked if and only if it commits. Later appenders wait
   * for it at the head row. The unique key (type, reference) refuses to book one event twice.
   * @throws what appendEntry in libs/ledger throws.
   */
  async append(manager: EntityManager, bookings: readonly Booking[]): Promise<Entry[]> {
    let head = await headRow(manager, true);
    const entries: Entry[] = [];
    for (const { draft } of bookings) {
      const entry = await appendEntry(head, draft, randomBytes(16).toString('hex'));
      entries.push(entry);
      head = entry;
    }
    if (entries.length === 0) return entries;
    await insertRows(manager, LedgerEntry, entries.map(toRow));
    await insertRows(
      manager,
      LedgerHolder,
      bookings.flatMap(({ holders }, i) =>
        holders.map((tenantId) => ({ tenantId, entryIndex: entries[i]!.index })),
      ),
    );
    await manager.update(LedgerHead, { id: HEAD_ROW }, { index: head.index, hash: head.hash });
    return entries;
  }

  /** Entries that post to an account of the asking organisation, oldest first. */
  async list(principal: Principal, { first, after }: PageArgs): Promise<Connection<LedgerEntry>> {
    const [index] = decodeCursor(after, 1) ?? [];
    const rows = await this.database.asTenant(principal.organisationId, (manager) => {
      const query = manager
        .createQueryBuilder(LedgerEntry, 'entry')
        .orderBy('entry.index', 'ASC')
        .limit(pageSize(first) + 1);
      if (index !== undefined) query.where('entry.index > :index', { index: requireInteger(index) });
      return query.getMany();
    });
    return connectionOf(rows, first, (row) => [String(row.index)]);
  }

  /** Where the chain ends: what a member keeps to notice later that history was cut off or rewritten. */
  head(): Promise<Head> {
    return this.database.asSystem((manager) => headRow(manager, false));
  }

  /**
   * Verifies the whole chain up to the head of this moment, over all organisations' entries; tells no content. As it is
   * linear in the chain and anybody may ask, one runs at a time, and all who ask meanwhile share the next.
   */
  verify(): Promise<ChainVerdict> {
    const asked = (this.#waiting ??= this.#last.then(() => {
      this.#waiting = undefined;
      return this.#verifyNow();
    }));
    // Who asked gets the error; the next one only waits.
    this.#last = asked.catch(() => undefined);
    return asked;
  }

  async #verifyNow(): Promise<ChainVerdict> {
    const head = await this.head();
    return verifyChain(this.#entriesUpTo(head.index), head);
  }

  async *#entriesUpTo(last: number): AsyncGenerator<Entry> {
    for (let from = 0; from <= last; from += VERIFY_BATCH) {
      const to = Math.min(last, from + VERIFY_BATCH - 1);
      const rows = await this.database.asSystem((manager) =>
        manager
          .createQueryBuilder(LedgerEntry, 'entry')
          .where('entry.index BETWEEN :from AND :to', { from, to })
          .orderBy('entry.index', 'ASC')
          .getMany(),
      );
      for (const row of rows) yield toEntry(row);
    }
  }
}

const toRow = ({ atMs, ...entry }: Entry): LedgerEntry => ({ ...entry, at: new Date(atMs) });

const toEntry = ({ at, ...row }: LedgerEntry): Entry => ({ ...row, atMs: at.getTime() });
