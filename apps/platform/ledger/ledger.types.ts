import { Field, ObjectType } from '@nestjs/graphql';
import { connectionType } from '../pipeline/connection.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';

@ObjectType('LedgerPosting')
export class LedgerPostingType {
  @Field(() => String, {
    description:
      '`participant:<id>`, `organisation:<id>`, or a house account: `market:clearing`, `market:surplus`, `organiser:<id>` for what a market’s organiser pays in, `forecasts:clearing`, `retailer`.',
  })
  account!: string;
  @Field(() => SafeIntScalar, {
    description: 'Minor units; positive is received by the account, negative is owed.',
  })
  amountMinor!: number;
}

@ObjectType('LedgerEntry', { description: 'Postings that sum to zero, linked into one hash chain.' })
export class LedgerEntryType {
  @Field(() => SafeIntScalar) index!: number;
  @Field(() => String) previousHash!: string;
  @Field(() => String, { description: 'SHA-256 over the canonical JSON of everything else in the entry.' })
  hash!: string;
  @Field(() => String) type!: string;
  @Field(() => String) reference!: string;
  @Field(() => String, { description: 'ISO 4217' }) currency!: string;
  @Field(() => [LedgerPostingType]) postings!: readonly LedgerPostingType[];
  @Field(() => String) memo!: string;
  @Field(() => InstantScalar) at!: Date;
  @Field(() => String, {
    nullable: true,
    description:
      'Random, covered by the hash, which would confirm guesses of the amounts without it. Keep it as secret as them.',
  })
  salt!: string | null;
}

export const LedgerEntryConnection = connectionType(LedgerEntryType, 'LedgerEntry');

@ObjectType('LedgerHead')
export class LedgerHeadType {
  @Field(() => SafeIntScalar, { description: '−1: no entry yet.' }) index!: number;
  @Field(() => String) hash!: string;
}

@ObjectType()
export class LedgerBadEntry {
  @Field(() => SafeIntScalar) index!: number;
  @Field(() => String) reason!: string;
}

@ObjectType({
  description: 'The whole chain recomputed: links, hashes, double entry, and that it reaches the head.',
})
export class LedgerVerification {
  @Field(() => Boolean) verified!: boolean;
  @Field(() => SafeIntScalar, { description: 'Entries that verified.' }) entries!: number;
  @Field(() => LedgerHeadType, { description: 'The last entry that verified.' }) head!: LedgerHeadType;
  @Field(() => LedgerBadEntry, { nullable: true }) firstBad?: LedgerBadEntry;
}

@ObjectType('Ledger')
export class LedgerType {
  @Field(() => LedgerHeadType) head!: LedgerHeadType;
}
