import type { ApolloDriverConfig } from '@nestjs/apollo';
import { ApolloDriver } from '@nestjs/apollo';
import type { Config } from '#config';
import type { Logger } from '#observability';
import { toGraphQLError } from './errors.ts';
import type { Principal } from './principal.ts';
import type { PipelineRequest } from './request-pipeline.ts';

/** What resolvers and Apollo plugins find in the context of one operation. */
export interface GraphqlContext {
  readonly req: PipelineRequest;
  readonly principal: Principal | undefined;
}

export function graphqlOptions(config: Config, logger: Logger): ApolloDriverConfig {
  return {
    driver: ApolloDriver,
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    includeStacktraceInErrorResponses: false,
    introspection: !config.production,
    graphiql: !config.production,
    autoTransformHttpErrors: false,
    allowBatchedHttpRequests: false,
    csrfPrevention: true,
    persistedQueries: false,
    parseOptions: { maxTokens: 4_000 },
    context: ({ req }: { req: PipelineRequest }): GraphqlContext => ({ req, principal: req.principal }),
    formatError: (_, error) => toGraphQLError(error, logger).toJSON(),
  };
}
