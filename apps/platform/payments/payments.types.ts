import { ArgsType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

@ObjectType('WalletBalance', { description: 'What an organisation has on the platform; never below zero.' })
export class WalletBalanceType {
  @Field(() => String, { description: 'ISO 4217' }) currency!: string;
  @Field(() => SafeIntScalar, { description: 'Minor units.' }) balanceMinor!: number;
  @Field(() => InstantScalar) changedAt!: Date;
}

@ObjectType('WalletEntry', { description: 'A ledger entry as it changed the own wallet.' })
export class WalletEntryType {
  @Field(() => SafeIntScalar, { description: 'Of the entry in the ledger.' }) index!: number;
  @Field(() => String, {
    description:
      'exchange.deposit, .withdrawal, .payment.bought, .payment.sold, .payment.passed, .payment.share, .refund.bought, .refund.sold, .debt.paid, .debt.received',
  })
  type!: string;
  @Field(() => String) reference!: string;
  @Field(() => String) currency!: string;
  @Field(() => SafeIntScalar, { description: 'Minor units; below zero: out of the wallet.' })
  amountMinor!: number;
  @Field(() => String) memo!: string;
  @Field(() => InstantScalar) at!: Date;
}

export const WalletEntryConnection = connectionType(WalletEntryType, 'WalletEntry');

@ObjectType('WalletDebt', {
  description:
    'What a seller’s wallet did not cover of a refund when it revoked. It is paid first from what comes into that wallet. Both sides see it, nobody else.',
})
export class WalletDebtType {
  @Field(() => ID) id!: string;
  @Field(() => ID) agreementId!: string;
  @Field(() => ID) orderId!: string;
  @Field(() => ID, { description: 'The buyer.' }) creditorId!: string;
  @Field(() => ID, { description: 'The seller.' }) debtorId!: string;
  @Field(() => String, { description: 'ISO 4217' }) currency!: string;
  @Field(() => SafeIntScalar, { description: 'Minor units, when it was opened.' }) amountMinor!: number;
  @Field(() => SafeIntScalar, { description: 'Of it unpaid; 0: settled.' }) openMinor!: number;
  @Field(() => InstantScalar) createdAt!: Date;
}

export const WalletDebtConnection = connectionType(WalletDebtType, 'WalletDebt');

@ArgsType()
export class DebtsArgs extends PageArgs {
  @Field(() => Boolean, { defaultValue: false }) openOnly!: boolean;
}

@InputType({ description: 'Money that was paid to the operator, or by it, outside of the platform.' })
export class OutsideMoneyInput {
  @Field(() => ID) organisationId!: string;
  @Field(() => String, { description: 'ISO 4217' }) currency!: string;
  @Field(() => SafeIntScalar, { description: 'Minor units.' }) amountMinor!: number;
  @Field(() => String, { description: '1–200 characters; the same again changes nothing.' })
  reference!: string;
}

@ObjectType('QuotedPeriod')
export class QuotedPeriodType {
  @Field(() => Int) period!: number;
  @Field(() => InstantScalar) start!: number;
  @Field(() => InstantScalar, { description: 'Exclusive.' }) end!: number;
}

@ObjectType('AgreementQuote', {
  description: 'What paying an agreement costs now: amountMinor = feeMinor + sellerMinor.',
})
export class AgreementQuoteType {
  @Field(() => String, { description: 'flat, perReading, subscription or revenueShare' }) priceKind!: string;
  @Field(() => String) currency!: string;
  @Field(() => SafeIntScalar, { description: 'Up front, in minor units.' }) amountMinor!: number;
  @Field(() => SafeIntScalar) feeMinor!: number;
  @Field(() => SafeIntScalar) sellerMinor!: number;
  @Field(() => [QuotedPeriodType], { description: 'Of a subscription; each is an order of its own.' })
  periods!: readonly QuotedPeriodType[];
}

@ObjectType('AgreementOrder', {
  description: 'A paid order. Both parties of the agreement see it, nobody else.',
})
export class AgreementOrderType {
  @Field(() => ID) id!: string;
  @Field(() => ID) agreementId!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) providerId!: string;
  @Field(() => Int) period!: number;
  @Field(() => String) priceKind!: string;
  @Field(() => String) currency!: string;
  @Field(() => SafeIntScalar) amountMinor!: number;
  @Field(() => SafeIntScalar) feeMinor!: number;
  @Field(() => SafeIntScalar) sellerMinor!: number;
  @Field(() => SafeIntScalar, { nullable: true, description: 'As the consumer stated it.' }) revenueMinor!:
    number | null;
  @Field(() => InstantScalar, { nullable: true }) periodStart!: Date | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive.' }) periodEnd!: Date | null;
  @Field(() => InstantScalar) createdAt!: Date;
}

export const AgreementOrderConnection = connectionType(AgreementOrderType, 'AgreementOrder');

@InputType()
export class PayAgreementInput {
  @Field(() => ID) agreementId!: string;
  @Field(() => String, { description: '1–200 visible ASCII characters; the same again is the same order.' })
  idempotencyKey!: string;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Refused where it costs more.' }) maxMinor?:
    number | null;
  @Field(() => Int, { nullable: true, description: 'Of a subscription; absent: the one that runs.' })
  period?: number | null;
}

@InputType()
export class DeclareRevenueInput {
  @Field(() => ID) agreementId!: string;
  @Field(() => String, {
    description: '1–200 visible ASCII characters; the same again is the same statement.',
  })
  idempotencyKey!: string;
  @Field(() => SafeIntScalar, { description: "Earned since the last statement, in the price's currency." })
  revenueMinor!: number;
  @Field(() => SafeIntScalar, { nullable: true }) maxMinor?: number | null;
}

@ObjectType('AgreementUsage', { description: 'What a read added to what is metered under an agreement.' })
export class AgreementUsageType {
  @Field(() => ID) id!: string;
  @Field(() => ID) agreementId!: string;
  @Field(() => String, { description: 'Reads of one use count once.' }) useId!: string;
  @Field(() => SafeIntScalar) readings!: number;
  @Field(() => SafeIntScalar, { description: 'Metered before.' }) readingsBefore!: number;
  @Field(() => SafeIntScalar) bytes!: number;
  @Field(() => String, { nullable: true }) currency!: string | null;
  @Field(() => SafeIntScalar, { description: 'Charged for it.' }) amountMinor!: number;
  @Field(() => InstantScalar) createdAt!: Date;
}

export const AgreementUsageConnection = connectionType(AgreementUsageType, 'AgreementUsage');

@ArgsType()
export class UsageArgs extends PageArgs {
  @Field(() => ID) agreementId!: string;
}

@ArgsType()
export class QuoteArgs {
  @Field(() => ID) agreementId!: string;
  @Field(() => Int, { defaultValue: 1, description: 'Of a subscription, 1–120.' }) periods!: number;
}
