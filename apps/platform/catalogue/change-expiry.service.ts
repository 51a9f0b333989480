import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { type Clock, DAY_MS } from '#core';
import { Database } from '#persistence';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { CLOCK } from '../platform.tokens.ts';
import { CatalogueChange } from './catalogue.entities.ts';

/** Wake-up; the reconciler asks for it when there are changes that nobody has to be told any more. */
export const EXPIRE_CHANGES_JOB = 'catalogue.expire';

const KEPT_DAYS = 90;

/** Forgets what happened in the catalogue long ago; what is listed now is in the catalogue itself. */
@Injectable()
export class ChangeExpiryService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      name: EXPIRE_CHANGES_JOB,
      handle: () => this.expire(),
      unfinished: async () => ((await this.#hasExpired()) ? [{ payload: {}, key: 'all' }] : []),
    });
  }

  async expire(): Promise<void> {
    await this.database.asSystem((manager) => manager.delete(CatalogueChange, this.#expired()));
  }

  #hasExpired(): Promise<boolean> {
    return this.database.asSystem((manager) => manager.existsBy(CatalogueChange, this.#expired()));
  }

  #expired() {
    return { createdAt: LessThan(new Date(this.clock.nowMs() - KEPT_DAYS * DAY_MS)) };
  }
}
