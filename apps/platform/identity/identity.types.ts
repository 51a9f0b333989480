import { Field, ID, InputType, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { connectionType } from '../pipeline/connection.ts';
import { type Role, ROLES } from '../pipeline/principal.ts';
import { InstantScalar } from '../pipeline/scalars.ts';

/** The roles as a GraphQL enum whose values are the strings themselves. */
export const RoleEnum = Object.fromEntries(ROLES.map((role) => [role, role]));
registerEnumType(RoleEnum, { name: 'Role', description: 'What a credential may do.' });

@ObjectType('Organisation', {
  description: 'A tenant: an energy firm, a community, or the operator of the platform.',
})
export class OrganisationType {
  @Field(() => ID) id!: string;
  @Field(() => String) name!: string;
  @Field(() => String) legalId!: string;
  @Field(() => InstantScalar) createdAt!: Date;
}

@ObjectType('Participant', { description: "A process at a firm that keeps the firm's readings." })
export class ParticipantType {
  @Field(() => ID) id!: string;
  @Field(() => ID) organisationId!: string;
  @Field(() => String, { description: 'Ed25519 public key, hex' }) signingKey!: string;
  @Field(() => String, { description: 'X25519 public key, hex' }) agreementKey!: string;
  @Field(() => InstantScalar) createdAt!: Date;
}

export const ParticipantConnection = connectionType(ParticipantType, 'Participant');

@ObjectType('Me', { description: 'Who is asking.' })
export class MeType {
  @Field(() => String, { description: 'member (API key) or participant (signed request)' }) kind!: string;
  @Field(() => ID) id!: string;
  @Field(() => [RoleEnum]) roles!: readonly Role[];
  @Field(() => OrganisationType) organisation!: OrganisationType;
}

@ObjectType('Platform')
export class PlatformType {
  @Field(() => String, { description: 'Ed25519 public key, hex: what the platform signs with' })
  publicKey!: string;
  @Field(() => String) version!: string;
}

@ObjectType('ApiKey')
export class ApiKeyType {
  @Field(() => ID) id!: string;
  @Field(() => String, { description: 'The recognisable part; the secret is not kept.' }) prefix!: string;
  @Field(() => [RoleEnum]) roles!: readonly Role[];
  @Field(() => InstantScalar) createdAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) revokedAt!: Date | null;
}

@ObjectType('MemberApiKey', { description: 'A key of the own organisation and whose it is.' })
export class MemberApiKeyType extends ApiKeyType {
  @Field(() => String) memberName!: string;
}
export const MemberApiKeyConnection = connectionType(MemberApiKeyType, 'MemberApiKey');

@ObjectType('MemberIdentity', { description: 'A subject of the identity provider and whom it acts as.' })
export class MemberIdentityType {
  @Field(() => ID) id!: string;
  @Field(() => ID) memberId!: string;
  @Field(() => String, { description: '`iss` of its tokens.' }) issuer!: string;
  @Field(() => String, { description: '`sub` of its tokens.' }) subject!: string;
  @Field(() => [RoleEnum]) roles!: readonly Role[];
  @Field(() => InstantScalar) createdAt!: Date;
  @Field(() => InstantScalar, { nullable: true }) unlinkedAt!: Date | null;
}

export const MemberIdentityConnection = connectionType(MemberIdentityType, 'MemberIdentity');

@InputType()
export class LinkIdentityInput {
  @Field(() => String, { description: 'Made where there is no member of that name.' }) memberName!: string;
  @Field(() => String, { description: '`sub` of its tokens; it is linked nowhere else.' }) subject!: string;
  @Field(() => String, {
    description: 'What its holder is told (`data.linkCode` of IDENTITY_UNKNOWN) with a token of it.',
  })
  linkCode!: string;
  @Field(() => [RoleEnum]) roles!: Role[];
}

@ObjectType()
export class CreatedApiKey {
  @Field(() => ApiKeyType) apiKey!: ApiKeyType;
  @Field(() => String, { description: 'The whole key, shown this once.' }) secret!: string;
}

@ObjectType()
export class CreatedOrganisation {
  @Field(() => OrganisationType) organisation!: OrganisationType;
  @Field(() => String, { description: "The API key of the organisation's first admin, shown this once." })
  apiKey!: string;
}

@ObjectType()
export class CreatedEnrolmentToken {
  @Field(() => String, { description: 'The token, shown this once; it enrols one participant.' })
  token!: string;
  @Field(() => InstantScalar) expiresAt!: Date;
}

@InputType()
export class CreateOrganisationInput {
  @Field(() => String) name!: string;
  @Field(() => String, { description: 'Register number or EIC; no two organisations share one.' })
  legalId!: string;
  @Field(() => String, { defaultValue: 'admin' }) adminName!: string;
  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Its key has role auditor alone: it reads chains of decisions about data, and no data.',
  })
  auditor!: boolean;
}

@InputType()
export class CreateApiKeyInput {
  @Field(() => String) memberName!: string;
  @Field(() => [RoleEnum]) roles!: Role[];
}

@InputType()
export class CreateEnrolmentTokenInput {
  @Field(() => ID, { nullable: true, description: 'The own organisation when absent.' })
  organisationId?: string;
  @Field(() => Int, { defaultValue: 24, description: '1–720' }) validHours!: number;
}

@InputType()
export class EnrolParticipantInput {
  @Field(() => String) token!: string;
  @Field(() => String, { description: 'Ed25519 public key, hex' }) signingKey!: string;
  @Field(() => String, { description: 'X25519 public key, hex' }) agreementKey!: string;
  @Field(() => String, {
    description:
      "Ed25519 signature of the canonical JSON {agreementKey, signingKey, tokenHash} in context 'gridcommons/enrol/1'; tokenHash is the token's SHA-256 in hex.",
  })
  proof!: string;
}
