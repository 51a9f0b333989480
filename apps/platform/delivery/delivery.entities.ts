import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { GrantStatement, Manifest } from '#delivery';
import { DataAgreement } from '../agreements/agreements.entities.ts';
import { DataSet, DataSetVersion } from '../catalogue/catalogue.entities.ts';
import { Organisation, Participant } from '../identity/identity.entities.ts';

/** A public key that deliveries to an organisation are re-encrypted to, in its participant's words. */
@Entity('receiving_keys')
@Unique(['tenantId', 'publicKey'])
@Index(['tenantId', 'createdAt'])
export class ReceivingKey {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  /** Umbral, compressed point, hex. */
  @Column('text') publicKey!: string;
  /** By the participant's signing key. */
  @Column('text') signature!: string;
  @Column('timestamptz') createdAt!: Date;
}

/** How a version is encrypted; written once. The chunks are private blobs of its owner. */
@Entity('encrypted_versions')
@Index(['tenantId', 'dataSetId'])
export class EncryptedVersion {
  @PrimaryColumn('uuid') @ForeignKey(() => DataSetVersion) versionId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => DataSet) @Column('uuid') dataSetId!: string;
  /** Who signed. */
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('jsonb') manifest!: Manifest;
  @Column('text') signature!: string;
  /** SHA-256 of the blob that holds the hashes of all chunks. */
  @Column('text') chunkList!: string;
  @Column('timestamptz') createdAt!: Date;
}

/** A key fragment for one version under one agreement; deleted as the agreement ends. */
@Entity('delivery_grants')
@Unique(['agreementId', 'versionId'])
@Index(['consumerId', 'createdAt'])
@Index(['providerId', 'createdAt'])
export class DeliveryGrant {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => DataAgreement) @Column('uuid') agreementId!: string;
  @ForeignKey(() => EncryptedVersion) @Column('uuid') versionId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') consumerId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') providerId!: string;
  /** Who signed. */
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  /** Of the data set, for its policy: the data set may be retired meanwhile. */
  @Column('text', { nullable: true }) resolution!: string | null;
  @Column('text') receivingKey!: string;
  /** Umbral key fragment, hex; it never leaves the platform. */
  @Column('text') fragment!: string;
  @Column('jsonb') statement!: GrantStatement;
  @Column('text') signature!: string;
  /** Exclusive, as in the agreement; null without an end. */
  @Index() @Column('timestamptz', { nullable: true }) validUntil!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}
