import { Module } from '@nestjs/common';
import { identityMigration } from '../migrations/0001-identity.ts';
import { memberIdentityMigration } from '../migrations/0067-member-identity.ts';
import { ApiKeysService } from './api-keys.service.ts';
import { AuthenticationService } from './authentication.service.ts';
import {
  ApiKey,
  EnrolmentToken,
  Member,
  MemberIdentity,
  Organisation,
  Participant,
} from './identity.entities.ts';
import { IdentityLinksResolver } from './identity-links.resolver.ts';
import { IdentityLinks } from './identity-links.service.ts';
import { IdentityResolver, ParticipantResolver } from './identity.resolver.ts';
import { IdentityService } from './identity.service.ts';
import { IdentityProof } from './identity-proof.ts';
import { MemberOrganisationsResolver } from './member-organisations.resolver.ts';
import { MemberOrganisations } from './member-organisations.service.ts';
import { OidcVerifier } from './oidc-verifier.ts';
import { OperatorBootstrap } from './operator-bootstrap.ts';

@Module({
  providers: [
    AuthenticationService,
    IdentityService,
    ApiKeysService,
    IdentityResolver,
    ParticipantResolver,
    OperatorBootstrap,
    OidcVerifier,
    IdentityProof,
    IdentityLinks,
    IdentityLinksResolver,
    MemberOrganisations,
    MemberOrganisationsResolver,
  ],
  exports: [AuthenticationService, IdentityService],
})
export class IdentityModule {
  static readonly entities = [Organisation, Member, ApiKey, Participant, EnrolmentToken, MemberIdentity];
  static readonly migrations = [identityMigration, memberIdentityMigration];
}
