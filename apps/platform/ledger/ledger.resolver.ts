import { Args, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { ChainVerdict } from '#ledger';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { LedgerEntry } from './ledger.entities.ts';
import { LedgerService } from './ledger.service.ts';
import { LedgerEntryConnection, LedgerType, LedgerVerification } from './ledger.types.ts';

@Resolver(() => LedgerType)
export class LedgerResolver {
  constructor(private readonly service: LedgerService) {}

  @Query(() => LedgerType, { description: 'The double-entry ledger, one hash chain over all organisations.' })
  async ledger(@CurrentPrincipal() _principal: Principal): Promise<LedgerType> {
    return { head: await this.service.head() };
  }

  @ResolveField(() => LedgerEntryConnection, {
    description: 'Entries that post to an account of the own organisation, oldest first.',
  })
  entries(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<LedgerEntry>> {
    return this.service.list(principal, page);
  }

  @ResolveField(() => LedgerVerification, { description: 'Recomputes the chain; linear in its length.' })
  verify(): Promise<ChainVerdict> {
    return this.service.verify();
  }
}
