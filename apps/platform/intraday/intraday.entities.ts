import { Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Side, TimeInForce } from '#market';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { integer, MarketSession } from '../market/market.entities.ts';
import type { OrderEnd } from './intraday-order.ts';

/** One signed order of an order book; only its owner ever sees it. */
@Entity('market_intraday_order')
@Unique(['participantId', 'sessionId', 'orderId'])
@Index(['tenantId', 'sessionId', 'sequence'])
@Index(['sessionId', 'startsAt', 'ended', 'side', 'pricePerMwh'])
export class IntradayOrder {
  /** Time priority: drawn under the lock of the book. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => MarketSession) @Column('uuid') sessionId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  /** Chosen by the participant, unique among its intraday orders of the session. */
  @Column('text') orderId!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('text') side!: Side;
  @Column('bigint', { transformer: integer }) quantityWh!: number;
  @Column('bigint', { transformer: integer }) pricePerMwh!: number;
  @Column('text') timeInForce!: TimeInForce;
  /** As signed; the gate ends it earlier. */
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
  @Column('text') signature!: string;
  @Column('timestamptz') receivedAt!: Date;
  /** What has not been traded. */
  @Column('bigint', { transformer: integer }) leftWh!: number;
  /** Null while it waits, and after its expiry, which nobody writes down. */
  @Column('text', { nullable: true }) ended!: OrderEnd | null;
  @Column('text', { nullable: true }) cancelSignature!: string | null;
}

/** What the community knows of one slot's order book beyond its levels. */
@Entity('market_intraday_book')
@Index(['sessionId', 'version'])
export class IntradayBook {
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  /** Rises with every change of any book of the session, in the order of commits. */
  @Column('bigint', { transformer: integer }) version!: number;
  @Column('bigint', { transformer: integer, nullable: true }) lastPricePerMwh!: number | null;
  @Column('timestamptz', { nullable: true }) lastTradedAt!: Date | null;
  @Column('bigint', { transformer: integer }) tradedWh!: number;
}
