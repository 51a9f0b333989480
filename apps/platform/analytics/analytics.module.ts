import { Module } from '@nestjs/common';
import { CarbonModule } from '../carbon/carbon.module.ts';
import { analyticsMigration } from '../migrations/0058-analytics.ts';
import { OrganisationSector, SharedPortraitRow } from './analytics.entities.ts';
import { SealedSequences } from '../pipeline/sealed-sequence.ts';
import { AnalyticsResolver } from './analytics.resolver.ts';
import { PortraitsService } from './portraits.service.ts';
import { SectorsService } from './sectors.service.ts';

/** Sectors of organisations, shared portraits, and figures by sector that tell of no few. */
@Module({
  imports: [CarbonModule],
  providers: [AnalyticsResolver, PortraitsService, SealedSequences, SectorsService],
})
export class AnalyticsModule {
  static readonly entities = [OrganisationSector, SharedPortraitRow];
  static readonly migrations = [analyticsMigration];
}
