import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { ModelVersionType } from './registry.types.ts';
import { DECISION_KINDS, type DecisionKind } from './standing.ts';

const DecisionKindEnum = Object.fromEntries(DECISION_KINDS.map((kind) => [kind, kind]));
registerEnumType(DecisionKindEnum, {
  name: 'ModelDecisionKind',
  description: 'What happened to the models of a product.',
});

@InputType({ description: 'When a challenger takes the place of the champion.' })
export class PromotionInput {
  @Field(() => Float, {
    defaultValue: 0.05,
    description: 'Chance at most that a challenger that is no better is ever promoted.',
  })
  level!: number;
  @Field(() => Int, { defaultValue: 14, description: 'Paired days before the first look, and between two.' })
  minimumDays!: number;
}

@InputType({
  description: 'Page–Hinkley test on the daily errors of the champion, in units of the naive error.',
})
export class DriftInput {
  @Field(() => Float, { defaultValue: 0.1, description: 'A rise of the mean that is tolerated.' })
  tolerance!: number;
  @Field(() => Float, { defaultValue: 2, description: 'Cumulated excess at which drift is seen.' })
  threshold!: number;
  @Field(() => Int, { defaultValue: 14, description: 'Days before which nothing is seen.' })
  minimumDays!: number;
}

@InputType({ description: 'A named series, resolution and horizon, such as day-ahead load.' })
export class CreateForecastProductInput {
  @Field(() => String, { description: '1–80 printable characters, unique in the organisation.' })
  name!: string;
  @Field(() => String, { defaultValue: 'load_kwh', description: "A column of the organisations' files." })
  series!: string;
  @Field(() => String, { description: 'IANA zone or fixed offset of the local days.' }) zone!: string;
  @Field(() => String, {
    defaultValue: 'PT1H',
    description: 'PT5M, PT10M, PT15M, PT20M, PT30M, PT1H or P1D.',
  })
  resolution!: string;
  @Field(() => Int, { defaultValue: 24, description: 'Steps.' }) horizon!: number;
  @Field(() => PromotionInput, { defaultValue: { level: 0.05, minimumDays: 14 } }) promotion!: PromotionInput;
  @Field(() => DriftInput, { defaultValue: { tolerance: 0.1, threshold: 2, minimumDays: 14 } })
  drift!: DriftInput;
}

@ObjectType('PromotionTerms')
class PromotionTermsType {
  @Field(() => Float) level!: number;
  @Field(() => Int) minimumDays!: number;
}

@ObjectType('DriftTerms')
class DriftTermsType {
  @Field(() => Float) tolerance!: number;
  @Field(() => Float) threshold!: number;
  @Field(() => Int) minimumDays!: number;
}

@ObjectType('ForecastProduct', {
  description: 'What is forecast, seen by the community; its models by whoever may see their tasks.',
})
export class ForecastProductType {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String) series!: string;
  @Field(() => String) zone!: string;
  @Field(() => Int) stepMinutes!: number;
  @Field(() => Int) horizon!: number;
  @Field(() => PromotionTermsType) promotion!: PromotionTermsType;
  @Field(() => DriftTermsType) drift!: DriftTermsType;
  @Field(() => ModelVersionType, { nullable: true }) champion!: ModelVersionType | null;
  @Field(() => [ModelVersionType]) challengers!: readonly ModelVersionType[];
  @Field(() => InstantScalar) createdAt!: Date;
}

export const ForecastProductConnection = connectionType(ForecastProductType, 'ForecastProduct');

@ObjectType('ModelDecision', { description: 'One entry of the log of a product; never changed.' })
export class ModelDecisionType {
  @Field(() => DecisionKindEnum) kind!: DecisionKind;
  @Field(() => ID, {
    nullable: true,
    description: 'Task of the model it is about; of a re-training the task it opened.',
  })
  modelTaskId!: string | null;
  @Field(() => String, { nullable: true }) modelHash!: string | null;
  @Field(() => ID, { nullable: true, description: 'Task of the champion it was compared with or follows.' })
  otherTaskId!: string | null;
  @Field(() => String, { nullable: true, description: 'The newest local day it rests on.' }) day!:
    string | null;
  @Field(() => JsonScalar, { description: 'What it rests on.' }) statistics!: object;
  @Field(() => InstantScalar, { description: 'Business time.' }) decidedAt!: Date;
}

export const ModelDecisionConnection = connectionType(ModelDecisionType, 'ModelDecision');

@InputType({ description: 'Of one model: how its forecast of the day did, computed at home.' })
export class ModelScoreInput {
  @Field(() => String) modelHash!: string;
  @Field(() => Float, { description: "Mean absolute error over the naive error of the model's epochs." })
  mase!: number;
  @Field(() => Float, { description: 'Share of steps within [p10, p90].' }) coverage!: number;
  @Field(() => Float, {
    nullable: true,
    description: 'Mean pinball loss of p10, p50 and p90 over the same naive error.',
  })
  pinball?: number | null;
}

@InputType({ description: 'By a participant about its own forecasts of one day that is over.' })
export class ReportForecastScoresInput {
  @Field(() => ID) productId!: string;
  @Field(() => String, { description: 'YYYY-MM-DD in the zone of the product.' }) day!: string;
  @Field(() => [ModelScoreInput], { description: 'Of the champion and of challengers; each at most once.' })
  scores!: ModelScoreInput[];
}

@ObjectType()
export class ReportForecastScoresPayload {
  @Field(() => Int) accepted!: number;
  @Field(() => Int, { description: 'Reported before.' }) unchanged!: number;
}

@ObjectType('ModelDayScore', { description: 'Of one model on one day, over organisations; made once.' })
export class ModelDayScoreType {
  @Field(() => String, { description: 'Local day.' }) day!: string;
  @Field(() => String) modelHash!: string;
  @Field(() => Int, {
    description:
      'In the figures; where there are none, that reported it and, of a challenger, the champion too.',
  })
  organisations!: number;
  @Field(() => Float, { nullable: true, description: 'Null where too few organisations would be in it.' })
  mase!: number | null;
  @Field(() => Float, {
    nullable: true,
    description:
      'Mean without the highest and the lowest quarter, in which drift is seen; told of eight organisations or more.',
  })
  typicalMase!: number | null;
  @Field(() => Float, { nullable: true }) coverage!: number | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Null also where not every organisation in it reported one.',
  })
  pinball!: number | null;
  @Field(() => String, { nullable: true, description: 'Of a challenger: the champion of that day.' })
  againstHash!: string | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Challenger − champion, over the one panel of that day.',
  })
  lossDifference!: number | null;
}

export const ModelDayScoreConnection = connectionType(ModelDayScoreType, 'ModelDayScore');

@ArgsType()
export class ProductPageArgs extends PageArgs {
  @Field(() => ID) productId!: string;
}

@ArgsType()
export class ModelDayScoresArgs extends ProductPageArgs {
  @Field(() => String, { nullable: true }) modelHash?: string | null;
}
