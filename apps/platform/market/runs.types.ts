import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { InstantScalar } from '../pipeline/scalars.ts';
import { RUN_STATES, type RunState } from './runs.entities.ts';

const RunStateEnum = Object.fromEntries(RUN_STATES.map((state) => [state, state]));
registerEnumType(RunStateEnum, {
  name: 'MarketRunState',
  description: 'RUNNING survives restarts; FAILED leaves the session CLOSED, for another run.',
});

@ObjectType('MarketRun', { description: 'One attempt to clear a session; public to all members.' })
export class MarketRunType {
  @Field(() => Int, { description: 'From 1 on.' }) attempt!: number;
  @Field(() => RunStateEnum) state!: RunState;
  @Field(() => Int, {
    description: 'Cleared by this run and those before it; shown to nobody until all are.',
  })
  slotsDone!: number;
  @Field(() => Int) slotsTotal!: number;
  @Field(() => String, { nullable: true, description: 'Code of why it failed.' }) reason!: string | null;
  @Field(() => InstantScalar) startedAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) finishedAt!: Date | null;
}
