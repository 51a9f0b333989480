import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { ClearingService } from './clearing.service.ts';
import { CLEAR_JOB, SETTLE_JOB } from './session.ts';
import { SettlementService } from './settlement.service.ts';

/** Registers the market's jobs and what the reconciler asks for. */
@Injectable()
export class MarketJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly clearing: ClearingService,
    private readonly settlement: SettlementService,
  ) {}

  onModuleInit(): void {
    this.handlers.register({
      name: CLEAR_JOB,
      handle: ({ sessionId = '' }) => this.clearing.clear(sessionId),
      unfinished: async () => wakeUps(await this.clearing.unfinished()),
    });
    this.handlers.register({
      name: SETTLE_JOB,
      handle: ({ sessionId = '' }) => this.settlement.settle(sessionId),
      unfinished: async () => wakeUps(await this.settlement.unfinished()),
    });
  }
}

const wakeUps = (sessionIds: readonly string[]) =>
  sessionIds.map((sessionId) => ({ payload: { sessionId }, key: sessionId }));
