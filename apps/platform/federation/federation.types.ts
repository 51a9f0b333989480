import { Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { InstantScalar } from '../pipeline/scalars.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { connectionType } from '../pipeline/connection.ts';

@ObjectType('Task', {
  description: 'A federated computation: who takes part, what is summed, how far it is.',
})
export class TaskType {
  @Field(() => ID) id!: string;
  @Field(() => String) cardHash!: string;
  @Field(() => String) phase!: string;
  @Field(() => Int) round!: number;
  @Field(() => Int, { description: 'Index of the newest transcript entry.' }) headIndex!: number;
  @Field(() => String, { description: 'Hash of the newest transcript entry: the transcript root.' })
  headHash!: string;
  @Field(() => InstantScalar) windowEndsAt!: Date;
  @Field(() => InstantScalar) createdAt!: Date;
}

@ObjectType('TranscriptEntry')
export class TranscriptEntryType {
  @Field(() => Int) index!: number;
  @Field(() => String) previous!: string;
  @Field(() => JsonScalar) message!: unknown;
  @Field(() => String) hash!: string;
}

@InputType({ description: 'Half-open range of readings.' })
export class EpochInput {
  @Field(() => InstantScalar) start!: number;
  @Field(() => InstantScalar) end!: number;
}

@InputType({
  description: 'Seconds each step may take before the platform goes on without those who are silent.',
})
export class WindowsInput {
  @Field(() => Int, { defaultValue: 120 }) keys!: number;
  @Field(() => Int, { defaultValue: 300 }) upload!: number;
  @Field(() => Int, { defaultValue: 120 }) answer!: number;
}

@InputType({ description: 'Day-ahead hourly load by one-shot ridge over encrypted second moments.' })
export class CreateTaskInput {
  @Field(() => String, { defaultValue: 'load_kwh' }) series!: string;
  @Field(() => String, { description: 'IANA zone or fixed offset of the local week.' }) zone!: string;
  @Field(() => EpochInput) train!: EpochInput;
  @Field(() => EpochInput) validation!: EpochInput;
  @Field(() => [ID], {
    nullable: true,
    description: 'Roster; every organisation with a participant when absent.',
  })
  organisationIds?: string[];
  @Field(() => [ID], {
    nullable: true,
    description:
      'Committee of 4 to 20 of the roster that holds shares; all, or 20 drawn by lot, when absent.',
  })
  decryptorIds?: string[];
  @Field(() => WindowsInput, { defaultValue: { keys: 120, upload: 300, answer: 120 } })
  windows!: WindowsInput;
}

export const TaskConnection = connectionType(TaskType, 'Task');
