import { Module } from '@nestjs/common';
import { BlobsModule } from '../blobs/blobs.module.ts';
import { carbonMigration } from '../migrations/0031-carbon.ts';
import { carbonReportsMigration } from '../migrations/0055-carbon-reports.ts';
import { factorSetsMigration } from '../migrations/0051-factor-sets.ts';
import { AccountingResolver } from './accounting.resolver.ts';
import { AccountingService } from './accounting.service.ts';
import {
  CarbonAccountRow,
  CarbonReportRow,
  GridIntensityHour,
  GridSeries,
  PublishedEmissionsRow,
} from './carbon.entities.ts';
import { ACCOUNT_JOB } from './carbon.jobs.ts';
import { EmissionsResolver } from './emissions.resolver.ts';
import { EmissionsService } from './emissions.service.ts';
import { CombustionFactorRow, EmissionFactorRow, FactorSetRow } from './factor.entities.ts';
import { FactorResolver } from './factor.resolver.ts';
import { FactorService } from './factor.service.ts';
import { GridResolver } from './grid.resolver.ts';
import { GridService } from './grid.service.ts';
import { PublicationResolver } from './publication.resolver.ts';
import { PublicationService } from './publication.service.ts';
import { PublishedReportRow } from './published-report.entity.ts';
import { PublishedReportResolver } from './published-report.resolver.ts';
import { PublishedReportService } from './published-report.service.ts';

/** Factors, grid intensity, the account of traded energy, and what members publish of their own emissions. */
@Module({
  imports: [BlobsModule],
  providers: [
    GridResolver,
    GridService,
    AccountingResolver,
    AccountingService,
    PublicationResolver,
    PublicationService,
    EmissionsResolver,
    EmissionsService,
    PublishedReportResolver,
    PublishedReportService,
    FactorResolver,
    FactorService,
  ],
  exports: [EmissionsService, GridService, PublicationService],
})
export class CarbonModule {
  static readonly entities = [
    GridSeries,
    GridIntensityHour,
    PublishedEmissionsRow,
    CarbonAccountRow,
    CarbonReportRow,
    PublishedReportRow,
    FactorSetRow,
    EmissionFactorRow,
    CombustionFactorRow,
  ];
  static readonly migrations = [carbonMigration, factorSetsMigration, carbonReportsMigration];
  static readonly jobs = [ACCOUNT_JOB];
}
