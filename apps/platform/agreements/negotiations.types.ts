import { ArgsType, Field, ID, InputType, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Json } from '#core';
import { NEGOTIATION_STATES, type NegotiationState, type Party } from '#exchange';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { InstantScalar } from '../pipeline/scalars.ts';

const PartyEnum = { CONSUMER: 'consumer', PROVIDER: 'provider' } as const satisfies Record<string, Party>;
registerEnumType(PartyEnum, { name: 'ExchangeParty' });
const StateEnum = Object.fromEntries(
  NEGOTIATION_STATES.filter((state) => state !== 'INIT').map((state) => [state, state]),
);
registerEnumType(StateEnum, {
  name: 'NegotiationState',
  description:
    'Of a contract negotiation of the Dataspace Protocol 2025-1; FINALIZED and TERMINATED are the last.',
});
export { PartyEnum };

@ObjectType('Negotiation', {
  description:
    'About an offer, between its publisher and one that wants to read. Its two parties see it, nobody else.',
})
export class NegotiationType {
  @Field(() => ID, { description: "The provider's pid." }) id!: string;
  @Field(() => String, { description: "The consumer's own name of it." }) consumerPid!: string;
  @Field(() => ID) consumerId!: string;
  @Field(() => ID) providerId!: string;
  @Field(() => ID) offerId!: string;
  @Field(() => ID) dataSetId!: string;
  @Field(() => StateEnum) state!: NegotiationState;
  @Field(() => PartyEnum, { description: 'Who said the first word.' }) openedBy!: Party;
  @Field(() => PartyEnum, { description: 'Whose terms stand.' }) offeredBy!: Party;
  @Field(() => JsonScalar, { description: 'ODRL, as offered last.' }) policy!: object;
  @Field(() => String) policyHash!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'A price model; null: free of charge.' })
  price!: object | null;
  @Field(() => InstantScalar) validFrom!: Date;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive; null: without an end.' })
  validUntil!: Date | null;
  @Field(() => ID, { nullable: true, description: 'Once the provider has agreed.' }) agreementId!:
    string | null;
  @Field(() => String, { nullable: true, description: 'Why it was terminated.' }) reasonCode!: string | null;
  @Field(() => String, { nullable: true }) reason!: string | null;
  @Field(() => InstantScalar, { description: 'Over from here on if nobody says anything.' }) expiresAt!: Date;
  @Field(() => InstantScalar) createdAt!: Date;
  @Field(() => InstantScalar) changedAt!: Date;
}

@ObjectType('NegotiationMessage')
export class NegotiationMessageType {
  @Field(() => String, { description: 'By its name in the Dataspace Protocol.' }) type!: string;
  @Field(() => PartyEnum) sender!: Party;
  @Field(() => Boolean, { description: 'By the platform for the sender: an automatic offer, or expiry.' })
  automatic!: boolean;
  @Field(() => StateEnum, { description: 'After it.' }) state!: NegotiationState;
  @Field(() => JsonScalar, { nullable: true, description: 'Of an offer.' }) policy!: object | null;
  @Field(() => String, { nullable: true }) policyHash!: string | null;
  @Field(() => JsonScalar, { nullable: true, description: 'Of an offer; null also where it is free.' })
  price!: object | null;
  @Field(() => InstantScalar, { nullable: true }) validFrom!: Date | null;
  @Field(() => InstantScalar, { nullable: true }) validUntil!: Date | null;
  @Field(() => String, { nullable: true }) reasonCode!: string | null;
  @Field(() => String, { nullable: true }) reason!: string | null;
  @Field(() => InstantScalar) createdAt!: Date;
}

@ObjectType('NegotiationChange')
export class NegotiationChangeType {
  @Field(() => String, { description: 'Continue after it and miss nothing.' }) cursor!: string;
  @Field(() => NegotiationMessageType) message!: NegotiationMessageType;
  @Field(() => NegotiationType, { description: 'As it is now.' }) negotiation!: NegotiationType;
}

export const NegotiationConnection = connectionType(NegotiationType, 'Negotiation');
export const NegotiationMessageConnection = connectionType(NegotiationMessageType, 'NegotiationMessage');

@InputType()
export class RequestNegotiationInput {
  @Field(() => ID) offerId!: string;
  @Field(() => String, {
    description:
      'The same name with the same content is the same negotiation; 1–200 visible ASCII characters.',
  })
  consumerPid!: string;
  @Field(() => JsonScalar, { nullable: true, description: "ODRL; absent: the offer's own." })
  policy?: Json | null;
  @Field(() => JsonScalar, {
    nullable: true,
    description: "A price model; absent: the offer's own; {kind: 'free'}: nothing.",
  })
  price?: Json | null;
  @Field(() => InstantScalar, { nullable: true, description: "Absent: the offer's own." }) validFrom?:
    number | null;
  @Field(() => InstantScalar, { nullable: true, description: "Exclusive; absent: the offer's own." })
  validUntil?: number | null;
}

@InputType({ description: "What is absent is the offer's own." })
export class OfferNegotiationInput {
  @Field(() => ID, { description: 'An own one of a listed data set, listed itself or not.' })
  offerId!: string;
  @Field(() => ID, { description: 'The organisation it is made to.' }) consumerId!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'ODRL.' }) policy?: Json | null;
  @Field(() => JsonScalar, { nullable: true, description: "A price model; {kind: 'free'}: nothing." })
  price?: Json | null;
  @Field(() => InstantScalar, { nullable: true }) validFrom?: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive.' }) validUntil?: number | null;
}

@InputType({ description: 'What is absent stays as it was offered last.' })
export class CounterOfferInput {
  @Field(() => ID) negotiationId!: string;
  @Field(() => JsonScalar, { nullable: true, description: 'ODRL.' }) policy?: Json | null;
  @Field(() => JsonScalar, { nullable: true, description: "A price model; {kind: 'free'}: nothing." })
  price?: Json | null;
  @Field(() => InstantScalar, { nullable: true }) validFrom?: number | null;
  @Field(() => InstantScalar, { nullable: true, description: 'Exclusive.' }) validUntil?: number | null;
}

@ArgsType()
export class TerminateNegotiationArgs {
  @Field(() => ID) negotiationId!: string;
  @Field(() => String, { description: "1–64 letters, digits, '_', '.', ':' or '-'." }) code!: string;
  @Field(() => String, { nullable: true, description: 'At most 500 characters.' }) reason?: string | null;
}

@ArgsType()
export class VerifyAgreementArgs {
  @Field(() => ID) negotiationId!: string;
  @Field(() => String, {
    nullable: true,
    description: 'Hash of the agreement as the consumer has it; another is refused.',
  })
  hash?: string | null;
}

@ArgsType()
export class NegotiationMessagesArgs extends PageArgs {
  @Field(() => ID) negotiationId!: string;
}

@ArgsType()
export class NegotiationChangedArgs {
  @Field(() => ID, { nullable: true, description: 'Absent: in every negotiation of the organisation.' })
  negotiationId?: string | null;
  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the change before; absent: from now on.',
  })
  after?: string | null;
}
