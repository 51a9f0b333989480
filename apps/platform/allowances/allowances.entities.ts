import {
  Check,
  Column,
  Entity,
  ForeignKey,
  Index,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
} from 'typeorm';
import type { EmissionsStatement, RetirementStatement } from '#allowances';
import type { Side, TimeInForce } from '#market';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import type { OrderEnd } from '../intraday/intraday-order.ts';
import { integer } from '../market/market.entities.ts';

/** What an organisation holds of one compliance year. Of it, what its sell orders wait with is reserved. */
@Entity('allowance_account')
@Check('allowance_account_held_check', 'held_tonnes >= 0')
export class AllowanceAccountRow {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('text') scheme!: string;
  @PrimaryColumn('integer') year!: number;
  @Column('bigint', { transformer: integer }) heldTonnes!: number;
  @Column('bigint', { transformer: integer }) issuedTonnes!: number;
  @Column('bigint', { transformer: integer }) surrenderedTonnes!: number;
  @Column('bigint', { transformer: integer }) cancelledTonnes!: number;
}

/** One allocation as the operator recorded it. */
@Entity('allowance_issue')
@Unique('allowance_issue_reference_key', ['tenantId', 'scheme', 'year', 'reference'])
export class AllowanceIssue {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') scheme!: string;
  @Column('integer') year!: number;
  /** The authority's own name of it; one is booked once. */
  @Column('text') reference!: string;
  @Column('text') ruleSetId!: string;
  @Column('bigint', { transformer: integer }) tonnes!: number;
  @Column('timestamptz') issuedAt!: Date;
}

/** An organisation's signed word on its year; the newest of a kind counts. Read by itself alone. */
@Entity('allowance_emissions')
@Index(['tenantId', 'scheme', 'year', 'kind', 'sequence'])
export class AllowanceEmissions {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('text') scheme!: string;
  @Column('integer') year!: number;
  @Column('text') kind!: EmissionsStatement['kind'];
  @Column('bigint', { transformer: integer }) tonnes!: number;
  @Column('bigint', { transformer: integer, nullable: true }) lowTonnes!: number | null;
  @Column('bigint', { transformer: integer, nullable: true }) highTonnes!: number | null;
  @Column('text') signature!: string;
  @Column('timestamptz') statedAt!: Date;
}

/** Allowances given up. */
@Entity('allowance_retirement')
export class AllowanceRetirement {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('text') retirementId!: string;
  @Column('text') scheme!: string;
  @Column('integer') year!: number;
  @Column('text') purpose!: RetirementStatement['purpose'];
  @Column('bigint', { transformer: integer }) tonnes!: number;
  @Column('text') signature!: string;
  @Column('timestamptz') retiredAt!: Date;
}

/** One signed order for allowances; only its owner ever sees it. */
@Entity('allowance_order')
@Unique(['participantId', 'scheme', 'year', 'orderId'])
@Index(['tenantId', 'scheme', 'year', 'sequence'])
@Index(['scheme', 'year', 'ended', 'side', 'priceMinorPerTonne'])
export class AllowanceOrderRow {
  /** Time priority: drawn under the lock of the book. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('text') orderId!: string;
  @Column('text') scheme!: string;
  @Column('integer') year!: number;
  @Column('text') side!: Side;
  @Column('bigint', { transformer: integer }) tonnes!: number;
  @Column('bigint', { transformer: integer }) priceMinorPerTonne!: number;
  @Column('text') timeInForce!: TimeInForce;
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  @Column('text') signature!: string;
  @Column('timestamptz') receivedAt!: Date;
  @Column('bigint', { transformer: integer }) leftTonnes!: number;
  /** Null while it waits, and after its expiry, which nobody writes down. */
  @Column('text', { nullable: true }) ended!: OrderEnd | null;
  @Column('text', { nullable: true }) cancelSignature!: string | null;
}

/** One trade; each of its two parties reads its own side of it. */
@Entity('allowance_trade')
@Index(['buyerTenantId', 'scheme', 'year', 'sequence'])
@Index(['sellerTenantId', 'scheme', 'year', 'sequence'])
@Index(['scheme', 'year', 'sequence'])
export class AllowanceTradeRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @Column('text') scheme!: string;
  @Column('integer') year!: number;
  @ForeignKey(() => Organisation) @Column('uuid') buyerTenantId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') sellerTenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') buyerParticipantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') sellerParticipantId!: string;
  @Column('text') buyOrderId!: string;
  @Column('text') sellOrderId!: string;
  @Column('bigint', { transformer: integer }) tonnes!: number;
  @Column('bigint', { transformer: integer }) priceMinorPerTonne!: number;
  @Column('timestamptz') tradedAt!: Date;
}
