import { Column, Entity, ForeignKey, Index, PrimaryColumn, type ValueTransformer } from 'typeorm';
import type { Charge } from '#market';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { MarketSession } from './market.entities.ts';

/** A participant's commitment in a session that draws lots, and its nonce once revealed; others read it after clearing. */
@Entity('market_lot')
@Index(['sessionId', 'participantId'])
export class MarketLot {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @Column('text') commitment!: string;
  @Column('text') signature!: string;
  @Column('timestamptz') committedAt!: Date;
  @Column('text', { nullable: true }) nonce!: string | null;
}

/** The market's own nonce, behind its session's commitment; nobody reads it before clearing, its organiser neither. */
@Entity('market_own_lot')
@Index(['sessionId'])
export class MarketOwnLot {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @Column('text') nonce!: string;
}

const exact: ValueTransformer = {
  from: (text: string) => BigInt(text),
  to: (value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
};

/** What a participant owes for one slot beside its trades, in millionths of a minor unit; its own to read. */
@Entity('market_charge')
@Index(['sessionId', 'startsAt'])
export class MarketCharge {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  @PrimaryColumn('text') kind!: Charge['kind'];
  @Column('numeric', { transformer: exact }) amountExact!: bigint;
}
