import { Module } from '@nestjs/common';
import { catalogueMigration } from '../migrations/0060-catalogue.ts';
import { CatalogueChangesResolver } from './catalogue-changes.resolver.ts';
import { CatalogueChanges } from './catalogue-changes.service.ts';
import { CatalogueDcatController } from './catalogue-dcat.controller.ts';
import { CatalogueDcat } from './catalogue-dcat.service.ts';
import { CatalogueReader } from './catalogue-reader.service.ts';
import { CatalogueResolver } from './catalogue.resolver.ts';
import { CatalogueChange, DataOffer, DataSet, DataSetVersion } from './catalogue.entities.ts';
import { ChangeExpiryService, EXPIRE_CHANGES_JOB } from './change-expiry.service.ts';
import { PublisherService } from './publisher.service.ts';

/** Data sets, their versions and the offers to use them. */
@Module({
  controllers: [CatalogueDcatController],
  providers: [
    PublisherService,
    CatalogueReader,
    CatalogueResolver,
    CatalogueDcat,
    CatalogueChanges,
    CatalogueChangesResolver,
    ChangeExpiryService,
  ],
})
export class CatalogueModule {
  static readonly entities = [DataSet, DataSetVersion, DataOffer, CatalogueChange];
  static readonly migrations = [catalogueMigration];
  static readonly jobs = [EXPIRE_CHANGES_JOB];
}
