import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { InstantScalar } from '../pipeline/scalars.ts';
import type { AfterGate } from './forecast-gate.ts';

const AfterGateEnum = { KEEP: 'KEEP', REFUSE: 'REFUSE' } as const satisfies Record<AfterGate, AfterGate>;
registerEnumType(AfterGateEnum, {
  name: 'AfterGate',
  description:
    'Versions that arrive after the gate: kept and marked late, or refused. Neither changes the frozen one.',
});

@ObjectType('ForecastGate', {
  description: 'The gate of the intervals of a local day closes some days earlier at a local time.',
})
export class ForecastGateType {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String, { description: 'IANA zone or fixed offset.' }) zone!: string;
  @Field(() => Int) daysBefore!: number;
  @Field(() => String, { description: 'HH:mm' }) closesAt!: string;
  @Field(() => AfterGateEnum) afterGate!: AfterGate;
  @Field(() => InstantScalar, { description: 'First interval it governs.' }) validFrom!: Date;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Before this one; absent: until a later rule of its name begins.',
  })
  validTo!: Date | null;
  @Field(() => InstantScalar) createdAt!: Date;
}

@InputType({
  description: 'A rule for intervals whose gate is still open; it succeeds the rule of its name there.',
})
export class SetForecastGateInput {
  @Field(() => String, { defaultValue: 'day-ahead' }) name!: string;
  @Field(() => String, { description: 'IANA zone or fixed offset.' }) zone!: string;
  @Field(() => Int, { defaultValue: 1, description: '1–14' }) daysBefore!: number;
  @Field(() => String, { defaultValue: '12:00', description: 'HH:mm' }) closesAt!: string;
  @Field(() => AfterGateEnum, { defaultValue: 'KEEP' }) afterGate!: AfterGate;
  @Field(() => String, { description: 'First local day of delivery, YYYY-MM-DD.' }) validFrom!: string;
  @Field(() => String, { nullable: true, description: 'Before this local day; absent: no end.' })
  validTo?: string | null;
}
