import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type {
  CalorificBasis,
  CombustionSector,
  FactorAveraging,
  FactorBasis,
  FactorSetRank,
  FactorVia,
} from '#carbon';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { EmissionFactorType, FactorAveragingEnum, FactorBasisEnum } from './grid.types.ts';

const CalorificBasisEnum = { ncv: 'ncv', gcv: 'gcv' } as const satisfies Record<
  CalorificBasis,
  CalorificBasis
>;
registerEnumType(CalorificBasisEnum, {
  name: 'CalorificBasis',
  description: 'Net or gross calorific value. Never mixed in one figure.',
});

const FactorSetRankEnum = {
  own: 'own',
  community: 'community',
  published: 'published',
} as const satisfies Record<FactorSetRank, FactorSetRank>;
registerEnumType(FactorSetRankEnum, {
  name: 'FactorSetRank',
  description: 'Whose factors answer first: the own organisation’s, the community’s, what ships.',
});

const FactorViaEnum = { zone: 'zone', parent: 'parent', default: 'default' } as const satisfies Record<
  FactorVia,
  FactorVia
>;
registerEnumType(FactorViaEnum, {
  name: 'FactorVia',
  description: 'Of the zone itself, of one that it is a part of, or of the world.',
});

@InputType()
export class ImportFactorSetInput {
  @Field(() => String, {
    description:
      'By the kWh: subject, basis, value, unit, valid_from, source and any of averaging, zone, gwp_set, valid_to. By the fuel: fuel, calorific, co2, ch4, n2o, unit, biogenic, valid_from, source and any of sector, zone, valid_to. At most 5 000 rows.',
  })
  csv!: string;
  @Field(() => String, { description: '1–200 characters.' }) title!: string;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'For the whole community; by the operator only.',
  })
  communityDefault!: boolean;
}

@ObjectType('FactorFinding', {
  description: 'Something to know about a set that does not keep it from being used.',
})
export class FactorFindingType {
  @Field(() => String, { description: 'gap: between two rows of one thing none holds.' }) kind!: string;
  @Field(() => Int, { description: 'Line of the file, from 1.' }) line!: number;
  @Field(() => InstantScalar) from!: number;
  @Field(() => InstantScalar) to!: number;
}

@ObjectType('FactorSet', { description: 'One version of factors, immutable.' })
export class FactorSetType {
  @Field(() => ID) id!: string;
  @Field(() => String) title!: string;
  @Field(() => FactorSetRankEnum) rank!: FactorSetRank;
  @Field(() => ID, { nullable: true, description: 'Null of what ships.' }) organisationId!: string | null;
  @Field(() => String, { nullable: true, description: 'Of the imported text.' }) csvSha256!: string | null;
  @Field(() => Int) rows!: number;
  @Field(() => [FactorFindingType]) findings!: FactorFindingType[];
  @Field(() => InstantScalar, {
    description: 'Imported or published at; of two sets of a rank the newer answers.',
  })
  since!: number;
}

@ObjectType('CombustionFactor', { description: 'What burning a TJ of a fuel emits; exact decimals.' })
export class CombustionFactorType {
  @Field(() => ID) id!: string;
  @Field(() => String) fuel!: string;
  @Field(() => String, { nullable: true, description: 'Null: any.' }) sector!: CombustionSector | null;
  @Field(() => CalorificBasisEnum) calorific!: CalorificBasis;
  @Field(() => String) kgCo2PerTj!: string;
  @Field(() => String) kgCh4PerTj!: string;
  @Field(() => String) kgN2oPerTj!: string;
  @Field(() => Boolean, { description: 'Its CO2 is told apart and in no total.' }) biogenic!: boolean;
  @Field(() => String, { nullable: true, description: 'Null: the world.' }) zone!: string | null;
  @Field(() => String) source!: string;
  @Field(() => InstantScalar) validFrom!: number;
  @Field(() => InstantScalar, { nullable: true }) validTo!: number | null;
}

@ObjectType('ResolvedFactor')
export class ResolvedFactorType {
  @Field(() => EmissionFactorType) factor!: EmissionFactorType;
  @Field(() => ID) setId!: string;
  @Field(() => FactorViaEnum) via!: FactorVia;
  @Field(() => Boolean, { description: 'Another place’s than the one asked for.' }) estimated!: boolean;
}

@ObjectType('ResolvedCombustionFactor')
export class ResolvedCombustionFactorType {
  @Field(() => CombustionFactorType) factor!: CombustionFactorType;
  @Field(() => ID) setId!: string;
  @Field(() => FactorViaEnum) via!: FactorVia;
  @Field(() => Boolean, { description: 'Another place’s than the one asked for.' }) estimated!: boolean;
}

@InputType()
export class FactorFilter {
  @Field(() => ID, { nullable: true }) setId?: string | null;
  @Field(() => String, { nullable: true }) subject?: string | null;
  @Field(() => FactorBasisEnum, { nullable: true }) basis?: FactorBasis | null;
  @Field(() => FactorAveragingEnum, { nullable: true }) averaging?: FactorAveraging | null;
  @Field(() => String, { nullable: true }) zone?: string | null;
}

@ArgsType()
export class FactorsArgs extends PageArgs {
  @Field(() => FactorFilter, { nullable: true }) filter?: FactorFilter | null;
  @Field(() => InstantScalar, { nullable: true, description: 'In force then; absent: whenever.' }) at?:
    number | null;
}

@InputType()
export class CombustionFactorFilter {
  @Field(() => ID, { nullable: true }) setId?: string | null;
  @Field(() => String, { nullable: true }) fuel?: string | null;
  @Field(() => String, { nullable: true }) sector?: string | null;
  @Field(() => String, { nullable: true }) zone?: string | null;
}

@ArgsType()
export class CombustionFactorsArgs extends PageArgs {
  @Field(() => CombustionFactorFilter, { nullable: true }) filter?: CombustionFactorFilter | null;
  @Field(() => InstantScalar, { nullable: true, description: 'In force then; absent: whenever.' }) at?:
    number | null;
}

@ArgsType()
export class ResolvedFactorArgs {
  @Field(() => String, { description: 'A technology, or grid, residual-mix, heat, …' }) subject!: string;
  @Field(() => FactorBasisEnum) basis!: FactorBasis;
  @Field(() => FactorAveragingEnum, { defaultValue: 'average' }) averaging!: FactorAveraging;
  @Field(() => String, { nullable: true }) zone?: string | null;
  @Field(() => InstantScalar) at!: number;
}

@ArgsType()
export class ResolvedCombustionFactorArgs {
  @Field(() => String) fuel!: string;
  @Field(() => String, {
    defaultValue: 'energy-industries',
    description:
      'energy-industries, manufacturing-construction, commercial-institutional or residential-agriculture.',
  })
  sector!: string;
  @Field(() => String, { nullable: true }) zone?: string | null;
  @Field(() => InstantScalar) at!: number;
}

export const EmissionFactorConnection = connectionType(EmissionFactorType, 'EmissionFactor');
export const CombustionFactorConnection = connectionType(CombustionFactorType, 'CombustionFactor');
