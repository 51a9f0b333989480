import {
  Check,
  Column,
  Entity,
  ForeignKey,
  Index,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
} from 'typeorm';
import type { AgreementEnding, NegotiationMessage, NegotiationState, Party, TransferState } from '#exchange';
import { DataOffer, DataSet } from '../catalogue/catalogue.entities.ts';
import { Organisation } from '../identity/identity.entities.ts';

/** The two organisations a row belongs to; row-level security shows it to them alone. */
abstract class OfTwoParties {
  @ForeignKey(() => Organisation) @Column('uuid') consumerId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') providerId!: string;
}

/** Its publisher agrees to the offer's own terms without being asked each time. */
@Entity('automatic_offers')
export class AutomaticOffer {
  @PrimaryColumn('uuid') @ForeignKey(() => DataOffer) offerId!: string;
  @Index() @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('timestamptz') createdAt!: Date;
}

/** Of an offer; `id` is the provider's pid. Policy, price and validity are those of the latest offer of either side. */
@Entity('negotiations')
@Unique(['consumerId', 'consumerPid'])
@Index(['consumerId', 'createdAt'])
@Index(['providerId', 'createdAt'])
@Index(['state', 'expiresAt'])
@Check('negotiations_parties', 'consumer_id <> provider_id')
export class Negotiation extends OfTwoParties {
  @PrimaryColumn('uuid') id!: string;
  /** The consumer's own name of it; the same name again is the same negotiation. */
  @Column('text') consumerPid!: string;
  @ForeignKey(() => DataOffer) @Column('uuid') offerId!: string;
  @ForeignKey(() => DataSet) @Column('uuid') dataSetId!: string;
  /** SHA-256 of what the first request asked for. */
  @Column('text') requestHash!: string;
  /** Who said the first word. */
  @Column('text') openedBy!: Party;
  @Column('text') state!: NegotiationState;
  /** Offers of either side so far. */
  @Column('integer') rounds!: number;
  @Column('text') offeredBy!: Party;
  /** ODRL. */
  @Column('jsonb') policy!: object;
  @Column('text') policyHash!: string;
  @Column('jsonb', { nullable: true }) price!: object | null;
  @Column('timestamptz') validFrom!: Date;
  /** Exclusive; null: without an end. */
  @Column('timestamptz', { nullable: true }) validUntil!: Date | null;
  @Column('uuid', { nullable: true }) agreementId!: string | null;
  @Column('text', { nullable: true }) reasonCode!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  /** Over from here on, unless it has come to an end before. */
  @Column('timestamptz') expiresAt!: Date;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') changedAt!: Date;
}

/** What was said, in its order; never changed. */
@Entity('negotiation_messages')
@Index(['negotiationId', 'sequence'])
@Index(['consumerId', 'sequence'])
@Index(['providerId', 'sequence'])
export class NegotiationMessageRow extends OfTwoParties {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Negotiation) @Column('uuid') negotiationId!: string;
  @Column('text') type!: NegotiationMessage;
  @Column('text') sender!: Party;
  /** By the platform for the sender: as an automatic offer says, or because time was over. */
  @Column('boolean') automatic!: boolean;
  /** After it. */
  @Column('text') state!: NegotiationState;
  @Column('jsonb', { nullable: true }) policy!: object | null;
  @Column('text', { nullable: true }) policyHash!: string | null;
  /** Of an offer; null also of what is free. */
  @Column('jsonb', { nullable: true }) price!: object | null;
  @Column('timestamptz', { nullable: true }) validFrom!: Date | null;
  @Column('timestamptz', { nullable: true }) validUntil!: Date | null;
  @Column('text', { nullable: true }) reasonCode!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz') createdAt!: Date;
}

/** What both have agreed to. A trigger keeps it as it is; `paidAt` alone is written, once. */
@Entity('data_agreements')
@Index(['consumerId', 'createdAt'])
@Index(['providerId', 'createdAt'])
export class DataAgreement extends OfTwoParties {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Negotiation) @Column('uuid', { unique: true }) negotiationId!: string;
  @Index() @ForeignKey(() => DataOffer) @Column('uuid') offerId!: string;
  @Index() @ForeignKey(() => DataSet) @Column('uuid') dataSetId!: string;
  @Column('jsonb') policy!: object;
  @Column('text') policyHash!: string;
  @Column('jsonb', { nullable: true }) price!: object | null;
  @Column('timestamptz') validFrom!: Date;
  @Column('timestamptz', { nullable: true }) validUntil!: Date | null;
  /** SHA-256 over its canonical JSON, for both to keep. */
  @Column('text') hash!: string;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz', { nullable: true }) paidAt!: Date | null;
}

export type AgreementEventType = 'FINALISED' | AgreementEnding;

/** What became of an agreement after it was made; each at most once. */
@Entity('agreement_events')
@Unique(['agreementId', 'type'])
@Index(['consumerId'])
@Index(['providerId'])
export class AgreementEvent extends OfTwoParties {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => DataAgreement) @Column('uuid') agreementId!: string;
  @Column('text') type!: AgreementEventType;
  @Column('text') sender!: Party;
  @Column('text', { nullable: true }) reasonCode!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  @ForeignKey(() => DataAgreement) @Column('uuid', { nullable: true }) successorId!: string | null;
  @Column('timestamptz') createdAt!: Date;
}

/** A use of the data under an agreement, for policies that count; of one use there may be many reads. */
@Entity('agreement_uses')
@Index(['consumerId'])
@Index(['providerId'])
export class AgreementUse extends OfTwoParties {
  @PrimaryColumn('uuid') @ForeignKey(() => DataAgreement) agreementId!: string;
  @PrimaryColumn('text') action!: string;
  @PrimaryColumn('text') useId!: string;
  @Column('timestamptz') createdAt!: Date;
}

/** A transfer process; `id` is the provider's pid. */
@Entity('transfers')
@Unique(['consumerId', 'consumerPid'])
@Index(['consumerId', 'createdAt'])
@Index(['providerId', 'createdAt'])
export class Transfer extends OfTwoParties {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') consumerPid!: string;
  @Index() @ForeignKey(() => DataAgreement) @Column('uuid') agreementId!: string;
  @Column('text') format!: string;
  @Column('text') requestHash!: string;
  @Column('text') state!: TransferState;
  @Column('text', { nullable: true }) reasonCode!: string | null;
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz') createdAt!: Date;
  @Column('timestamptz') changedAt!: Date;
}
