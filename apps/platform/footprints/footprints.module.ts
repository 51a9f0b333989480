import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.ts';
import { footprintsMigration } from '../migrations/0059-footprints.ts';
import { PipelineModule } from '../pipeline/pipeline.module.ts';
import { SealedSequences } from '../pipeline/sealed-sequence.ts';
import { AccessTokens } from './access-tokens.service.ts';
import { FootprintGrantRow, FootprintRow } from './footprint.entities.ts';
import { FootprintReader } from './footprint-reader.service.ts';
import { FootprintResolver } from './footprint.resolver.ts';
import { FootprintService } from './footprint.service.ts';
import { PactController, TokenController } from './pact.controller.ts';

/** Product footprints of members, and their exchange with those whom they grant it. */
@Module({
  imports: [IdentityModule, PipelineModule],
  controllers: [TokenController, PactController],
  providers: [AccessTokens, SealedSequences, FootprintReader, FootprintService, FootprintResolver],
})
export class FootprintsModule {
  static readonly entities = [FootprintRow, FootprintGrantRow];
  static readonly migrations = [footprintsMigration];
}
