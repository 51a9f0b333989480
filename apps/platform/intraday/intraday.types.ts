import { ArgsType, Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Side, TimeInForce } from '#market';
import { SideEnum, SubmittedType } from '../market/market.types.ts';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { INTRADAY_ORDER_STATES, type IntradayOrderState } from './intraday-order.ts';

export const TimeInForceEnum = { gtd: 'gtd', ioc: 'ioc', fok: 'fok' } as const satisfies Record<
  TimeInForce,
  TimeInForce
>;
registerEnumType(TimeInForceEnum, {
  name: 'TimeInForce',
  description:
    'What does not trade at once: gtd waits till its expiry, ioc is withdrawn; fok trades all at once or nothing.',
});

export const StateEnum = Object.fromEntries(INTRADAY_ORDER_STATES.map((state) => [state, state]));
registerEnumType(StateEnum, {
  name: 'IntradayOrderState',
  description:
    'OPEN waits; FILLED traded all; CANCELLED was withdrawn; UNFILLED was not for waiting; SELF_TRADE ended where it met an order of its own participant; EXPIRED at its expiry or the gate.',
});

@InputType()
export class IntradayOrderInput {
  @Field(() => ID, {
    description:
      '1–64 letters, digits, _ or -; unique among the participant’s intraday orders of the session.',
  })
  id!: string;
  @Field(() => InstantScalar, { description: 'Start of a slot whose gate is open.' }) startsAt!: number;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar, { description: 'Limit in minor units per MWh; may be negative.' })
  pricePerMwh!: number;
  @Field(() => TimeInForceEnum, { defaultValue: 'gtd' }) timeInForce!: TimeInForce;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'First instant at which it no longer waits; absent: the gate. Of gtd only.',
  })
  expiresAt?: number | null;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {expires, interval: {end, start}, order, participant, pricePerMwh, quantityWh, session, side, timeInForce} in context 'gridcommons/intraday-order/1'; expires is null where absent.",
  })
  signature!: string;
}

@InputType({ description: 'At most 50 orders, accepted or refused as a whole and matched in turn.' })
export class SubmitIntradayOrdersInput {
  @Field(() => ID) sessionId!: string;
  @Field(() => [IntradayOrderInput]) orders!: IntradayOrderInput[];
}

@InputType()
export class CancelIntradayOrderInput {
  @Field(() => ID) sessionId!: string;
  @Field(() => ID) orderId!: string;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {order, participant, session} in context 'gridcommons/intraday-cancel/1'.",
  })
  signature!: string;
}

@ObjectType('IntradayOrder', { description: 'Visible to its organisation.' })
export class IntradayOrderType {
  @Field(() => ID) id!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar) pricePerMwh!: number;
  @Field(() => TimeInForceEnum) timeInForce!: TimeInForce;
  @Field(() => InstantScalar, { nullable: true }) expiresAt!: Date | null;
  @Field(() => InstantScalar) receivedAt!: Date;
  @Field(() => StateEnum) state!: IntradayOrderState;
  @Field(() => SafeIntScalar, { description: 'Traded so far; its trades are in `marketTrades`.' })
  filledWh!: number;
  @Field(() => SafeIntScalar, { description: 'What waits; 0 unless OPEN.' }) remainingWh!: number;
}
export const IntradayOrderConnection = connectionType(IntradayOrderType, 'IntradayOrder');

@ObjectType()
export class IntradaySubmittedType extends SubmittedType {
  @Field(() => [IntradayOrderType], { description: 'What has become of each, in the order of the request.' })
  orders!: IntradayOrderType[];
}

@ObjectType()
class IntradayLevel {
  @Field(() => SafeIntScalar) pricePerMwh!: number;
  @Field(() => SafeIntScalar, { description: 'Of all orders that wait at this price.' }) quantityWh!: number;
}

@ObjectType('IntradayBook', { description: 'One slot’s order book; public to all members.' })
export class IntradayBookType {
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => InstantScalar) gateClosesAt!: Date;
  @Field(() => Boolean, { description: 'From the clearing of the auction to the gate.' }) open!: boolean;
  @Field(() => [IntradayLevel], { description: 'Dearest first.' }) bids!: readonly IntradayLevel[];
  @Field(() => [IntradayLevel], { description: 'Cheapest first.' }) asks!: readonly IntradayLevel[];
  @Field(() => SafeIntScalar, { nullable: true }) lastPricePerMwh!: number | null;
  @Field(() => InstantScalar, { nullable: true }) lastTradedAt!: Date | null;
  @Field(() => SafeIntScalar) tradedWh!: number;
}

@ObjectType()
export class IntradayBookChange {
  @Field(() => String, { description: 'Subscribe `after` it to miss nothing.' }) cursor!: string;
  @Field(() => IntradayBookType) book!: IntradayBookType;
}

@ArgsType()
class DepthArgs {
  @Field(() => ID) sessionId!: string;
  @Field(() => Int, { defaultValue: 10, description: 'Levels a side, 1–50.' }) depth!: number;
}

@ArgsType()
export class IntradayBookArgs extends DepthArgs {
  @Field(() => InstantScalar, { description: 'Start of a slot of the session.' }) startsAt!: number;
}

@ArgsType()
export class IntradayBookChangedArgs extends DepthArgs {
  @Field(() => String, {
    nullable: true,
    description: 'The cursor of a change; absent: changes from now on.',
  })
  after?: string | null;
}
