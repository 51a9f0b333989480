import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Clock, SigningKey } from '#core';
import { BEFORE_FIRST_DAY, dayAfter, dayEndMs, recordDay, signDay } from '#ledger';
import { Database } from '#persistence';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { CLOCK, PLATFORM_KEY } from '../platform.tokens.ts';
import { LedgerDay } from './days.entities.ts';
import { headRow } from './head-row.ts';
import { LedgerEntry } from './ledger.entities.ts';

/** Wake-up; the reconciler asks for it when a day is over. */
export const CLOSE_DAYS_JOB = 'ledger.close-days';

/** A day whose record is due. */
interface DueDay {
  readonly last: LedgerDay | null;
  readonly day: string;
  readonly firstIndex: number;
}

/** The job that closes finished days: root over the day's entries, under the platform's signature. Days without entries are skipped. */
@Injectable()
export class DayClosingService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(PLATFORM_KEY) private readonly key: SigningKey,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      name: CLOSE_DAYS_JOB,
      handle: () => this.closeDays(),
      unfinished: async () => {
        const due = await this.database.asSystem((manager) => this.dueDay(manager));
        return due === undefined ? [] : [{ payload: {}, key: 'all' }];
      },
    });
  }

  /** Closes all days that are over, a transaction a day. */
  async closeDays(): Promise<void> {
    let closed = true;
    while (closed) closed = await this.database.asSystem((manager) => this.closeNext(manager));
  }

  /**
   * Under the lock of the head row no entry can come between the entries that are read and the record: whatever is appended
   * later has a later place, and so a later day.
   */
  private async closeNext(manager: EntityManager): Promise<boolean> {
    await headRow(manager, true);
    const due = await this.dueDay(manager);
    if (due === undefined) return false;
    const { last, day, firstIndex } = due;
    const previous = last?.hash ?? BEFORE_FIRST_DAY;
    const hashes = await hashesOf(manager, firstIndex, dayEndMs(day));
    const record = await recordDay({ day, firstIndex, previous, platformKey: this.key.publicKey }, hashes);
    await manager.insert(LedgerDay, await signDay(record, this.key.privateKey));
    return true;
  }

  private async dueDay(manager: EntityManager): Promise<DueDay | undefined> {
    const [last = null] = await manager.find(LedgerDay, { order: { day: 'DESC' }, take: 1 });
    const first = await manager
      .createQueryBuilder(LedgerEntry, 'entry')
      .where('entry.index > :last', { last: last?.lastIndex ?? -1 })
      // The hash of an entry without a salt would confirm guesses of it to whoever gets a proof of its neighbour.
      .andWhere('entry.salt IS NOT NULL')
      .orderBy('entry.index', 'ASC')
      .limit(1)
      .getOne();
    if (first === null) return undefined;
    const day = dayAfter(last, first.at.getTime());
    return this.clock.nowMs() < dayEndMs(day) ? undefined : { last, day, firstIndex: first.index };
  }
}

/** Of the entries from `firstIndex` up to the first that is from `endMs` or later, in the order of the chain. */
async function hashesOf(manager: EntityManager, firstIndex: number, endMs: number): Promise<string[]> {
  const rows = await manager.query<{ hash: string }[]>(
    `SELECT hash FROM ledger_entry
     WHERE index >= $1 AND index < coalesce(
       (SELECT min(index) FROM ledger_entry WHERE index > $1 AND at >= $2), 9223372036854775807)
     ORDER BY index`,
    [firstIndex, new Date(endMs)],
  );
  return rows.map(({ hash }) => hash);
}
