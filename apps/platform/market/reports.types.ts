import { Field, ID, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { OwnMargin, PriceInterval, PriceSetter, SlotReport, Withheld } from '#market';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

const PriceSetterEnum = { bid: 'bid', ask: 'ask', both: 'both', eachTrade: 'each-trade', rule: 'rule', none: 'none' } as const satisfies Record<string, PriceSetter>; // prettier-ignore
registerEnumType(PriceSetterEnum, {
  name: 'MarketPriceSetter',
  description:
    'What a price is: a bid’s limit, an ask’s, both’s or between two of them; each trade’s own; the price rule’s where nobody’s limit is near; none without a trade.',
});

const WithheldEnum = { FEW_PARTIES: 'FEW_PARTIES' } as const satisfies Record<Withheld, Withheld>;
registerEnumType(WithheldEnum, {
  name: 'MarketWithheld',
  description: 'FEW_PARTIES: fewer than three organisations stand on a side, whose limits would show.',
});

@ObjectType('MarketPriceInterval')
export class MarketPriceIntervalType implements PriceInterval {
  @Field(() => SafeIntScalar, { nullable: true }) lowPerMwh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true }) highPerMwh!: number | null;
}

type Duals = SlotReport['oneMoreWh'];
@ObjectType('MarketDuals', {
  description: 'What a Wh more changes the best welfare of the slot by, in minor units per MWh.',
})
class MarketDualsType implements Duals {
  @Field(() => SafeIntScalar, { nullable: true, description: 'Gained by a Wh that somebody gave away.' })
  supplyPerMwh!: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Lost by a Wh that somebody took.' })
  demandPerMwh!: number | null;
}

@ObjectType('MarketOwnMargin', { description: 'What the own organisation’s orders in the slot came to.' })
class MarketOwnMarginType implements OwnMargin {
  @Field(() => SafeIntScalar) boughtWh!: number;
  @Field(() => SafeIntScalar) soldWh!: number;
  @Field(() => MarketPriceIntervalType, { description: 'The prices that support it, by own limits alone.' })
  supports!: MarketPriceIntervalType;
}

@ObjectType('MarketSlotReport', {
  description: 'Why a slot’s price is what it is; null is what is withheld.',
})
export class MarketSlotReportType {
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar, { nullable: true }) pricePerMwh!: number | null;
  @Field(() => WithheldEnum, { nullable: true }) withheld!: Withheld | null;
  @Field(() => PriceSetterEnum, { nullable: true }) setBy!: PriceSetter | null;
  @Field(() => String, { nullable: true, description: 'Why nothing trades, as in certificates.' })
  reason!: string | null;
  @Field(() => MarketPriceIntervalType) efficientPriceInterval!: MarketPriceIntervalType;
  @Field(() => MarketDualsType) oneMoreWh!: MarketDualsType;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Least bid that trades less dearest ask that does, per MWh.',
  })
  lastTradePerMwh!: number | null;
  @Field(() => String, { nullable: true, description: 'In millionths of a minor unit.' })
  welfareExact!: string | null;
  @Field(() => String, { nullable: true, description: 'The most any allocation could reach.' })
  bestWelfareExact!: string | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Bids at the price or above that are not filled.',
  })
  unservedDemandWh!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Asks at the price or below that are not filled.',
  })
  unusedSupplyWh!: number | null;
  @Field(() => MarketOwnMarginType, { nullable: true, description: 'Null without an own order in the slot.' })
  own!: MarketOwnMarginType | null;
}

@ObjectType('MarketClearingReport')
export class MarketClearingReportType {
  @Field(() => ID) sessionId!: string;
  @Field(() => String) mechanism!: string;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Of all slots; null where one that trades is withheld.',
  })
  welfareMinor!: number | null;
  @Field(() => [MarketSlotReportType], { description: 'In order of time.' }) slots!: MarketSlotReportType[];
}
