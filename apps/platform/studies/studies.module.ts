import { Module } from '@nestjs/common';
import { marketStudiesMigration } from '../migrations/0049-market-studies.ts';
import { StudiesJobs } from './studies.jobs.ts';
import { StudiesResolver, StudyKindsResolver } from './studies.resolver.ts';
import { StudiesService } from './studies.service.ts';
import { StudyClaims } from './study-claims.ts';
import { EXPIRE_STUDIES_JOB, STUDY_JOB } from './study-lanes.ts';
import { StudyRunner } from './study-runner.service.ts';
import { MarketStudyRow } from './study.entity.ts';

/** Computations of the market libraries, asked for by organisations on what they bring along. */
@Module({
  providers: [StudiesService, StudyClaims, StudyRunner, StudiesJobs, StudiesResolver, StudyKindsResolver],
})
export class StudiesModule {
  static readonly entities = [MarketStudyRow];
  static readonly migrations = [marketStudiesMigration];
  static readonly jobs = [STUDY_JOB, EXPIRE_STUDIES_JOB];
}
