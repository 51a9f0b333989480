import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { HeldAgreement } from './agreement-ends.ts';
import { AgreementsService } from './agreements.service.ts';
import type { ForecastCharge, ForecastTerms } from './forecast-terms.entities.ts';
import type { ForecastPage } from './forecasts.service.ts';
import { ForecastConnection } from './forecasts.types.ts';
import { ForecastNoticeType } from './forecast-notice.types.ts';
import { toNotice } from './forecast-notice.ts';
import { TermsService } from './terms.service.ts';
import {
  EndForecastAgreementArgs,
  ForecastAgreementConnection,
  ForecastAgreementType,
  ForecastChargeConnection,
  type ForecastChargeType,
  ForecastTermsArgs,
  ForecastTermsConnection,
  ForecastTermsType,
  OfferForecastsInput,
  SubscribeForecastsArgs,
} from './terms.types.ts';

@Resolver(() => ForecastConnection)
export class TermsResolver {
  constructor(
    private readonly service: TermsService,
    private readonly agreements: AgreementsService,
  ) {}

  @Mutation(() => ForecastTermsType, {
    description:
      "Puts the own organisation's forecasts of a series under a price, for days that have not begun. Roles: firm, market.",
  })
  async offerForecasts(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: OfferForecastsInput,
  ): Promise<ForecastTermsType> {
    return toTerms(await this.service.offer(principal, input));
  }

  @Mutation(() => ForecastAgreementType, {
    description: 'Agrees to terms at their price. Roles: firm, market.',
  })
  async subscribeForecasts(
    @CurrentPrincipal() principal: Principal,
    @Args() args: SubscribeForecastsArgs,
  ): Promise<ForecastAgreementType> {
    return toParties(await this.agreements.subscribe(principal, args));
  }

  @Mutation(() => ForecastAgreementType, {
    description:
      'By either side: from a day on the agreement holds no more. Days that were read before stay paid and readable. Roles: firm, market.',
  })
  async endForecastAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args() args: EndForecastAgreementArgs,
  ): Promise<ForecastAgreementType> {
    return toParties(await this.agreements.end(principal, args));
  }

  @Query(() => ForecastTermsConnection, { description: 'What forecasts cost, newest first.' })
  async forecastTerms(
    @CurrentPrincipal() principal: Principal,
    @Args() args: ForecastTermsArgs,
  ): Promise<Connection<ForecastTermsType>> {
    return mapNodes(await this.service.terms(principal, args), toTerms);
  }

  @Query(() => ForecastAgreementConnection, {
    description: 'Agreements of the own organisation, as consumer or as publisher, newest first.',
  })
  async forecastAgreements(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<ForecastAgreementType>> {
    return mapNodes(await this.agreements.list(principal, page), toParties<HeldAgreement>);
  }

  @Query(() => ForecastChargeConnection, {
    description: 'Days that the own organisation read, or that others read of its forecasts, newest first.',
  })
  async forecastCharges(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<ForecastChargeType>> {
    return mapNodes(await this.service.charges(principal, page), toParties<ForecastCharge>);
  }

  @ResolveField(() => [ForecastNoticeType], {
    description:
      'Priced days that were asked for without an agreement: what is published for them is left out.',
  })
  async notices(
    @CurrentPrincipal() principal: Principal,
    @Parent() { filter }: ForecastPage,
  ): Promise<ForecastNoticeType[]> {
    return (await this.service.missing(principal, filter)).map(toNotice);
  }
}

const toTerms = ({ tenantId, ...terms }: ForecastTerms): ForecastTermsType => ({
  ...terms,
  organisationId: tenantId,
});

const toParties = <T extends { readonly tenantId: string }>({
  tenantId,
  ...fields
}: T): Omit<T, 'tenantId'> & { consumerId: string } => ({ ...fields, consumerId: tenantId });

function mapNodes<T, U>({ edges, pageInfo }: Connection<T>, map: (node: T) => U): Connection<U> {
  return { edges: edges.map(({ cursor, node }) => ({ cursor, node: map(node) })), pageInfo };
}
