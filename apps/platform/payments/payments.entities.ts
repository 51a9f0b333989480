import {
  Check,
  Column,
  Entity,
  ForeignKey,
  Index,
  PrimaryColumn,
  Unique,
  type ValueTransformer,
} from 'typeorm';
import type { PriceModel } from '#exchange';
import { DataAgreement } from '../agreements/agreements.entities.ts';
import { Organisation } from '../identity/identity.entities.ts';

/** bigint columns come as text; amounts and counts stay below 2^53. */
export const whole: ValueTransformer = {
  from: (value: string | null) => (value === null ? null : Number(value)),
  to: (value: unknown) => value,
};

/** What an organisation has on the platform, in minor units; the sum of its postings in the ledger, never below zero. */
@Entity('wallet_balance')
@Check('wallet_balance_covered', 'balance_minor >= 0 AND balance_minor <= 9000000000000000')
export class WalletBalance {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('text') currency!: string;
  @Column('bigint', { transformer: whole }) balanceMinor!: number;
  @Column('timestamptz') changedAt!: Date;
}

/** Of an agreement, seen by its two parties and written once by the platform. */
abstract class OfAgreement {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => DataAgreement) @Column('uuid') agreementId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') consumerId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') providerId!: string;
  @Column('timestamptz') createdAt!: Date;
}

/** A paid order: a whole agreement, a period of a subscription, or a statement of revenue. */
@Entity('agreement_orders')
@Unique(['agreementId', 'period'])
@Unique(['consumerId', 'idempotencyKey'])
@Index(['consumerId', 'createdAt'])
@Index(['providerId', 'createdAt'])
@Check(
  'agreement_orders_whole',
  'amount_minor = fee_minor + seller_minor AND fee_minor >= 0 AND seller_minor >= 0',
)
@Check('agreement_orders_period', '(period_start IS NULL) = (period_end IS NULL)')
export class AgreementOrder extends OfAgreement {
  /** From 0; an agreement that is not a subscription is paid as its period 0. */
  @Column('integer') period!: number;
  @Column('text') priceKind!: PriceModel['kind'];
  @Column('text') currency!: string;
  @Column('bigint', { transformer: whole }) amountMinor!: number;
  @Column('bigint', { transformer: whole }) feeMinor!: number;
  @Column('bigint', { transformer: whole }) sellerMinor!: number;
  /** As the buyer stated it. */
  @Column('bigint', { nullable: true, transformer: whole }) revenueMinor!: number | null;
  @Column('timestamptz', { nullable: true }) periodStart!: Date | null;
  /** Exclusive. */
  @Column('timestamptz', { nullable: true }) periodEnd!: Date | null;
  @Column('text') idempotencyKey!: string;
}

/** What a read added to what is metered under an agreement, and what that cost. */
@Entity('agreement_usage')
@Unique(['agreementId', 'useId', 'useReadings'])
@Unique(['agreementId', 'sequence'])
@Index(['consumerId', 'createdAt'])
@Index(['providerId', 'createdAt'])
export class AgreementUsage extends OfAgreement {
  /** Of the agreement, from 0. */
  @Column('integer') sequence!: number;
  @Column('text') useId!: string;
  @Column('bigint', { transformer: whole }) readings!: number;
  /** Metered under the agreement before. */
  @Column('bigint', { transformer: whole }) readingsBefore!: number;
  /** Of this use, with these. */
  @Column('bigint', { transformer: whole }) useReadings!: number;
  @Column('bigint', { transformer: whole }) bytes!: number;
  @Column('text', { nullable: true }) currency!: string | null;
  @Column('bigint', { transformer: whole }) amountMinor!: number;
  @Column('bigint', { transformer: whole }) feeMinor!: number;
}

export type InvoiceKind = 'INVOICE' | 'CREDIT_NOTE';

/** Of an order, or of what is given back of it; numbered by seller without gaps. */
@Entity('invoices')
@Unique(['providerId', 'number'])
@Unique(['orderId', 'kind'])
@Index(['agreementId'])
@Index(['consumerId', 'createdAt'])
@Index(['providerId', 'createdAt'])
@Check('invoices_kind', "kind IN ('INVOICE', 'CREDIT_NOTE')")
@Check('invoices_whole', 'amount_minor = fee_minor + seller_minor AND fee_minor >= 0 AND seller_minor >= 0')
export class Invoice extends OfAgreement {
  @ForeignKey(() => AgreementOrder) @Column('uuid') orderId!: string;
  @Column('text') kind!: InvoiceKind;
  @Column('integer') number!: number;
  @Column('text') currency!: string;
  @Column('bigint', { transformer: whole }) amountMinor!: number;
  @Column('bigint', { transformer: whole }) feeMinor!: number;
  @Column('bigint', { transformer: whole }) sellerMinor!: number;
}

/** What the provider still owes the consumer of a refund: its wallet did not cover it when it revoked. */
@Entity('wallet_debts')
@Index(['consumerId', 'createdAt'])
@Index(['providerId', 'createdAt'])
@Index('wallet_debts_open', ['providerId'], { where: 'open_minor > 0' })
@Check('wallet_debts_open_of_amount', 'amount_minor > 0 AND open_minor >= 0 AND open_minor <= amount_minor')
export class WalletDebt extends OfAgreement {
  @ForeignKey(() => AgreementOrder) @Column('uuid', { unique: true }) orderId!: string;
  @Column('text') currency!: string;
  /** When it was opened. */
  @Column('bigint', { transformer: whole }) amountMinor!: number;
  @Column('bigint', { transformer: whole }) openMinor!: number;
}
