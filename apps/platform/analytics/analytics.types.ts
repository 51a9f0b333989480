import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Sector, SECTORS, type SharedLabel } from '#analytics';
import type { FactorBasis } from '#carbon';
import type { EmissionsAccount } from '../carbon/emissions.ts';
import { EmissionsAccountEnum } from '../carbon/emissions.types.ts';
import { FactorBasisEnum } from '../carbon/grid.types.ts';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { BySector, SectorGrams, SectorLabels } from './sector-figures.ts';
import type { EmissionsTrend } from './emissions-trend.ts';

// A literal a letter, as registerEnumType reads keys and values alike.
export const SectorEnum = Object.fromEntries(Object.keys(SECTORS).map((letter) => [letter, letter])) as {
  readonly [S in Sector]: S;
};
registerEnumType(SectorEnum, {
  name: 'Sector',
  description: 'Sections of NACE Rev. 2.',
  valuesMap: Object.fromEntries(
    Object.entries(SECTORS).map(([letter, description]) => [letter, { description }]),
  ),
});

@InputType()
export class SharedLabelInput {
  @Field(() => String, {
    description: 'flat, morning-peak, midday-peak, evening-peak, night-peak, double-peak.',
  })
  label!: string;
  @Field(() => Int, { description: 'Tens.' }) percentOfDays!: number;
}

@InputType({ description: 'What a member shares of a portrait that it made itself.' })
export class PublishPortraitInput {
  @Field(() => String) method!: string;
  @Field(() => [SharedLabelInput], {
    description: 'Each label once, in the order of their list; shares sum to 100.',
  })
  labels!: SharedLabelInput[];
  @Field(() => String, {
    description:
      "Ed25519 by the participant in context 'gridcommons/shared-portrait/1' over the canonical JSON {labels, method, participant}.",
  })
  signature!: string;
}

@ObjectType()
export class LabelShareType {
  @Field(() => String) label!: string;
  @Field(() => Float) percentOfDays!: number;
}

@ObjectType({ description: 'One version of shared labels, immutable; its own organisation sees it.' })
export class SharedPortrait {
  @Field(() => ID) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => Int) version!: number;
  @Field(() => String) method!: string;
  @Field(() => [LabelShareType]) labels!: readonly SharedLabel[];
  @Field(() => String) signature!: string;
  @Field(() => InstantScalar) publishedAt!: Date;
}

export const SharedPortraitConnection = connectionType(SharedPortrait, 'SharedPortrait');

@ArgsType()
export class SectorEmissionsArgs {
  @Field(() => InstantScalar, { description: 'Days that begin at or after.' }) from!: number;
  @Field(() => InstantScalar, { description: 'Days that begin before.' }) to!: number;
  @Field(() => EmissionsAccountEnum) account!: EmissionsAccount;
  @Field(() => FactorBasisEnum, { defaultValue: 'direct' }) basis!: FactorBasis;
}

@ArgsType()
export class EmissionsTrendArgs extends SectorEmissionsArgs {
  @Field(() => String, { defaultValue: 'UTC', description: 'IANA zone of dates.' }) zone!: string;
  @Field(() => Int, { defaultValue: 7, description: 'Days between two breaks, at least.' })
  leastLength!: number;
}

@ObjectType({ description: 'Null figures are withheld: they would tell of too few organisations.' })
export class SectorEmissionsRow implements SectorGrams {
  @Field(() => SectorEnum, { nullable: true, description: 'Null: not stated; of the total: all.' })
  sector!: Sector | null;
  @Field(() => Int) organisations!: number;
  @Field(() => SafeIntScalar, { nullable: true }) grams!: number | null;
  @Field(() => Float, { nullable: true }) meanGrams!: number | null;
  @Field(() => Float, { nullable: true, description: 'Of twice as many organisations, at least.' })
  medianGrams!: number | null;
}

@ObjectType()
export class SectorEmissions implements BySector<SectorGrams> {
  @Field(() => Int) leastOrganisations!: number;
  @Field(() => [SectorEmissionsRow]) sectors!: readonly SectorEmissionsRow[];
  @Field(() => SectorEmissionsRow) total!: SectorEmissionsRow;
}

@ObjectType({ description: 'Null labels are withheld: they would tell of too few organisations.' })
export class SectorPortraitsRow implements SectorLabels {
  @Field(() => SectorEnum, { nullable: true, description: 'Null: not stated; of the total: all.' })
  sector!: Sector | null;
  @Field(() => Int) organisations!: number;
  @Field(() => [LabelShareType], { nullable: true, description: 'Means over organisations.' })
  labels!: SectorLabels['labels'];
}

@ObjectType()
export class SectorPortraits implements BySector<SectorLabels> {
  @Field(() => Int) leastOrganisations!: number;
  @Field(() => [SectorPortraitsRow]) sectors!: readonly SectorPortraitsRow[];
  @Field(() => SectorPortraitsRow) total!: SectorPortraitsRow;
}

const TrendDirectionEnum = { falling: 'falling', rising: 'rising', none: 'none' } as const satisfies Record<
  EmissionsTrend['direction'],
  EmissionsTrend['direction']
>;
registerEnumType(TrendDirectionEnum, {
  name: 'TrendDirection',
  description: 'None where Mann–Kendall gives p ≥ 0.05.',
});

@ObjectType()
export class TrendDay {
  @Field(() => String) date!: string;
  @Field(() => Float, { description: 'Mean of the hours with a reading.' }) gramsPerHour!: number;
}

@ObjectType({ description: 'A stretch between breaks, by its first date.' })
export class TrendLevel extends TrendDay {
  @Field(() => Int) days!: number;
}

@ObjectType('EmissionsTrend')
export class EmissionsTrendType implements EmissionsTrend {
  @Field(() => [TrendDay]) days!: EmissionsTrend['days'];
  @Field(() => Int, {
    description: 'Dates in between of which nothing is published: a step leaps over them.',
  })
  missingDays!: number;
  @Field(() => TrendDirectionEnum) direction!: EmissionsTrend['direction'];
  @Field(() => Float, { description: 'Change of gramsPerHour from a day to the next.' }) slopePerDay!: number;
  @Field(() => Float) pValue!: number;
  @Field(() => [TrendLevel]) levels!: readonly TrendLevel[];
}
