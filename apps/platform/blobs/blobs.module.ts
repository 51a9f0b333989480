import { Module } from '@nestjs/common';
import { blobsMigration } from '../migrations/0002-blobs.ts';
import { BlobController } from './blob.controller.ts';
import { Blob } from './blob.entity.ts';
import { BlobService } from './blob.service.ts';

@Module({ controllers: [BlobController], providers: [BlobService], exports: [BlobService] })
export class BlobsModule {
  static readonly entities = [Blob];
  static readonly migrations = [blobsMigration];
}
