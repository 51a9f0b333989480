import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { Architecture, Combination, OptimiserTerms } from '#learning';
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

@InputType({
  description:
    'What a model sees beside the look-back. Columns are those of the sites’ files; a site that lacks one declines.',
})
export class ModelInputsInput {
  @Field(() => Boolean, { defaultValue: false, description: 'Weekday and season.' }) calendar!: boolean;
  @Field(() => String, {
    nullable: true,
    description: 'With the calendar: public holidays of a country or state, as DE or DE-BW.',
  })
  holidays?: string;
  @Field(() => [String], {
    defaultValue: [],
    description: 'Known over the whole horizon at issue: forecasts of the weather, of a system operator.',
  })
  ahead!: string[];
  @Field(() => [String], { defaultValue: [], description: 'Known up to the issue time.' }) past!: string[];
  @Field(() => String, {
    defaultValue: 'every-step',
    description: 'Windows that are learnt from: every-step, or those that begin at midnights of the zone.',
  })
  issues!: 'every-step' | 'midnights';
}

@InputType({
  description:
    'One linear map for every horizon up to the longest, solved in closed form from one encrypted sum.',
})
export class RidgeInput {
  @Field(() => String, {
    nullable: true,
    description:
      'autocovariances: one ciphertext a site; moments: exact to the edges, a hundred times as long. Under privacy terms and with inputs moments; otherwise autocovariances when absent.',
  })
  statistic?: 'moments' | 'autocovariances';
  @Field(() => Int, { defaultValue: 60, description: '5, 10, 15, 20, 30, 60, or 1440 for local days.' })
  stepMinutes!: number;
  @Field(() => Int, { defaultValue: 168, description: 'Steps a forecast sees.' }) lookback!: number;
  @Field(() => Int, { defaultValue: 24, description: 'Steps it answers for.' }) horizon!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Steps of the cycle each site removes by itself; those of a week when absent.',
  })
  cycle?: number;
  @Field(() => ModelInputsInput, { nullable: true, description: 'The look-back alone when absent.' })
  inputs?: ModelInputsInput;
}

@InputType({ description: "A network over hourly deviations from each site's own cycle." })
export class NetworkInput {
  @Field(() => String, { defaultValue: 'mlp', description: 'mlp, gru, dlinear or tcn' })
  architecture!: Architecture;
  @Field(() => Int, { defaultValue: 60, description: '5, 10, 15, 20, 30, 60, or 1440 for local days.' })
  stepMinutes!: number;
  @Field(() => Int, { defaultValue: 168 }) lookback!: number;
  @Field(() => Int, { defaultValue: 24 }) horizon!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Steps of the cycle each site removes by itself; those of a week when absent.',
  })
  cycle?: number;
  @Field(() => Int, { defaultValue: 3, description: 'Steps between two windows a site trains on.' })
  stride!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Units of the hidden layer, state or channels; by architecture when absent, 0 for dlinear.',
  })
  hidden?: number;
  @Field(() => Int, { defaultValue: 7, description: 'Of the initial weights.' }) seed!: number;
  @Field(() => ModelInputsInput, {
    nullable: true,
    description: 'The look-back alone when absent, and always of dlinear.',
  })
  inputs?: ModelInputsInput;
}

@InputType({
  description: 'What becomes of the sum of updates; fields that the optimiser does not have are refused.',
})
export class OptimiserInput {
  @Field(() => String, {
    defaultValue: 'fedavg',
    description: 'fedavg, fedprox, fedadam, fedyogi or scaffold',
  })
  kind!: OptimiserTerms['kind'];
  @Field(() => Float, { defaultValue: 1 }) serverLearningRate!: number;
  @Field(() => Float, { nullable: true, description: "FedProx: pull towards the step's model." })
  proximal?: number;
  @Field(() => Float, { nullable: true, description: 'FedAdam, FedYogi.' }) beta1?: number;
  @Field(() => Float, { nullable: true, description: 'FedAdam, FedYogi.' }) beta2?: number;
  @Field(() => Float, { nullable: true, description: 'FedAdam, FedYogi: degree of adaptivity.' })
  tau?: number;
  @Field(() => Float, {
    nullable: true,
    description: 'SCAFFOLD: norm at which a site cuts its control variate.',
  })
  controlClip?: number;
}

@InputType({
  description:
    "A step's model is committed only if the next step's sum finds it better; the last committed is released.",
})
export class VoteInput {
  @Field(() => Int, { description: 'Sites that it may not harm, at least.' }) quorum!: number;
}

@InputType({ description: 'How a network is learnt, step by step.' })
export class LearningInput {
  @Field(() => OptimiserInput, { defaultValue: { kind: 'fedavg', serverLearningRate: 1 } })
  optimiser!: OptimiserInput;
  @Field(() => Int, { defaultValue: 15, description: 'Released sums at most.' }) steps!: number;
  @Field(() => Int, {
    nullable: true,
    description: 'Steps without a better validation loss after which it ends; never early when absent.',
  })
  patience?: number;
  @Field(() => Int, { defaultValue: 3 }) localEpochs!: number;
  @Field(() => Int, { defaultValue: 16 }) batchSize!: number;
  @Field(() => Float, { defaultValue: 0.05 }) learningRate!: number;
  @Field(() => Float, { defaultValue: 4, description: 'L2 norm at which a site cuts its update.' })
  clip!: number;
  @Field(() => Int, { defaultValue: 8760, description: 'Windows at which a site weighs fully.' })
  rowsScale!: number;
  @Field(() => String, {
    defaultValue: 'mean',
    description: 'mean of one sum; median or trimmed-mean of the sums of blocks, which are released apart.',
  })
  combine!: Combination;
  @Field(() => VoteInput, { nullable: true, description: 'Absent: every model is taken as it comes.' })
  vote?: VoteInput;
}

@InputType({
  description: "Differential privacy of an organisation's whole contribution, over all steps of the task.",
})
export class PrivacyInput {
  @Field(() => String, { defaultValue: 'discrete-gaussian', description: 'discrete-gaussian or skellam' })
  mechanism!: 'discrete-gaussian' | 'skellam';
  @Field(() => Float) epsilon!: number;
  @Field(() => Float, { defaultValue: 1e-6 }) delta!: number;
  @Field(() => Float, { description: 'L2 norm at which a site cuts its vector.' }) clip!: number;
}

@InputType({
  description:
    'Forecasters of one or several series: a ridge for each from one encrypted sum, or a network learnt in steps.',
})
export class CreateTaskInput {
  @Field(() => RidgeInput, {
    nullable: true,
    description: 'Of the ridge; hours and a day ahead when absent.',
  })
  ridge?: RidgeInput;
  @Field(() => NetworkInput, { nullable: true, description: 'Absent: the ridge.' }) network?: NetworkInput;
  @Field(() => LearningInput, { nullable: true, description: 'Of a network; defaults when absent.' })
  learning?: LearningInput;
  @Field(() => PrivacyInput, { nullable: true, description: 'Absent: exact sums.' }) privacy?: PrivacyInput;
  @Field(() => [String], {
    defaultValue: ['load_kwh'],
    description:
      "Columns of the organisations' files, 1 to 16: a ridge of each from the one sum. Networks and privacy terms take one.",
  })
  series!: string[];
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
