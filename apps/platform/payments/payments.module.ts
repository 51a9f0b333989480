import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { paymentsMigration } from '../migrations/0063-payments.ts';
import { revenueSharesMigration } from '../migrations/0068-revenue-shares.ts';
import { walletDebtsMigration } from '../migrations/0069-wallet-debts.ts';
import { AgreementOrdersService } from './agreement-orders.service.ts';
import { InvoicesController } from './invoices.controller.ts';
import { InvoicesResolver } from './invoices.resolver.ts';
import { InvoicesService } from './invoices.service.ts';
import { AgreementOrdersResolver } from './orders.resolver.ts';
import { AgreementOrder, AgreementUsage, Invoice, WalletBalance, WalletDebt } from './payments.entities.ts';
import { RevenueSharesService } from './revenue-shares.service.ts';
import { OrderShare, RevenueShare } from './shares.entities.ts';
import { RevenueSharesResolver } from './shares.resolver.ts';
import { WalletsResolver } from './wallets.resolver.ts';
import { WalletsService } from './wallets.service.ts';

/** What agreements cost: wallets in the ledger, orders, what reads are metered at, invoices. */
@Module({
  imports: [LedgerModule],
  controllers: [InvoicesController],
  providers: [
    WalletsService,
    WalletsResolver,
    AgreementOrdersService,
    AgreementOrdersResolver,
    InvoicesService,
    InvoicesResolver,
    RevenueSharesService,
    RevenueSharesResolver,
  ],
})
export class PaymentsModule {
  static readonly entities = [
    WalletBalance,
    AgreementOrder,
    AgreementUsage,
    Invoice,
    WalletDebt,
    RevenueShare,
    OrderShare,
  ];
  static readonly migrations = [paymentsMigration, revenueSharesMigration, walletDebtsMigration];
}
