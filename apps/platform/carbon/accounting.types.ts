import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { EmissionFactorType, GridSeriesType } from './grid.types.ts';

const SUPPRESSED =
  'Null where fewer than four organisations are in it: of those that bought, or of both sides.';

@ObjectType({
  description:
    'Emissions of the energy traded in a session, community totals, as it was first settled: the difference of two would be one member’s correction. Never add the two accounts.',
})
export class CarbonReport {
  @Field(() => ID) sessionId!: string;
  @Field(() => String) methodVersion!: string;
  @Field(() => [String]) disclosures!: readonly string[];
  @Field(() => GridSeriesType) series!: GridSeriesType;
  @Field(() => EmissionFactorType, { description: 'Of the energy sold locally.' })
  factor!: EmissionFactorType;
  @Field(() => Int, { description: 'Distinct organisations that traded.' }) organisations!: number;
  @Field(() => SafeIntScalar) tradedWh!: number;
  @Field(() => Int, {
    description: 'Traded slots of a participant without a delivery statement; in no total.',
  })
  missingDeliveries!: number;
  @Field(() => [InstantScalar], {
    description:
      'Traded hours the series lacks, or the start of a day traded as one slot; in no total of grams.',
  })
  hoursWithoutIntensity!: Date[];
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: `Sold, exported and attributed to buyers. ${SUPPRESSED}`,
  })
  attributedWh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: `Bought and imported. ${SUPPRESSED}` })
  consumedWh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: `Attributed and imported. ${SUPPRESSED}` })
  coveredWh!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: `CO2e of consumedWh at the grid's average. ${SUPPRESSED}`,
  })
  locationGrams!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: `CO2e of coveredWh at its factor and the rest at the grid's average. ${SUPPRESSED}`,
  })
  marketGrams!: number | null;
  @Field(() => InstantScalar) accountedAt!: Date;
}

@ObjectType({
  description: "One traded slot of one of the organisation's own participants, by the newest settlement.",
})
export class CarbonAccount {
  @Field(() => ID) participantId!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SafeIntScalar) boughtWh!: number;
  @Field(() => SafeIntScalar) soldWh!: number;
  @Field(() => SafeIntScalar, { description: 'Attributes that came with bought energy.' })
  receivedWh!: number;
  @Field(() => SafeIntScalar, { description: 'Attributes that left with sold and delivered energy.' })
  givenWh!: number;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'min(bought, net import); null without a statement.',
  })
  consumedWh!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'min(received, net import); null without a statement.',
  })
  coveredWh!: number | null;
}

export const CarbonAccountConnection = connectionType(CarbonAccount, 'CarbonAccount');
