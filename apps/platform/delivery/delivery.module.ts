import { Module } from '@nestjs/common';
import { AgreementsModule } from '../agreements/agreements.module.ts';
import { BlobsModule } from '../blobs/blobs.module.ts';
import { deliveryMigration } from '../migrations/0062-delivery.ts';
import { DeliveriesService } from './deliveries.service.ts';
import { DeliveryController } from './delivery.controller.ts';
import { DeliveryGrant, EncryptedVersion, ReceivingKey } from './delivery.entities.ts';
import { DeliveryGrantsService } from './delivery-grants.service.ts';
import { DESTROY_FRAGMENTS_JOB } from './delivery.jobs.ts';
import { DeliveryResolver } from './delivery.resolver.ts';
import { EncryptedVersionsService } from './encrypted-versions.service.ts';
import { FragmentDestructionService } from './fragment-destruction.service.ts';
import { ReceivingKeysService } from './receiving-keys.service.ts';

/** Data sets delivered encrypted: the platform holds ciphertext, manifests and key fragments, and opens none of it. */
@Module({
  imports: [AgreementsModule, BlobsModule],
  controllers: [DeliveryController],
  providers: [
    ReceivingKeysService,
    EncryptedVersionsService,
    DeliveryGrantsService,
    DeliveriesService,
    DeliveryResolver,
    FragmentDestructionService,
  ],
})
export class DeliveryModule {
  static readonly entities = [ReceivingKey, EncryptedVersion, DeliveryGrant];
  static readonly migrations = [deliveryMigration];
  static readonly jobs = [DESTROY_FRAGMENTS_JOB];
}
