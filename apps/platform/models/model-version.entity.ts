import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { TaskCard } from '#federation';
import { FederationTask } from '../federation/federation.entities.ts';
import { Organisation } from '../identity/identity.entities.ts';

/** What a released task gave, and from what: written once, read by whoever may see the task. */
@Entity('model_version')
@Index(['tenantId', 'sequence'])
@Index(['modelHash'])
export class ModelVersionRow {
  /** Order of recording. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  /** Who opened the task. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => FederationTask) @Column('uuid', { unique: true }) taskId!: string;
  @Column('text', { unique: true }) cardHash!: string;
  /** Two tasks of the same cohort over the same readings give the same model: not unique. */
  @Column('text') modelHash!: string;
  /** Hash of the last entry of the task's transcript. */
  @Column('text') transcriptRoot!: string;
  @Column('text') kind!: TaskCard['model']['kind'];
  /** The statistic of a ridge, the architecture of a network. */
  @Column('text') method!: string;
  @Column('text', { array: true }) series!: string[];
  @Column('text') zone!: string;
  @Column('integer') stepMinutes!: number;
  @Column('integer') lookback!: number;
  @Column('integer') horizon!: number;
  @Column('timestamptz') trainStart!: Date;
  @Column('timestamptz') trainEnd!: Date;
  @Column('timestamptz') validationStart!: Date;
  @Column('timestamptz') validationEnd!: Date;
  /** Whose readings are in the last released sum. */
  @Column('uuid', { array: true }) cohort!: string[];
  /** Released sums. */
  @Column('integer') steps!: number;
  @Column('double precision', { nullable: true }) validationLoss!: number | null;
  @Column('double precision', { nullable: true }) validationMae!: number | null;
  /** What the task has cost each organisation; null: exact sums, which nothing bounds. */
  @Column('double precision', { nullable: true }) epsilon!: number | null;
  @Column('double precision', { nullable: true }) delta!: number | null;
  @Column('timestamptz') releasedAt!: Date;
}
