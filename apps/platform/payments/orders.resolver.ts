import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { AgreementOrdersService } from './agreement-orders.service.ts';
import {
  AgreementOrderConnection,
  AgreementOrderType,
  AgreementQuoteType,
  AgreementUsageConnection,
  type AgreementUsageType,
  DeclareRevenueInput,
  PayAgreementInput,
  QuoteArgs,
  UsageArgs,
} from './payments.types.ts';

@Resolver()
export class AgreementOrdersResolver {
  constructor(private readonly service: AgreementOrdersService) {}

  @Query(() => AgreementQuoteType, { description: 'For either party. Roles: firm, market, analyst.' })
  async quoteAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args() { agreementId, periods }: QuoteArgs,
  ): Promise<AgreementQuoteType> {
    const quote = await this.service.quote(principal, agreementId, periods);
    return {
      priceKind: quote.price.kind,
      currency: quote.currency,
      amountMinor: quote.paidMinor,
      feeMinor: quote.feeMinor,
      sellerMinor: quote.sellerMinor[0]!,
      periods: quote.periods.map(({ period, interval: { startMs: start, endMs: end } }) => ({
        period,
        start,
        end,
      })),
    };
  }

  @Query(() => AgreementOrderConnection, {
    description: 'Of the own organisation, on either side, newest first. Roles: firm, market, analyst.',
  })
  agreementOrders(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<AgreementOrderType>> {
    return this.service.orders(principal, page);
  }

  @Query(() => AgreementUsageConnection, {
    description:
      'What was read under an agreement, for either party, newest first. Roles: firm, market, analyst.',
  })
  agreementUsage(
    @CurrentPrincipal() principal: Principal,
    @Args() { agreementId, ...page }: UsageArgs,
  ): Promise<Connection<AgreementUsageType>> {
    return this.service.usage(principal, agreementId, page);
  }

  @Mutation(() => AgreementOrderType, {
    description:
      'By the consumer, from its wallet: order, payment and the right to read in one transaction. Of readings and a share of revenue it is the consent to be charged. Roles: firm, market, analyst.',
  })
  payAgreement(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: PayAgreementInput,
  ): Promise<AgreementOrderType> {
    return this.service.pay(principal, input);
  }

  @Mutation(() => AgreementOrderType, {
    description:
      'By the consumer: what it earned with the data, of which it pays its share at once. Roles: firm, market, analyst.',
  })
  declareRevenue(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: DeclareRevenueInput,
  ): Promise<AgreementOrderType> {
    return this.service.declareRevenue(principal, input);
  }
}
