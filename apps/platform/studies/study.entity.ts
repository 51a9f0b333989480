import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { Organisation } from '../identity/identity.entities.ts';
import type { StudyState } from './study-request.ts';

/** One computation that an organisation asked for. What it was given and what came of it are read on demand only. */
@Entity('market_study')
@Unique(['tenantId', 'idempotencyKey'])
@Index(['tenantId', 'createdAt'])
@Index(['state'])
@Index(['expiresAt'])
export class MarketStudyRow {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') verb!: string;
  @Column('text', { nullable: true }) method!: string | null;
  @Column('json', { select: false }) input!: unknown;
  @Column('json', { select: false }) options!: unknown;
  @Column('integer') timeLimitMs!: number;
  @Column('text') idempotencyKey!: string;
  /** Of all that was asked. */
  @Column('text') requestHash!: string;
  @Column('text') state!: StudyState;
  /** Rises with every change that is told. */
  @Column('integer') revision!: number;
  @Column('double precision', { nullable: true }) progress!: number | null;
  @Column('text', { nullable: true }) progressText!: string | null;
  @Column('json', { nullable: true, select: false }) result!: unknown;
  @Column('text', { nullable: true }) errorCode!: string | null;
  @Column('text', { nullable: true }) errorMessage!: string | null;
  @Column('json', { nullable: true }) errorData!: unknown;
  @Column('double precision', { nullable: true }) solverMs!: number | null;
  /** How often it was begun. */
  @Column('integer') attempts!: number;
  /** Whose it is while it runs, and until when without another word. */
  @Column('uuid', { nullable: true }) leaseId!: string | null;
  @Column('timestamptz', { nullable: true }) leaseUntil!: Date | null;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
  @Column('timestamptz', { nullable: true }) startedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) finishedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) expiresAt!: Date | null;
}
