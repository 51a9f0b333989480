import { Injectable, type OnModuleInit } from '@nestjs/common';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { StudyClaims } from './study-claims.ts';
import { EXPIRE_STUDIES_JOB, laneJobs, STUDY_JOB } from './study-lanes.ts';
import { StudyRunner } from './study-runner.service.ts';

/** Registers the lanes and the end of what was kept long enough. */
@Injectable()
export class StudiesJobs implements OnModuleInit {
  constructor(
    private readonly handlers: JobHandlers,
    private readonly claims: StudyClaims,
    private readonly runner: StudyRunner,
  ) {}

  onModuleInit(): void {
    this.handlers.register({
      name: STUDY_JOB,
      handle: () => this.runner.work(),
      unfinished: async () => ((await this.claims.hasClaimable()) ? laneJobs : []),
      stop: () => this.runner.stop(),
    });
    this.handlers.register({
      name: EXPIRE_STUDIES_JOB,
      handle: () => this.claims.expire(),
      unfinished: async () => ((await this.claims.hasExpired()) ? [{ payload: {}, key: 'all' }] : []),
    });
  }
}
