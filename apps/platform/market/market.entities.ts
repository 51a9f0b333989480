import {
  Column,
  CreateDateColumn,
  Entity,
  ForeignKey,
  Index,
  PrimaryColumn,
  type ValueTransformer,
} from 'typeorm';
import type { Direction, OrderTerms, ProductKind, Side, SlotMinutes } from '#market';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import type { MarketPower, SessionState } from './session.ts';

/** Wh and minor units come as text from bigint columns; the limits of sessions and orders keep them exact as numbers. */
export const integer: ValueTransformer = {
  from: (text: string | null) => (text === null ? null : Number(text)),
  to: (value: unknown) => value,
};

/** A local market for one delivery day, run by one organisation, read by the community. */
@Entity('market_session')
@Index(['tenantId', 'createdAt'])
@Index(['state'])
@Index(['clearedSequence'])
export class MarketSession {
  @PrimaryColumn('uuid') id!: string;
  /** Who runs it. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') zone!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('timestamptz', { nullable: true }) gateClosesAt!: Date | null;
  @Column('bigint', { transformer: integer }) retailPerMwh!: number;
  @Column('bigint', { transformer: integer }) feedInPerMwh!: number;
  @Column('text') currency!: string;
  @Column('text') mechanism!: string;
  @Column('text', { default: 'energy' }) product!: ProductKind;
  /** Of flexibility, null of all else. */
  @Column('text', { nullable: true }) direction!: Direction | null;
  /** Length of a slot; 1440 is the whole local day. */
  @Column('integer', { default: 60 }) resolutionMinutes!: SlotMinutes;
  /** Until then lots are committed to, from then on orders are taken; null without lots, or before bids are opened. */
  @Column('timestamptz', { nullable: true }) bidsOpenAt!: Date | null;
  /** After the gate; null in a session that draws no lots. */
  @Column('integer', { nullable: true }) revealMinutes!: number | null;
  /** When the organiser closed the gate, the appointed time at the latest. */
  @Column('timestamptz', { nullable: true }) closedAt!: Date | null;
  /** The market's own, of a nonce in market_own_lot. */
  @Column('text', { nullable: true }) lotCommitment!: string | null;
  @Column('bigint', { transformer: integer, nullable: true }) deficitCapMinor!: number | null;
  @Column('bigint', { transformer: integer, nullable: true }) unitWh!: number | null;
  /** That its trades respect; by name, as its file needs this one. */
  @ForeignKey('MarketFeeder') @Column('uuid', { nullable: true }) feederId!: string | null;
  @Column('json') powers!: readonly MarketPower[];
  /** How long before its slot an order book beside the auction closes; null: there is none. */
  @Column('integer', { nullable: true }) intradayLeadMinutes!: number | null;
  /** For so many days after settlement members may correct their delivery statements. */
  @Column('integer', { default: 30 }) correctionDays!: number;
  @Column('text') state!: SessionState;
  @Column('integer', { nullable: true }) tradeCount!: number | null;
  @Column('bigint', { transformer: integer, nullable: true }) tradedWh!: number | null;
  @Column('bigint', { transformer: integer, nullable: true }) welfareMinor!: number | null;
  @Column('bigint', { transformer: integer, nullable: true }) savingsMinor!: number | null;
  @Column('bigint', { transformer: integer, nullable: true }) marketMinor!: number | null;
  @Column('integer', { nullable: true }) missingDeliveries!: number | null;
  /** Sessions in the order in which their results became visible. */
  @Column('bigint', { transformer: integer, nullable: true }) clearedSequence!: number | null;
  /** When it was first settled, by business time; the correction window begins. */
  @Column('timestamptz', { nullable: true }) settledAt!: Date | null;
  /** Of the newest settlement, 1 for the first. */
  @Column('integer', { nullable: true }) settlementVersion!: number | null;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** One signed order of one slot; its owner's until the book clears, and after. */
@Entity('market_order')
@Index(['sessionId', 'startsAt'])
export class MarketOrder {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  /** Chosen by the participant, unique among its orders of the session. */
  @PrimaryColumn('text') orderId!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('text') side!: Side;
  @Column('bigint', { transformer: integer }) quantityWh!: number;
  @Column('bigint', { transformer: integer }) pricePerMwh!: number;
  @Column('json', { default: {} }) terms!: OrderTerms;
  @Column('text') signature!: string;
  @Column('timestamptz') receivedAt!: Date;
}

/** What one slot's book came to, public to all members. */
@Entity('market_clearing')
export class MarketClearing {
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  @Column('bigint', { transformer: integer }) quantityWh!: number;
  @Column('bigint', { transformer: integer, nullable: true }) pricePerMwh!: number | null;
  @Column('json') certificate!: object;
  /** A PublicReport of libs/market; null of sessions cleared before there were any. */
  @Column('json', { nullable: true }) report!: object | null;
}

/** Where a trade came about; order ids are unique within a participant and venue. */
export type TradeVenue = 'auction' | 'intraday';

/** Visible to its two parties only. */
@Entity('market_trade')
@Index(['sessionId', 'startsAt'])
@Index(['buyerTenantId', 'sessionId'])
@Index(['sellerTenantId', 'sessionId'])
export class MarketTrade {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => MarketSession) @Column('uuid') sessionId!: string;
  @Column('timestamptz') startsAt!: Date;
  @ForeignKey(() => Organisation) @Column('uuid') buyerTenantId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') sellerTenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') buyerParticipantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') sellerParticipantId!: string;
  @Column('text') buyOrderId!: string;
  @Column('text') sellOrderId!: string;
  @Column('bigint', { transformer: integer }) quantityWh!: number;
  @Column('bigint', { transformer: integer }) buyPricePerMwh!: number;
  @Column('bigint', { transformer: integer }) sellPricePerMwh!: number;
  @Column('text', { default: 'auction' }) venue!: TradeVenue;
  /** Of an order book. */
  @Column('timestamptz', { nullable: true }) tradedAt!: Date | null;
}

/** A participant's signed word on one traded slot; no other slot ever reaches the platform. */
@Entity('market_delivery')
@Index(['sessionId'])
export class MarketDelivery {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  @Column('bigint', { transformer: integer }) netImportWh!: number;
  @Column('bigint', { transformer: integer }) netExportWh!: number;
  @Column('text') signature!: string;
  @Column('timestamptz') receivedAt!: Date;
}

/** A seller's signed word on how much of a storage or reserve it kept ready in one slot. */
@Entity('market_availability')
@Index(['sessionId'])
export class MarketAvailability {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  @Column('bigint', { transformer: integer }) availableWh!: number;
  @Column('text') signature!: string;
  @Column('timestamptz') receivedAt!: Date;
}

/**
 * One participant's settlement of one session; money as in MemberSettlement of libs/market. A version is written where it
 * differs from the one before, so the newest stands.
 */
@Entity('market_settlement')
export class MarketSettlement {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @Column('bigint', { transformer: integer }) boughtWh!: number;
  @Column('bigint', { transformer: integer }) soldWh!: number;
  @Column('bigint', { transformer: integer }) shortfallWh!: number;
  @Column('bigint', { transformer: integer }) excessWh!: number;
  @Column('bigint', { transformer: integer }) localMinor!: number;
  @Column('bigint', { transformer: integer }) deviationMinor!: number;
  @Column('bigint', { transformer: integer }) chargeMinor!: number;
  @Column('bigint', { transformer: integer }) savingsMinor!: number;
  /** Of the session's settlement. */
  @PrimaryColumn('integer') version!: number;
  /** What this version booked beside those before: all of them sum to localMinor + chargeMinor + deviationMinor. */
  @Column('bigint', { transformer: integer }) differenceMinor!: number;
  /** Starts of traded slots without a delivery statement, whose deviation is open. */
  @Column('timestamptz', { array: true }) missingHours!: Date[];
}
