import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThanOrEqual } from 'typeorm';
import type { Clock } from '#core';
import { Database } from '#persistence';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { CLOCK } from '../platform.tokens.ts';
import { DESTROY_FRAGMENTS_JOB } from './delivery.jobs.ts';
import { DeliveryGrant } from './delivery.entities.ts';

/** The job that destroys fragments whose agreement has run out; what ends otherwise takes its fragments along by a trigger. */
@Injectable()
export class FragmentDestructionService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      name: DESTROY_FRAGMENTS_JOB,
      handle: () => this.destroy(),
      unfinished: async () => ((await this.#isDue()) ? [{ payload: {}, key: 'all' }] : []),
    });
  }

  async destroy(): Promise<void> {
    await this.database.asSystem((manager) => manager.delete(DeliveryGrant, this.#expired()));
  }

  #isDue(): Promise<boolean> {
    return this.database.asSystem((manager) => manager.existsBy(DeliveryGrant, this.#expired()));
  }

  #expired() {
    return { validUntil: LessThanOrEqual(new Date(this.clock.nowMs())) };
  }
}
