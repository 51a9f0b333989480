import { Args, Mutation, Query, Resolver, Subscription } from '@nestjs/graphql';
import type { Connection } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { AccountView } from './account-view.ts';
import { AllowanceAccountsService } from './allowance-accounts.service.ts';
import {
  AllowanceBooksService,
  type FoundTrade,
  type OwnTrade,
  type PublicAllowanceBook,
} from './allowance-books.service.ts';
import { AllowanceOrdersService, type FollowedAllowanceOrder } from './allowance-orders.service.ts';
import type { AllowanceIssue } from './allowances.entities.ts';
import {
  AllowanceAccountType,
  AllowanceBookArgs,
  AllowanceBookType,
  AllowanceIssueType,
  AllowanceOrderConnection,
  AllowanceOrderType,
  AllowanceTradeConnection,
  AllowanceTradedArgs,
  AllowanceTradeFound,
  CancelAllowanceOrderInput,
  IssueAllowancesInput,
  RetireAllowancesInput,
  StateAllowanceEmissionsInput,
  SubmitAllowanceOrderInput,
  VintageArgs,
  VintagePageArgs,
} from './allowances.types.ts';

@Resolver()
export class AllowancesResolver {
  constructor(
    private readonly accounts: AllowanceAccountsService,
    private readonly orders: AllowanceOrdersService,
    private readonly books: AllowanceBooksService,
  ) {}

  @Mutation(() => AllowanceIssueType, {
    description: 'By the operator: an allocation of the authority, booked once.',
  })
  issueAllowances(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: IssueAllowancesInput,
  ): Promise<AllowanceIssue> {
    return this.accounts.issue(principal, input);
  }

  @Mutation(() => AllowanceAccountType, {
    description: 'By a participant of its organisation’s year, signed; read by that organisation alone.',
  })
  stateAllowanceEmissions(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { lowTonnes, highTonnes, ...input }: StateAllowanceEmissionsInput,
  ): Promise<AccountView> {
    return this.accounts.stateEmissions(principal, {
      ...input,
      lowTonnes: lowTonnes ?? null,
      highTonnes: highTonnes ?? null,
    });
  }

  @Mutation(() => AllowanceAccountType, { description: 'Gives allowances up, signed by a participant.' })
  retireAllowances(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { id, ...input }: RetireAllowancesInput,
  ): Promise<AccountView> {
    return this.accounts.retire(principal, { ...input, retirement: id });
  }

  @Mutation(() => AllowanceOrderType, {
    description:
      'An order of a participant for allowances, signed by it. A sell order reserves what it offers.',
  })
  submitAllowanceOrder(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { scheme, year, expiresAt, ...order }: SubmitAllowanceOrderInput,
  ): Promise<FollowedAllowanceOrder> {
    return this.orders.submit(principal, { scheme, year }, { ...order, expiresAtMs: expiresAt ?? null });
  }

  @Mutation(() => AllowanceOrderType, {
    description: 'Withdraws what waits of an order; signed by its participant.',
  })
  cancelAllowanceOrder(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: CancelAllowanceOrderInput,
  ): Promise<FollowedAllowanceOrder> {
    return this.orders.cancel(principal, input);
  }

  @Query(() => AllowanceAccountType)
  allowanceAccount(
    @CurrentPrincipal() principal: Principal,
    @Args() asked: VintageArgs,
  ): Promise<AccountView> {
    return this.accounts.account(principal, asked);
  }

  @Query(() => AllowanceOrderConnection, {
    description: 'Orders for allowances of the own organisation’s participants, as they came.',
  })
  allowanceOrders(
    @CurrentPrincipal() principal: Principal,
    @Args() { scheme, year, ...page }: VintagePageArgs,
  ): Promise<Connection<FollowedAllowanceOrder>> {
    return this.orders.list(principal, { scheme, year }, page);
  }

  @Query(() => AllowanceTradeConnection, { description: 'Trades of the own organisation, as they came.' })
  allowanceTrades(
    @CurrentPrincipal() principal: Principal,
    @Args() { scheme, year, ...page }: VintagePageArgs,
  ): Promise<Connection<OwnTrade>> {
    return this.books.trades(principal, { scheme, year }, page);
  }

  @Query(() => AllowanceBookType)
  allowanceBook(
    @CurrentPrincipal() _principal: Principal,
    @Args() { scheme, year, depth }: AllowanceBookArgs,
  ): Promise<PublicAllowanceBook> {
    return this.books.book({ scheme, year }, depth);
  }

  @Subscription(() => AllowanceTradeFound, {
    description: 'Own trades of a vintage as they are found: after a cursor, or from now on.',
    resolve: (found: FoundTrade) => found,
  })
  allowanceTraded(
    @CurrentPrincipal() principal: Principal,
    @Args() { scheme, year, after }: AllowanceTradedArgs,
  ): Promise<AsyncIterableIterator<FoundTrade>> {
    return this.books.follow(principal, { scheme, year }, after ?? null);
  }
}
