import { Module } from '@nestjs/common';
import { CarbonModule } from '../carbon/carbon.module.ts';
import { ForecastsModule } from '../forecasts/forecasts.module.ts';
import { IdentityModule } from '../identity/identity.module.ts';
import { MarketModule } from '../market/market.module.ts';
import { PipelineModule } from '../pipeline/pipeline.module.ts';
import { SeriesModule } from '../series/series.module.ts';
import { TablesModule } from '../tables/tables.module.ts';
import { DownloadLinks } from './download-links.service.ts';
import { DownloadTables } from './download-tables.service.ts';
import { DownloadsController } from './downloads.controller.ts';
import { DownloadsResolver } from './downloads.resolver.ts';

/** Files of what queries answer, for notebooks: signed links, and the route they lead to. */
@Module({
  imports: [
    IdentityModule,
    PipelineModule,
    TablesModule,
    ForecastsModule,
    MarketModule,
    CarbonModule,
    SeriesModule,
  ],
  controllers: [DownloadsController],
  providers: [DownloadLinks, DownloadTables, DownloadsResolver],
})
export class DownloadsModule {}
