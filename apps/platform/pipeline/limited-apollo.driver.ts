import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { Inject, Injectable } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import type { Config } from '#config';
import { CONFIG } from '../platform.tokens.ts';

/** The part of the driver's own subscription server that its types hide. */
interface SubscriptionServer {
  readonly wss: { readonly options: { maxPayload?: number } };
}

/**
 * The Apollo driver with the body limit on WebSocket messages too. The driver makes its WebSocket server with the default
 * of 100 MiB a message, read before anybody is authenticated, and has no option for it.
 */
@Injectable()
export class LimitedApolloDriver extends ApolloDriver {
  constructor(
    modules: ModulesContainer,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    super(modules);
  }

  override async start(options: ApolloDriverConfig): Promise<void> {
    await super.start(options);
    const { _subscriptionService: server } = this as unknown as { _subscriptionService?: SubscriptionServer };
    if (server === undefined) throw new Error('expected a subscription server, got a driver that makes none');
    server.wss.options.maxPayload = this.config.limits.bodyBytes;
  }
}
