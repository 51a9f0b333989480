import type { ApolloServerPlugin, GraphQLRequestContext, GraphQLRequestListener } from '@apollo/server';
import { HeaderMap } from '@apollo/server';
import { Plugin } from '@nestjs/apollo';
import { Inject } from '@nestjs/common';
import { type GraphQLFormattedError, Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { Config } from '#config';
import { DomainError, type Json } from '#core';
import type { Logger } from '#observability';
import { CONFIG, LOGGER } from '../platform.tokens.ts';
import { requireKeyForm } from './idempotency-key.ts';
import { refusal } from './errors.ts';
import { requireAuditorsField } from './auditor-fields.ts';
import type { GraphqlContext } from './graphql.options.ts';
import { IdempotencyService, type StoredAnswer } from './idempotency.service.ts';
import type { Principal } from './principal.ts';
import { requireWithinLimits } from './query-limits.ts';
import { RateLimiter } from './rate-limiter.ts';
import { requireStorable, requireStorableDocument } from './request-text.ts';

/** HTTP status where it is not that of the error's kind. */
const STATUS: Readonly<Record<string, number>> = { IDEMPOTENCY_KEY_REUSED: 422, RATE_LIMITED: 429 };

type Request = GraphQLRequestContext<GraphqlContext>;

/** A mutation under way. */
interface Run {
  readonly principal: Principal;
  readonly key: string;
  readonly stored: StoredAnswer | undefined;
}

/** The part of the pipeline that needs the parsed operation: limits for all, idempotency for mutations. */
@Plugin()
export class OperationPlugin implements ApolloServerPlugin<GraphqlContext> {
  constructor(
    private readonly idempotency: IdempotencyService,
    private readonly rate: RateLimiter,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async requestDidStart(): Promise<GraphQLRequestListener<GraphqlContext>> {
    let run: Run | undefined;
    return {
      didResolveOperation: async (context) => {
        try {
          const { schema, document, operation, request } = context;
          if (operation === undefined) return;
          const { variables = {} } = request;
          const cost = requireWithinLimits({ schema, document, operation, variables }, this.config.limits);
          requireStorableDocument(document);
          requireStorable(variables);
          const { principal } = context.contextValue;
          requireAuditorsField(principal, document, operation);
          if (principal !== undefined) await this.rate.take(principal, cost);
          if (operation.operation === OperationTypeNode.MUTATION) run = await this.begin(context, operation);
        } catch (error) {
          throw error instanceof DomainError ? refusal(error, STATUS[error.code]) : error;
        }
      },
      responseForOperation: async () =>
        run?.stored === undefined
          ? null
          : {
              http: { status: 200, headers: new HeaderMap([['idempotency-replayed', 'true']]) },
              body: { kind: 'single', singleResult: { data: run.stored } },
            },
      willSendResponse: async ({ response: { body } }) => {
        if (run !== undefined && run.stored === undefined && body.kind === 'single') {
          await this.end(run, body.singleResult);
        }
      },
    };
  }

  /** @throws IDEMPOTENCY_KEY_MISSING, IDEMPOTENCY_KEY_MALFORMED, MUTATION_NOT_SINGLE and begin's own */
  private async begin(context: Request, operation: OperationDefinitionNode): Promise<Run | undefined> {
    requireOneField(operation);
    const key = requireKey(context.request.http?.headers.get('idempotency-key'));
    const { principal } = context.contextValue;
    // Without a principal there is only enrolment, whose single-use token makes it idempotent by itself.
    if (principal === undefined) return undefined;
    const { query = '', operationName = null, variables = {} } = context.request;
    const request = { query, operationName, variables: variables as Json };
    return { principal, key, stored: await this.idempotency.begin(principal, key, request) };
  }

  private async end({ principal, key }: Run, { data, errors = [] }: SingleResult): Promise<void> {
    const tookEffect =
      data !== null &&
      data !== undefined &&
      (errors.length === 0 || Object.values(data).some((v) => v !== null));
    try {
      if (tookEffect) await this.idempotency.finish(principal, key, data);
      else await this.idempotency.release(principal, key);
    } catch (error) {
      // The mutation is done: its client must learn so. The key frees itself when its lease ends.
      this.logger.error({ err: error }, 'idempotency answer not stored');
    }
  }
}

interface SingleResult {
  readonly data?: Record<string, unknown> | null;
  readonly errors?: readonly GraphQLFormattedError[];
}

/** Two mutations under one key could end half done. */
function requireOneField({ selectionSet: { selections } }: OperationDefinitionNode): void {
  if (selections.length !== 1 || selections[0]?.kind !== Kind.FIELD) {
    throw new DomainError(
      'MUTATION_NOT_SINGLE',
      `expected one mutation a request, got ${selections.length} selections`,
    );
  }
}

function requireKey(key: string | undefined): string {
  if (key === undefined || key === '') {
    throw new DomainError(
      'IDEMPOTENCY_KEY_MISSING',
      'expected an Idempotency-Key header with a mutation, got none',
    );
  }
  requireKeyForm(key);
  return key;
}
