import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { TransfersService } from './transfers.service.ts';
import {
  RequestTransferInput,
  StopTransferArgs,
  TransferConnection,
  TransferType,
} from './transfers.types.ts';

@Resolver()
export class TransfersResolver {
  constructor(private readonly service: TransfersService) {}

  @Mutation(() => TransferType, {
    description: 'By the consumer of an agreement in force. Roles: firm, market, analyst.',
  })
  requestTransfer(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: RequestTransferInput,
  ): Promise<TransferType> {
    return this.service.request(principal, input);
  }

  @Mutation(() => TransferType, {
    description: 'By the provider; after a suspension by either side. The agreement must be in force.',
  })
  startTransfer(
    @CurrentPrincipal() principal: Principal,
    @Args('transferId', { type: () => ID }) id: string,
  ): Promise<TransferType> {
    return this.service.start(principal, id);
  }

  @Mutation(() => TransferType)
  suspendTransfer(
    @CurrentPrincipal() principal: Principal,
    @Args() { transferId, ...stop }: StopTransferArgs,
  ): Promise<TransferType> {
    return this.service.suspend(principal, transferId, stop);
  }

  @Mutation(() => TransferType)
  completeTransfer(
    @CurrentPrincipal() principal: Principal,
    @Args('transferId', { type: () => ID }) id: string,
  ): Promise<TransferType> {
    return this.service.complete(principal, id);
  }

  @Mutation(() => TransferType)
  terminateTransfer(
    @CurrentPrincipal() principal: Principal,
    @Args() { transferId, ...stop }: StopTransferArgs,
  ): Promise<TransferType> {
    return this.service.terminate(principal, transferId, stop);
  }

  @Query(() => TransferConnection, {
    description:
      'Of the own organisation, as consumer or as provider, newest first. Roles: firm, market, analyst.',
  })
  transfers(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<TransferType>> {
    return this.service.list(principal, page);
  }

  @Query(() => TransferType)
  transfer(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<TransferType> {
    return this.service.get(principal, id);
  }
}
