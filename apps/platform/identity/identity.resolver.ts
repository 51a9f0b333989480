import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { SigningKey } from '#core';
import { type Connection, PageArgs } from '../pipeline/connection.ts';
import { CurrentPrincipal, type Principal } from '../pipeline/principal.ts';
import { PLATFORM_KEY } from '../platform.tokens.ts';
import { platformVersion } from '../version.ts';
import { ApiKeysService, type MemberApiKey } from './api-keys.service.ts';
import type { ApiKey, Organisation, Participant } from './identity.entities.ts';
import { IdentityService } from './identity.service.ts';
import {
  ApiKeyType,
  CreateApiKeyInput,
  CreatedApiKey,
  CreatedEnrolmentToken,
  CreatedOrganisation,
  CreateEnrolmentTokenInput,
  CreateOrganisationInput,
  EnrolParticipantInput,
  MemberApiKeyConnection,
  MeType,
  ParticipantConnection,
  ParticipantType,
  PlatformType,
} from './identity.types.ts';

@Resolver()
export class IdentityResolver {
  constructor(
    private readonly identity: IdentityService,
    private readonly keys: ApiKeysService,
    @Inject(PLATFORM_KEY) private readonly platformKey: SigningKey,
  ) {}

  @Query(() => PlatformType, { description: 'Which platform this is; needs no credentials.' })
  platform(): PlatformType {
    return { publicKey: this.platformKey.publicKey, version: platformVersion() };
  }

  @Query(() => MeType)
  async me(@CurrentPrincipal() principal: Principal): Promise<MeType> {
    const { kind, id, roles } = principal;
    return { kind, id, roles, organisation: await this.identity.findOrganisation(principal) };
  }

  @Query(() => ParticipantConnection, { description: 'Everybody’s participants, oldest first.' })
  participants(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<Participant>> {
    return this.identity.listParticipants(principal, page);
  }

  @Query(() => MemberApiKeyConnection, {
    description: 'Role admin: keys of the own organisation’s members, oldest first; never a secret.',
  })
  apiKeys(
    @CurrentPrincipal() principal: Principal,
    @Args() page: PageArgs,
  ): Promise<Connection<MemberApiKey>> {
    return this.keys.list(principal, page);
  }

  @Mutation(() => CreatedOrganisation, { description: 'Role operator.' })
  createOrganisation(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: CreateOrganisationInput,
  ): Promise<{ organisation: Organisation; apiKey: string }> {
    return this.identity.createOrganisation(principal, input);
  }

  @Mutation(() => CreatedApiKey, { description: 'Role admin: a key for a member of the own organisation.' })
  async createApiKey(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: CreateApiKeyInput,
  ): Promise<CreatedApiKey> {
    const { apiKey, text } = await this.identity.createApiKey(principal, input);
    return { apiKey, secret: text };
  }

  @Mutation(() => ApiKeyType, { description: 'Role admin: bites on the next request.' })
  revokeApiKey(
    @CurrentPrincipal() principal: Principal,
    @Args('id', { type: () => ID }) id: string,
  ): Promise<ApiKey> {
    return this.identity.revokeApiKey(principal, id);
  }

  @Mutation(() => CreatedEnrolmentToken, {
    description: 'Role admin for the own organisation, role operator for any.',
  })
  createEnrolmentToken(
    @CurrentPrincipal() principal: Principal,
    @Args('input') input: CreateEnrolmentTokenInput,
  ): Promise<{ token: string; expiresAt: Date }> {
    return this.identity.createEnrolmentToken(principal, input);
  }

  @Mutation(() => ParticipantType, {
    description: 'The token is the credential; repeating it changes nothing.',
  })
  enrolParticipant(@Args('input') input: EnrolParticipantInput): Promise<Participant> {
    return this.identity.enrolParticipant(input);
  }
}

@Resolver(() => ParticipantType)
export class ParticipantResolver {
  @ResolveField()
  organisationId(@Parent() participant: Participant): string {
    return participant.tenantId;
  }
}
