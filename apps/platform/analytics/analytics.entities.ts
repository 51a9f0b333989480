import { Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { Sector, SharedLabel } from '#analytics';
import { Organisation, Participant } from '../identity/identity.entities.ts';

/** What an organisation states as its sector; seen by itself only. */
@Entity('organisation_sector')
export class OrganisationSector {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  /** Null: not stated any more. */
  @Column('text', { nullable: true }) sector!: Sector | null;
  @Column('timestamptz') statedAt!: Date;
}

/** Labels of a portrait that a member made itself and chose to share, signed; versions are never changed. */
@Entity('shared_portrait')
@Unique('shared_portrait_version_key', ['participantId', 'version'])
@Index(['tenantId', 'sequence'])
export class SharedPortraitRow {
  /** Order of publication. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('integer') version!: number;
  @Column('text') method!: string;
  @Column('jsonb') labels!: readonly SharedLabel[];
  @Column('text') signature!: string;
  @Column('timestamptz') publishedAt!: Date;
}
