import { ArgsType, Field, Float, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Connection, connectionType } from '../pipeline/connection.ts';
import { SafeIntScalar } from '../pipeline/scalars.ts';
import { SessionPageArgs } from './results.types.ts';
import { type MarketShare, SHARING_METHODS, type SharingMethod } from './shares.entities.ts';

const SharingMethodEnum = Object.fromEntries(SHARING_METHODS.map((method) => [method, method]));
registerEnumType(SharingMethodEnum, {
  name: 'SharingMethod',
  description:
    'SHAPLEY among everybody with an order; NASH between the aggregator and the members that traded, by the session’s powers.',
});

@ObjectType('MarketShare', { description: 'Money in minor units.' })
export class MarketShareType {
  @Field(() => ID) participantId!: string;
  @Field(() => SafeIntScalar, { description: 'What settlement left it with, against the retailer alone.' })
  savedMinor!: number;
  @Field(() => SafeIntScalar, {
    description: 'Its part of the surplus; share − saved is what the aggregator would pay it.',
  })
  shareMinor!: number;
  @Field(() => Float, { description: '0 where the share is exact.' }) standardErrorMinor!: number;
}
const MarketShareConnection = connectionType(MarketShareType, 'MarketShare');

@ObjectType('SessionShares', {
  description: 'How a settled session’s surplus may be shared. Moves no money.',
})
export class SessionSharesType {
  @Field(() => SharingMethodEnum) method!: SharingMethod;
  @Field(() => Int, { description: 'The settlement it is the surplus of.' }) settlementVersion!: number;
  @Field(() => SafeIntScalar, {
    description: 'What members saved and the market kept: all shares and the aggregator’s, to the unit.',
  })
  surplusMinor!: number;
  @Field(() => SafeIntScalar, { nullable: true, description: 'For the organiser only.' })
  aggregatorMinor!: number | null;
  @Field(() => MarketShareConnection, {
    description: 'Of the own organisation’s participants; for the organiser of everybody.',
  })
  shares!: Connection<MarketShare>;
}

@ArgsType()
export class SessionSharesArgs extends SessionPageArgs {
  @Field(() => SharingMethodEnum) method!: SharingMethod;
}
