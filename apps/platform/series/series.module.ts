import { Module } from '@nestjs/common';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { BlobsModule } from '../blobs/blobs.module.ts';
import { seriesMigration } from '../migrations/0064-series.ts';
import { PipelineModule } from '../pipeline/pipeline.module.ts';
import { SeriesReader } from './series-reader.service.ts';
import { SeriesWriter } from './series-writer.service.ts';
import { HostedSeries, SeriesIngest } from './series.entities.ts';
import { SeriesResolver } from './series.resolver.ts';

/** Series that their owners host in the clear, their readings, and the doors to them. */
@Module({
  imports: [PipelineModule, AgreementsModule, BlobsModule],
  providers: [SeriesWriter, SeriesReader, SeriesResolver],
  exports: [SeriesReader],
})
export class SeriesModule {
  static readonly entities = [HostedSeries, SeriesIngest];
  static readonly migrations = [seriesMigration];
}
