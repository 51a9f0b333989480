import { Column, Entity, ForeignKey, Index, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { CertificateKind, CertificateState } from '#certificates';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { integer, MarketSession } from '../market/market.entities.ts';

/** What all Wh of one participant's meter and slot, made at once, have in common. */
@Entity('certificate_issue')
@Index(['tenantId', 'startsAt'])
@Index(['participantId', 'startsAt'])
@Index(['sessionId'])
@Index('certificate_issue_first', ['meter', 'kind', 'startsAt'], {
  unique: true,
  where: 'supplements IS NULL',
})
@Index('certificate_issue_next', ['supplements'], { unique: true, where: 'supplements IS NOT NULL' })
export class CertificateIssue {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  /** Whose settled statement it rests on. */
  @ForeignKey(() => MarketSession) @Column('uuid') sessionId!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('text') kind!: CertificateKind;
  @Column('text') meter!: string;
  @Column('text') area!: string;
  @Column('text', { nullable: true }) technology!: string | null;
  @Column('bigint', { transformer: integer }) quantityWh!: number;
  /** Buyer that a settlement issued it for; null: the meter's owner had it issued. */
  @ForeignKey(() => Participant) @Column('uuid', { nullable: true }) tradedTo!: string | null;
  /** Event of the issue of this meter and slot before. */
  @Column('text', { nullable: true }) supplements!: string | null;
  @Column('text', { unique: true }) eventHash!: string;
  @Column('timestamptz') expiresAt!: Date;
}

/** Consecutive Wh of an issue. Once split or passed on a row stands no more: others stand for its Wh. */
@Entity('certificate')
@Index(['tenantId', 'startsAt', 'id'])
@Index(['participantId', 'startsAt'])
@Index(['issueId'])
@Index('certificate_standing_key', ['issueId', 'firstNumber'], { unique: true, where: 'standing' })
export class CertificateRow {
  @PrimaryColumn('uuid') id!: string;
  /** Who holds it. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @ForeignKey(() => CertificateIssue) @Column('uuid') issueId!: string;
  @Column('bigint', { transformer: integer }) firstNumber!: number;
  @Column('bigint', { transformer: integer }) lastNumber!: number;
  @Column('text') state!: CertificateState;
  @Column('boolean') standing!: boolean;
  /** That left it as it is. */
  @Column('text') eventHash!: string;
  @Column('text') kind!: CertificateKind;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('text') area!: string;
  @Column('text', { nullable: true }) technology!: string | null;
  /** Came with energy bought locally: its holder may claim it, and not pass it on. */
  @Column('boolean') bound!: boolean;
  @Column('timestamptz') expiresAt!: Date;
}

@Entity('certificate_event')
export class CertificateEventRow {
  /** In the order in which they happened. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @Column('text', { unique: true }) hash!: string;
  /** A statement of libs/certificates: JSON. */
  @Column('json') statement!: object;
  @Column('text', { array: true }) parents!: string[];
  @Column('timestamptz') at!: Date;
}

/** Who may read an event: who holds, or held, a certificate that it is in the history of. */
@Entity('certificate_event_holder')
export class CertificateEventHolder {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('text') eventHash!: string;
}

/** Seen by both sides. */
@Entity('certificate_transfer')
@Index(['tenantId', 'sequence'])
@Index(['toTenantId', 'sequence'])
export class CertificateTransfer {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') toTenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') toParticipantId!: string;
  /** As its new holder has it. */
  @ForeignKey(() => CertificateRow) @Column('uuid', { unique: true }) certificateId!: string;
  /** Whose trade it followed; null: its holder passed it on. */
  @ForeignKey(() => MarketSession) @Column('uuid', { nullable: true }) sessionId!: string | null;
  @Column('timestamptz') startsAt!: Date;
  @Column('bigint', { transformer: integer }) quantityWh!: number;
  @Column('text', { unique: true }) eventHash!: string;
  @Column('timestamptz') transferredAt!: Date;
}

@Entity('certificate_claim')
@Index(['tenantId', 'sequence'])
@Index(['participantId', 'startsAt'])
@Unique(['productionId'])
@Unique(['consumptionId'])
export class CertificateClaim {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @ForeignKey(() => CertificateRow) @Column('uuid') productionId!: string;
  @ForeignKey(() => CertificateRow) @Column('uuid') consumptionId!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('bigint', { transformer: integer }) quantityWh!: number;
  @Column('boolean') bound!: boolean;
  @Column('text', { unique: true }) eventHash!: string;
  @Column('timestamptz') claimedAt!: Date;
}

/** More issued (production) or claimed (consumption) than a corrected meter says: what could not be withdrawn. */
@Entity('certificate_shortfall')
@Index(['sessionId'])
export class CertificateShortfall {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  @PrimaryColumn('text') kind!: CertificateKind;
  @Column('bigint', { transformer: integer }) quantityWh!: number;
}
