import {
  Check,
  Column,
  Entity,
  ForeignKey,
  Index,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type ValueTransformer,
} from 'typeorm';
import { Organisation } from '../identity/identity.entities.ts';
import type { DataCarrier, DataColumn, DataFinding, DataKind, DataSetStatus } from './data-set.ts';

/** bigint columns come as text; the number of bytes of a version is a safe integer. */
const integer: ValueTransformer = { from: Number, to: (value: number) => value };

/** What an organisation describes of data it may share. Fixed once listed, but for its retirement. */
@Entity('data_sets')
@Unique(['tenantId', 'key'])
@Index(['tenantId', 'createdAt'])
@Index(['status', 'listedAt'])
@Index('data_sets_search_idx', { synchronize: false })
@Check('data_sets_status_check', "status IN ('draft', 'listed', 'retired')")
@Check('data_sets_listed_check', "(status = 'draft') = (listed_at IS NULL)")
@Check('data_sets_retired_check', "(status = 'retired') = (retired_at IS NOT NULL)")
export class DataSet {
  @PrimaryColumn('uuid') id!: string;
  /** The publisher. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  /** By which its publisher knows it. */
  @Column('text') key!: string;
  @Column('text') title!: string;
  @Column('text') description!: string;
  @Column('text', { array: true }) keywords!: string[];
  @Column('text') carrier!: DataCarrier;
  @Column('text') kind!: DataKind;
  @Column('text') licence!: string;
  /** ISO 8601 duration of a step; null where there are no steps. */
  @Column('text', { nullable: true }) resolution!: string | null;
  /** IANA zone of its local days. */
  @Column('text') zone!: string;
  /** Area or metering point by its EIC, or in words. */
  @Column('text', { nullable: true }) eic!: string | null;
  @Column('text', { nullable: true }) area!: string | null;
  @Column('text') status!: DataSetStatus;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) listedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) retiredAt!: Date | null;
  /** Kept by the database. */
  @Column({ type: 'tsvector', select: false, insert: false, update: false }) search!: string;
}

/** One state of the data, in encrypted chunks under one root; written once. */
@Entity('data_set_versions')
@Unique(['tenantId', 'dataSetId', 'number'])
@Index(['dataSetId', 'number'])
@Check('data_set_versions_first_check', '(number = 1) = (previous_version_id IS NULL)')
export class DataSetVersion {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => DataSet) @Column('uuid') dataSetId!: string;
  /** From 1 on. */
  @Column('integer') number!: number;
  @ForeignKey(() => DataSetVersion) @Column('uuid', { nullable: true }) previousVersionId!: string | null;
  /** SHA-256 over the chunks, hex. */
  @Column('text') contentRoot!: string;
  @Column('integer') chunks!: number;
  @Column('bigint', { transformer: integer }) bytes!: number;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('jsonb') columns!: readonly DataColumn[];
  @Column('jsonb') findings!: readonly DataFinding[];
  /** Rows in the clear that the publisher chose to show, in the order of the columns. */
  @Column('jsonb') sample!: readonly (readonly (string | null)[])[];
  @Column('timestamptz') createdAt!: Date;
}

/** On which terms a data set may be used; written once, but for its withdrawal. */
@Entity('data_offers')
@Index(['tenantId', 'dataSetId'])
@Index(['dataSetId', 'createdAt'])
@Check('data_offers_validity_check', 'valid_until > valid_from')
@Check('data_offers_status_check', "status IN ('LISTED', 'UNLISTED', 'WITHDRAWN')")
export class DataOffer {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => DataSet) @Column('uuid') dataSetId!: string;
  /** ODRL in JSON. */
  @Column('jsonb') policy!: object;
  @Column('text') policyHash!: string;
  /** A price model in JSON; null of what is free. */
  @Column('jsonb', { nullable: true }) price!: object | null;
  @Column('timestamptz') validFrom!: Date;
  @Column('timestamptz', { nullable: true }) validUntil!: Date | null;
  /** UNLISTED: seen by its publisher, who offers it to whom it likes. */
  @Column('text') status!: DataOfferStatus;
  @Column('timestamptz') createdAt!: Date;
}

export type DataOfferStatus = 'LISTED' | 'UNLISTED' | 'WITHDRAWN';
export type CatalogueChangeType = 'LISTED' | 'VERSION_ADDED' | 'OFFER_ADDED' | 'OFFER_WITHDRAWN' | 'RETIRED';

/** What happened to a listed data set, in the order of commits; never changed, and forgotten in time. */
@Entity('catalogue_changes')
@Index(['tenantId', 'sequence'])
@Index(['createdAt'])
export class CatalogueChange {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  /** The publisher. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => DataSet) @Column('uuid') dataSetId!: string;
  @Column('text') type!: CatalogueChangeType;
  /** Of the data set, to be filtered by when it is seen no more. */
  @Column('text') carrier!: DataCarrier;
  @Column('text') kind!: DataKind;
  @ForeignKey(() => DataSetVersion) @Column('uuid', { nullable: true }) versionId!: string | null;
  @ForeignKey(() => DataOffer) @Column('uuid', { nullable: true }) offerId!: string | null;
  @Column('timestamptz') createdAt!: Date;
}
