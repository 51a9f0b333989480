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
import { requireMoreThanAuditor } from './auditor-fields.ts';
import { refusal, toGraphQLError } from './errors.ts';
import type { Principal } from './principal.ts';
import { requireWithinLimits } from './query-limits.ts';
import type { RateLimiter } from './rate-limiter.ts';
import { requireStorable, requireStorableDocument } from './request-text.ts';

export const MAX_TOKENS = 4_000;

/** Each subscription asks the database twice a second for as long as it lasts. */
const MAX_SUBSCRIPTIONS = 8;
const MAX_SOCKETS = 8;

/** What a WebSocket keeps between messages. */
interface SocketExtra {
  principal?: Principal;
  /** Counts against its organisation. */
  counted?: boolean;
  closed?: boolean;
  readonly socket: { close(code: number, reason: string): void };
}

export type SubscriptionOptions = Pick<
  ServerOptions,
  'onConnect' | 'onClose' | 'onSubscribe' | 'onNext' | 'onError' | 'context' | 'connectionInitWaitTimeout'
>;

export interface SubscriptionDependencies {
  readonly authentication: AuthenticationService;
  readonly config: Config;
  readonly logger: Logger;
  readonly rate: RateLimiter;
  /** Asked for at the first subscription, when the schema has been built. */
  readonly schema: () => GraphQLSchema;
}

/**
 * Subscriptions over WebSocket (graphql-ws): the same key or token in `connectionParams.authorization`, the same limits.
 * Queries and mutations belong to HTTP, where idempotency is: here they are refused. It is checked again before
 * every subscription and event, so that a revocation ends the stream. An organisation has at most 8 sockets of 8 subscriptions.
 */
export function subscriptionOptions(dependencies: SubscriptionDependencies): SubscriptionOptions {
  const { authentication, logger } = dependencies;
  // Clients send `{ authorization: 'Bearer gck_…' }`, the header they would send over HTTP.
  const authenticate = (params: Readonly<Record<string, unknown>> | undefined): Promise<Principal> =>
    authentication.byBearer(typeof params?.['authorization'] === 'string' ? params['authorization'] : '');
  const count = socketCounter();
  return {
    connectionInitWaitTimeout: 10_000,
    async onConnect({ connectionParams, extra }) {
      const socket = extra as SocketExtra;
      try {
        socket.principal = await authenticate(connectionParams);
        requireMoreThanAuditor(socket.principal);
        return socket.closed !== true && count(socket, socket.principal, 1);
      } catch (error) {
        if (error instanceof DomainError) return false;
        throw error;
      }
    },
    onClose({ extra }) {
      const socket = extra as SocketExtra;
      socket.closed = true;
      if (socket.counted === true && socket.principal !== undefined) count(socket, socket.principal, -1);
    },
    context: ({ extra }) => ({ principal: (extra as SocketExtra).principal }),
    async onSubscribe({ connectionParams, extra, subscriptions }, _id, payload) {
      try {
        // First, while this one is the last that was asked for.
        requireRoom(Object.keys(subscriptions).length);
        await authenticate(connectionParams);
        return await admitted(payload, extra as SocketExtra, dependencies);
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
      const { data = null, errors } = result;
      return errors && { data, errors: errors.map((error) => toGraphQLError(error, logger).toJSON()) };
    },
    onError: (_context, _id, _payload, errors) =>
      errors.map((error) => toGraphQLError(error, logger).toJSON()),
  };
}

/** Keeps count of each organisation's sockets; false where one more would be too many. */
function socketCounter(): (extra: SocketExtra, principal: Principal, change: 1 | -1) => boolean {
  const sockets = new Map<string, number>();
  return (extra, { organisationId }, change) => {
    const after = (sockets.get(organisationId) ?? 0) + change;
    if (after > MAX_SOCKETS) return false;
    if (after === 0) sockets.delete(organisationId);
    else sockets.set(organisationId, after);
    extra.counted = change === 1;
    return true;
  };
}

/** `running` includes the one that is asked for. @throws SUBSCRIPTIONS_LIMIT */
function requireRoom(running: number): void {
  if (running > MAX_SUBSCRIPTIONS) {
    throw new DomainError(
      'SUBSCRIPTIONS_LIMIT',
      `expected at most ${MAX_SUBSCRIPTIONS} subscriptions a socket, got more`,
      'limit',
      { limit: MAX_SUBSCRIPTIONS },
    );
  }
}

interface SubscribePayload {
  readonly query: string;
  readonly variables?: Record<string, unknown> | null | undefined;
  readonly operationName?: string | null | undefined;
}

/** What is to be run, paid from the organisation's budget; or what is wrong with the document. @throws RATE_LIMITED and limits */
async function admitted(
  payload: SubscribePayload,
  { principal }: SocketExtra,
  { config, rate, schema }: SubscriptionDependencies,
) {
  const read = readSubscription(schema(), payload, config);
  if ('problems' in read) return read.problems;
  if (principal !== undefined) await rate.take(principal, read.cost);
  return read.args;
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
  if (problems.length > 0) return { problems };
  const variables = payload.variables ?? {};
  const cost = requireWithinLimits({ schema, document, operation, variables }, config.limits);
  requireStorableDocument(document);
  requireStorable(variables);
  const { operationName } = payload;
  const named = typeof operationName === 'string' ? { operationName } : {};
  return { cost, args: { schema, document, variableValues: variables, ...named } };
}
