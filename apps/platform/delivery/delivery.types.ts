import { ArgsType, Field, ID, InputType, ObjectType } from '@nestjs/graphql';
import type { Json } from '#core';
import type { GrantStatement, Manifest } from '#delivery';
import { connectionType, PageArgs } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { InstantScalar } from '../pipeline/scalars.ts';

@ObjectType('ReceivingKey', { description: 'What deliveries to an organisation are re-encrypted to.' })
export class ReceivingKeyType {
  @Field(() => ID) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => String, { description: 'Umbral, compressed point, hex.' }) publicKey!: string;
  @Field(() => String, {
    description: "By the participant's signing key, as in docs/EXCHANGE.md: believe no other.",
  })
  signature!: string;
  @Field(() => InstantScalar) createdAt!: Date;
}
export const ReceivingKeyConnection = connectionType(ReceivingKeyType, 'ReceivingKey');

@ObjectType('EncryptedVersion', { description: 'What the owner has signed of an encrypted version.' })
export class EncryptedVersionType {
  @Field(() => ID) versionId!: string;
  @Field(() => ID) dataSetId!: string;
  @Field(() => ID, { description: 'Who signed.' }) participantId!: string;
  @Field(() => JsonScalar) manifest!: Manifest;
  @Field(() => String) signature!: string;
  @Field(() => InstantScalar) createdAt!: Date;
}

@ObjectType('DeliveryGrant', { description: 'That a version may be opened under an agreement, by one key.' })
export class DeliveryGrantType {
  @Field(() => ID) id!: string;
  @Field(() => ID) agreementId!: string;
  @Field(() => ID) versionId!: string;
  @Field(() => ID, { description: 'Who signed.' }) participantId!: string;
  @Field(() => String) receivingKey!: string;
  @Field(() => JsonScalar) statement!: GrantStatement;
  @Field(() => String) signature!: string;
  @Field(() => InstantScalar) createdAt!: Date;
}
export const DeliveryGrantConnection = connectionType(DeliveryGrantType, 'DeliveryGrant');

@ObjectType('Delivery', {
  description: 'A version opened for one read: what its consumer needs to decrypt it.',
})
export class DeliveryType {
  @Field(() => EncryptedVersionType) version!: EncryptedVersionType;
  @Field(() => DeliveryGrantType) grant!: DeliveryGrantType;
  @Field(() => String, { description: "The capsule, re-encrypted to the grant's receiving key; hex." })
  capsuleFragment!: string;
}

@InputType()
export class PublishEncryptedVersionInput {
  @Field(() => ID) versionId!: string;
  @Field(() => JsonScalar) manifest!: Json;
  @Field(() => String, { description: "By the participant's signing key." }) signature!: string;
  @Field(() => String, { description: 'SHA-256 of the own blob that holds the hashes of the chunks.' })
  chunkList!: string;
}

@InputType()
export class GrantDeliveryInput {
  @Field(() => ID) agreementId!: string;
  @Field(() => ID) versionId!: string;
  @Field(() => String, { description: "A receiving key of the agreement's consumer." }) receivingKey!: string;
  @Field(() => String, { description: 'Umbral key fragment, hex.' }) fragment!: string;
  @Field(() => JsonScalar) statement!: Json;
  @Field(() => String, { description: "By the participant's signing key." }) signature!: string;
}

@ArgsType()
export class OfAgreementArgs extends PageArgs {
  @Field(() => ID) agreementId!: string;
}
