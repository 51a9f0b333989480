import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { integer, MarketSession } from './market.entities.ts';

export const SHARING_METHODS = ['SHAPLEY', 'NASH'] as const;
export type SharingMethod = (typeof SHARING_METHODS)[number];

/** That a settled session's surplus was shared by a method, for every member to read. */
@Entity('market_sharing')
@Index(['sessionId'])
export class MarketSharing {
  /** The organiser. */
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('text') method!: SharingMethod;
  @PrimaryColumn('integer') settlementVersion!: number;
  @Column('bigint', { transformer: integer }) surplusMinor!: number;
  /** Code of why there are no shares. */
  @Column('text', { nullable: true }) refusal!: string | null;
}

/** One participant's share; its organisation and the session's organiser see it. */
@Entity('market_share')
@Index(['sessionId', 'method'])
export class MarketShare {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('text') method!: SharingMethod;
  @PrimaryColumn('integer') settlementVersion!: number;
  @ForeignKey(() => Organisation) @Column('uuid') organiserId!: string;
  @Column('bigint', { transformer: integer }) savedMinor!: number;
  @Column('bigint', { transformer: integer }) shareMinor!: number;
  @Column('double precision') standardErrorMinor!: number;
}
