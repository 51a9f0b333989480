import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '#config';
import type { Logger } from '#observability';
import { features } from './features.ts';
import { InfrastructureModule } from './infrastructure.module.ts';

/** The same features without a public interface: their resolvers and controllers are inert, their jobs run. */
@Module({})
export class WorkerModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: WorkerModule,
      imports: [InfrastructureModule.with(config, logger, 'worker'), ...features],
    };
  }
}
