import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import type { WalletDebt } from './payments.entities.ts';
import {
  DebtsArgs,
  OutsideMoneyInput,
  WalletBalanceType,
  WalletDebtConnection,
  type WalletDebtType,
  WalletEntryConnection,
  type WalletEntryType,
} from './payments.types.ts';
import { WalletsService } from './wallets.service.ts';

@Resolver()
export class WalletsResolver {
  constructor(private readonly service: WalletsService) {}

  @Query(() => [WalletBalanceType], { description: 'Of the own organisation, by currency.' })
  wallet(@CurrentPrincipal() principal: Principal): Promise<WalletBalanceType[]> {
    return this.service.wallet(principal);
  }

  @Query(() => WalletEntryConnection, { description: 'What changed the own wallets, newest first.' })
  walletEntries(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<WalletEntryType>> {
    return this.service.entries(principal, page);
  }

  @Query(() => WalletDebtConnection, {
    description: 'What revocations left owed, to the own organisation and by it, newest first.',
  })
  async walletDebts(
    @CurrentPrincipal() principal: Principal,
    @Args() { openOnly, ...page }: DebtsArgs,
  ): Promise<Connection<WalletDebtType>> {
    const { edges, pageInfo } = await this.service.debts(principal, page, openOnly);
    return { pageInfo, edges: edges.map(({ cursor, node }) => ({ cursor, node: debtOf(node) })) };
  }

  @Mutation(() => WalletBalanceType, {
    description: 'States that money was received outside of the platform. Role: operator.',
  })
  depositToWallet(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: OutsideMoneyInput,
  ): Promise<WalletBalanceType> {
    return this.service.deposit(principal, input);
  }

  @Mutation(() => WalletBalanceType, {
    description: 'States that money was paid out outside of the platform. Role: operator.',
  })
  withdrawFromWallet(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: OutsideMoneyInput,
  ): Promise<WalletBalanceType> {
    return this.service.withdraw(principal, input);
  }
}

const debtOf = ({ consumerId: creditorId, providerId: debtorId, ...debt }: WalletDebt): WalletDebtType => ({
  ...debt,
  creditorId,
  debtorId,
});
