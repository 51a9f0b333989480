import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type FactorBasis, type ReportResolution } from '#carbon';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { EmissionsAccount, EmissionsGrouping } from './emissions.ts';
import { FactorBasisEnum } from './grid.types.ts';

const EmissionsResolutionEnum = {
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'year',
  total: 'total',
} as const satisfies Record<ReportResolution, ReportResolution>;
registerEnumType(EmissionsResolutionEnum, {
  name: 'EmissionsResolution',
  description: 'Parts of the calendar; a week begins on Monday.',
});

const EmissionsGroupingEnum = {
  all: 'all',
  organisation: 'organisation',
  participant: 'participant',
} as const satisfies Record<EmissionsGrouping, EmissionsGrouping>;
registerEnumType(EmissionsGroupingEnum, {
  name: 'EmissionsGrouping',
  description: 'Whose totals are added up: of all publishers, or of each.',
});

export const EmissionsAccountEnum = { location: 'location', market: 'market' } as const satisfies Record<
  EmissionsAccount,
  EmissionsAccount
>;
registerEnumType(EmissionsAccountEnum, {
  name: 'EmissionsAccount',
  description: 'Two accounts of the same energy, never added.',
});

@ArgsType()
export class EmissionsArgs {
  @Field(() => InstantScalar, { description: 'Days that begin at or after.' }) from!: number;
  @Field(() => InstantScalar, { description: 'Days that begin before.' }) to!: number;
  @Field(() => EmissionsResolutionEnum, { defaultValue: 'day' }) resolution!: ReportResolution;
  @Field(() => EmissionsGroupingEnum, { defaultValue: 'all' }) by!: EmissionsGrouping;
  @Field(() => String, { defaultValue: 'UTC', description: 'IANA zone of dates.' }) zone!: string;
  @Field(() => [ID], { nullable: true, description: 'Publishers; absent: all of the community.' })
  organisationIds?: string[] | null;
  @Field(() => [ID], { nullable: true }) participantIds?: string[] | null;
  @Field(() => Int, { nullable: true, description: 'Members publish scope 2.' }) scope?: number | null;
  @Field(() => String, { nullable: true, description: 'Members publish electricity.' }) carrier?:
    string | null;
  @Field(() => EmissionsAccountEnum, { nullable: true, description: 'Absent: both, in rows of their own.' })
  account?: EmissionsAccount | null;
}

@ObjectType('EmissionsSum', {
  description: 'Sum of the newest versions of published days, of one account and one basis.',
})
export class EmissionsSumType {
  @Field(() => String, { description: 'Date, Monday, YYYY-MM, YYYY or total.' }) part!: string;
  @Field(() => InstantScalar, { description: 'Of the first day in it.' }) start!: number;
  @Field(() => InstantScalar, { description: 'Of the last day in it.' }) end!: number;
  @Field(() => ID, { nullable: true }) organisationId!: string | null;
  @Field(() => ID, { nullable: true }) participantId!: string | null;
  @Field(() => Int) scope!: number;
  @Field(() => String) carrier!: string;
  @Field(() => EmissionsAccountEnum) account!: EmissionsAccount;
  @Field(() => FactorBasisEnum) basis!: FactorBasis;
  @Field(() => SafeIntScalar) grams!: number;
  @Field(() => Int, { description: 'Whose days are in it.' }) participants!: number;
  @Field(() => SafeIntScalar, { description: 'With a reading and a factor.' }) hours!: number;
  @Field(() => SafeIntScalar, { description: 'Of the days in it: more than hours where some had none.' })
  expectedHours!: number;
  @Field(() => [String]) methodVersions!: readonly string[];
  @Field(() => [ID]) factorIds!: readonly string[];
}

@ObjectType()
export class Emissions {
  @Field(() => [EmissionsSumType]) sums!: EmissionsSumType[];
  @Field(() => String, { description: 'The same as CSV.' }) csv!: string;
}
