import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import { Not, In } from 'typeorm';
import { Database } from '#persistence';
import type { JobQueue } from '#queue';
import { BlobsModule } from '../blobs/blobs.module.ts';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { federationMigration } from '../migrations/0010-federation.ts';
import { federationDeclineMigration } from '../migrations/0011-federation-decline.ts';
import { federationPartialSumMigration } from '../migrations/0013-federation-partial-sum.ts';
import { RECORD_JOB } from '../models/models.jobs.ts';
import { JOB_QUEUE } from '../platform.tokens.ts';
import { AdditionThreads } from './addition-threads.ts';
import { Announcer } from './announcer.ts';
import { ADD_JOB, Combiner } from './combiner.service.ts';
import { FederationDecline } from './decline.entity.ts';
import { DeclinesService } from './declines.service.ts';
import { FederationEntry, FederationMember, FederationTask } from './federation.entities.ts';
import { FederationResolver } from './federation.resolver.ts';
import { ADVANCE_JOB, FederationService } from './federation.service.ts';
import { MessagePolicy } from './message-policy.ts';
import { FederationPartialSum } from './partial-sum.entity.ts';
import { TaskJournal } from './task-journal.ts';
import { TaskProgressResolver } from './task-progress.resolver.ts';
import { TaskProgressService } from './task-progress.service.ts';

@Module({
  imports: [BlobsModule],
  providers: [
    FederationService,
    FederationResolver,
    TaskProgressService,
    TaskProgressResolver,
    DeclinesService,
    TaskJournal,
    MessagePolicy,
    AdditionThreads,
    Combiner,
    Announcer,
  ],
  exports: [FederationService, TaskJournal],
})
export class FederationModule implements OnModuleInit {
  static readonly entities = [
    FederationTask,
    FederationMember,
    FederationEntry,
    FederationDecline,
    FederationPartialSum,
  ];
  static readonly migrations = [
    federationMigration,
    federationDeclineMigration,
    federationPartialSumMigration,
  ];
  static readonly jobs = [ADVANCE_JOB, ADD_JOB];

  constructor(
    private readonly handlers: JobHandlers,
    private readonly announcer: Announcer,
    private readonly combiner: Combiner,
    private readonly database: Database,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  onModuleInit(): void {
    this.handlers.register({
      name: ADVANCE_JOB,
      handle: ({ taskId }) => this.advance(taskId!),
      unfinished: () => this.unfinished(),
    });
    this.handlers.register({
      name: ADD_JOB,
      handle: (payload) => this.combiner.addPart(payload),
      unfinished: () => this.combiner.unfinished(),
    });
  }

  private async advance(taskId: string): Promise<void> {
    await this.announcer.run(taskId);
    const released = await this.database.asSystem((manager) =>
      manager.existsBy(FederationTask, { id: taskId, phase: 'released' }),
    );
    if (released) await this.queue.enqueue(RECORD_JOB, { taskId }, { key: taskId });
  }

  private async unfinished(): Promise<{ payload: { taskId: string }; key: string }[]> {
    const tasks = await this.database.asSystem((manager) =>
      manager.find(FederationTask, {
        select: { id: true },
        where: { phase: Not(In(['released', 'failed'])) },
      }),
    );
    return tasks.map(({ id }) => ({ payload: { taskId: id }, key: id }));
  }
}
