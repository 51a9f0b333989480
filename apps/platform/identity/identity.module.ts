import { join } from 'node:path';
import { Module } from '@nestjs/common';
import type { Config } from '#config';
import { identityMigration } from '../migrations/0001-identity.ts';
import { CONFIG, PLATFORM_KEY } from '../platform.tokens.ts';
import { AuthenticationService } from './authentication.service.ts';
import { ApiKey, EnrolmentToken, Member, Organisation, Participant } from './identity.entities.ts';
import { IdentityResolver } from './identity.resolver.ts';
import { IdentityService } from './identity.service.ts';
import { loadPlatformKey } from './key-files.ts';
import { OperatorBootstrap } from './operator-bootstrap.ts';

@Module({
  providers: [
    AuthenticationService,
    IdentityService,
    IdentityResolver,
    OperatorBootstrap,
    {
      provide: PLATFORM_KEY,
      inject: [CONFIG],
      useFactory: (config: Config) => loadPlatformKey(join(config.dataDir, 'platform.key')),
    },
  ],
  exports: [AuthenticationService, IdentityService, PLATFORM_KEY],
})
export class IdentityModule {
  static readonly entities = [Organisation, Member, ApiKey, Participant, EnrolmentToken];
  static readonly migrations = [identityMigration];
}
