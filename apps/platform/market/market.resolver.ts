import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { AvailabilityService } from './availability.service.ts';
import { DeliveriesService } from './deliveries.service.ts';
import type { MarketClearing, MarketSession, MarketSettlement, MarketTrade } from './market.entities.ts';
import {
  MarketSessionConnection,
  MarketSessionType,
  OpenMarketSessionInput,
  type OrderInput,
  SubmitAvailabilityInput,
  SubmitDeliveryStatementsInput,
  SubmitOrdersInput,
  SubmittedType,
} from './market.types.ts';
import {
  MarketClearingConnection,
  MarketSettlementConnection,
  MarketTradeConnection,
  MarketTradeType,
  SessionPageArgs,
  SettlementPageArgs,
} from './results.types.ts';
import { MarketOrderConnection } from './own-orders.types.ts';
import { OrdersService, type Submitted } from './orders.service.ts';
import { type FollowedAuctionOrder, ResultsService } from './results.service.ts';
import type { PlacedOrder } from './session.ts';
import { SessionsService } from './sessions.service.ts';

@Resolver(() => MarketSessionType)
export class MarketResolver {
  constructor(
    private readonly sessions: SessionsService,
    private readonly orders: OrdersService,
    private readonly deliveries: DeliveriesService,
    private readonly availability: AvailabilityService,
    private readonly results: ResultsService,
  ) {}

  @Mutation(() => MarketSessionType, { description: 'Roles: market, operator.' })
  openMarketSession(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: OpenMarketSessionInput,
  ): Promise<MarketSession> {
    const { gateClosesAt, bidsOpenAt, direction, feederId, intraday, intradayLeadMinutes, ...draft } = input;
    return this.sessions.open(principal, {
      ...draft,
      direction: direction ?? null,
      feederId: feederId ?? null,
      gateClosesAtMs: gateClosesAt ?? null,
      bidsOpenAtMs: bidsOpenAt ?? null,
      revealMinutes: draft.revealMinutes ?? null,
      deficitCapMinor: draft.deficitCapMinor ?? null,
      unitWh: draft.unitWh ?? null,
      intradayLeadMinutes: intraday ? intradayLeadMinutes : null,
    });
  }

  @Mutation(() => MarketSessionType, {
    description: 'No more orders; every slot’s book is cleared. By the organiser.',
  })
  closeMarketSession(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketSession> {
    return this.sessions.close(principal, id);
  }

  @Mutation(() => MarketSessionType, {
    description: 'No more statements; the session is settled. By the organiser.',
  })
  closeDelivery(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketSession> {
    return this.sessions.closeDelivery(principal, id);
  }

  @Mutation(() => SubmittedType, { description: 'Orders of a participant, each signed by it.' })
  submitOrders(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { sessionId, orders }: SubmitOrdersInput,
  ): Promise<Submitted> {
    return this.orders.submit(principal, sessionId, orders.map(toPlaced));
  }

  @Mutation(() => SubmittedType, {
    description: 'What crossed a participant’s meter in slots it traded, each signed by it.',
  })
  submitDeliveryStatements(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { sessionId, statements }: SubmitDeliveryStatementsInput,
  ): Promise<Submitted> {
    return this.deliveries.submit(
      principal,
      sessionId,
      statements.map(({ startsAt, ...statement }) => ({ ...statement, startMs: startsAt })),
    );
  }

  @Mutation(() => SubmittedType, {
    description: 'What a participant kept ready of storage or reserve in slots it sold, each signed by it.',
  })
  submitAvailabilityStatements(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { sessionId, statements }: SubmitAvailabilityInput,
  ): Promise<Submitted> {
    return this.availability.submit(
      principal,
      sessionId,
      statements.map(({ startsAt, ...statement }) => ({ ...statement, startMs: startsAt })),
    );
  }

  @Query(() => MarketSessionConnection, { description: 'Everybody’s sessions, newest first.' })
  marketSessions(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<MarketSession>> {
    return this.sessions.list(principal, page);
  }

  @Query(() => MarketSessionType)
  marketSession(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<MarketSession> {
    return this.sessions.find(principal, id);
  }

  @Query(() => MarketClearingConnection, { description: 'One a slot, in order of time.' })
  marketClearings(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, ...page }: SessionPageArgs,
  ): Promise<Connection<MarketClearing>> {
    return this.results.clearings(principal, sessionId, page);
  }

  @Query(() => MarketTradeConnection, {
    description: 'Trades the own organisation is a party of, in order of time.',
  })
  marketTrades(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, ...page }: SessionPageArgs,
  ): Promise<Connection<MarketTrade>> {
    return this.results.trades(principal, sessionId, page);
  }

  @Query(() => MarketOrderConnection, {
    description: 'Orders of the own organisation’s participants in the auction, in order of their slots.',
  })
  marketOrders(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, ...page }: SessionPageArgs,
  ): Promise<Connection<FollowedAuctionOrder>> {
    return this.results.orders(principal, sessionId, page);
  }

  @Query(() => MarketSettlementConnection, {
    description: 'Settlements of the own organisation’s participants: the newest of each.',
  })
  marketSettlements(
    @CurrentPrincipal() principal: Principal,
    @Args() { sessionId, history, ...page }: SettlementPageArgs,
  ): Promise<Connection<MarketSettlement>> {
    return this.results.settlements(principal, sessionId, history, page);
  }

  @ResolveField()
  organiserId(@Parent() session: MarketSession): string {
    return session.tenantId;
  }
}

/** What is neither null nor absent. */
const said = <T extends object>(fields: T): { [K in keyof T]: NonNullable<T[K]> } =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the filter is what the type says
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null && value !== undefined)) as {
    [K in keyof T]: NonNullable<T[K]>;
  };

/** Null and absent are one thing to a signature: not said. */
const toPlaced = ({
  startsAt,
  baselineWh,
  preferences,
  block,
  minAcceptance,
  linkedTo,
  ...order
}: OrderInput): PlacedOrder => ({
  ...order,
  startMs: startsAt,
  terms: said({
    baselineWh,
    preferences: preferences && said(preferences),
    block,
    minAcceptance,
    linkedTo,
  }),
});

/** Trades as their parties see them: tenants are organisations there. */
@Resolver(() => MarketTradeType)
export class MarketTradeResolver {
  @ResolveField()
  buyerOrganisationId(@Parent() trade: MarketTrade): string {
    return trade.buyerTenantId;
  }

  @ResolveField()
  sellerOrganisationId(@Parent() trade: MarketTrade): string {
    return trade.sellerTenantId;
  }
}
