import { ArgsType, Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { AGREEMENT_STANDINGS, type AgreementStanding, type Party } from '#exchange';
import { connectionType } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { InstantScalar } from '../pipeline/scalars.ts';
import { PartyEnum } from './negotiations.types.ts';

const StandingEnum = Object.fromEntries(AGREEMENT_STANDINGS.map((standing) => [standing, standing]));
registerEnumType(StandingEnum, {
  name: 'AgreementStanding',
  description: 'IN_FORCE is the only one in which data may be read.',
});

@ObjectType('AgreementEvent')
export class AgreementEventType {
  @Field(() => String, { description: 'FINALISED, REVOKED, RETIRED, SUPERSEDED or LAPSED.' }) type!: string;
  @Field(() => PartyEnum) sender!: Party;
  @Field(() => String, { nullable: true }) reasonCode!: string | null;
  @Field(() => String, { nullable: true }) reason!: string | null;
  @Field(() => ID, { nullable: true, description: 'The agreement that stands in its place.' }) successorId!:
    string | null;
  @Field(() => InstantScalar) createdAt!: Date;
}

@ObjectType('DataAgreement', {
  description: 'Never changed: what ends it is recorded beside it. Its two parties see it, nobody else.',
})
export class DataAgreementType {
  @Field(() => ID) id!: string;
  @Field(() => ID) negotiationId!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) providerId!: string;
  @Field(() => ID) offerId!: string;
  @Field(() => ID) dataSetId!: string;
  @Field(() => JsonScalar, { description: 'ODRL.' }) policy!: object;
  @Field(() => String) policyHash!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'A price model; null: free of charge.' })
  price!: object | null;
  @Field(() => InstantScalar) validFrom!: Date;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive; null: without an end.' })
  validUntil!: Date | null;
  @Field(() => String, { description: 'SHA-256 over its canonical JSON.' }) hash!: string;
  @Field(() => InstantScalar) createdAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) paidAt!: Date | null;
  @Field(() => StandingEnum, { description: 'Now.' }) standing!: AgreementStanding;
  @Field(() => Int, {
    description: 'Rises with every ending: what was issued under a lower one is worth nothing.',
  })
  revocationEpoch!: number;
  @Field(() => [AgreementEventType]) events!: readonly AgreementEventType[];
}

export const DataAgreementConnection = connectionType(DataAgreementType, 'DataAgreement');

@ArgsType()
export class RevokeAgreementArgs {
  @Field(() => ID) agreementId!: string;
  @Field(() => String, { description: "1–64 letters, digits, '_', '.', ':' or '-'." }) code!: string;
  @Field(() => String, { nullable: true, description: 'At most 500 characters.' }) reason?: string | null;
}

@ArgsType()
export class SupersedeAgreementArgs {
  @Field(() => ID) agreementId!: string;
  @Field(() => ID, { description: 'In force, later, of the same parties about the same data set.' })
  successorId!: string;
}
