import { Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

@InputType()
export class ContributorInput {
  @Field(() => ID) organisationId!: string;
  @Field(() => SafeIntScalar, {
    description: 'A whole number above 0: parts are in proportion, such as Shapley values in millionths.',
  })
  weight!: number;
}

@InputType({ description: 'Who contributed to an own data set; replaces what was said before.' })
export class StateContributorsInput {
  @Field(() => ID) dataSetId!: string;
  @Field(() => [ContributorInput]) contributors!: ContributorInput[];
}

@ObjectType('Contributor', { description: 'Gets a part of what orders leave the publisher of a data set.' })
export class ContributorType {
  @Field(() => ID) organisationId!: string;
  @Field(() => SafeIntScalar) weight!: number;
}

@ObjectType('OrderShare', {
  description: 'What a contributor was paid of an order. It and the seller see it.',
})
export class OrderShareType {
  @Field(() => ID) id!: string;
  @Field(() => ID) orderId!: string;
  @Field(() => ID) dataSetId!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => String, { description: 'ISO 4217' }) currency!: string;
  @Field(() => SafeIntScalar, { description: 'Minor units.' }) amountMinor!: number;
  @Field(() => InstantScalar) createdAt!: Date;
}

export const OrderShareConnection = connectionType(OrderShareType, 'OrderShare');
