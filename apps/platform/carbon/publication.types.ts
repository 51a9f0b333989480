import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { FactorBasis } from '#carbon';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { FactorBasisEnum } from './grid.types.ts';

@InputType({ description: 'Totals of one day that the member computed itself. Never add the two accounts.' })
export class PublishEmissionsInput {
  @Field(() => InstantScalar) start!: number;
  @Field(() => InstantScalar) end!: number;
  @Field(() => Int, { description: 'Hours behind the totals.' }) hours!: number;
  @Field(() => SafeIntScalar) locationGrams!: number;
  @Field(() => SafeIntScalar) marketGrams!: number;
  @Field(() => String) methodVersion!: string;
  @Field(() => FactorBasisEnum) basis!: FactorBasis;
  @Field(() => [ID], { description: 'The grid series, then the factor of locally bought energy.' })
  factorIds!: string[];
  @Field(() => String, {
    description:
      "Ed25519 by the participant in context 'gridcommons/emissions/1' over the canonical JSON {basis, end, factorIds, hours, locationGrams, marketGrams, methodVersion, participant, start}.",
  })
  signature!: string;
}

@ObjectType({ description: 'One version of published totals, immutable.' })
export class PublishedEmissions {
  @Field(() => ID) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => InstantScalar) start!: Date;
  @Field(() => InstantScalar) end!: Date;
  @Field(() => Int) version!: number;
  @Field(() => Int) hours!: number;
  @Field(() => SafeIntScalar) locationGrams!: number;
  @Field(() => SafeIntScalar) marketGrams!: number;
  @Field(() => String) methodVersion!: string;
  @Field(() => FactorBasisEnum) basis!: FactorBasis;
  @Field(() => [ID]) factorIds!: string[];
  @Field(() => String) signature!: string;
  @Field(() => InstantScalar) publishedAt!: Date;
}

export const PublishedEmissionsConnection = connectionType(PublishedEmissions, 'PublishedEmissions');

@ArgsType()
export class PublishedEmissionsArgs extends PageArgs {
  @Field(() => [ID], { nullable: true, description: 'Publishers; absent: all of the community.' })
  organisationIds?: string[] | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Days that begin at or after.' }) from?:
    number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Days that begin before.' }) to?: number | null;
  @Field(() => Boolean, { defaultValue: false, description: 'Only versions that no later one supersedes.' })
  latest!: boolean;
}
