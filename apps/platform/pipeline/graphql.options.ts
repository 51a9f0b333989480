import type { ApolloDriverConfig } from '@nestjs/apollo';
import { isDocumentError, toGraphQLError } from './errors.ts';
import type { Principal } from './principal.ts';
import type { PipelineRequest } from './request-pipeline.ts';
import { MAX_TOKENS, type SubscriptionDependencies, subscriptionOptions } from './subscriptions.ts';

/** What resolvers and Apollo plugins find in the context of one operation. */
export interface GraphqlContext {
  readonly req: PipelineRequest;
  readonly principal: Principal | undefined;
}

export function graphqlOptions(dependencies: SubscriptionDependencies): Omit<ApolloDriverConfig, 'driver'> {
  const { config, logger } = dependencies;
  return {
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
    parseOptions: { maxTokens: MAX_TOKENS },
    context: ({ req }: { req: PipelineRequest }): GraphqlContext => ({ req, principal: req.principal }),
    formatError: (formatted, error) =>
      isDocumentError(error) ? formatted : toGraphQLError(error, logger).toJSON(),
    subscriptions: { 'graphql-ws': subscriptionOptions(dependencies) },
  };
}
