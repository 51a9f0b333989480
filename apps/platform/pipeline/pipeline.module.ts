import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.ts';
import { pipelineMigration } from '../migrations/0003-pipeline.ts';
import { requestBudgetMigration } from '../migrations/0065-request-budget.ts';
import { EXPIRE_JOB, ExpiryService } from './expiry.service.ts';
import { IdempotencyService } from './idempotency.service.ts';
import { IdempotencyKey, RequestBudget, RequestNonce } from './pipeline.entities.ts';
import { RateLimiter } from './rate-limiter.ts';

@Module({
  imports: [IdentityModule],
  providers: [IdempotencyService, RateLimiter, ExpiryService],
  exports: [IdempotencyService, RateLimiter],
})
export class PipelineModule {
  static readonly entities = [RequestNonce, IdempotencyKey, RequestBudget];
  static readonly migrations = [pipelineMigration, requestBudgetMigration];
  static readonly jobs = [EXPIRE_JOB];
}
