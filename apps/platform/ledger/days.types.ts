import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { LedgerEntryType } from './ledger.types.ts';

@ObjectType('LedgerDay', {
  description:
    'Signed record of the entries of a finished UTC day; days without an entry have none. The order of the chain rules: an entry that comes after its day was closed counts to the next.',
})
export class LedgerDayType {
  @Field(() => String, { description: 'UTC, YYYY-MM-DD' }) day!: string;
  @Field(() => SafeIntScalar) firstIndex!: number;
  @Field(() => SafeIntScalar) lastIndex!: number;
  @Field(() => SafeIntScalar) entries!: number;
  @Field(() => String, {
    description: 'Merkle root over the entries’ hashes in their order (RFC 6962), hex.',
  })
  root!: string;
  @Field(() => String, { description: 'Hash of the last entry.' }) head!: string;
  @Field(() => String, { description: 'Hash of the record before; 64 zeros in the first.' })
  previous!: string;
  @Field(() => String, { description: 'Ed25519, hex: who signed it.' }) platformKey!: string;
  @Field(() => String, {
    description: 'SHA-256 over the canonical JSON of the record (form gridcommons/ledger-day/1).',
  })
  hash!: string;
  @Field(() => String) signature!: string;
}

export const LedgerDayConnection = connectionType(LedgerDayType, 'LedgerDay');

@ObjectType('LedgerCountersignature', {
  description:
    'A participant found its own entries in the day’s record, and that record after the one it signed before.',
})
export class LedgerCountersignatureType {
  @Field(() => String) day!: string;
  @Field(() => ID, { name: 'organisationId' }) tenantId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => String, { description: 'Ed25519, hex.' }) signingKey!: string;
  @Field(() => String) signature!: string;
  @Field(() => InstantScalar) signedAt!: Date;
}

export const LedgerCountersignatureConnection = connectionType(
  LedgerCountersignatureType,
  'LedgerCountersignature',
);

@ObjectType('LedgerProof', { description: 'That an entry stands at its place in a day: verified offline.' })
export class LedgerProofType {
  @Field(() => LedgerEntryType) entry!: LedgerEntryType;
  @Field(() => [String], { description: 'Siblings from the entry’s leaf up to the root (RFC 6962), hex.' })
  path!: readonly string[];
  @Field(() => LedgerDayType) day!: LedgerDayType;
}

export const LedgerProofConnection = connectionType(LedgerProofType, 'LedgerProof');

@ArgsType()
export class LedgerDaysArgs extends PageArgs {
  @Field(() => String, { nullable: true, description: 'First day wanted, YYYY-MM-DD.' }) since?:
    string | null;
}

@ArgsType()
export class LedgerDayPageArgs extends PageArgs {
  @Field(() => String, { description: 'YYYY-MM-DD' }) day!: string;
}

@InputType()
export class CountersignLedgerDayInput {
  @Field(() => String, { description: 'YYYY-MM-DD' }) day!: string;
  @Field(() => String, {
    description:
      'Over {participant, record: hash of the record} in context gridcommons/ledger-day-countersignature/1.',
  })
  signature!: string;
}
