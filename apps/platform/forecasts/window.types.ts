import { ArgsType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

@ArgsType()
export class LowestCarbonWindowArgs {
  @Field(() => ID, { description: 'Of a carbon intensity.' }) productId!: string;
  @Field(() => ID, { description: 'Whose forecasts of it.' }) organisationId!: string;
  @Field(() => SafeIntScalar) energyWh!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'At constant power; as short as the limit allows when absent.',
  })
  durationMinutes?: number | null;
  @Field(() => SafeIntScalar, { nullable: true }) maxPowerW?: number | null;
  @Field(() => Boolean, { defaultValue: true, description: 'In one run, or in parts.' }) contiguous!: boolean;
  @Field(() => InstantScalar) earliest!: number;
  @Field(() => InstantScalar, { description: 'By when it must have ended; at most 31 days later.' })
  latest!: number;
}

@ObjectType('CarbonWindowPart')
export class CarbonWindowPart {
  @Field(() => InstantScalar) start!: number;
  @Field(() => InstantScalar) end!: number;
  @Field(() => SafeIntScalar, { description: 'Of all parts together what was asked for.' }) energyWh!: number;
}

@ObjectType('CarbonWindow', {
  description:
    'Emissions by p50; p10 and p90 add up those of the hours, as if all erred together: as wide as it can be.',
})
export class CarbonWindow {
  @Field(() => [CarbonWindowPart], { description: 'In time order, each at the same power.' })
  parts!: CarbonWindowPart[];
  @Field(() => SafeIntScalar) p10Grams!: number;
  @Field(() => SafeIntScalar) p50Grams!: number;
  @Field(() => SafeIntScalar) p90Grams!: number;
}

@ObjectType('LowestCarbonWindow')
export class LowestCarbonWindow {
  @Field(() => CarbonWindow) best!: CarbonWindow;
  @Field(() => CarbonWindow, {
    nullable: true,
    description: 'From `earliest` on without waiting. Null where the forecast does not say.',
  })
  immediate!: CarbonWindow | null;
}
