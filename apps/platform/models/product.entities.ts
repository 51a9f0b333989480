import {
  Column,
  CreateDateColumn,
  Entity,
  ForeignKey,
  Index,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
} from 'typeorm';
import type { DriftTerms, PromotionTerms } from '#forecasting';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import type { DecisionKind } from './standing.ts';

/** What is forecast and by which rules; never changed. Its models are what its decisions say. */
@Entity('forecast_product')
@Unique(['tenantId', 'name'])
@Index(['tenantId', 'createdAt'])
export class ForecastProductRow {
  @PrimaryColumn('uuid') id!: string;
  /** Who runs it. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') name!: string;
  @Column('text') series!: string;
  @Column('text') zone!: string;
  @Column('integer') stepMinutes!: number;
  @Column('integer') horizon!: number;
  @Column('jsonb') promotion!: PromotionTerms;
  @Column('jsonb') drift!: DriftTerms;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** One decision about a product's models, with what it rests on; only ever inserted. */
@Entity('model_decision')
@Index(['tenantId', 'sequence'])
@Index(['productId', 'sequence'])
export class ModelDecisionRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => ForecastProductRow) @Column('uuid') productId!: string;
  @Column('text') kind!: DecisionKind;
  /** The task of the model it is about; of a re-training the task it opened. */
  @Column('uuid', { nullable: true }) modelTaskId!: string | null;
  @Column('text', { nullable: true }) modelHash!: string | null;
  /** The task of the champion it was compared with, or that it followed. */
  @Column('uuid', { nullable: true }) otherTaskId!: string | null;
  /** The newest day it rests on, local. */
  @Column('date', { nullable: true }) day!: string | null;
  @Column('jsonb') statistics!: object;
  /** Business time. */
  @Column('timestamptz') decidedAt!: Date;
}

/** What a participant reported of one model on one day; its own only, the community sees figures over organisations. */
@Entity('model_score')
@Index(['productId', 'day'])
export class ModelScoreRow {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => ForecastProductRow) productId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('date') day!: string;
  @PrimaryColumn('text') modelHash!: string;
  @Column('double precision') mase!: number;
  @Column('double precision') coverage!: number;
  /** Null where the node says none. */
  @Column('double precision', { nullable: true }) pinball!: number | null;
  /** Business time at which the day's figures are made. */
  @Column('timestamptz') closesAt!: Date;
  @Column('timestamptz') receivedAt!: Date;
}

/** The figures of one model on one day, over organisations; made once. */
@Entity('model_day_score')
@Index(['productId', 'modelHash', 'day'])
@Index(['modelHash', 'day'])
export class ModelDayScoreRow {
  @PrimaryColumn('uuid') @ForeignKey(() => ForecastProductRow) productId!: string;
  @PrimaryColumn('date') day!: string;
  @PrimaryColumn('text') modelHash!: string;
  @Column('integer') organisations!: number;
  /** Null where too few organisations would be in it. */
  @Column('double precision', { nullable: true }) mase!: number | null;
  /** Without the highest and lowest quarter: what drift is seen in. Null also of days before there was one. */
  @Column('double precision', { nullable: true }) typicalMase!: number | null;
  @Column('double precision', { nullable: true }) coverage!: number | null;
  @Column('double precision', { nullable: true }) pinball!: number | null;
  @Column('text', { nullable: true }) againstHash!: string | null;
  @Column('double precision', { nullable: true }) lossDifference!: number | null;
  /** Organisations of the figure; never told. */
  @Column('uuid', { array: true }) panel!: readonly string[];
  @Column('timestamptz') closedAt!: Date;
}
