import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { JobQueue } from '#queue';
import { ACCOUNT_JOB, ACCOUNT_KEY } from '../carbon/carbon.jobs.ts';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { JOB_QUEUE } from '../platform.tokens.ts';
import { ClearingService } from './clearing.service.ts';
import { CLEAR_JOB, SETTLE_JOB, SHARE_JOB } from './session.ts';
import { SettlementService } from './settlement.service.ts';
import { SharingService } from './sharing.service.ts';

/** Registers the market's jobs and what the reconciler asks for. */
@Injectable()
export class MarketJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly clearing: ClearingService,
    private readonly settlement: SettlementService,
    private readonly sharing: SharingService,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  onModuleInit(): void {
    this.handlers.register({
      name: CLEAR_JOB,
      handle: ({ sessionId = '' }) => this.clearing.clear(sessionId),
      unfinished: async () => wakeUps(await this.clearing.unfinished()),
    });
    this.handlers.register({
      name: SETTLE_JOB,
      handle: async ({ sessionId = '' }) => {
        await this.settlement.settle(sessionId);
        await this.queue.enqueue(SHARE_JOB, { sessionId }, { key: sessionId });
        await this.queue.enqueue(ACCOUNT_JOB, {}, { key: ACCOUNT_KEY });
      },
      unfinished: async () => wakeUps(await this.settlement.unfinished()),
    });
    this.handlers.register({
      name: SHARE_JOB,
      handle: ({ sessionId = '' }) => this.sharing.share(sessionId),
      unfinished: async () => wakeUps(await this.sharing.unfinished()),
    });
  }
}

const wakeUps = (sessionIds: readonly string[]) =>
  sessionIds.map((sessionId) => ({ payload: { sessionId }, key: sessionId }));
