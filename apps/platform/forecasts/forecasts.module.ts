import { Module } from '@nestjs/common';
import { forecastsMigration } from '../migrations/0030-forecasts.ts';
import { ForecastRow } from './forecast.entity.ts';
import { ForecastsResolver } from './forecasts.resolver.ts';
import { ForecastsService } from './forecasts.service.ts';

/** Forecasts that participants publish: versions, queries, subscription. */
@Module({ providers: [ForecastsResolver, ForecastsService] })
export class ForecastsModule {
  static readonly entities = [ForecastRow];
  static readonly migrations = [forecastsMigration];
}
