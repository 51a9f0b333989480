import { Module, type OnModuleInit } from '@nestjs/common';
import { BlobsModule } from '../blobs/blobs.module.ts';
import { FederationModule } from '../federation/federation.module.ts';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { modelsMigration } from '../migrations/0032-models.ts';
import { ModelVersionRow } from './model-version.entity.ts';
import { RECORD_JOB } from './models.jobs.ts';
import { RegistryResolver } from './registry.resolver.ts';
import { RegistryService } from './registry.service.ts';

/** Registry of released models. */
@Module({ imports: [BlobsModule, FederationModule], providers: [RegistryService, RegistryResolver] })
export class ModelsModule implements OnModuleInit {
  static readonly entities = [ModelVersionRow];
  static readonly migrations = [modelsMigration];
  static readonly jobs = [RECORD_JOB];

  constructor(
    private readonly handlers: JobHandlers,
    private readonly registry: RegistryService,
  ) {}

  onModuleInit(): void {
    this.handlers.register({
      name: RECORD_JOB,
      handle: ({ taskId }) => this.registry.record(taskId!),
      unfinished: async () =>
        (await this.registry.unfinished()).map((taskId) => ({ payload: { taskId }, key: taskId })),
    });
  }
}
