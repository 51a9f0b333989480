import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { forecastsMigration } from '../migrations/0030-forecasts.ts';
import { forecastGatesMigration } from '../migrations/0034-forecast-gates.ts';
import { forecastTermsMigration } from '../migrations/0035-forecast-terms.ts';
import { forecastQuantitiesMigration } from '../migrations/0036-forecast-quantities.ts';
import { forecastAgreementEndMigration } from '../migrations/0037-forecast-agreement-end.ts';
import { forecastIndexesMigration } from '../migrations/0039-forecast-indexes.ts';
import { TablesModule } from '../tables/tables.module.ts';
import { AgreementsService } from './agreements.service.ts';
import { CommunityForecastResolver } from './community.resolver.ts';
import { CommunityForecastService } from './community.service.ts';
import { ExportController } from './export.controller.ts';
import { ForecastGate } from './forecast-gate.entity.ts';
import { ForecastReader } from './forecast-reader.service.ts';
import {
  ForecastAgreement,
  ForecastAgreementEnd,
  ForecastCharge,
  ForecastTerms,
} from './forecast-terms.entities.ts';
import { ForecastRow } from './forecast.entity.ts';
import { ForecastsResolver } from './forecasts.resolver.ts';
import { ForecastTables } from './forecast-tables.service.ts';
import { ForecastsService } from './forecasts.service.ts';
import { GatesResolver } from './gates.resolver.ts';
import { GatesService } from './gates.service.ts';
import { TermsResolver } from './terms.resolver.ts';
import { TermsService } from './terms.service.ts';
import { LowestCarbonWindowResolver } from './window.resolver.ts';
import { LowestCarbonWindowService } from './window.service.ts';

/** Forecasts that participants publish: versions, gates, prices, queries, subscription, export. */
@Module({
  imports: [LedgerModule, TablesModule],
  controllers: [ExportController],
  providers: [
    ForecastsResolver,
    ForecastsService,
    ForecastReader,
    ForecastTables,
    GatesResolver,
    GatesService,
    TermsResolver,
    TermsService,
    AgreementsService,
    CommunityForecastResolver,
    CommunityForecastService,
    LowestCarbonWindowResolver,
    LowestCarbonWindowService,
  ],
  exports: [ForecastTables],
})
export class ForecastsModule {
  static readonly entities = [
    ForecastRow,
    ForecastGate,
    ForecastTerms,
    ForecastAgreement,
    ForecastAgreementEnd,
    ForecastCharge,
  ];
  static readonly migrations = [
    forecastsMigration,
    forecastGatesMigration,
    forecastTermsMigration,
    forecastQuantitiesMigration,
    forecastAgreementEndMigration,
    forecastIndexesMigration,
  ];
}
