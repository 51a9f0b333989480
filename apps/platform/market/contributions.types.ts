import { ArgsType, Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import type { Json } from '#core';
import type { ProductKind } from '#market';
import { LedgerEntryType } from '../ledger/ledger.types.ts';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { InstantScalar, SafeIntScalar } from '../pipeline/scalars.ts';
import { ProductEnum } from './products.types.ts';

@ObjectType('Contribution', {
  description:
    'What a participant gave to and took from its community in one session; its hash stands in the ledger.',
})
export class ContributionType {
  @Field(() => ID, {
    description: 'SHA-256 of the certificate’s canonical JSON; the memo of its ledger entry.',
  })
  id!: string;
  @Field(() => ID) sessionId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => ProductEnum) product!: ProductKind;
  @Field(() => Int, { description: 'Of the settlement it rests on.' }) version!: number;
  @Field(() => InstantScalar) startsAt!: Date;
  @Field(() => InstantScalar) endsAt!: Date;
  @Field(() => SafeIntScalar, { description: 'Energy, or capacity of the product, bought locally.' })
  boughtWh!: number;
  @Field(() => SafeIntScalar, { description: 'Energy, or capacity of the product, sold locally.' })
  soldWh!: number;
  @Field(() => SafeIntScalar, {
    description: 'Net energy traded, slot by slot; of a capacity what was sold.',
  })
  tradedWh!: number;
  @Field(() => SafeIntScalar, {
    description:
      'What of tradedWh was not delivered as traded, or not stated; accuracy is 1 − deviation/traded.',
  })
  deviationWh!: number;
  @Field(() => Int, { description: 'Traded slots without a statement.' }) missing!: number;
  @Field(() => SafeIntScalar, { description: 'Attributes of local generation passed on.' }) givenWh!: number;
  @Field(() => SafeIntScalar, { description: 'Attributes of local generation received.' })
  receivedWh!: number;
  @Field(() => SafeIntScalar, {
    nullable: true,
    description:
      'Location-based less market-based CO2e of local energy consumed; null without grid intensities.',
  })
  avoidedGrams!: number | null;
  @Field(() => Int, {
    description: 'Rounds of federated tasks with an upload of its organisation, up to the settlement.',
  })
  dataRounds!: number;
  @Field(() => SafeIntScalar, { description: 'Index of the ledger entry that certifies it.' })
  entryIndex!: number;
}
export const ContributionConnection = connectionType(ContributionType, 'Contribution');

@ArgsType()
export class ContributionArgs extends PageArgs {
  @Field(() => InstantScalar, {
    nullable: true,
    description: 'Of sessions whose delivery begins then or later.',
  })
  from?: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Of sessions whose delivery begins before.' })
  to?: number | null;
}

@ObjectType('ContributionCertificate', {
  description:
    'A file for `gridcommons market contribution verify`: the statement and the ledger entry that certifies it.',
})
export class ContributionCertificate {
  @Field(() => JsonScalar, {
    description:
      'gridcommons/contribution/1; the SHA-256 of its canonical JSON (RFC 8785) is the certificate’s id.',
  })
  statement!: Json;
  @Field(() => LedgerEntryType) entry!: LedgerEntryType;
}

@ObjectType('ParticipantReputation', {
  description: 'How well a participant kept its trades, from three settled sessions on.',
})
export class ParticipantReputationType {
  @Field(() => ID) participantId!: string;
  @Field(() => Int, { description: 'Settled sessions that count, at most 200.' }) sessions!: number;
  @Field(() => Float, { description: 'Beta reputation with forgetting, in [0, 1], two decimals.' })
  score!: number;
}
export const ParticipantReputationConnection = connectionType(
  ParticipantReputationType,
  'ParticipantReputation',
);
