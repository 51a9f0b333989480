import {
  Column,
  Entity,
  ForeignKey,
  Index,
  PrimaryGeneratedColumn,
  Unique,
  type ValueTransformer,
} from 'typeorm';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { ForecastProductRow } from '../models/product.entities.ts';
import type { ForecastSeries } from './forecast-series.ts';

/** Integers come as text from bigint columns; FORECAST_ENERGY and FORECAST_VALUE keep them exact as numbers. */
const integers: ValueTransformer = { from: Number, to: (value: number) => value };

/** One version of one forecast of one hour: written once, read by the community. */
@Entity('forecast')
@Unique(['participantId', 'series', 'intervalStart', 'version'])
@Index(['tenantId', 'intervalStart'])
@Index(['intervalStart'])
@Index(['series', 'intervalStart'])
@Index(['issuedAt'])
@Index(['productId', 'sequence'])
export class ForecastRow {
  /** Order of publication; increases in the order of commits (see ForecastsService.publish). */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('text') series!: ForecastSeries;
  @Column('timestamptz') intervalStart!: Date;
  @Column('integer') version!: number;
  /** Quantiles in the integers of `seriesUnit`. */
  @Column('bigint', { transformer: integers }) p10!: number;
  @Column('bigint', { transformer: integers }) p50!: number;
  @Column('bigint', { transformer: integers }) p90!: number;
  @Column('timestamptz') issuedAt!: Date;
  /** Business time of arrival: a forecast with an early issue time that arrived late shows it. */
  @Column('timestamptz') publishedAt!: Date;
  @Column('text') modelHash!: string;
  @Column('text', { nullable: true }) taskCardHash!: string | null;
  /** What its publisher says it is one of. */
  @ForeignKey(() => ForecastProductRow) @Column('uuid', { nullable: true }) productId!: string | null;
  /** Gates that had closed for its interval when it arrived: at those it never counts. */
  @Column('text', { array: true }) lateFor!: string[];
}
