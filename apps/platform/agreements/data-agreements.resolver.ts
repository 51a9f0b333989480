import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { StandingAgreement } from './agreement-standing.ts';
import { DataAgreementsService } from './data-agreements.service.ts';
import {
  DataAgreementConnection,
  DataAgreementType,
  RevokeAgreementArgs,
  SupersedeAgreementArgs,
} from './data-agreements.types.ts';

@Resolver()
export class DataAgreementsResolver {
  constructor(private readonly service: DataAgreementsService) {}

  @Query(() => DataAgreementConnection, {
    description:
      'Of the own organisation, as consumer or as provider, newest first. Roles: firm, market, analyst.',
  })
  async dataAgreements(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<DataAgreementType>> {
    const { edges, pageInfo } = await this.service.list(principal, page);
    return { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: toAgreement(node) })) };
  }

  @Query(() => DataAgreementType)
  async dataAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<DataAgreementType> {
    return toAgreement(await this.service.get(principal, id));
  }

  @Mutation(() => DataAgreementType, {
    description: 'By the consumer, which needs it no more. Roles: firm, market, analyst.',
  })
  async retireAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args('agreementId', { type: () => ID }) id: string,
  ): Promise<DataAgreementType> {
    return toAgreement(await this.service.retire(principal, id));
  }

  @Mutation(() => DataAgreementType, {
    description:
      'By the provider: the next read is refused. What was read before cannot be recalled. Role: firm.',
  })
  async revokeAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args() { agreementId, code, reason }: RevokeAgreementArgs,
  ): Promise<DataAgreementType> {
    return toAgreement(await this.service.revoke(principal, agreementId, code, reason));
  }

  @Mutation(() => DataAgreementType, {
    description:
      'By the consumer, which reads under a later agreement from now on. Roles: firm, market, analyst.',
  })
  async supersedeAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args() { agreementId, successorId }: SupersedeAgreementArgs,
  ): Promise<DataAgreementType> {
    return toAgreement(await this.service.supersede(principal, agreementId, successorId));
  }
}

const toAgreement = ({ agreement, ...standing }: StandingAgreement): DataAgreementType =>
  Object.assign({}, agreement, standing);
