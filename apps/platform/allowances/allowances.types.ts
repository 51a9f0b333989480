import { ArgsType, Field, Float, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { EmissionsStatement, RetirementStatement } from '#allowances';
import type { Side, TimeInForce, Withheld } from '#market';
import type { IntradayOrderState } from '../intraday/intraday-order.ts';
import { StateEnum, TimeInForceEnum } from '../intraday/intraday.types.ts';
import { SideEnum } from '../market/market.types.ts';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

const EmissionsKindEnum = { VERIFIED: 'VERIFIED', FORECAST: 'FORECAST' } as const satisfies Record<
  EmissionsStatement['kind'],
  EmissionsStatement['kind']
>;
registerEnumType(EmissionsKindEnum, { name: 'AllowanceEmissionsKind' });

const RetirementPurposeEnum = { SURRENDER: 'SURRENDER', CANCEL: 'CANCEL' } as const satisfies Record<
  RetirementStatement['purpose'],
  RetirementStatement['purpose']
>;
registerEnumType(RetirementPurposeEnum, {
  name: 'AllowanceRetirementPurpose',
  description: 'SURRENDER against verified emissions, CANCEL for nothing.',
});

const SCHEME = 'such as china-ets-power';

@InputType({ isAbstract: true })
class VintageInput {
  @Field(() => String, { description: SCHEME }) scheme!: string;
  @Field(() => Int, { description: 'Compliance year.' }) year!: number;
}

@InputType()
export class IssueAllowancesInput extends VintageInput {
  @Field(() => ID) organisationId!: string;
  @Field(() => SafeIntScalar) tonnes!: number;
  @Field(() => String, { description: 'The authority’s name of the allocation; one is booked once.' })
  reference!: string;
}

@InputType()
export class StateAllowanceEmissionsInput extends VintageInput {
  @Field(() => EmissionsKindEnum) kind!: EmissionsStatement['kind'];
  @Field(() => SafeIntScalar, { description: 'Of the whole year.' }) tonnes!: number;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Of a forecast: from here to highTonnes lie its emissions with a chance of 80 %.',
  })
  lowTonnes?: number | null;
  @Field(() => SafeIntScalar, { nullable: true }) highTonnes?: number | null;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {highTonnes, kind, lowTonnes, participant, scheme, tonnes, year} in context 'gridcommons/allowance-emissions/1'; null where absent.",
  })
  signature!: string;
}

@InputType()
export class RetireAllowancesInput extends VintageInput {
  @Field(() => ID, { description: '1–64 letters, digits, _ or -; each is booked once.' }) id!: string;
  @Field(() => RetirementPurposeEnum) purpose!: RetirementStatement['purpose'];
  @Field(() => SafeIntScalar) tonnes!: number;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {participant, purpose, retirement, scheme, tonnes, year} in context 'gridcommons/allowance-retirement/1'; retirement is the id.",
  })
  signature!: string;
}

@InputType()
export class SubmitAllowanceOrderInput extends VintageInput {
  @Field(() => ID, {
    description: '1–64 letters, digits, _ or -; unique among the participant’s orders of the vintage.',
  })
  id!: string;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar) tonnes!: number;
  @Field(() => SafeIntScalar, { description: 'Limit in minor units a tonne, at least 0.' })
  priceMinorPerTonne!: number;
  @Field(() => TimeInForceEnum, { defaultValue: 'gtd' }) timeInForce!: TimeInForce;
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'First instant at which it no longer waits; absent: until it is withdrawn. Of gtd only.',
  })
  expiresAt?: number | null;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {expires, order, participant, priceMinorPerTonne, scheme, side, timeInForce, tonnes, year} in context 'gridcommons/allowance-order/1'; expires is null where absent.",
  })
  signature!: string;
}

@InputType()
export class CancelAllowanceOrderInput extends VintageInput {
  @Field(() => ID) orderId!: string;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {order, participant, scheme, year} in context 'gridcommons/allowance-cancel/1'.",
  })
  signature!: string;
}

@ObjectType('AllowanceIssue')
export class AllowanceIssueType {
  @Field(() => ID) id!: string;
  @Field(() => String) scheme!: string;
  @Field(() => Int) year!: number;
  @Field(() => String) ruleSetId!: string;
  @Field(() => String) reference!: string;
  @Field(() => SafeIntScalar) tonnes!: number;
  @Field(() => InstantScalar) issuedAt!: Date;
}

@ObjectType('AllowanceForecast', {
  description:
    'The gap at the end of the year, from what the organisation expects to emit and what it has now.',
})
class AllowanceForecastType {
  @Field(() => Float) emissionsTonnes!: number;
  @Field(() => Float) gapTonnes!: number;
  @Field(() => Float, { description: 'From here to gapHighTonnes with a chance of 80 %.' })
  gapLowTonnes!: number;
  @Field(() => Float) gapHighTonnes!: number;
  @Field(() => Float) deficitProbability!: number;
}

@ObjectType('AllowanceAccount', {
  description: 'Of one organisation and compliance year; read by itself alone.',
})
export class AllowanceAccountType {
  @Field(() => String) scheme!: string;
  @Field(() => Int) year!: number;
  @Field(() => String) ruleSetId!: string;
  @Field(() => SafeIntScalar) heldTonnes!: number;
  @Field(() => SafeIntScalar, { description: 'Held, and offered by sell orders that wait.' })
  reservedTonnes!: number;
  @Field(() => SafeIntScalar) freeTonnes!: number;
  @Field(() => SafeIntScalar) issuedTonnes!: number;
  @Field(() => SafeIntScalar) surrenderedTonnes!: number;
  @Field(() => SafeIntScalar) cancelledTonnes!: number;
  @Field(() => SafeIntScalar, { nullable: true, description: 'As stated last; null: not yet.' })
  verifiedTonnes!: number | null;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description: 'Verified − surrendered − held: a deficit above zero, a surplus below.',
  })
  gapTonnes!: number | null;
  @Field(() => AllowanceForecastType, { nullable: true }) forecast!: AllowanceForecastType | null;
}

@ObjectType('AllowanceOrder', { description: 'Visible to its organisation.' })
export class AllowanceOrderType {
  @Field(() => ID) id!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => String) scheme!: string;
  @Field(() => Int) year!: number;
  @Field(() => SideEnum) side!: Side;
  @Field(() => SafeIntScalar) tonnes!: number;
  @Field(() => SafeIntScalar) priceMinorPerTonne!: number;
  @Field(() => TimeInForceEnum) timeInForce!: TimeInForce;
  @Field(() => InstantScalar, { nullable: true }) expiresAt!: Date | null;
  @Field(() => InstantScalar) receivedAt!: Date;
  @Field(() => StateEnum) state!: IntradayOrderState;
  @Field(() => SafeIntScalar) filledTonnes!: number;
  @Field(() => SafeIntScalar, { description: 'What waits; 0 unless OPEN.' }) remainingTonnes!: number;
}
export const AllowanceOrderConnection = connectionType(AllowanceOrderType, 'AllowanceOrder');

@ObjectType('AllowanceTrade', { description: 'The own side of a trade; the other party is not told.' })
export class AllowanceTradeType {
  @Field(() => ID) id!: string;
  @Field(() => String) scheme!: string;
  @Field(() => Int) year!: number;
  @Field(() => SideEnum) side!: Side;
  @Field(() => ID) orderId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => SafeIntScalar) tonnes!: number;
  @Field(() => SafeIntScalar) priceMinorPerTonne!: number;
  @Field(() => InstantScalar) tradedAt!: Date;
}
export const AllowanceTradeConnection = connectionType(AllowanceTradeType, 'AllowanceTrade');

@ObjectType()
export class AllowanceTradeFound {
  @Field(() => String, { description: 'Subscribe `after` it to miss nothing.' }) cursor!: string;
  @Field(() => AllowanceTradeType) node!: AllowanceTradeType;
}

@ObjectType()
class AllowanceLevelType {
  @Field(() => SafeIntScalar) priceMinorPerTonne!: number;
  @Field(() => SafeIntScalar, { description: 'Of all orders that wait at this price.' }) tonnes!: number;
}

@ObjectType('AllowanceBook', {
  description:
    'A vintage’s order book in sums; what fewer than three organisations a side have set is withheld, as is what fewer have traded.',
})
export class AllowanceBookType {
  @Field(() => String) scheme!: string;
  @Field(() => Int) year!: number;
  @Field(() => [AllowanceLevelType], { description: 'Dearest first.' }) bids!: readonly AllowanceLevelType[];
  @Field(() => [AllowanceLevelType], { description: 'Cheapest first.' }) asks!: readonly AllowanceLevelType[];
  @Field(() => String, { nullable: true, description: 'FEW_PARTIES where no levels are told.' })
  withheld!: Withheld | null;
  @Field(() => SafeIntScalar, { nullable: true }) tradedTonnes!: number | null;
  @Field(() => SafeIntScalar, { nullable: true }) lastPriceMinorPerTonne!: number | null;
  @Field(() => String, { nullable: true, description: 'FEW_PARTIES where nothing of trades is told.' })
  tradesWithheld!: Withheld | null;
}

@ArgsType()
export class VintageArgs {
  @Field(() => String, { description: SCHEME }) scheme!: string;
  @Field(() => Int, { description: 'Compliance year.' }) year!: number;
}

@ArgsType()
export class VintagePageArgs extends PageArgs {
  @Field(() => String, { description: SCHEME }) scheme!: string;
  @Field(() => Int, { description: 'Compliance year.' }) year!: number;
}

@ArgsType()
export class AllowanceBookArgs extends VintageArgs {
  @Field(() => Int, { defaultValue: 10, description: 'Levels a side, 1–50.' }) depth!: number;
}

@ArgsType()
export class AllowanceTradedArgs extends VintageArgs {
  @Field(() => String, { nullable: true, description: 'The cursor of a trade; absent: trades from now on.' })
  after?: string | null;
}
