import { Module } from '@nestjs/common';
import { forecastsMigration } from '../migrations/0030-forecasts.ts';
import { forecastGatesMigration } from '../migrations/0034-forecast-gates.ts';
import { ForecastGate } from './forecast-gate.entity.ts';
import { ForecastReader } from './forecast-reader.service.ts';
import { ForecastRow } from './forecast.entity.ts';
import { ForecastsResolver } from './forecasts.resolver.ts';
import { ForecastsService } from './forecasts.service.ts';
import { GatesResolver } from './gates.resolver.ts';
import { GatesService } from './gates.service.ts';

/** Forecasts that participants publish: versions, gates, queries, subscription. */
@Module({ providers: [ForecastsResolver, ForecastsService, ForecastReader, GatesResolver, GatesService] })
export class ForecastsModule {
  static readonly entities = [ForecastRow, ForecastGate];
  static readonly migrations = [forecastsMigration, forecastGatesMigration];
}
