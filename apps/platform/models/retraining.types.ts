import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  LearningInput,
  NetworkInput,
  PrivacyInput,
  RidgeInput,
  WindowsInput,
} from '../federation/federation.types.ts';
import { InstantScalar } from '../pipeline/scalars.ts';

@InputType({
  description:
    'When a task trains the model of a product again, on the newest whole local days. Exact sums over readings are made once: without privacy terms or a network, ranges follow each other.',
})
export class SetRetrainingInput {
  @Field(() => Int, {
    nullable: true,
    description: 'Local days from one training to the next; absent: on drift only.',
  })
  everyDays?: number | null;
  @Field(() => Boolean, { defaultValue: true }) onDrift!: boolean;
  @Field(() => Int, {
    defaultValue: 7,
    description: 'Local days at least from a training to one that a drift asks for; the drift waits.',
  })
  leastGapDays!: number;
  @Field(() => Int) trainDays!: number;
  @Field(() => Int) validationDays!: number;
  @Field(() => Int, {
    defaultValue: 1,
    description: 'Newest local days whose readings may not have come yet.',
  })
  lagDays!: number;
  @Field(() => RidgeInput, { nullable: true, description: 'As of createTask.' }) ridge?: RidgeInput;
  @Field(() => NetworkInput, { nullable: true }) network?: NetworkInput;
  @Field(() => LearningInput, { nullable: true }) learning?: LearningInput;
  @Field(() => PrivacyInput, { nullable: true }) privacy?: PrivacyInput;
  @Field(() => [ID], {
    nullable: true,
    description: 'Roster; every organisation with a participant at that time when absent.',
  })
  organisationIds?: string[];
  @Field(() => [ID], { nullable: true }) decryptorIds?: string[];
  @Field(() => WindowsInput, { defaultValue: { keys: 120, upload: 300, answer: 120 } })
  windows!: WindowsInput;
}

@ObjectType('Retraining')
export class RetrainingType {
  @Field(() => Int, { nullable: true }) everyDays!: number | null;
  @Field(() => Boolean) onDrift!: boolean;
  @Field(() => Int) leastGapDays!: number;
  @Field(() => Int) trainDays!: number;
  @Field(() => Int) validationDays!: number;
  @Field(() => Int) lagDays!: number;
  @Field(() => InstantScalar, { nullable: true, description: 'Business time of the next scheduled one.' })
  nextAt!: Date | null;
}
