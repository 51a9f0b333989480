import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { marketMigration } from '../migrations/0020-market.ts';
import { marketPricesMigration } from '../migrations/0022-market-prices.ts';
import { marketMechanismMigration } from '../migrations/0023-market-mechanism.ts';
import { marketSharesMigration } from '../migrations/0026-market-shares.ts';
import { marketProductsMigration } from '../migrations/0040-market-products.ts';
import { marketCapacitiesMigration } from '../migrations/0041-market-capacities.ts';
import { marketRunsMigration } from '../migrations/0042-market-runs.ts';
import { marketWithheldMigration } from '../migrations/0042-market-withheld.ts';
import { marketFeedersMigration } from '../migrations/0043-market-feeders.ts';
import { resettlementMigration } from '../migrations/0046-resettlement.ts';
import { contributionsMigration } from '../migrations/0047-contributions.ts';
import { marketLotsMigration } from '../migrations/0048-market-lots.ts';
import { defaultOrdersMigration } from '../migrations/0057-default-orders.ts';
import { AvailabilityService } from './availability.service.ts';
import { ChargesResolver } from './charges.resolver.ts';
import { ChargesService } from './charges.service.ts';
import { ClearingService } from './clearing.service.ts';
import { CommunityPricesResolver } from './community-prices.resolver.ts';
import { ContributionsResolver } from './contributions.resolver.ts';
import { ContributionsService } from './contributions.service.ts';
import { CorrectionsResolver } from './corrections.resolver.ts';
import { CorrectionsService } from './corrections.service.ts';
import {
  MarketDefaultDeclaration,
  MarketDefaultPlacement,
  MarketDefaultWithdrawal,
} from './defaults.entities.ts';
import { DefaultsResolver, TradeDefaultsResolver } from './defaults.resolver.ts';
import { DefaultsService } from './defaults.service.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { MarketCarriage, MarketConnection, MarketFeeder } from './feeders.entities.ts';
import { FeedersResolver, SlotNetworkResolver } from './feeders.resolver.ts';
import { FeedersService } from './feeders.service.ts';
import { MarketCharge, MarketLot, MarketOwnLot } from './lots.entities.ts';
import { LotsResolver } from './lots.resolver.ts';
import { LotsService } from './lots.service.ts';
import {
  MarketAvailability,
  MarketClearing,
  MarketDelivery,
  MarketOrder,
  MarketSession,
  MarketSettlement,
  MarketTrade,
} from './market.entities.ts';
import { MarketJobs } from './market-jobs.ts';
import { MarketResolver, MarketTradeResolver } from './market.resolver.ts';
import { MechanismsResolver } from './mechanisms.resolver.ts';
import { NewsResolver } from './news.resolver.ts';
import { NewsService } from './news.service.ts';
import { OrdersService } from './orders.service.ts';
import { ProductsResolver } from './products.resolver.ts';
import { ReportsResolver } from './reports.resolver.ts';
import { ReportsService } from './reports.service.ts';
import { ResultsService } from './results.service.ts';
import { MarketRun } from './runs.entities.ts';
import { RunsResolver } from './runs.resolver.ts';
import { RunsService } from './runs.service.ts';
import { CLEAR_JOB, SETTLE_JOB, SHARE_JOB } from './session.ts';
import { SessionDefaultsService } from './session-defaults.service.ts';
import { SessionsService } from './sessions.service.ts';
import {
  MarketContribution,
  MarketDeliveryCorrection,
  MarketReputation,
  MarketSettlementVersion,
} from './settlement.entities.ts';
import { SettlementService } from './settlement.service.ts';
import { MarketShare, MarketSharing } from './shares.entities.ts';
import { SharesResolver } from './shares.resolver.ts';
import { SharesService } from './shares.service.ts';
import { SharingService } from './sharing.service.ts';

/** The local day-ahead market: sessions, signed orders, clearing, delivery statements, settlement. */
@Module({
  imports: [LedgerModule],
  providers: [
    SessionsService,
    OrdersService,
    DeliveriesService,
    AvailabilityService,
    ClearingService,
    RunsService,
    NewsService,
    ReportsService,
    FeedersService,
    SettlementService,
    ResultsService,
    SharingService,
    SharesService,
    LotsService,
    ChargesService,
    MarketJobs,
    MarketResolver,
    MarketTradeResolver,
    MechanismsResolver,
    ProductsResolver,
    CommunityPricesResolver,
    SharesResolver,
    RunsResolver,
    NewsResolver,
    ReportsResolver,
    LotsResolver,
    ChargesResolver,
    CorrectionsService,
    CorrectionsResolver,
    ContributionsService,
    ContributionsResolver,
    FeedersResolver,
    SlotNetworkResolver,
    DefaultsService,
    SessionDefaultsService,
    DefaultsResolver,
    TradeDefaultsResolver,
  ],
  exports: [ResultsService],
})
export class MarketModule {
  static readonly entities = [
    MarketSession,
    MarketOrder,
    MarketClearing,
    MarketTrade,
    MarketDelivery,
    MarketAvailability,
    MarketSettlement,
    MarketSharing,
    MarketShare,
    MarketRun,
    MarketLot,
    MarketOwnLot,
    MarketCharge,
    MarketDeliveryCorrection,
    MarketSettlementVersion,
    MarketContribution,
    MarketReputation,
    MarketFeeder,
    MarketConnection,
    MarketCarriage,
    MarketDefaultDeclaration,
    MarketDefaultWithdrawal,
    MarketDefaultPlacement,
  ];
  static readonly migrations = [
    marketMigration,
    marketPricesMigration,
    marketMechanismMigration,
    marketSharesMigration,
    marketProductsMigration,
    marketCapacitiesMigration,
    marketRunsMigration,
    marketWithheldMigration,
    marketFeedersMigration,
    resettlementMigration,
    contributionsMigration,
    marketLotsMigration,
    defaultOrdersMigration,
  ];
  static readonly jobs = [CLEAR_JOB, SETTLE_JOB, SHARE_JOB];
}
