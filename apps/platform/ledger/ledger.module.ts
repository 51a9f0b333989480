import { Module } from '@nestjs/common';
import { ledgerMigration } from '../migrations/0021-ledger.ts';
import { ledgerDaysMigration } from '../migrations/0045-ledger-days.ts';
import { ledgerAnchorsMigration } from '../migrations/0050-ledger-anchors.ts';
import { ANCHOR_DAYS_JOB, AnchoringService } from './anchoring.service.ts';
import { LedgerAnchor } from './anchors.entities.ts';
import { AnchorsResolver } from './anchors.resolver.ts';
import { CLOSE_DAYS_JOB, DayClosingService } from './day-closing.service.ts';
import { LedgerCountersignature, LedgerDay } from './days.entities.ts';
import { DaysResolver } from './days.resolver.ts';
import { LedgerEntry, LedgerHead, LedgerHolder } from './ledger.entities.ts';
import { LedgerResolver } from './ledger.resolver.ts';
import { LedgerService } from './ledger.service.ts';
import { ProofsService } from './proofs.service.ts';

/** Double entry in one hash chain; signed records of its days, counter-signed by participants and, where configured, anchored on an EVM chain. */
@Module({
  providers: [
    LedgerService,
    LedgerResolver,
    DayClosingService,
    ProofsService,
    DaysResolver,
    AnchoringService,
    AnchorsResolver,
  ],
  exports: [LedgerService],
})
export class LedgerModule {
  static readonly entities = [
    LedgerEntry,
    LedgerHolder,
    LedgerHead,
    LedgerDay,
    LedgerCountersignature,
    LedgerAnchor,
  ];
  static readonly migrations = [ledgerMigration, ledgerDaysMigration, ledgerAnchorsMigration];
  static readonly jobs = [CLOSE_DAYS_JOB, ANCHOR_DAYS_JOB];
}
