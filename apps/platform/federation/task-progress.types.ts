import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
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
  @Field(() => String, {
    nullable: true,
    description: 'The series whose part of the sum gives no model; null where it is not that.',
  })
  series!: string | null;
}

@ObjectType('PrivacyCost', {
  description: "What an organisation's whole contribution has lost: (ε, δ) of differential privacy.",
})
export class PrivacyCostType {
  @Field(() => Float) epsilon!: number;
  @Field(() => Float) delta!: number;
}

@ObjectType('StepMetrics', {
  description: 'Mean losses over all sites of the model that the step started from, in standardised units.',
})
export class StepMetricsType {
  @Field(() => Float, { description: "Training windows, each site's up to the plan's rowsScale." })
  rows!: number;
  @Field(() => Float, { nullable: true }) trainLoss!: number | null;
  @Field(() => Float, { nullable: true, description: 'Mean squared error.' }) validationLoss!: number | null;
  @Field(() => Float, { nullable: true, description: 'Mean absolute error.' }) validationMae!: number | null;
}

@ObjectType('TaskRelease', { description: 'One released sum of a task.' })
export class TaskReleaseType {
  @Field(() => Int, { description: 'From 0 on.' }) step!: number;
  @Field(() => String, { description: 'SHA-256 of the model that follows from the sums so far.' })
  modelHash!: string;
  @Field(() => Boolean) final!: boolean;
  @Field(() => String, { description: 'SHA-256 of the summed values: GET /blobs/<sha256>.' })
  aggregate!: string;
  @Field(() => [ID], { description: 'Whose readings are in it.' }) cohort!: readonly string[];
  @Field(() => PrivacyCostType, {
    nullable: true,
    description: 'Cost of the task up to this release; null: exact sums, which nothing bounds.',
  })
  privacy!: PrivacyCostType | null;
  @Field(() => StepMetricsType, {
    nullable: true,
    description: 'Of a network; with noise in them where privacy is not null.',
  })
  metrics!: StepMetricsType | null;
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
