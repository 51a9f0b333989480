import { ArgsType, Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ForecastSeriesScalar } from '../forecasts/forecast-series.scalar.ts';
import type { ForecastSeries } from '../forecasts/forecast-series.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { IntervalArgs } from '../series/series.types.ts';

export const DownloadFormatEnum = { ARROW: 'arrow', PARQUET: 'parquet', CSV: 'csv' } as const;
export type DownloadFormat = (typeof DownloadFormatEnum)[keyof typeof DownloadFormatEnum];
registerEnumType(DownloadFormatEnum, {
  name: 'DownloadFormat',
  description: 'ARROW is the IPC stream; CSV has a header.',
});

@ObjectType({
  description:
    'An address that fetches a file without credentials: whoever has it reads what its key may. Revoking the key revokes it.',
})
export class DownloadLink {
  @Field(() => String) url!: string;
  @Field(() => DownloadFormatEnum) format!: DownloadFormat;
  @Field(() => InstantScalar, { description: 'Ten minutes from now; a download under way goes on.' })
  expiresAt!: Date;
}

@ArgsType()
class FormatArgs {
  @Field(() => DownloadFormatEnum, { defaultValue: DownloadFormatEnum.PARQUET }) format!: DownloadFormat;
}

@ArgsType()
export class ForecastsDownloadArgs extends FormatArgs {
  @Field(() => InstantScalar, { description: 'First interval start.' }) from!: number;
  @Field(() => InstantScalar, { description: 'Before this interval start; at most 366 days later.' })
  to!: number;
  @Field(() => ForecastSeriesScalar, { nullable: true }) series?: ForecastSeries | null;
  @Field(() => ID, { nullable: true }) productId?: string | null;
  @Field(() => [ID], { nullable: true, description: 'Publishers; absent: all of the community.' })
  organisationIds?: string[] | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Only versions that no later one supersedes.' })
  latest!: boolean;
  @Field(() => InstantScalar, { nullable: true, description: 'Only what was known then.' }) asOf?:
    number | null;
}

@ArgsType()
export class SessionDownloadArgs extends FormatArgs {
  @Field(() => ID) sessionId!: string;
}

@ArgsType()
export class SettlementsDownloadArgs extends SessionDownloadArgs {
  @Field(() => Boolean, { defaultValue: false, description: 'Every version rather than the newest.' })
  history!: boolean;
}

@ArgsType()
export class GridDownloadArgs extends FormatArgs {
  @Field(() => InstantScalar) from!: number;
  @Field(() => InstantScalar, { description: 'At most 366 days later.' }) to!: number;
  @Field(() => ID, { nullable: true, description: "Absent: the operator's newest of the interval." })
  seriesId?: string | null;
}

@ArgsType()
export class EmissionsDownloadArgs extends FormatArgs {
  @Field(() => InstantScalar, { description: 'Days that begin at or after.' }) from!: number;
  @Field(() => InstantScalar, { description: 'Days that begin before.' }) to!: number;
  @Field(() => [ID], { nullable: true, description: 'Publishers; absent: all of the community.' })
  organisationIds?: string[] | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Only versions that no later one supersedes.' })
  latest!: boolean;
}

@ArgsType()
export class ReadingsDownloadArgs extends IntervalArgs {
  @Field(() => DownloadFormatEnum, { defaultValue: DownloadFormatEnum.PARQUET }) format!: DownloadFormat;
}
