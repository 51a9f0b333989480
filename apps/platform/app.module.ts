import type { ApolloDriverConfig } from '@nestjs/apollo';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { GraphQLModule } from '@nestjs/graphql';
import type { Config } from '#config';
import type { Logger } from '#observability';
import { features } from './features.ts';
import { InfrastructureModule } from './infrastructure.module.ts';
import { ErrorFilter } from './pipeline/error.filter.ts';
import { graphqlOptions } from './pipeline/graphql.options.ts';

/** The public process: the features of features.ts behind one request pipeline. */
@Module({})
export class AppModule {
  static with(config: Config, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        InfrastructureModule.with(config, logger, 'platform'),
        GraphQLModule.forRoot<ApolloDriverConfig>(graphqlOptions(config, logger)),
        ...features,
      ],
      providers: [{ provide: APP_FILTER, useClass: ErrorFilter }],
    };
  }
}
