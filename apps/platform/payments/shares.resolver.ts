import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { RevenueSharesService } from './revenue-shares.service.ts';
import {
  ContributorType,
  OrderShareConnection,
  type OrderShareType,
  StateContributorsInput,
} from './shares.types.ts';

@Resolver()
export class RevenueSharesResolver {
  constructor(private readonly service: RevenueSharesService) {}

  @Mutation(() => [ContributorType], {
    description:
      'Who gets which part of what later orders of an own data set leave. Nobody: its publisher all.',
  })
  stateContributors(
    @CurrentPrincipal() principal: Principal,
    @Args('input') { dataSetId, contributors }: StateContributorsInput,
  ): Promise<readonly ContributorType[]> {
    return this.service.state(principal, dataSetId, contributors);
  }

  @Query(() => [ContributorType], {
    description: 'Of an own data set all contributors; of another the own part, if there is one.',
  })
  contributors(
    @CurrentPrincipal() principal: Principal,
    @Args('dataSetId', { type: () => ID }) dataSetId: string,
  ): Promise<ContributorType[]> {
    return this.service.list(principal, dataSetId);
  }

  @Query(() => OrderShareConnection, {
    description: 'What the own organisation got of orders, and what others got of its own; newest first.',
  })
  orderShares(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<OrderShareType>> {
    return this.service.paid(principal, page);
  }
}
