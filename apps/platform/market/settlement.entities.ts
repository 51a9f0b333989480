import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CorrectionReason, ProductKind } from '#market';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { LedgerEntry } from '../ledger/ledger.entities.ts';
import { integer, MarketSession } from './market.entities.ts';

/** A signed statement that came after settlement; no version of a statement is ever changed. */
@Entity('market_delivery_correction')
@Index(['sessionId'])
export class MarketDeliveryCorrection {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  /** 1 where nothing was stated before settlement. */
  @PrimaryColumn('integer') version!: number;
  @Column('bigint', { transformer: integer }) netImportWh!: number;
  @Column('bigint', { transformer: integer }) netExportWh!: number;
  @Column('text') reason!: CorrectionReason;
  @Column('text') signature!: string;
  @Column('timestamptz') receivedAt!: Date;
}

/** One settlement of a session: its totals, and how many corrections were in it. */
@Entity('market_settlement_version')
@Index(['sessionId'])
export class MarketSettlementVersion {
  /** The organiser. */
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('integer') version!: number;
  @Column('timestamptz') settledAt!: Date;
  @Column('integer') corrections!: number;
  @Column('bigint', { transformer: integer }) savingsMinor!: number;
  @Column('bigint', { transformer: integer }) marketMinor!: number;
  @Column('integer') missingDeliveries!: number;
}

/** A certified contribution, as in Contribution of libs/market; its hash stands in the memo of a ledger entry. */
@Entity('market_contribution')
@Index(['tenantId', 'startsAt'])
@Index(['participantId', 'startsAt'])
@Index(['sessionId'])
export class MarketContribution {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  /** Of the settlement. */
  @PrimaryColumn('integer') version!: number;
  @Column('text', { unique: true }) hash!: string;
  @ForeignKey(() => LedgerEntry) @Column('bigint', { transformer: integer }) entryIndex!: number;
  @Column('text') product!: ProductKind;
  /** The session's delivery period. */
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('bigint', { transformer: integer }) boughtWh!: number;
  @Column('bigint', { transformer: integer }) soldWh!: number;
  @Column('bigint', { transformer: integer }) tradedWh!: number;
  @Column('bigint', { transformer: integer }) deviationWh!: number;
  @Column('integer') missing!: number;
  @Column('bigint', { transformer: integer }) givenWh!: number;
  @Column('bigint', { transformer: integer }) receivedWh!: number;
  @Column('bigint', { transformer: integer, nullable: true }) avoidedGrams!: number | null;
  @Column('integer') dataRounds!: number;
}

/** What members may know of one another; there is no row before three settled sessions. */
@Entity('market_reputation')
@Index(['participantId'])
export class MarketReputation {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @Column('integer') sessions!: number;
  @Column('double precision') score!: number;
}
