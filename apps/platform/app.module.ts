import type { ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphQLModule, GraphQLSchemaHost } from '@nestjs/graphql';
import type { Config } from '#config';
import type { Logger } from '#observability';
import { features } from './features.ts';
import { AuthenticationService } from './identity/authentication.service.ts';
import { IdentityModule } from './identity/identity.module.ts';
import { InfrastructureModule } from './infrastructure.module.ts';
import { ErrorFilter } from './pipeline/error.filter.ts';
import { graphqlOptions } from './pipeline/graphql.options.ts';
import { LimitedApolloDriver } from './pipeline/limited-apollo.driver.ts';
import { OperationPlugin } from './pipeline/operation.plugin.ts';
import { RateLimiter } from './pipeline/rate-limiter.ts';
import { PipelineModule } from './pipeline/pipeline.module.ts';

/** The public process: the features of features.ts (add yours there) behind one request pipeline. */
@Module({})
export class AppModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        InfrastructureModule.with(config, logger, 'platform'),
        PipelineModule,
        GraphQLModule.forRootAsync<ApolloDriverConfig>({
          driver: LimitedApolloDriver,
          imports: [IdentityModule, PipelineModule],
          inject: [AuthenticationService, RateLimiter, GraphQLSchemaHost],
          useFactory: (authentication: AuthenticationService, rate: RateLimiter, host: GraphQLSchemaHost) =>
            graphqlOptions({ authentication, rate, config, logger, schema: () => host.schema }),
        }),
        ...features,
      ],
      providers: [OperationPlugin, { provide: APP_FILTER, useClass: ErrorFilter }],
    };
  }
}
