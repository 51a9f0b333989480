import { Field, ID, ObjectType } from '@nestjs/graphql';
import type { Json } from '#core';
import { connectionType } from '../pipeline/connection.ts';
import { JsonScalar } from '../pipeline/json.scalar.ts';
import { InstantScalar } from '../pipeline/scalars.ts';

@ObjectType({ description: 'A product footprint of the own organisation, immutable.' })
export class Footprint {
  @Field(() => ID) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => ID) participantId!: string;
  @Field(() => Boolean, { description: 'Whether another names it as preceding.' }) isDeprecated!: boolean;
  @Field(() => JsonScalar, {
    description: 'ProductFootprint of the PACT Technical Specifications 3.0, as published.',
  })
  document!: Json;
  @Field(() => InstantScalar) publishedAt!: Date;
}

@ObjectType({ description: 'That an organisation may read a footprint, until it is revoked.' })
export class FootprintGrant {
  @Field(() => ID) footprintId!: string;
  @Field(() => ID, { description: 'Who may read.' }) organisationId!: string;
  @Field(() => InstantScalar) grantedAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) revokedAt!: Date | null;
}

export const FootprintConnection = connectionType(Footprint, 'Footprint');
export const FootprintGrantConnection = connectionType(FootprintGrant, 'FootprintGrant');
