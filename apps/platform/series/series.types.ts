import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { READING_QUALITIES, type ReadingQuality } from '#metering';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { DataFindingType } from '../catalogue/catalogue.types.ts';

const named = <T extends string>(values: readonly T[]) =>
  Object.fromEntries(values.map((value) => [value, value])) as { readonly [K in T]: K };
const QualityEnum = named(READING_QUALITIES);
const SourceEnum = named(['MUTATION', 'CSV']);
registerEnumType(QualityEnum, { name: 'ReadingQuality' });
registerEnumType(SourceEnum, { name: 'IngestSource' });

@ObjectType('HostedSeries', {
  description: 'A series its owner hosts in the clear: the operator of the platform can read it.',
})
export class HostedSeriesType {
  @Field(() => ID) id!: string;
  @Field(() => ID, { description: 'The owner.' }) organisationId!: string;
  @Field(() => ID, { nullable: true, description: 'Under whose agreements others read it.' }) dataSetId!:
    string | null;
  @Field(() => String, { description: "The owner's own name of it." }) key!: string;
  @Field(() => String) unit!: string;
  @Field(() => String, { description: 'IANA zone of its local days.' }) zone!: string;
  @Field(() => String, { description: 'ISO 8601 duration of an interval.' }) resolution!: string;
  @Field(() => InstantScalar, { description: 'When its owner declared it open.' }) declaredOpenAt!: Date;
  @Field(() => InstantScalar) createdAt!: Date;
}
export const HostedSeriesConnection = connectionType(HostedSeriesType, 'HostedSeries');

@InputType()
export class CreateSeriesInput {
  @Field(() => ID, { nullable: true, description: 'An own data set; without one nobody else reads it.' })
  dataSetId?: string | null;
  @Field(() => String) key!: string;
  @Field(() => String, {
    description:
      'J, kJ, MJ, GJ, Wh, kWh, MWh, GWh, Btu, therm, W, kW, MW, GW, m3, l, ft3, US gal, imp gal, g, kg, t, g/kWh, kg/MWh or °C.',
  })
  unit!: string;
  @Field(() => String, { description: 'IANA zone.' }) zone!: string;
  @Field(() => String, { description: 'PT1M, PT5M, PT10M, PT15M, PT20M, PT30M, PT1H or P1D.' })
  resolution!: string;
  @Field(() => Boolean, {
    description:
      'Has to be true. The readings are stored without encryption: the operator of the platform can read them. What the operator must not read is shared as an encrypted data set.',
  })
  declaredOpen!: boolean;
}

@InputType()
export class ReadingInput {
  @Field(() => String, {
    description: 'Start of the interval, ISO 8601; without an offset it is wall clock time of the zone.',
  })
  start!: string;
  @Field(() => String, { description: 'A decimal, less than 10^15; 9 digits behind the point are kept.' })
  value!: string;
  @Field(() => QualityEnum, { nullable: true }) quality?: ReadingQuality | null;
}

@InputType()
class BatchInput {
  @Field(() => ID) seriesId!: string;
  @Field(() => String, { nullable: true, description: "Of the values, default the series'." }) unit?:
    string | null;
  @Field(() => String, { nullable: true, description: "Of times without an offset, default the series'." })
  zone?: string | null;
}

@InputType()
export class IngestReadingsInput extends BatchInput {
  @Field(() => [ReadingInput], { description: '1–10 000' }) readings!: ReadingInput[];
}

@InputType()
export class UploadReadingsInput extends BatchInput {
  @Field(() => String, { description: 'Of the file, stored by PUT /blobs/<sha256> before; lower-case hex.' })
  sha256!: string;
  @Field(() => String, { defaultValue: 'start' }) startColumn!: string;
  @Field(() => String, { defaultValue: 'value' }) valueColumn!: string;
  @Field(() => String, { defaultValue: 'quality', description: 'Read where the header has it.' })
  qualityColumn!: string;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Take the other rows where some are refused; else one refused row refuses the file.',
  })
  skipRefused!: boolean;
}

@ObjectType('RefusedReading')
export class RefusedReadingType {
  @Field(() => Int, { description: 'Of the row among those sent, from 0; a header is no row.' })
  index!: number;
  @Field(() => String) code!: string;
  @Field(() => String) message!: string;
}

@ObjectType('SeriesIngest', {
  description: 'One batch of readings that was taken. What came with it has its recordedAt.',
})
export class SeriesIngestType {
  @Field(() => ID) id!: string;
  @Field(() => ID) seriesId!: string;
  @Field(() => SourceEnum) source!: 'MUTATION' | 'CSV';
  @Field(() => String, { nullable: true, description: 'Of the file.' }) sha256!: string | null;
  @Field(() => Int, { description: 'Intervals of which nothing was known.' }) accepted!: number;
  @Field(() => Int, { description: 'Intervals that have another revision now.' }) corrected!: number;
  @Field(() => Int, { description: 'Readings that say what stood already.' }) unchanged!: number;
  @Field(() => Int, { description: 'Rows that were refused.' }) rejected!: number;
  @Field(() => [DataFindingType]) findings!: DataFindingType[];
  @Field(() => InstantScalar) recordedAt!: Date;
}
export const SeriesIngestConnection = connectionType(SeriesIngestType, 'SeriesIngest');

@ObjectType('IngestedReadings')
export class IngestedReadingsType {
  @Field(() => SeriesIngestType) ingest!: SeriesIngestType;
  @Field(() => [RefusedReadingType], { description: 'The first 10 000.' }) rejected!: RefusedReadingType[];
}

@ObjectType('SeriesReading', {
  description: 'A value of an interval. Of a coarser step: the sum of amounts, the mean of rates.',
})
export class SeriesReadingType {
  @Field(() => InstantScalar) start!: number;
  @Field(() => InstantScalar, { description: 'Exclusive.' }) end!: number;
  @Field(() => String, { description: "A decimal in the series' unit." }) value!: string;
  @Field(() => Int, { description: 'Intervals of the series that the value is of.' }) known!: number;
  @Field(() => Int, {
    description: 'Intervals of the series in the step; where more than known, some are missing.',
  })
  expected!: number;
  @Field(() => Int, { nullable: true, description: 'From 1 on; null of a coarser step.' }) revision!:
    number | null;
  @Field(() => QualityEnum, { nullable: true }) quality!: ReadingQuality | null;
  @Field(() => InstantScalar, { description: 'When the newest of what it is of came.' }) recordedAt!: Date;
}
export const SeriesReadingConnection = connectionType(SeriesReadingType, 'SeriesReading');

@ObjectType('SeriesReadingsBlock', { description: 'Readings in columns, in order of time.' })
export class SeriesReadingsBlockType {
  @Field(() => [InstantScalar]) start!: readonly number[];
  @Field(() => [String]) value!: readonly string[];
  @Field(() => [Int]) known!: readonly number[];
  @Field(() => [Int]) expected!: readonly number[];
}

@ArgsType()
export class SeriesArgs extends PageArgs {
  @Field(() => ID, { nullable: true }) dataSetId?: string | null;
}

@ArgsType()
export class OfSeriesArgs extends PageArgs {
  @Field(() => ID) seriesId!: string;
}

@ArgsType()
export class IntervalArgs {
  @Field(() => ID) seriesId!: string;
  @Field(() => ID, { nullable: true, description: "Of another's series: about its data set." }) agreementId?:
    string | null;
  @Field(() => InstantScalar) from!: number;
  @Field(() => InstantScalar, { description: 'Exclusive.' }) until!: number;
  @Field(() => String, {
    nullable: true,
    description: "Default the series' own; a multiple of it, P1D, P1M or P1Y of its zone.",
  })
  resolution?: string | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'As it was known then: later corrections are left out.',
  })
  asOf?: number | null;
  @Field(() => String, { nullable: true, description: "What the reader declares to the agreement's policy." })
  purpose?: string | null;
  @Field(() => String, { nullable: true, description: 'The same of the place.' }) spatial?: string | null;
}

@ArgsType()
export class SeriesReadingsArgs extends IntervalArgs implements PageArgs {
  @Field(() => Int, { nullable: true, description: '1–100, default 20' }) first?: number | null;
  @Field(() => String, { nullable: true, description: 'the endCursor of the page before' }) after?:
    string | null;
}
