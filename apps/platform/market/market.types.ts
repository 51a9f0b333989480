import { Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { type Direction, type ProductKind, type Side, SLOT_MINUTES, uniformPrice } from '#market';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { DirectionEnum, ProductEnum } from './products.types.ts';
import { DEFAULT_CORRECTION_DAYS } from './corrections.ts';
import { type MarketPower, SESSION_STATES, type SessionState } from './session.ts';

const MarketStateEnum = Object.fromEntries(SESSION_STATES.map((state) => [state, state]));
registerEnumType(MarketStateEnum, {
  name: 'MarketState',
  description:
    'OPEN takes orders, CLOSED is being cleared, CLEARED takes delivery statements, DELIVERED is being settled; CANCELLED is over without trades.',
});

export const SideEnum = { buy: 'buy', sell: 'sell' } as const satisfies Record<Side, Side>;
registerEnumType(SideEnum, { name: 'OrderSide' });

const RESOLUTION = `Length of a slot in minutes: ${SLOT_MINUTES.join(', ')}. 1440 is the whole local day, also where that has 23 or 25 hours.`;

@InputType({
  description: 'Power α of a participant in Nash bargaining over the surplus; the aggregator has 1.',
})
class MarketPowerInput implements MarketPower {
  @Field(() => ID) participantId!: string;
  @Field(() => Float) alpha!: number;
}

@ObjectType('MarketPower')
class MarketPowerType implements MarketPower {
  @Field(() => ID) participantId!: string;
  @Field(() => Float) alpha!: number;
}

@InputType({ description: 'A local market for one delivery day. Prices in minor units per MWh.' })
export class OpenMarketSessionInput {
  @Field(() => String, { description: 'IANA zone or fixed offset of the delivery day.' }) zone!: string;
  @Field(() => String, { description: 'YYYY-MM-DD in the zone.' }) deliveryDate!: string;
  @Field(() => SafeIntScalar, { description: 'What the retailer charges; the price of a shortfall.' })
  retailPerMwh!: number;
  @Field(() => SafeIntScalar, { description: 'What the retailer pays; the price of an excess.' })
  feedInPerMwh!: number;
  @Field(() => String, { defaultValue: 'EUR', description: 'ISO 4217' }) currency!: string;
  @Field(() => String, {
    defaultValue: uniformPrice.name,
    description: 'By which every slot’s book is cleared; a name of `mechanisms`.',
  })
  mechanism!: string;
  @Field(() => ProductEnum, { defaultValue: 'energy' }) product!: ProductKind;
  @Field(() => DirectionEnum, { nullable: true, description: 'Of flexibility, and of no other product.' })
  direction?: Direction | null;
  @Field(() => Int, { defaultValue: 60, description: RESOLUTION }) resolutionMinutes!: number;
  @Field(() => [MarketPowerInput], {
    defaultValue: [],
    description: 'At most 1000; participants that are not named have 1. Every member reads them.',
  })
  powers!: MarketPowerInput[];
  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'An order book beside the auction for each slot: from its clearing to a gate before the slot.',
  })
  intraday!: boolean;
  @Field(() => Int, {
    defaultValue: 5,
    description: 'How long before its slot an order book closes, 0–1440.',
  })
  intradayLeadMinutes!: number;
  @Field(() => Int, {
    defaultValue: DEFAULT_CORRECTION_DAYS,
    description: '0–366: for so many days after settlement delivery statements may be corrected.',
  })
  correctionDays!: number;
  @Field(() => ID, {
    nullable: true,
    description:
      'A feeder of the organiser that trades must respect; then only participants connected to it order.',
  })
  feederId?: string | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Business time at which the session closes by itself; absent: when its organiser closes it.',
  })
  gateClosesAt?: number | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description:
      'Where the mechanism needs lots: business time at which commitments end and orders begin; absent: when the organiser opens bids.',
  })
  bidsOpenAt?: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Where the mechanism needs lots: 1–1440 minutes after the gate for nonces, default 15.',
  })
  revealMinutes?: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'Where the mechanism needs deficitCap: the most the organiser pays in for one slot, minor units; a slot that asks for more does not clear.',
  })
  deficitCapMinor?: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Where the mechanism needs unit: the size of every order.',
  })
  unitWh?: number | null;
}

@ObjectType('MarketSession')
export class MarketSessionType {
  @Field(() => ID) id!: string;
  @Field(() => ID, { description: 'The organisation that runs it.' }) organiserId!: string;
  @Field(() => MarketStateEnum) state!: SessionState;
  @Field(() => String) zone!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => InstantScalar) endsAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) gateClosesAt!: Date | null;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'When its organiser closed it; null where time did, or nobody has yet.',
  })
  closedAt!: Date | null;
  @Field(() => SafeIntScalar) retailPerMwh!: number;
  @Field(() => SafeIntScalar) feedInPerMwh!: number;
  @Field(() => String) currency!: string;
  @Field(() => String, { description: 'By which every slot’s book is cleared.' }) mechanism!: string;
  @Field(() => ProductEnum) product!: ProductKind;
  @Field(() => DirectionEnum, { nullable: true }) direction!: Direction | null;
  @Field(() => Int, { description: RESOLUTION }) resolutionMinutes!: number;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'From then on orders are taken in a session that draws lots.',
  })
  bidsOpenAt!: Date | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Minutes after the gate for nonces; null: draws no lots.',
  })
  revealMinutes!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'The most that the organiser pays in for one slot.',
  })
  deficitCapMinor!: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: 'The one size of all orders.' }) unitWh!:
    number | null;
  @Field(() => ID, { nullable: true, description: 'The feeder that its trades respect.' })
  feederId!: string | null;
  @Field(() => [MarketPowerType]) powers!: readonly MarketPower[];
  @Field(() => Int, {
    nullable: true,
    description: 'How long before its slot an order book beside the auction closes; null: there is none.',
  })
  intradayLeadMinutes!: number | null;
  @Field(() => Int, { nullable: true, description: 'Once cleared.' }) tradeCount!: number | null;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Once cleared.' }) tradedWh!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'Buyers’ limits − sellers’ limits over all trades; null where a slot that trades withholds its own.',
  })
  welfareMinor!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'Once settled: what all members saved in traded slots against trading with the retailer alone.',
  })
  savingsMinor!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'Once settled: what buyers paid beyond what sellers received, and charges; below zero what the organiser pays in.',
  })
  marketMinor!: number | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Once settled: traded slots of members whose deviation is open.',
  })
  missingDeliveries!: number | null;
  @Field(() => Int) correctionDays!: number;
  @Field(() => InstantScalar, { nullable: true, description: 'When it was first settled.' })
  settledAt!: Date | null;
  @Field(() => Int, {
    nullable: true,
    description: 'Once settled: 1, and one more for each settlement of corrections.',
  })
  settlementVersion!: number | null;
  @Field(() => InstantScalar) createdAt!: Date;
}
export const MarketSessionConnection = connectionType(MarketSessionType, 'MarketSession');

@InputType({
  description:
    'Whom an order would rather trade with: neighbours first, then green for green, then who trusts whom. For sessions whose mechanism takes preferences.',
})
class OrderPreferencesInput {
  @Field(() => String, {
    nullable: true,
    description: 'Name of a neighbourhood, 1–64 letters, digits, _ or -; orders that say the same are local.',
  })
  local?: string | null;
  @Field(() => Boolean, { nullable: true, description: 'On sale: it is green. Wanted: rather green.' })
  green?: boolean | null;
  @Field(() => [ID], { nullable: true, description: 'Participants it trusts, at most 100.' })
  trusted?: string[] | null;
}

@InputType()
export class OrderInput {
  @Field(() => ID, {
    description: '1–64 letters, digits, _ or -; unique among the participant’s orders of the session.',
  })
  id!: string;
  @Field(() => InstantScalar, { description: 'Start of a slot of the session that has not begun.' })
  startsAt!: number;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar, { description: 'Limit in minor units per MWh; may be negative.' })
  pricePerMwh!: number;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Of flexibility on sale: net import of the slot in Wh that the seller deviates from.',
  })
  baselineWh?: number | null;
  @Field(() => OrderPreferencesInput, { nullable: true }) preferences?: OrderPreferencesInput | null;
  @Field(() => ID, {
    nullable: true,
    description:
      'For sessions of block-orders: the participant’s block it is part of, accepted at one share in all its slots.',
  })
  block?: string | null;
  @Field(() => Float, {
    nullable: true,
    description: 'Likewise: least share that is accepted if any is, of the order or its whole block, 0 to 1.',
  })
  minAcceptance?: number | null;
  @Field(() => ID, {
    nullable: true,
    description: 'Likewise: own order or block whose accepted share is the most this one’s can be.',
  })
  linkedTo?: string | null;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {interval: {end, start}, order, participant, pricePerMwh, quantityWh, session, side} and those of the optional fields that are given, in context 'gridcommons/order/1'.",
  })
  signature!: string;
}

@InputType({ description: 'At most 500 orders, accepted or refused as a whole.' })
export class SubmitOrdersInput {
  @Field(() => ID) sessionId!: string;
  @Field(() => [OrderInput]) orders!: OrderInput[];
}

@InputType()
export class DeliveryStatementInput {
  @Field(() => InstantScalar, { description: 'Start of a slot in which the participant traded.' })
  startsAt!: number;
  @Field(() => SafeIntScalar) netImportWh!: number;
  @Field(() => SafeIntScalar) netExportWh!: number;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {interval: {end, start}, netExportWh, netImportWh, participant, session} in context 'gridcommons/delivery/1'.",
  })
  signature!: string;
}

@InputType({ description: 'At most 100 statements of traded slots, accepted or refused as a whole.' })
export class SubmitDeliveryStatementsInput {
  @Field(() => ID) sessionId!: string;
  @Field(() => [DeliveryStatementInput]) statements!: DeliveryStatementInput[];
}

@InputType()
export class AvailabilityStatementInput {
  @Field(() => InstantScalar, { description: 'Start of a slot in which the participant sold.' })
  startsAt!: number;
  @Field(() => SafeIntScalar) availableWh!: number;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {availableWh, interval: {end, start}, participant, session} in context 'gridcommons/availability/1'.",
  })
  signature!: string;
}

@InputType({ description: 'At most 100 statements of sold slots, accepted or refused as a whole.' })
export class SubmitAvailabilityInput {
  @Field(() => ID) sessionId!: string;
  @Field(() => [AvailabilityStatementInput]) statements!: AvailabilityStatementInput[];
}

@ObjectType()
export class SubmittedType {
  @Field(() => Int, { description: 'Stored now.' }) accepted!: number;
  @Field(() => Int, { description: 'Stored before with the same content.' }) unchanged!: number;
}
