import { ArgsType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { ForecastNoticeType } from './forecast-notice.types.ts';
import { ForecastSeriesScalar } from './forecast-series.scalar.ts';
import type { ForecastSeries } from './forecast-series.ts';

@InputType({
  description:
    'One hour of one series. Quantiles of an energy in whole Wh; of an intensity in gCO2e/kWh and of a price in its currency per MWh, with at most three decimals. Hashes are SHA-256 in lower-case hex.',
})
export class ForecastInput {
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar) intervalStart!: number;
  @Field(() => String, {
    defaultValue: 'PT1H',
    description: 'ISO 8601 duration; PT1H is the only one so far.',
  })
  resolution!: string;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Of an energy.' }) p10Wh?: number | null;
  @Field(() => SafeIntScalar, { nullable: true }) p50Wh?: number | null;
  @Field(() => SafeIntScalar, { nullable: true }) p90Wh?: number | null;
  @Field(() => Float, { nullable: true, description: 'Of an intensity or a price.' }) p10?: number | null;
  @Field(() => Float, { nullable: true }) p50?: number | null;
  @Field(() => Float, { nullable: true }) p90?: number | null;
  @Field(() => InstantScalar, { description: 'Belief time: nothing later was known to the forecast.' })
  issuedAt!: number;
  @Field(() => String) modelHash!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The card of the round that trained the model, if one did.',
  })
  taskCardHash?: string | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'The forecast product it is one of: of the same series, made by a model that the product has or had.',
  })
  productId?: string | null;
}

@InputType({ description: 'At most 96 hours of each series; accepted or refused as a whole.' })
export class PublishForecastsInput {
  @Field(() => [ForecastInput]) forecasts!: ForecastInput[];
}

@ObjectType()
export class PublishForecastsPayload {
  @Field(() => Int, { description: 'New versions.' }) published!: number;
  @Field(() => Int, { description: 'Already published in the same words.' }) unchanged!: number;
}

@ObjectType('Forecast', { description: 'One version of one hour of one series, immutable.' })
export class ForecastType {
  @Field(() => ID) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar) intervalStart!: Date;
  @Field(() => String) resolution!: string;
  @Field(() => Int, { description: '1, 2, 3 … for each publisher, series and hour.' }) version!: number;
  @Field(() => String, { description: 'Of p10, p50 and p90: Wh, gCO2e/kWh, or a currency per MWh.' })
  unit!: string;
  @Field(() => Float) p10!: number;
  @Field(() => Float) p50!: number;
  @Field(() => Float) p90!: number;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Null where the series is no energy.' })
  p10Wh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true }) p50Wh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true }) p90Wh!: number | null;
  @Field(() => InstantScalar) issuedAt!: Date;
  @Field(() => InstantScalar, { description: 'When the platform received it.' }) publishedAt!: Date;
  @Field(() => String) modelHash!: string;
  @Field(() => String, { nullable: true }) taskCardHash!: string | null;
  @Field(() => ID, { nullable: true, description: 'As its publisher says.' }) productId!: string | null;
  @Field(() => [String], {
    description: 'Gates that had closed for its interval when it arrived; at those it never counts.',
  })
  lateFor!: readonly string[];
}

export const ForecastConnection = connectionType(ForecastType, 'Forecast');

@ArgsType()
export class ForecastsArgs extends PageArgs {
  @Field(() => [ID], { nullable: true, description: 'Publishers; absent: all of the community.' })
  organisationIds?: string[] | null;
  @Field(() => ForecastSeriesScalar, { nullable: true }) series?: ForecastSeries | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Only what its publisher says is of this forecast product.',
  })
  productId?: string | null;
  @Field(() => InstantScalar, { nullable: true, description: 'First interval start.' }) from?: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Before this interval start.' }) to?:
    number | null;
  @Field(() => InstantScalar, { nullable: true }) issuedAfter?: number | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Only versions that no later one supersedes.' })
  latest!: boolean;
  @Field(() => Int, { nullable: true, description: 'Only this version of each interval.' }) version?:
    number | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Only what was known then: issued and arrived by it, and superseded by nothing that was.',
  })
  asOf?: number | null;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Only the version that counted when the gate closed, of intervals whose gate has.',
  })
  frozen!: boolean;
  @Field(() => String, { nullable: true, description: 'Of `frozen`; absent: day-ahead.' }) gate?:
    string | null;
}

@ArgsType()
export class ForecastAtArgs {
  @Field(() => ID) organisationId!: string;
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar) intervalStart!: number;
  @Field(() => InstantScalar, { description: 'An instant that has come.' }) asOf!: number;
}

@ArgsType()
export class ForecastPublishedArgs {
  @Field(() => [ID], { nullable: true, description: 'Publishers; absent: all of the community.' })
  organisationIds?: string[] | null;
  @Field(() => ForecastSeriesScalar, { nullable: true }) series?: ForecastSeries | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Only what its publisher says is of this forecast product.',
  })
  productId?: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'A cursor of `forecasts` or of this subscription: begins after it and misses nothing. Absent: now.',
  })
  after?: string | null;
}

@ObjectType()
export class ForecastPublished {
  @Field(() => String, { description: 'Continue after it, here or in `forecasts`.' }) cursor!: string;
  @Field(() => ForecastType, { nullable: true, description: 'Null where the event is one of notices.' })
  node!: ForecastType | null;
  @Field(() => [ForecastNoticeType], {
    nullable: true,
    description:
      'Priced days that are left out from here on for want of an agreement, all of them: told at the beginning if there are any, and whenever they change. Null where the event is a forecast.',
  })
  notices!: readonly ForecastNoticeType[] | null;
}
