import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { ForecastSeries } from './forecast.ts';

export const ForecastSeriesEnum = { load: 'load', pv: 'pv', net: 'net' } as const satisfies Record<
  ForecastSeries,
  ForecastSeries
>;
registerEnumType(ForecastSeriesEnum, {
  name: 'ForecastSeries',
  description: 'Consumption, generation behind the meter, or consumption − generation.',
});

@InputType({
  description: 'One hour of one series. Quantiles in whole Wh; hashes are SHA-256 in lower-case hex.',
})
export class ForecastInput {
  @Field(() => ForecastSeriesEnum) series!: ForecastSeries;
  @Field(() => InstantScalar) intervalStart!: number;
  @Field(() => String, {
    defaultValue: 'PT1H',
    description: 'ISO 8601 duration; PT1H is the only one so far.',
  })
  resolution!: string;
  @Field(() => SafeIntScalar) p10Wh!: number;
  @Field(() => SafeIntScalar) p50Wh!: number;
  @Field(() => SafeIntScalar) p90Wh!: number;
  @Field(() => InstantScalar, { description: 'Belief time: nothing later was known to the forecast.' })
  issuedAt!: number;
  @Field(() => String) modelHash!: string;
  @Field(() => String, {
    nullable: true,
    description: 'The card of the round that trained the model, if one did.',
  })
  taskCardHash?: string | null;
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
  @Field(() => ForecastSeriesEnum) series!: ForecastSeries;
  @Field(() => InstantScalar) intervalStart!: Date;
  @Field(() => String) resolution!: string;
  @Field(() => Int, { description: '1, 2, 3 … for each publisher, series and hour.' }) version!: number;
  @Field(() => SafeIntScalar) p10Wh!: number;
  @Field(() => SafeIntScalar) p50Wh!: number;
  @Field(() => SafeIntScalar) p90Wh!: number;
  @Field(() => InstantScalar) issuedAt!: Date;
  @Field(() => InstantScalar, { description: 'When the platform received it.' }) publishedAt!: Date;
  @Field(() => String) modelHash!: string;
  @Field(() => String, { nullable: true }) taskCardHash!: string | null;
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
  @Field(() => ForecastSeriesEnum, { nullable: true }) series?: ForecastSeries | null;
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
  @Field(() => ForecastSeriesEnum) series!: ForecastSeries;
  @Field(() => InstantScalar) intervalStart!: number;
  @Field(() => InstantScalar, { description: 'An instant that has come.' }) asOf!: number;
}

@ArgsType()
export class ForecastPublishedArgs {
  @Field(() => [ID], { nullable: true, description: 'Publishers; absent: all of the community.' })
  organisationIds?: string[] | null;
  @Field(() => ForecastSeriesEnum, { nullable: true }) series?: ForecastSeries | null;
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
  @Field(() => ForecastType) node!: ForecastType;
}
