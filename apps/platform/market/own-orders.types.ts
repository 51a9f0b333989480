import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Side } from '#market';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { SideEnum } from './market.types.ts';

@ObjectType('MarketOrder', {
  description: 'Of the auction; visible to its organisation, before and after clearing.',
})
export class MarketOrderType {
  @Field(() => ID, { description: 'As its participant chose it.' }) orderId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar) pricePerMwh!: number;
  @Field(() => InstantScalar) receivedAt!: Date;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Once cleared.' }) tradedWh!: number | null;
}
export const MarketOrderConnection = connectionType(MarketOrderType, 'MarketOrder');
