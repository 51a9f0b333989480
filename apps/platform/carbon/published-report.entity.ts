import { Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import { Organisation, Participant } from '../identity/identity.entities.ts';

/** A whole report that a member chose to show the community; versions are never changed. */
@Entity('published_report')
@Unique('published_report_version_key', ['participantId', 'startsAt', 'endsAt', 'version'])
@Index(['tenantId', 'startsAt'])
@Index(['startsAt'])
export class PublishedReportRow {
  /** Order of publication. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('integer') version!: number;
  /** Hash of the version before; null in the first. */
  @Column('text', { nullable: true }) restates!: string | null;
  /** Of the report. */
  @Column('text') hash!: string;
  /** SHA-256 of its bytes: the name under which they can be fetched. */
  @Column('text') blob!: string;
  @Column('text') methodVersion!: string;
  @Column('timestamptz') publishedAt!: Date;
}
