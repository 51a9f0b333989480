import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar } from '../pipeline/scalars.ts';
import { TaskType } from './federation.types.ts';

@ObjectType('TaskDecline', {
  description: 'Why an organisation of the roster takes no part, in the words of its node.',
})
export class TaskDeclineType {
  @Field(() => ID) organisationId!: string;
  @Field(() => String) code!: string;
  @Field(() => String) reason!: string;
  @Field(() => InstantScalar) declinedAt!: Date;
}

@ObjectType('TaskFailure')
export class TaskFailureType {
  @Field(() => String) code!: string;
  @Field(() => [ID], { description: 'Whom the task lacked.' }) organisationIds!: readonly string[];
}

@ObjectType('TaskChange', { description: 'One new entry of a transcript.' })
export class TaskChange {
  @Field(() => Int, { description: 'Index of the entry: where to begin after a break.' }) index!: number;
  @Field(() => String) kind!: string;
  @Field(() => Int) round!: number;
  @Field(() => String, { description: 'Organisation id, or `platform`.' }) sender!: string;
  @Field(() => InstantScalar) enteredAt!: Date;
  @Field(() => TaskType, { description: 'As it is now, which may be further than this entry.' })
  task!: TaskType;
}
