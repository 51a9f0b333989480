import { Field, ID, ObjectType } from '@nestjs/graphql';
import { InstantScalar } from '../pipeline/scalars.ts';
import { ForecastSeriesScalar } from './forecast-series.scalar.ts';
import type { ForecastSeries } from './forecast-series.ts';

@ObjectType('ForecastNotice', { description: 'What a page leaves out, and why.' })
export class ForecastNoticeType {
  @Field(() => String, { description: 'FORECAST_AGREEMENT_REQUIRED' }) code!: string;
  @Field(() => ID) termsId!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar) from!: Date;
  @Field(() => InstantScalar) to!: Date;
}
