import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { CertificateKind, CertificateState } from '#certificates';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

export const CertificateKindEnum = { PRODUCTION: 'production', CONSUMPTION: 'consumption' } as const;
registerEnumType(CertificateKindEnum, { name: 'CertificateKind' });

export const CertificateStateEnum = {
  LIVE: 'live',
  CLAIMED: 'claimed',
  STORED: 'stored',
  EXPIRED: 'expired',
  WITHDRAWN: 'withdrawn',
} as const;
registerEnumType(CertificateStateEnum, { name: 'CertificateState' });

@ObjectType('Certificate', {
  description: 'Consecutive Wh of one meter and slot in one hand, numbered within their issue.',
})
export class CertificateType {
  @Field(() => ID) id!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => ID) issueId!: string;
  @Field(() => SafeIntScalar) firstNumber!: number;
  @Field(() => SafeIntScalar) lastNumber!: number;
  @Field(() => SafeIntScalar, { description: 'lastNumber − firstNumber + 1.' }) quantityWh!: number;
  @Field(() => CertificateStateEnum) state!: CertificateState;
  @Field(() => CertificateKindEnum) kind!: CertificateKind;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => InstantScalar) endsAt!: Date;
  @Field(() => String) area!: string;
  @Field(() => String, { nullable: true }) technology!: string | null;
  @Field(() => Boolean, {
    description: 'Came with energy bought locally: it may be claimed, and not passed on.',
  })
  bound!: boolean;
  @Field(() => InstantScalar) expiresAt!: Date;
  @Field(() => String, { description: 'Hash of the event that left it as it is.' }) eventHash!: string;
}
export const CertificateConnection = connectionType(CertificateType, 'Certificate');

@ObjectType('CertificateTransfer', { description: 'Shown to both sides.' })
export class CertificateTransferType {
  @Field(() => ID) certificateId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => ID) toParticipantId!: string;
  @Field(() => ID, { nullable: true, description: 'Whose trade it followed; null: passed on by its holder.' })
  sessionId!: string | null;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => String) eventHash!: string;
  @Field(() => InstantScalar) transferredAt!: Date;
}
export const CertificateTransferConnection = connectionType(CertificateTransferType, 'CertificateTransfer');

@ObjectType('CertificateClaim', {
  description: 'Production cancelled for equal consumption of the same slot.',
})
export class CertificateClaimType {
  @Field(() => ID) participantId!: string;
  @Field(() => ID) productionId!: string;
  @Field(() => ID) consumptionId!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => SafeIntScalar) quantityWh!: number;
  @Field(() => String) eventHash!: string;
  @Field(() => InstantScalar) claimedAt!: Date;
}
export const CertificateClaimConnection = connectionType(CertificateClaimType, 'CertificateClaim');

@ObjectType('CertificateShortfall', {
  description: 'Where certificates say more than a corrected meter, and it could not be withdrawn.',
})
export class CertificateShortfallType {
  @Field(() => ID) participantId!: string;
  @Field(() => ID) sessionId!: string;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => CertificateKindEnum) kind!: CertificateKind;
  @Field(() => SafeIntScalar) quantityWh!: number;
}
export const CertificateShortfallConnection = connectionType(
  CertificateShortfallType,
  'CertificateShortfall',
);

@ArgsType()
export class CertificateArgs extends PageArgs {
  @Field(() => CertificateStateEnum, { nullable: true }) state?: CertificateState | null;
  @Field(() => CertificateKindEnum, { nullable: true }) kind?: CertificateKind | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Of slots that begin then or later.' })
  from?: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Of slots that begin before.' })
  to?: number | null;
}

@InputType()
export class IssueCertificateInput {
  @Field(() => ID, { description: 'Settled; its statement says what was exported.' }) sessionId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => InstantScalar, { description: 'Start of a slot of the session.' }) startsAt!: number;
  @Field(() => SafeIntScalar, { description: 'Whoever gets a part of it reads this number in its lineage.' })
  quantityWh!: number;
}

@InputType()
export class TransferCertificateInput {
  @Field(() => ID) certificateId!: string;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Absent: all of it.' }) quantityWh?:
    number | null;
  @Field(() => ID) toParticipantId!: string;
}

@InputType()
export class ClaimCertificateInput {
  @Field(() => ID) certificateId!: string;
  @Field(() => SafeIntScalar, { nullable: true, description: 'Absent: all of it.' }) quantityWh?:
    number | null;
}
