import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.ts';
import { pipelineMigration } from '../migrations/0003-pipeline.ts';
import { EXPIRE_JOB, ExpiryService } from './expiry.service.ts';
import { IdempotencyService } from './idempotency.service.ts';
import { IdempotencyKey, RequestNonce } from './pipeline.entities.ts';

@Module({
  imports: [IdentityModule],
  providers: [IdempotencyService, ExpiryService],
  exports: [IdempotencyService],
})
export class PipelineModule {
  static readonly entities = [RequestNonce, IdempotencyKey];
  static readonly migrations = [pipelineMigration];
  static readonly jobs = [EXPIRE_JOB];
}
