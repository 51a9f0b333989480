import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { TradeVenue } from './market.entities.ts';

const TradeVenueEnum = { auction: 'auction', intraday: 'intraday' } as const satisfies Record<
  TradeVenue,
  TradeVenue
>;
registerEnumType(TradeVenueEnum, { name: 'TradeVenue' });

@ObjectType('MarketClearing', {
  description: 'One slot’s book and what it cleared to; public to all members.',
})
export class MarketClearingType {
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Null when nothing cleared; the certificate says why.',
  })
  pricePerMwh!: number | null;
  @Field(() => JsonScalar, {
    description:
      'Quantity, price, efficient price interval, welfare and the best possible, rationality, budget, rules, reason. Where fewer than three organisations stand on a side, what would tell their limits is withheld.',
  })
  certificate!: object;
}
export const MarketClearingConnection = connectionType(MarketClearingType, 'MarketClearing');

@ObjectType('MarketTrade', { description: 'Visible to its two parties.' })
export class MarketTradeType {
  @Field(() => ID) id!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => ID) buyerOrganisationId!: string;
  @Field(() => ID) sellerOrganisationId!: string;
  @Field(() => ID) buyerParticipantId!: string;
  @Field(() => ID) sellerParticipantId!: string;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar, { description: 'What the buyer pays.' }) buyPricePerMwh!: number;
  @Field(() => SafeIntScalar, { description: 'What the seller receives; the rest stays with the market.' })
  sellPricePerMwh!: number;
  @Field(() => TradeVenueEnum) venue!: TradeVenue;
  @Field(() => InstantScalar, { nullable: true, description: 'Of a trade in an order book.' })
  tradedAt!: Date | null;
}
export const MarketTradeConnection = connectionType(MarketTradeType, 'MarketTrade');

@ObjectType('MarketSettlement', {
  description: 'Money in minor units: positive is received, negative is owed.',
})
export class MarketSettlementType {
  @Field(() => ID) participantId!: string;
  @Field(() => SafeIntScalar) boughtWh!: number;
  @Field(() => SafeIntScalar) soldWh!: number;
  @Field(() => SafeIntScalar, { description: 'More import or less export than traded.' })
  shortfallWh!: number;
  @Field(() => SafeIntScalar, { description: 'Less import or more export than traded.' }) excessWh!: number;
  @Field(() => SafeIntScalar, { description: 'Local trades at the clearing price.' }) localMinor!: number;
  @Field(() => SafeIntScalar, { description: 'Deviations at retail and feed-in price.' })
  deviationMinor!: number;
  @Field(() => SafeIntScalar, { description: 'What the mechanism charges beside trades, at most 0.' })
  chargeMinor!: number;
  @Field(() => SafeIntScalar, { description: 'In traded slots, against trading with the retailer alone.' })
  savingsMinor!: number;
  @Field(() => Int, { description: '1 for the first settlement, more where it was corrected.' })
  version!: number;
  @Field(() => SafeIntScalar, {
    description: 'What this version booked; all versions sum to localMinor + chargeMinor + deviationMinor.',
  })
  differenceMinor!: number;
  @Field(() => [InstantScalar], {
    description: 'Starts of traded slots without a statement, whose deviation is open.',
  })
  missingHours!: Date[];
}
export const MarketSettlementConnection = connectionType(MarketSettlementType, 'MarketSettlement');

@ArgsType()
export class SessionPageArgs extends PageArgs {
  @Field(() => ID) sessionId!: string;
}

@ArgsType()
export class SettlementPageArgs extends SessionPageArgs {
  @Field(() => Boolean, { defaultValue: false, description: 'Every version rather than the newest.' })
  history!: boolean;
}
