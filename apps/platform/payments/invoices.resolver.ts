import { Args, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { InvoicesService } from './invoices.service.ts';
import { InvoiceArgs, InvoiceConnection, InvoiceType } from './invoices.types.ts';

@Resolver()
export class InvoicesResolver {
  constructor(private readonly service: InvoicesService) {}

  @Query(() => InvoiceConnection, {
    description:
      'Of the own organisation, on either side, newest first; GET /invoices/<id>?format=json|pdf is the file. Roles: firm, market, analyst.',
  })
  invoices(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<InvoiceType>> {
    return this.service.list(principal, page);
  }

  @Query(() => InvoiceType, { description: 'Of an order. Roles: firm, market, analyst.' })
  invoice(
    @CurrentPrincipal() principal: Principal,
    @Args() { orderId, kind }: InvoiceArgs,
  ): Promise<InvoiceType> {
    return this.service.ofOrder(principal, orderId, kind);
  }
}
