import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { CommunityHour } from './community.ts';
import type { ForecastSeries } from './forecast-series.ts';
import { ForecastSeriesScalar } from './forecast-series.scalar.ts';

const SUPPRESSED = 'Null where fewer than four organisations are in it, or one to three left out of it.';

const SumMethodEnum = { bottomUp: 'bottom-up', wls: 'wls' } as const satisfies Record<
  string,
  CommunityHour['method']
>;
registerEnumType(SumMethodEnum, {
  name: 'ForecastSumMethod',
  description:
    "bottomUp: members added up. wls: reconciled with the operator's own forecast of the community by the variances that each states.",
});

@ArgsType()
export class CommunityForecastArgs {
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => InstantScalar, { description: 'First interval start.' }) from!: number;
  @Field(() => InstantScalar, { description: 'Before this interval start; at most 96 hours later.' })
  to!: number;
  @Field(() => [ID], {
    nullable: true,
    description: 'A group of at least four organisations whose sum is told beside that of the community.',
  })
  organisationIds?: string[] | null;
  @Field(() => Float, {
    defaultValue: 1,
    description:
      "Of every two members' errors, 0 to 1. 1, which adds members' intervals up, is safe and mostly far too wide; estimates come from past errors.",
  })
  correlation!: number;
}

@ObjectType('ForecastSum', { description: 'Energy of several members in one hour.' })
export class ForecastSum {
  @Field(() => Int, { description: 'Distinct organisations in it.' }) organisations!: number;
  @Field(() => SafeIntScalar, { nullable: true, description: `Means add up, medians do not. ${SUPPRESSED}` })
  meanWh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: SUPPRESSED }) p10Wh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: SUPPRESSED }) p50Wh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: SUPPRESSED }) p90Wh!: number | null;
}

@ObjectType('CommunityForecastHour')
export class CommunityForecastHour {
  @Field(() => InstantScalar) intervalStart!: Date;
  @Field(() => SumMethodEnum) method!: CommunityHour['method'];
  @Field(() => ForecastSum, { description: "Of all members; the operator's own forecast is not one." })
  community!: ForecastSum;
  @Field(() => ForecastSum, { nullable: true, description: 'Null where no group was asked for.' })
  group!: ForecastSum | null;
}

@ObjectType('CommunityForecast', { description: 'Sums of the latest versions that members have published.' })
export class CommunityForecast {
  @Field(() => ForecastSeriesScalar) series!: ForecastSeries;
  @Field(() => Float) correlation!: number;
  @Field(() => [CommunityForecastHour], { description: 'In time order; hours without any are left out.' })
  hours!: CommunityForecastHour[];
}
