import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { ProductKind, Side } from '#market';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { SideEnum } from './market.types.ts';
import { ProductEnum } from './products.types.ts';
import { DEFAULTS_STATES, type DefaultsState, type SessionDefaultOrder } from './session-defaults.service.ts';

const DefaultsStateEnum = Object.fromEntries(DEFAULTS_STATES.map((state) => [state, state]));
registerEnumType(DefaultsStateEnum, {
  name: 'DefaultsState',
  description:
    'STANDING is placed at the gate as things are; REPLACED is not, as its participant has orders or lots of its own that day, WITHDRAWN neither. Since the gate: PLACED, or REFUSED as any order would have been.',
});

@InputType({ description: 'An order for each slot that begins within local times.' })
class DefaultLineInput {
  @Field(() => String, { description: 'HH:MM, inclusive.' }) from!: string;
  @Field(() => String, { description: 'HH:MM up to 24:00, exclusive.' }) until!: string;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar, { description: 'Of each order.' }) quantityWh!: number;
  @Field(() => SafeIntScalar, { description: 'Limit in minor units per MWh; may be negative.' })
  pricePerMwh!: number;
}

@ObjectType('DefaultLine', { description: 'An order for each slot that begins within local times.' })
class DefaultLineType {
  @Field(() => String) from!: string;
  @Field(() => String) until!: string;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar) pricePerMwh!: number;
}

const LENGTH = 'Length of a slot in minutes: 15, 30, 60 or 1440.';

@InputType({
  description:
    'Orders of a participant for sessions to come of this product, slot length, zone and currency, at most 300 a day.',
})
export class DeclareDefaultOrdersInput {
  @Field(() => ID, { description: '1–64 letters, digits, _ or -; unique among the participant’s own.' })
  declaration!: string;
  @Field(() => ProductEnum, { defaultValue: 'energy', description: 'Any but flexibility.' })
  product!: ProductKind;
  @Field(() => Int, { defaultValue: 60, description: LENGTH }) resolutionMinutes!: number;
  @Field(() => String, { description: 'As sessions have it.' }) zone!: string;
  @Field(() => String, { defaultValue: 'EUR', description: 'ISO 4217' }) currency!: string;
  @Field(() => String, { description: 'First delivery day, YYYY-MM-DD in the zone.' }) firstDay!: string;
  @Field(() => String, { description: 'Last delivery day, at most 366 days in all.' }) lastDay!: string;
  @Field(() => [DefaultLineInput]) orders!: DefaultLineInput[];
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {currency, declaration, firstDay, lastDay, orders: [{from, pricePerMwh, quantityWh, side, until}], participant, product, resolutionMinutes, zone} in context 'gridcommons/default-orders/1'.",
  })
  signature!: string;
}

@InputType()
export class RevokeDefaultOrdersInput {
  @Field(() => ID) declaration!: string;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {declaration, participant} in context 'gridcommons/default-orders-revoked/1'.",
  })
  signature!: string;
}

@InputType()
export class WithdrawDefaultOrdersInput {
  @Field(() => ID) sessionId!: string;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {participant, session} in context 'gridcommons/default-orders-withdrawn/1'.",
  })
  signature!: string;
}

@ObjectType('DefaultDeclaration', {
  description: 'Orders declared for sessions to come; visible to their owner.',
})
export class DefaultDeclarationType {
  @Field(() => ID) participantId!: string;
  @Field(() => ID) declarationId!: string;
  @Field(() => ProductEnum) product!: ProductKind;
  @Field(() => Int, { description: LENGTH }) resolutionMinutes!: number;
  @Field(() => String) zone!: string;
  @Field(() => String) currency!: string;
  @Field(() => String) firstDay!: string;
  @Field(() => String) lastDay!: string;
  @Field(() => [DefaultLineType]) orders!: DefaultLineType[];
  @Field(() => String) signature!: string;
  @Field(() => InstantScalar) declaredAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) revokedAt!: Date | null;
}
export const DefaultDeclarationConnection = connectionType(DefaultDeclarationType, 'DefaultDeclaration');

@ObjectType('SessionDefaultOrder')
class SessionDefaultOrderType implements SessionDefaultOrder {
  @Field(() => ID) id!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => SafeIntScalar) pricePerMwh!: number;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Once cleared.' }) tradedWh!: number | null;
}

@ObjectType('SessionDefaults', {
  description: 'A participant’s default orders in one session; visible to their owner.',
})
export class SessionDefaultsType {
  @Field(() => ID) participantId!: string;
  @Field(() => ID) declarationId!: string;
  @Field(() => DefaultsStateEnum) state!: DefaultsState;
  @Field(() => String, { nullable: true, description: 'The code by which all of them were refused.' })
  reason!: string | null;
  @Field(() => String, {
    nullable: true,
    description:
      'Of the placement, as the ledger certifies it: SHA-256 over the canonical JSON {declaration, form, orders, participant, session, signature}.',
  })
  hash!: string | null;
  @Field(() => [SessionDefaultOrderType]) orders!: SessionDefaultOrderType[];
}
