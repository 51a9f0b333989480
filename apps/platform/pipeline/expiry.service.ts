import { Injectable, type OnModuleInit } from '@nestjs/common';
import { LessThan } from 'typeorm';
import { Database } from '#persistence';
import { JobHandlers } from '../jobs/job-handlers.ts';
import { IdempotencyKey, RequestNonce } from './pipeline.entities.ts';

export const EXPIRE_JOB = 'pipeline.expire';

/** Forgets nonces and idempotency keys whose time is over. */
@Injectable()
export class ExpiryService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly jobs: JobHandlers,
  ) {}

  onModuleInit(): void {
    this.jobs.register({
      name: EXPIRE_JOB,
      handle: () => this.expire(),
      unfinished: async () => ((await this.hasExpired()) ? [{ payload: {}, key: 'all' }] : []),
    });
  }

  async expire(): Promise<void> {
    const expiresAt = LessThan(new Date());
    await this.database.asSystem(async (manager) => {
      await manager.delete(RequestNonce, { expiresAt });
      await manager.delete(IdempotencyKey, { expiresAt });
    });
  }

  private async hasExpired(): Promise<boolean> {
    const expiresAt = LessThan(new Date());
    return this.database.asSystem(
      async (manager) =>
        (await manager.existsBy(RequestNonce, { expiresAt })) ||
        manager.existsBy(IdempotencyKey, { expiresAt }),
    );
  }
}
