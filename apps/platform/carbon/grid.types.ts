import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { FactorAveraging, FactorBasis } from '#carbon';
import { InstantScalar } from '../pipeline/scalars.ts';

export const FactorBasisEnum = { direct: 'direct', lifecycle: 'lifecycle' } as const satisfies Record<
  FactorBasis,
  FactorBasis
>;
registerEnumType(FactorBasisEnum, {
  name: 'FactorBasis',
  description:
    'Emitted where the energy is generated, or over the whole life cycle. Never mixed in one figure.',
});

export const FactorAveragingEnum = { average: 'average', marginal: 'marginal' } as const satisfies Record<
  FactorAveraging,
  FactorAveraging
>;
registerEnumType(FactorAveragingEnum, {
  name: 'FactorAveraging',
  description:
    'Of all generation of a time and place, or of the plant that answers a change of load. Never mixed in one figure.',
});

@InputType({
  description: 'A series cannot say of itself what it counts or where it is from: whoever imports it does.',
})
export class ImportGridIntensityInput {
  @Field(() => String, {
    description:
      'Columns timestamp (hour start, ISO 8601 with offset) and grid_kgco2e_per_kwh; others are ignored.',
  })
  csv!: string;
  @Field(() => FactorBasisEnum) basis!: FactorBasis;
  @Field(() => String, { description: 'The grid it is about, e.g. DE or US-CAL-CISO.' }) region!: string;
  @Field(() => String, { description: 'Publisher, data set, version; say so when it is synthetic.' })
  source!: string;
}

@ObjectType({ description: 'Something to know about a series that does not keep it from being used.' })
export class IntensityFinding {
  @Field(() => String, { description: 'gap, duplicate or unsorted' }) kind!: string;
  @Field(() => Int, { description: 'Line of the file, from 1.' }) line!: number;
  @Field(() => InstantScalar) start!: number;
  @Field(() => Int) hours!: number;
}

@ObjectType('GridSeries', { description: 'One imported grid intensity series, immutable.' })
export class GridSeriesType {
  @Field(() => ID, { description: 'The factor id that figures carry.' }) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => String) region!: string;
  @Field(() => FactorBasisEnum) basis!: FactorBasis;
  @Field(() => String) source!: string;
  @Field(() => String, { description: 'Of the imported text.' }) csvSha256!: string;
  @Field(() => Boolean, { description: 'Imported by the operator: used where no series is named.' })
  communityDefault!: boolean;
  @Field(() => InstantScalar, { description: 'Start of the first hour.' }) firstHour!: Date;
  @Field(() => InstantScalar, { description: 'Start of the last hour.' }) lastHour!: Date;
  @Field(() => Int) hours!: number;
  @Field(() => [IntensityFinding]) findings!: IntensityFinding[];
  @Field(() => InstantScalar) importedAt!: Date;
}

@ObjectType()
export class GridIntensityHourType {
  @Field(() => InstantScalar) start!: Date;
  @Field(() => String, { description: 'Exact decimal.' }) kgCo2ePerKwh!: string;
}

@ObjectType('GridIntensity')
export class GridIntensityType {
  @Field(() => GridSeriesType) series!: GridSeriesType;
  @Field(() => [GridIntensityHourType], {
    description: 'Hours of the interval the series has, in time order.',
  })
  hours!: GridIntensityHourType[];
}

@ObjectType('EmissionFactor', { description: 'A published fact.' })
export class EmissionFactorType {
  @Field(() => ID) id!: string;
  @Field(() => String, { description: 'A technology, or grid, residual-mix, heat, …' }) subject!: string;
  @Field(() => String, { description: 'Exact decimal.' }) gramsCo2ePerKwh!: string;
  @Field(() => FactorBasisEnum) basis!: FactorBasis;
  @Field(() => FactorAveragingEnum) averaging!: FactorAveraging;
  @Field(() => String, { nullable: true, description: 'Null: the world.' }) zone!: string | null;
  @Field(() => String, { nullable: true, description: 'Null where the source does not say.' })
  gwpSet!: string | null;
  @Field(() => String) source!: string;
  @Field(() => InstantScalar) validFrom!: number;
  @Field(() => InstantScalar, { nullable: true }) validTo!: number | null;
}
