import { Args, ID, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { AccountingService } from './accounting.service.ts';
import { type CarbonAccount, CarbonAccountConnection, CarbonReport } from './accounting.types.ts';

@Resolver(() => CarbonReport)
export class AccountingResolver {
  constructor(private readonly service: AccountingService) {}

  @Query(() => CarbonReport, {
    nullable: true,
    description: 'Null until the session is settled and a grid series of its day is there.',
  })
  carbonReport(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID }) sessionId: string,
  ): Promise<CarbonReport | null> {
    return this.service.report(principal, sessionId);
  }

  @Query(() => CarbonAccountConnection, {
    description: "The own organisation's traded hours of a settled session.",
  })
  carbonAccounts(
    @CurrentPrincipal() principal: Principal,
    @Args('sessionId', { type: () => ID }) sessionId: string,
    @Args() page: PageArgs,
  ): Promise<Connection<CarbonAccount>> {
    return this.service.accounts(principal, sessionId, page);
  }
}
