import { Field, ID, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

@ObjectType('AuditChain', { description: 'Decisions about data under one agreement, linked by hashes.' })
export class AuditChainType {
  @Field(() => ID, {
    description:
      "The agreement's id; the own organisation's for what it asked for without being a party of the agreement.",
  })
  id!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) providerId!: string;
  @Field(() => SafeIntScalar, { description: 'Of the last decision; −1: none yet.' }) index!: number;
  @Field(() => InstantScalar) createdAt!: Date;
}

@ObjectType('AuditEntry', { description: 'One decision about data, and nothing of the data.' })
export class AuditEntryType {
  @Field(() => ID) chain!: string;
  @Field(() => SafeIntScalar) index!: number;
  @Field(() => String, { description: 'Random, covered by the hash.' }) salt!: string;
  @Field(() => String) previousHash!: string;
  @Field(() => String, { description: 'SHA-256 over the canonical JSON of everything else in the entry.' })
  hash!: string;
  @Field(() => ID, { description: 'Who asked.' }) organisationId!: string;
  @Field(() => String, { description: 'member (API key) or participant (signed request)' })
  actorKind!: string;
  @Field(() => ID) actorId!: string;
  @Field(() => ID, {
    nullable: true,
    description: 'As it was named, whether or not there is such an agreement.',
  })
  agreementId!: string | null;
  @Field(() => String) operation!: string;
  @Field(() => SafeIntScalar, { description: 'Handed out.' }) rows!: number;
  @Field(() => SafeIntScalar, { description: 'Handed out.' }) bytes!: number;
  @Field(() => String, { description: 'PERMIT or DENY' }) decision!: string;
  @Field(() => String, { nullable: true, description: 'Of the refusal.' }) code!: string | null;
  @Field(() => InstantScalar) at!: Date;
  @Field(() => SafeIntScalar, {
    description:
      'Of a refusal: how often it was made again within an hour, or another one in an hour of 100. Counted beside the chain.',
  })
  repeats!: number;
}

@ObjectType('AuditHead', {
  description: 'Where a chain ends, signed by the platform: keep it to notice a cut.',
})
export class AuditHeadType {
  @Field(() => ID) chain!: string;
  @Field(() => SafeIntScalar, { description: '−1: no decision yet.' }) index!: number;
  @Field(() => String) hash!: string;
  @Field(() => InstantScalar) at!: number;
  @Field(() => String, { description: 'Ed25519 public key, hex' }) platformKey!: string;
  @Field(() => String, {
    description:
      "Ed25519 over the canonical JSON {at, chain, form, hash, index, platformKey} in context 'gridcommons/audit-head/1', which is the form too.",
  })
  signature!: string;
}

export const AuditChainConnection = connectionType(AuditChainType, 'AuditChain');
export const AuditEntryConnection = connectionType(AuditEntryType, 'AuditEntry');
