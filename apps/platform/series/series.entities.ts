import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { ReadingFinding } from '#metering';
import { DataSet } from '../catalogue/catalogue.entities.ts';
import { Organisation } from '../identity/identity.entities.ts';

/** A series its owner hosts in the clear; written once. Its readings are in series_readings, reached by SQL alone. */
@Entity('hosted_series')
@Unique(['tenantId', 'key'])
@Index(['tenantId', 'createdAt'])
@Index(['dataSetId'])
export class HostedSeries {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  /** Under whose agreements others read it; null: nobody else does. */
  @ForeignKey(() => DataSet) @Column('uuid', { nullable: true }) dataSetId!: string | null;
  /** By which its owner knows it. */
  @Column('text') key!: string;
  @Column('text') unit!: string;
  /** IANA zone of its local days, and of times without an offset. */
  @Column('text') zone!: string;
  /** ISO 8601 duration of an interval. */
  @Column('text') resolution!: string;
  /** When its owner said that the operator may read it. */
  @Column('timestamptz') declaredOpenAt!: Date;
  @Column('timestamptz') createdAt!: Date;
}

/** One batch of readings that was taken: readings of its instant came with it. */
@Entity('series_ingests')
@Unique(['seriesId', 'recordedAt'])
@Index(['tenantId', 'seriesId'])
@Check('series_ingests_source_check', "source IN ('MUTATION', 'CSV')")
export class SeriesIngest {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => HostedSeries) @Column('uuid') seriesId!: string;
  @Column('text') source!: 'MUTATION' | 'CSV';
  /** Of the file, in hexadecimal. */
  @Column('text', { nullable: true }) sha256!: string | null;
  @Column('integer') accepted!: number;
  @Column('integer') corrected!: number;
  @Column('integer') unchanged!: number;
  @Column('integer') rejected!: number;
  @Column('jsonb') findings!: readonly ReadingFinding[];
  @Column('timestamptz') recordedAt!: Date;
}
