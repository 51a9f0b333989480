import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import { SessionPageArgs } from '../market/results.types.ts';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { type IntradaySubmitted, IntradayService } from './intraday.service.ts';
import { type ChangedBook, IntradayBooksService, type PublicBook } from './intraday-books.service.ts';
import {
  CancelIntradayOrderInput,
  IntradayBookArgs,
  IntradayBookChange,
  IntradayBookChangedArgs,
  IntradayBookType,
  IntradayOrderConnection,
  IntradayOrderType,
  IntradaySubmittedType,
  SubmitIntradayOrdersInput,
} from './intraday.types.ts';
import type { FollowedOrder } from './stored-orders.ts';

@Resolver()
export class IntradayResolver {
  constructor(
    private readonly orders: IntradayService,
    private readonly books: IntradayBooksService,
  ) {}

  @Mutation(() => IntradaySubmittedType, {
    description: 'Orders of a participant for the order books of a cleared session, each signed by it.',
  })
  submitIntradayOrders(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { sessionId, orders }: SubmitIntradayOrdersInput,
  ): Promise<IntradaySubmitted> {
    return this.orders.submit(
      principal,
      sessionId,
      orders.map(({ startsAt, expiresAt, ...order }) => ({
        ...order,
        startMs: startsAt,
        expiresAtMs: expiresAt ?? null,
      })),
    );
  }

  @Mutation(() => IntradayOrderType, {
    description: 'Withdraws what waits of an order; signed by its participant.',
  })
  cancelIntradayOrder(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: CancelIntradayOrderInput,
  ): Promise<FollowedOrder> {
    return this.orders.cancel(principal, input);
  }

  @Query(() => IntradayOrderConnection, {
    description: 'Intraday orders of the own organisation’s participants, as they came.',
  })
  intradayOrders(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, ...page }: SessionPageArgs,
  ): Promise<Connection<FollowedOrder>> {
    return this.orders.list(principal, sessionId, page);
  }

  @Query(() => IntradayBookType)
  intradayBook(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, startsAt, depth }: IntradayBookArgs,
  ): Promise<PublicBook> {
    return this.books.book(principal, sessionId, startsAt, depth);
  }

  @Subscription(() => IntradayBookChange, {
    description: 'Books of a session as orders change them; an order that expires changes none by itself.',
    resolve: (change: ChangedBook) => change,
  })
  intradayBookChanged(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, depth, after }: IntradayBookChangedArgs,
  ): Promise<AsyncIterableIterator<ChangedBook>> {
    return this.books.follow(principal, sessionId, { after: after ?? null, depth });
  }
}
