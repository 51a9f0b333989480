import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Side } from '#market';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { integer, MarketSession } from './market.entities.ts';

/** A radial feeder; never changed, so that every session that honoured it can be carried again. */
@Entity('market_feeder')
@Index(['tenantId', 'createdAt'])
export class MarketFeeder {
  @PrimaryColumn('uuid') id!: string;
  /** Whose sessions may honour it. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') name!: string;
  /** As networkFromJson of libs/network reads it. */
  @Column('json') network!: object;
  @Column('integer') busCount!: number;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** At which bus of a feeder a participant is; its organisation sees it beside the feeder's owner. */
@Entity('market_connection')
@Index(['feederId', 'participantId'])
@Index(['holderId'])
export class MarketConnection {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketFeeder) feederId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  /** The participant's organisation. */
  @ForeignKey(() => Organisation) @Column('uuid') holderId!: string;
  @Column('text') bus!: string;
}

/** What became of a cleared trade on the feeder, as one of its two parties may see it. */
@Entity('market_carriage')
@Index(['sessionId'])
export class MarketCarriage {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  /** Among the trades that the mechanism gave in the slot. */
  @PrimaryColumn('integer') place!: number;
  @PrimaryColumn('text') side!: Side;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('text') orderId!: string;
  /** Null where all of it was withdrawn. */
  @Column('uuid', { nullable: true }) tradeId!: string | null;
  @Column('bigint', { transformer: integer }) proposedWh!: number;
  @Column('bigint', { transformer: integer }) admittedWh!: number;
  /** Null where few have set it. */
  @Column('bigint', { transformer: integer, nullable: true }) networkChargeMinor!: number | null;
  /** Its own. */
  @Column('text') bus!: string;
  /** At its own bus, per unit. */
  @Column('double precision') voltage!: number;
  @Column('text', { array: true }) limits!: string[];
}
