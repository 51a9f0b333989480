import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Json } from '#core';
import { connectionType } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { ORGANISATION_LIMITS, STUDY_STATES, type StudyState } from './study-request.ts';

const StudyStateEnum = Object.fromEntries(STUDY_STATES.map((state) => [state, state]));
registerEnumType(StudyStateEnum, { name: 'MarketStudyState' });

@InputType()
export class SubmitMarketStudyInput {
  @Field(() => String, { description: 'As of marketStudyKinds: share, dispatch, network, clear …' })
  verb!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Method, rule, kind or mechanism; null where the verb has but one.',
  })
  method?: string | null;
  @Field(() => JsonScalar, {
    description: 'As the kind’s inputSchema says; unknown keys are refused. At most 4 MiB.',
  })
  input!: Json;
  @Field(() => JsonScalar, { nullable: true, description: 'As the kind’s optionsSchema says.' })
  options?: Json;
  @Field(() => Int, {
    defaultValue: ORGANISATION_LIMITS.defaultSeconds,
    description: `1–${ORGANISATION_LIMITS.maxSeconds}; what takes longer ends in STUDY_TIME_OUT.`,
  })
  timeLimitSeconds!: number;
  @Field(() => String, {
    description: 'The same key with the same request is the same study. 1–200 visible ASCII characters.',
  })
  idempotencyKey!: string;
}

@ObjectType('MarketStudyKind', {
  description: 'A computation of the market libraries that can be asked for.',
})
export class MarketStudyKindType {
  @Field(() => String) verb!: string;
  @Field(() => String, { nullable: true }) method!: string | null;
  @Field(() => String) title!: string;
}

@ObjectType('MarketStudyError')
export class MarketStudyErrorType {
  @Field(() => String, { description: 'The same codes as `gridcommons market` ends with, and STUDY_….' })
  code!: string;
  @Field(() => String) message!: string;
  @Field(() => JsonScalar) data!: Json;
}

@ObjectType('MarketStudySummary', {
  description: 'A study of one’s own organisation, without what it was given and found.',
})
export class MarketStudySummaryType {
  @Field(() => ID) id!: string;
  @Field(() => String) verb!: string;
  @Field(() => String, { nullable: true }) method!: string | null;
  @Field(() => StudyStateEnum) state!: StudyState;
  @Field(() => Float, {
    nullable: true,
    description: '0–1; null while it cannot be told how much there is to do.',
  })
  progress!: number | null;
  @Field(() => String, { nullable: true, description: 'What is being done.' }) progressText!: string | null;
  @Field(() => Float, { nullable: true, description: 'Time of the computation alone.' }) solverMs!:
    number | null;
  @Field(() => InstantScalar) createdAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) startedAt!: Date | null;
  @Field(() => InstantScalar, { nullable: true }) finishedAt!: Date | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'It is deleted then, or before where newer ones need the room.',
  })
  expiresAt!: Date | null;
}

@ObjectType('MarketStudy', { description: 'A study of one’s own organisation; nobody else sees any of it.' })
export class MarketStudyType extends MarketStudySummaryType {}

export const MarketStudyConnection = connectionType(MarketStudySummaryType, 'MarketStudySummary');
