import { Module } from '@nestjs/common';
import { catalogueMigration } from '../migrations/0060-catalogue.ts';
import { DataOffer, DataSet, DataSetVersion } from './catalogue.entities.ts';

/** Data sets, their versions and the offers to use them. */
@Module({})
export class CatalogueModule {
  static readonly entities = [DataSet, DataSetVersion, DataOffer];
  static readonly migrations = [catalogueMigration];
}
