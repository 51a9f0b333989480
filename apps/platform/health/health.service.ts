import { Inject, Injectable } from '@nestjs/common';
import type { Clock } from '#core';
import { Database, type DatabaseVitals } from '#persistence';
import { JobHandlers, type JobReport } from '../jobs/job-handlers.ts';
import { type Principal, requireRole } from '../pipeline/principal.ts';
import { CLOCK, RUNS_JOBS } from '../platform.tokens.ts';

export interface Health {
  readonly database: DatabaseVitals;
  /** Of this process. */
  readonly startedAt: Date;
  readonly businessTime: Date;
  readonly wallTime: Date;
  readonly runsJobs: boolean;
  readonly jobs: readonly JobReport[];
}

const startedAt = new Date(Date.now() - process.uptime() * 1_000);

/** What the platform does behind the requests, in numbers and codes, and nothing of anybody's data. */
@Injectable()
export class HealthService {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobHandlers,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(RUNS_JOBS) private readonly runsJobs: boolean,
  ) {}

  /** @throws ROLE_MISSING */
  async health(principal: Principal): Promise<Health> {
    requireRole(principal, 'operator');
    return {
      database: await this.database.vitals(),
      startedAt,
      businessTime: new Date(this.clock.nowMs()),
      wallTime: new Date(),
      runsJobs: this.runsJobs,
      jobs: await this.jobs.report(),
    };
  }
}
