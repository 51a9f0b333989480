import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import type { Side } from '#market';
import { connectionType } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import type { NetworkStatement } from './carriage.ts';
import type { ConnectionDraft } from './feeder.ts';
import { SideEnum } from './market.types.ts';

@InputType()
export class FeederConnectionInput implements ConnectionDraft {
  @Field(() => ID) participantId!: string;
  @Field(() => String, { description: 'Name of a bus of the feeder.' }) bus!: string;
}

@InputType({ description: 'A radial feeder that sessions are to honour.' })
export class AddFeederInput {
  @Field(() => String, { description: '1–100 characters.' }) name!: string;
  @Field(() => JsonScalar, {
    description:
      'As `gridcommons market network powerflow --schema` describes it, or a pandapower file: at most 500 buses, one period, within its limits before any trade.',
  })
  network!: unknown;
  @Field(() => [FeederConnectionInput], { defaultValue: [], description: 'At most 1000.' })
  connections!: FeederConnectionInput[];
}

@ObjectType('MarketFeeder', { description: 'Seen by the organisation whose sessions honour it.' })
export class MarketFeederType {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => Int) busCount!: number;
  @Field(() => JsonScalar) network!: unknown;
  @Field(() => InstantScalar) createdAt!: Date;
}
export const MarketFeederConnection = connectionType(MarketFeederType, 'MarketFeeder');

@ObjectType('FeederPlace', {
  description: 'Where a participant is connected; seen by its organisation and by the feeder’s.',
})
export class FeederPlaceType {
  @Field(() => ID) feederId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => String) bus!: string;
}
export const FeederPlaceConnection = connectionType(FeederPlaceType, 'FeederPlace');

@ObjectType('BusPrice', { description: 'In minor units per MWh, beside the energy.' })
class BusPriceType {
  @Field(() => String) bus!: string;
  @Field(() => SafeIntScalar) congestionPerMwh!: number;
  @Field(() => SafeIntScalar) voltagePerMwh!: number;
}

@ObjectType('SlotNetwork', { description: 'What the feeder says of a slot; public to all members.' })
export class SlotNetworkType implements NetworkStatement {
  @Field(() => String, {
    description:
      'whole: all is carried; optimal: the most gain under all limits; in-order: trades from the largest gain down.',
  })
  method!: NetworkStatement['method'];
  @Field(() => SafeIntScalar, { description: 'Cleared by the mechanism, and not carried.' })
  withdrawnWh!: number;
  @Field(() => [String], { description: 'Lines and voltages that hold trades back.' }) binding!: string[];
  @Field(() => Float, { description: 'Per unit, with the trades that are carried.' }) lowestVoltage!: number;
  @Field(() => Float) highestVoltage!: number;
  @Field(() => [BusPriceType], { description: 'Of the buses where a limit that binds has a price.' })
  prices!: BusPriceType[];
}

@ObjectType('TradeCarriage', {
  description: 'What became of a cleared trade on the feeder; a party sees its own side.',
})
export class TradeCarriageType {
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SideEnum) side!: Side;
  @Field(() => ID) participantId!: string;
  @Field(() => ID) orderId!: string;
  @Field(() => ID, { nullable: true, description: 'Null where all of it was withdrawn.' })
  tradeId!: string | null;
  @Field(() => SafeIntScalar, { description: 'What the mechanism gave.' }) proposedWh!: number;
  @Field(() => SafeIntScalar, { description: 'What the feeder carries: the trade.' }) admittedWh!: number;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'Buyer’s locational price less the seller’s, of the trade: what carrying it costs others, below 0 where it relieves the feeder. Reported, not charged. Null in a slot of few parties, where it would tell the other’s limit.',
  })
  networkChargeMinor!: number | null;
  @Field(() => String, { description: 'Its own.' }) bus!: string;
  @Field(() => Float, { description: 'At its own bus, per unit.' }) voltage!: number;
  @Field(() => [String], { description: 'Which the charge comes from, the largest part first.' })
  limits!: string[];
}
export const TradeCarriageConnection = connectionType(TradeCarriageType, 'TradeCarriage');
