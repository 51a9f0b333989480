import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { allowancesMigration } from '../migrations/0054-allowances.ts';
import { AllowanceAccountsService } from './allowance-accounts.service.ts';
import { AllowanceBooksService } from './allowance-books.service.ts';
import { AllowanceOrdersService } from './allowance-orders.service.ts';
import {
  AllowanceAccountRow,
  AllowanceEmissions,
  AllowanceIssue,
  AllowanceOrderRow,
  AllowanceRetirement,
  AllowanceTradeRow,
} from './allowances.entities.ts';
import { AllowancesResolver } from './allowances.resolver.ts';

/** Allowances of compliance years: accounts, an order book that docks deficits and surpluses, surrender; all of it in the ledger. */
@Module({
  imports: [LedgerModule],
  providers: [AllowanceAccountsService, AllowanceOrdersService, AllowanceBooksService, AllowancesResolver],
})
export class AllowancesModule {
  static readonly entities = [
    AllowanceAccountRow,
    AllowanceIssue,
    AllowanceEmissions,
    AllowanceRetirement,
    AllowanceOrderRow,
    AllowanceTradeRow,
  ];
  static readonly migrations = [allowancesMigration];
}
