import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organisation } from '../identity/identity.entities.ts';
import { MarketSession } from './market.entities.ts';

/** RUNNING goes on after a restart; the others are final, and a FAILED one may be followed by another run. */
export const RUN_STATES = ['RUNNING', 'DONE', 'FAILED', 'CANCELLED'] as const;
export type RunState = (typeof RUN_STATES)[number];

/** One attempt to clear a session; the community reads how far it is. */
@Entity('market_run')
@Index(['sessionId'])
export class MarketRun {
  /** Who runs the session. */
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  /** From 1 on. */
  @PrimaryColumn('integer') attempt!: number;
  @Column('text') state!: RunState;
  /** Cleared and stored, by this run or those before it. */
  @Column('integer') slotsDone!: number;
  @Column('integer') slotsTotal!: number;
  /** Code of why it failed. */
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz') startedAt!: Date;
  @Column('timestamptz', { nullable: true }) finishedAt!: Date | null;
}
