import { Module, type OnModuleInit } from '@nestjs/common';
import { BlobsModule } from '../blobs/blobs.module.ts';
import { FederationModule } from '../federation/federation.module.ts';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { modelsMigration } from '../migrations/0032-models.ts';
import { JudgingService } from './judging.service.ts';
import { ModelVersionRow } from './model-version.entity.ts';
import { JUDGE_JOB, RECORD_JOB } from './models.jobs.ts';
import { ForecastProductRow, ModelDayScoreRow, ModelDecisionRow, ModelScoreRow } from './product.entities.ts';
import { ProductsResolver } from './products.resolver.ts';
import { ProductsService } from './products.service.ts';
import { RegistryResolver } from './registry.resolver.ts';
import { RegistryService } from './registry.service.ts';
import { ScoresResolver } from './scores.resolver.ts';
import { ScoresService } from './scores.service.ts';

/** Registry of released models, and the products that they make: who is champion, how they do, when they drift. */
@Module({
  imports: [BlobsModule, FederationModule],
  providers: [
    RegistryService,
    RegistryResolver,
    ProductsService,
    ProductsResolver,
    ScoresService,
    ScoresResolver,
    JudgingService,
  ],
})
export class ModelsModule implements OnModuleInit {
  static readonly entities = [
    ModelVersionRow,
    ForecastProductRow,
    ModelDecisionRow,
    ModelScoreRow,
    ModelDayScoreRow,
  ];
  static readonly migrations = [modelsMigration];
  static readonly jobs = [RECORD_JOB, JUDGE_JOB];

  constructor(
    private readonly handlers: JobHandlers,
    private readonly registry: RegistryService,
    private readonly judging: JudgingService,
  ) {}

  onModuleInit(): void {
    this.handlers.register({
      name: RECORD_JOB,
      handle: ({ taskId }) => this.registry.record(taskId!),
      unfinished: async () => wakeUps('taskId', await this.registry.unfinished()),
    });
    this.handlers.register({
      name: JUDGE_JOB,
      handle: ({ productId }) => this.judging.judge(productId!),
      unfinished: async () => wakeUps('productId', await this.judging.unfinished()),
    });
  }
}

const wakeUps = (name: string, ids: readonly string[]) =>
  ids.map((id) => ({ payload: { [name]: id }, key: id }));
