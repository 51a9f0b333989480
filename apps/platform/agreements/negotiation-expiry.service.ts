import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { In, LessThanOrEqual, Not } from 'typeorm';
import type { Clock } from '#core';
import { Database } from '#persistence';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { CLOCK } from '../platform.tokens.ts';
import { Negotiation } from './agreements.entities.ts';
import { EXPIRE_NEGOTIATIONS_JOB } from './agreements.jobs.ts';
import { findNegotiation, isExpired, terminate, whoseTimeIsOver } from './negotiation-store.ts';
import { lockParties } from './party.ts';

const REASON = { reasonCode: 'EXPIRED', reason: null };

/** The job that ends negotiations whose time is over. Until it comes round they are shown as ended, and nothing can be said in them. */
@Injectable()
export class NegotiationExpiryService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      name: EXPIRE_NEGOTIATIONS_JOB,
      handle: () => this.expire(),
      unfinished: async () => ((await this.#due()) === null ? [] : [{ payload: {}, key: 'all' }]),
    });
  }

  async expire(): Promise<void> {
    for (let due = await this.#due(); due !== null; due = await this.#due()) await this.#end(due.id);
  }

  #end(id: string): Promise<void> {
    return this.database.asSystem(async (manager) => {
      await lockParties(manager, await findNegotiation(manager, id));
      const negotiation = await findNegotiation(manager, id);
      const nowMs = this.clock.nowMs();
      if (!isExpired(negotiation, nowMs)) return;
      const sender = whoseTimeIsOver(negotiation);
      await terminate(manager, negotiation, { sender, automatic: true, reason: REASON }, nowMs);
    });
  }

  #due(): Promise<Negotiation | null> {
    return this.database.asSystem((manager) =>
      manager.findOne(Negotiation, {
        where: {
          state: Not(In(['FINALIZED', 'TERMINATED'])),
          expiresAt: LessThanOrEqual(new Date(this.clock.nowMs())),
        },
        order: { expiresAt: 'ASC' },
      }),
    );
  }
}
