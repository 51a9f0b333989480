import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Role } from '../pipeline/principal.ts';

/** A tenant: an energy firm, a community, or the operator of the platform. */
@Entity('organisation')
export class Organisation {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') name!: string;
  /** The identifier of its legal register or its EIC; no two organisations share one. */
  @Column('text', { unique: true }) legalId!: string;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** A person or a service that acts for an organisation. */
@Entity('member')
@Unique(['tenantId', 'name'])
export class Member {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') name!: string;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** A member's credential: `gck_<prefix>_<secret>`, of which the secret is kept as its SHA-256 only. */
@Entity('api_key')
@Index(['tenantId', 'createdAt'])
export class ApiKey {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Member) @Column('uuid') memberId!: string;
  @Column('text', { unique: true }) prefix!: string;
  @Column('text') secretHash!: string;
  @Column('text', { array: true }) roles!: Role[];
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
}

/** A process at a firm, known by the public halves of the keys it made itself (hex). */
@Entity('participant')
@Index(['tenantId', 'createdAt'])
export class Participant {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  /** Ed25519. */
  @Column('text', { unique: true }) signingKey!: string;
  /** X25519. */
  @Column('text', { unique: true }) agreementKey!: string;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** The right to enrol one participant; the token itself is kept as its SHA-256 only. */
@Entity('enrolment_token')
@Index(['tenantId', 'createdAt'])
export class EnrolmentToken {
  @PrimaryColumn('text') tokenHash!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  /** Who made it: the organisation itself, or the operator for its first participant. */
  @ForeignKey(() => Organisation) @Column('uuid') issuerId!: string;
  @Column('timestamptz') expiresAt!: Date;
  /** Who used it. */
  @ForeignKey(() => Participant) @Column('uuid', { nullable: true }) participantId!: string | null;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** Whom an identity provider's subject acts as here; each subject is linked once, until it is unlinked. */
@Entity('member_identity')
@Index(['tenantId', 'createdAt'])
@Index('member_identity_linked_key', ['issuer', 'subject'], { unique: true, where: 'unlinked_at IS NULL' })
export class MemberIdentity {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Member) @Column('uuid') memberId!: string;
  @Column('text') issuer!: string;
  @Column('text') subject!: string;
  @Column('text', { array: true }) roles!: Role[];
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) unlinkedAt!: Date | null;
}
