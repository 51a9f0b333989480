import { Field, Float, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import { SafeIntScalar } from '../pipeline/scalars.ts';

export const PriceRuleEnum = {
  BILL_SHARING: 'bill-sharing',
  MID_MARKET_RATE: 'mmr',
  SUPPLY_DEMAND_RATIO: 'sdr',
  SUPPLY_DEMAND_RATIO_COMPENSATED: 'sdr-compensated',
  CROSSING: 'crossing',
  CURVE: 'curve',
  KEYS: 'keys',
} as const;
export type PriceRuleName = (typeof PriceRuleEnum)[keyof typeof PriceRuleEnum];
registerEnumType(PriceRuleEnum, {
  name: 'CommunityPriceRule',
  description: 'How energy shared in a community without orders is priced.',
});

@InputType({ description: 'What one member’s meter counted in one interval.' })
export class CommunityMemberInput {
  @Field(() => ID, { description: 'Any name, unique in the community.' }) id!: string;
  @Field(() => SafeIntScalar, { defaultValue: 0 }) netImportWh!: number;
  @Field(() => SafeIntScalar, { defaultValue: 0 }) netExportWh!: number;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Its own tariff, else the community’s.' })
  retailPerMwh?: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Its own tariff, else the community’s.' })
  feedInPerMwh?: number | null;
  @Field(() => Float, { nullable: true, description: 'KEYS: its fixed share of the generation, 0 to 1.' })
  key?: number | null;
}

@InputType()
export class PriceCurvePointInput {
  @Field(() => Float, { description: 'Generation over load.' }) ratio!: number;
  @Field(() => SafeIntScalar) pricePerMwh!: number;
}

@InputType({ description: 'One interval of at most 1 000 members. Prices in minor units per MWh.' })
export class CommunityPricesInput {
  @Field(() => PriceRuleEnum) rule!: PriceRuleName;
  @Field(() => SafeIntScalar) retailPerMwh!: number;
  @Field(() => SafeIntScalar) feedInPerMwh!: number;
  @Field(() => [CommunityMemberInput]) members!: CommunityMemberInput[];
  @Field(() => Float, {
    defaultValue: 0.5,
    description: 'SUPPLY_DEMAND_RATIO_COMPENSATED: share of the spread.',
  })
  compensation!: number;
  @Field(() => Boolean, { defaultValue: false, description: 'Only what trades in merit order counts.' })
  prune!: boolean;
  @Field(() => [PriceCurvePointInput], { nullable: true, description: 'CURVE: at most 1 000 rising ratios.' })
  curve?: PriceCurvePointInput[] | null;
}

@ObjectType('CommunityBill', { description: 'Money in minor units: positive is owed, negative is due.' })
export class CommunityBillType {
  @Field(() => ID) id!: string;
  @Field(() => SafeIntScalar) billMinor!: number;
  @Field(() => SafeIntScalar, { description: 'With its own tariffs, without a community.' })
  aloneMinor!: number;
  @Field(() => SafeIntScalar, { description: 'From the community.' }) boughtWh!: number;
  @Field(() => SafeIntScalar, { description: 'To the community.' }) soldWh!: number;
}

@ObjectType('CommunityPrices')
export class CommunityPricesType {
  @Field(() => Float, { description: 'As the rule publishes it.' }) poolPricePerMwh!: number;
  @Field(() => Float, { description: 'Average of all import.' }) buyPricePerMwh!: number;
  @Field(() => Float, { description: 'Average of all export.' }) sellPricePerMwh!: number;
  @Field(() => SafeIntScalar) sharedWh!: number;
  @Field(() => SafeIntScalar, { description: 'The lesser of all import and all export.' })
  shareableWh!: number;
  @Field(() => [CommunityBillType], { description: 'In the order of ids.' }) bills!: CommunityBillType[];
  @Field(() => SafeIntScalar, { description: 'What retailers get: all bills less the operator’s.' })
  retailerMinor!: number;
  @Field(() => SafeIntScalar, { description: 'What a price curve leaves with its operator.' })
  operatorMinor!: number;
}

@ObjectType('CommunityRuleProperties', { description: 'What a price rule promises.' })
export class CommunityRulePropertiesType {
  @Field(() => PriceRuleEnum) rule!: PriceRuleName;
  @Field(() => Boolean, { description: 'Nobody loses against its own tariffs, feed-in not above retail.' })
  individuallyRational!: boolean;
  @Field(() => Boolean, { description: 'No false tariff pays.' }) incentiveCompatible!: boolean;
  @Field(() => String, { description: 'strong, or operator: but for what its operator bears.' })
  budgetBalance!: string;
  @Field(() => String, { description: 'always, one tariff (where all have the same), or no.' })
  efficient!: string;
  @Field(() => String) source!: string;
}
