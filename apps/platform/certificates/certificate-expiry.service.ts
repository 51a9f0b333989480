import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import type { Clock } from '#core';
import { Database } from '#persistence';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { CLOCK } from '../platform.tokens.ts';
import { CertificateRow } from './certificates.entities.ts';
import { EXPIRE_CERTIFICATES_JOB } from './certificates.jobs.ts';
import { endRow } from './registry-store.ts';

/** Certificates ended in one transaction. */
const BATCH = 200;

/** The job that ends what has expired. Until it comes round, what has expired can be neither passed on nor claimed. */
@Injectable()
export class CertificateExpiryService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      name: EXPIRE_CERTIFICATES_JOB,
      handle: () => this.expire(),
      unfinished: async () => ((await this.#isDue()) ? [{ payload: {}, key: 'all' }] : []),
    });
  }

  async expire(): Promise<void> {
    while ((await this.#expireBatch()) === BATCH);
  }

  #expireBatch(): Promise<number> {
    return this.database.asSystem(async (manager) => {
      const rows = await manager.find(CertificateRow, {
        where: this.#due(),
        order: { id: 'ASC' },
        take: BATCH,
        lock: { mode: 'pessimistic_write' },
      });
      for (const row of rows) await endRow(manager, row, 'expire', this.clock.nowMs());
      return rows.length;
    });
  }

  #isDue(): Promise<boolean> {
    return this.database.asSystem((manager) => manager.existsBy(CertificateRow, this.#due()));
  }

  readonly #due = () =>
    ({ standing: true, state: 'live', expiresAt: LessThanOrEqual(new Date(this.clock.nowMs())) }) as const;
}
