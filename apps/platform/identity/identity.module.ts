import { Module } from '@nestjs/common';
import { identityMigration } from '../migrations/0001-identity.ts';
import { AuthenticationService } from './authentication.service.ts';
import { ApiKey, EnrolmentToken, Member, Organisation, Participant } from './identity.entities.ts';
import { IdentityResolver, ParticipantResolver } from './identity.resolver.ts';
import { IdentityService } from './identity.service.ts';
import { OperatorBootstrap } from './operator-bootstrap.ts';

@Module({
  providers: [
    AuthenticationService,
    IdentityService,
    IdentityResolver,
    ParticipantResolver,
    OperatorBootstrap,
  ],
  exports: [AuthenticationService, IdentityService],
})
export class IdentityModule {
  static readonly entities = [Organisation, Member, ApiKey, Participant, EnrolmentToken];
  static readonly migrations = [identityMigration];
}
