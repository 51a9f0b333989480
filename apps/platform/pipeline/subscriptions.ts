import {
  getOperationAST,
  GraphQLError,
  type GraphQLSchema,
  OperationTypeNode,
  parse,
  validate,
} from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Config } from '#config';
import { DomainError } from '#core';
import type { Logger } from '#observability';
import type { AuthenticationService } from '../identity/authentication.service.ts';
import { refusal, toGraphQLError } from './errors.ts';
import type { Principal } from './principal.ts';
import { requireWithinLimits } from './query-limits.ts';

export const MAX_TOKENS = 4_000;

/** What a WebSocket keeps between messages. */
interface SocketExtra {
  principal?: Principal;
  readonly socket: { close(code: number, reason: string): void };
}

export type SubscriptionOptions = Pick<
  ServerOptions,
  'onConnect' | 'onSubscribe' | 'onNext' | 'onError' | 'context' | 'connectionInitWaitTimeout'
>;

export interface SubscriptionDependencies {
  readonly authentication: AuthenticationService;
  readonly config: Config;
  readonly logger: Logger;
  /** Asked for at the first subscription, when the schema has been built. */
  readonly schema: () => GraphQLSchema;
}

/**
 * Subscriptions over WebSocket (graphql-ws): the same API key in `connectionParams.authorization`, the same limits.
 * Queries and mutations belong to HTTP, where idempotency is: here they are refused. The key is checked again before
 * every event, so that a revocation ends the stream.
 */
export function subscriptionOptions({
  authentication,
  config,
  logger,
  schema,
}: SubscriptionDependencies): SubscriptionOptions {
  // Clients send `{ authorization: 'Bearer gck_…' }`, the header they would send over HTTP.
  const authenticate = (params: Readonly<Record<string, unknown>> | undefined): Promise<Principal> =>
    authentication.byApiKey(typeof params?.['authorization'] === 'string' ? params['authorization'] : '');
  return {
    connectionInitWaitTimeout: 10_000,
    async onConnect({ connectionParams, extra }) {
      try {
        (extra as SocketExtra).principal = await authenticate(connectionParams);
        return true;
      } catch (error) {
        if (error instanceof DomainError) return false;
        throw error;
      }
    },
    context: ({ extra }) => ({ principal: (extra as SocketExtra).principal }),
    onSubscribe(_context, _id, payload) {
      try {
        return readSubscription(schema(), payload, config);
      } catch (error) {
        return [error instanceof DomainError ? refusal(error) : toGraphQLError(error, logger)];
      }
    },
    async onNext({ connectionParams, extra }, _id, _payload, _args, result) {
      try {
        await authenticate(connectionParams);
      } catch (error) {
        setImmediate(() => (extra as SocketExtra).socket.close(4403, 'Forbidden'));
        return { errors: [toGraphQLError(error, logger).toJSON()] };
      }
      if (result.errors === undefined) return undefined;
      return {
        data: result.data ?? null,
        errors: result.errors.map((error) => toGraphQLError(error, logger).toJSON()),
      };
    },
    onError: (_context, _id, _payload, errors) =>
      errors.map((error) => toGraphQLError(error, logger).toJSON()),
  };
}

interface SubscribePayload {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly operationName?: string | null | undefined;
}

function readSubscription(schema: GraphQLSchema, payload: SubscribePayload, config: Config) {
  const document = parse(payload.query, { maxTokens: MAX_TOKENS });
  const operation = getOperationAST(document, payload.operationName);
  if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) {
    throw new DomainError(
      'SUBSCRIPTION_EXPECTED',
      'expected a subscription over WebSocket, got another operation',
    );
  }
  const problems: readonly GraphQLError[] = validate(schema, document);
  if (problems.length > 0) return problems;
  const variables = payload.variables ?? {};
  requireWithinLimits({ schema, document, operation, variables }, config.limits);
  return {
    schema,
    document,
    variableValues: variables,
    ...(typeof payload.operationName === 'string' ? { operationName: payload.operationName } : {}),
  };
}
