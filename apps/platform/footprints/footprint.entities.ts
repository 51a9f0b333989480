import { Check, Column, Entity, ForeignKey, Index, PrimaryGeneratedColumn } from 'typeorm';
import type { ProductFootprint } from '#carbon';
import { Organisation, Participant } from '../identity/identity.entities.ts';

/** A product footprint as its owner published it; nothing of it changes but whether another supersedes it. */
@Entity('footprint')
@Index(['tenantId', 'sequence'])
export class FootprintRow {
  /** Order of publication. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @Column('uuid', { unique: true }) id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('jsonb') document!: ProductFootprint;
  /** What requests filter by, in lower case. */
  @Column('text', { array: true }) productIds!: string[];
  @Column('text', { array: true }) companyIds!: string[];
  @Column('text', { array: true }) classifications!: string[];
  /** A subdivision with its country. */
  @Column('text', { array: true }) geographies!: string[];
  @Column('timestamptz') validFrom!: Date;
  @Column('timestamptz') validTo!: Date;
  @Column('timestamptz', { nullable: true }) deprecatedAt!: Date | null;
  @Column('timestamptz') publishedAt!: Date;
}

/** That an organisation may read a footprint, until it is revoked. */
@Entity('footprint_grant')
@Check('footprint_grant_other', 'grantee_id <> tenant_id')
@Index(['tenantId', 'footprintId', 'sequence'])
@Index(['granteeId'])
@Index('footprint_grant_in_force_key', ['footprintId', 'granteeId'], { unique: true, where: 'revoked_at IS NULL' }) // prettier-ignore
export class FootprintGrantRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => FootprintRow, 'id') @Column('uuid') footprintId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') granteeId!: string;
  @Column('timestamptz') grantedAt!: Date;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
}
