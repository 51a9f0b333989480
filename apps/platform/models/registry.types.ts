import { ArgsType, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar } from '../pipeline/scalars.ts';

@ObjectType('DataEpoch', { description: 'Half-open range of readings.' })
export class DataEpochType {
  @Field(() => InstantScalar) start!: Date;
  @Field(() => InstantScalar) end!: Date;
}

@ObjectType('ModelVersion', {
  description: 'What a released task gave, and from what; never changed. Seen by whoever may see the task.',
})
export class ModelVersionType {
  @Field(() => ID) taskId!: string;
  @Field(() => String) cardHash!: string;
  @Field(() => String, { description: 'What forecasts made by it name.' }) modelHash!: string;
  @Field(() => String, {
    description: "Hash of the transcript's last entry, as `verify-transcript` tells it.",
  })
  transcriptRoot!: string;
  @Field(() => String, { description: 'one-shot-ridge or network' }) kind!: string;
  @Field(() => String, { description: 'The statistic of a ridge, the architecture of a network.' })
  method!: string;
  @Field(() => [String], { description: "Columns of the organisations' files." }) series!: string[];
  @Field(() => String) zone!: string;
  @Field(() => Int) stepMinutes!: number;
  @Field(() => Int, { description: 'Steps a forecast sees.' }) lookback!: number;
  @Field(() => Int, { description: 'Steps it answers for.' }) horizon!: number;
  @Field(() => [ID], { description: 'Organisations whose readings are in it.' }) cohort!: string[];
  @Field(() => Int, { description: 'Released sums.' }) steps!: number;
  @Field(() => Float, {
    nullable: true,
    description:
      'Mean squared error on the validation part, in standardised units; of a network that of the model its last step started from. Null under privacy terms of a ridge, where it would be noise.',
  })
  validationLoss!: number | null;
  @Field(() => Float, { nullable: true, description: 'Mean absolute error; of a network only.' })
  validationMae!: number | null;
  @Field(() => InstantScalar) releasedAt!: Date;
}

export const ModelVersionConnection = connectionType(ModelVersionType, 'ModelVersion');

@ArgsType()
export class ModelsArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'A column that it forecasts.' }) series?: string | null;
  @Field(() => String, { nullable: true, description: 'one-shot-ridge or network' }) kind?: string | null;
  @Field(() => InstantScalar, { nullable: true }) releasedFrom?: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Before this instant.' }) releasedTo?:
    number | null;
}
