import { Inject, Module, type OnModuleInit } from '@nestjs/common';
import type { JobQueue } from '#queue';
import { BlobsModule } from '../blobs/blobs.module.ts';
import { FederationModule } from '../federation/federation.module.ts';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { modelsMigration } from '../migrations/0032-models.ts';
import { modelScoresMigration } from '../migrations/0038-model-scores.ts';
import { JOB_QUEUE } from '../platform.tokens.ts';
import { JudgingService } from './judging.service.ts';
import { ModelVersionRow } from './model-version.entity.ts';
import { JUDGE_JOB, RECORD_JOB, RETRAIN_JOB } from './models.jobs.ts';
import { ForecastProductRow, ModelDayScoreRow, ModelDecisionRow, ModelScoreRow } from './product.entities.ts';
import { ProductsResolver } from './products.resolver.ts';
import { ProductsService } from './products.service.ts';
import { RegistryResolver } from './registry.resolver.ts';
import { RegistryService } from './registry.service.ts';
import { ModelRetrainingRow } from './retraining.entity.ts';
import { RetrainingResolver } from './retraining.resolver.ts';
import { RetrainingService } from './retraining.service.ts';
import { ModelDayScoreResolver, ScoresResolver } from './scores.resolver.ts';
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
    ModelDayScoreResolver,
    ScoresResolver,
    JudgingService,
    RetrainingService,
    RetrainingResolver,
  ],
})
export class ModelsModule implements OnModuleInit {
  static readonly entities = [
    ModelVersionRow,
    ForecastProductRow,
    ModelDecisionRow,
    ModelScoreRow,
    ModelDayScoreRow,
    ModelRetrainingRow,
  ];
  static readonly migrations = [modelsMigration, modelScoresMigration];
  static readonly jobs = [RECORD_JOB, JUDGE_JOB, RETRAIN_JOB];

  constructor(
    private readonly handlers: JobHandlers,
    private readonly registry: RegistryService,
    private readonly judging: JudgingService,
    private readonly retraining: RetrainingService,
    @Inject(JOB_QUEUE) private readonly queue: JobQueue,
  ) {}

  onModuleInit(): void {
    this.handlers.register({
      name: RECORD_JOB,
      handle: ({ taskId }) => this.registry.record(taskId!),
      unfinished: async () => wakeUps('taskId', await this.registry.unfinished()),
    });
    this.handlers.register({
      name: JUDGE_JOB,
      handle: ({ productId }) => this.judge(productId!),
      unfinished: async () => wakeUps('productId', await this.judging.unfinished()),
    });
    this.handlers.register({
      name: RETRAIN_JOB,
      handle: ({ productId }) => this.retraining.retrain(productId!),
      unfinished: async () => wakeUps('productId', await this.retraining.unfinished()),
    });
  }

  /** A drift that is found may make a training due. */
  private async judge(productId: string): Promise<void> {
    await this.judging.judge(productId);
    await this.queue.enqueue(RETRAIN_JOB, { productId }, { key: productId });
  }
}

const wakeUps = (name: string, ids: readonly string[]) =>
  ids.map((id) => ({ payload: { [name]: id }, key: id }));
