import { Module } from '@nestjs/common';
import { ledgerMigration } from '../migrations/0021-ledger.ts';
import { LedgerEntry, LedgerHead, LedgerHolder } from './ledger.entities.ts';
import { LedgerResolver } from './ledger.resolver.ts';
import { LedgerService } from './ledger.service.ts';

@Module({ providers: [LedgerService, LedgerResolver], exports: [LedgerService] })
export class LedgerModule {
  static readonly entities = [LedgerEntry, LedgerHolder, LedgerHead];
  static readonly migrations = [ledgerMigration];
}
