import { Args, ID, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { type Certificate, ContributionsService } from './contributions.service.ts';
import {
  ContributionArgs,
  ContributionCertificate,
  ContributionConnection,
  ContributionType,
  ParticipantReputationConnection,
} from './contributions.types.ts';
import type { MarketContribution, MarketReputation } from './settlement.entities.ts';

@Resolver(() => ContributionType)
export class ContributionsResolver {
  constructor(private readonly service: ContributionsService) {}

  @Query(() => ContributionConnection, {
    description:
      'Certified contributions of the own participants, the newest of each session, in order of delivery.',
  })
  contributions(
    @CurrentPrincipal() principal: Principal,
    @Args() { from, to, ...page }: ContributionArgs,
  ): Promise<Connection<MarketContribution>> {
    return this.service.list(principal, { fromMs: from ?? null, toMs: to ?? null }, page);
  }

  @Query(() => ContributionCertificate, {
    description: 'A certificate of an own participant, earlier versions too.',
  })
  contributionCertificate(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<Certificate> {
    return this.service.certificate(principal, id);
  }

  @Query(() => ParticipantReputationConnection, {
    description: 'How well members keep their trades, from three settled sessions on.',
  })
  participantReputations(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<MarketReputation>> {
    return this.service.reputations(principal, page);
  }

  @ResolveField(() => ID)
  id(@Parent() contribution: MarketContribution): string {
    return contribution.hash;
  }
}
