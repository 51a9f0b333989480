import type { Type } from '@nestjs/common';
import type { EntityClass, Migration } from '#persistence';
import { AllowancesModule } from './allowances/allowances.module.ts';
import { AnalyticsModule } from './analytics/analytics.module.ts';
import { AuditModule } from './audit/audit.module.ts';
import { BlobsModule } from './blobs/blobs.module.ts';
import { CarbonModule } from './carbon/carbon.module.ts';
import { AgreementsModule } from './agreements/agreements.module.ts';
import { CertificatesModule } from './certificates/certificates.module.ts';
import { CatalogueModule } from './catalogue/catalogue.module.ts';
import { DeliveryModule } from './delivery/delivery.module.ts';
import { DownloadsModule } from './downloads/downloads.module.ts';
import { FederationModule } from './federation/federation.module.ts';
import { FootprintsModule } from './footprints/footprints.module.ts';
import { ForecastsModule } from './forecasts/forecasts.module.ts';
import { HealthModule } from './health/health.module.ts';
import { IdentityModule } from './identity/identity.module.ts';
import { PaymentsModule } from './payments/payments.module.ts';
import { PipelineModule } from './pipeline/pipeline.module.ts';
import { LedgerModule } from './ledger/ledger.module.ts';
import { IntradayModule } from './intraday/intraday.module.ts';
import { MarketModule } from './market/market.module.ts';
import { ModelsModule } from './models/models.module.ts';
import { SeriesModule } from './series/series.module.ts';
import { StudiesModule } from './studies/studies.module.ts';

/** A Nest module that brings its tables and its jobs along as static members. */
export interface Feature extends Type<object> {
  readonly entities?: readonly EntityClass[];
  readonly migrations?: readonly Migration[];
  /** Names of the jobs it registers handlers for; see JobHandlers. */
  readonly jobs?: readonly string[];
}

/** Everything the platform can do, one folder each. A new feature is one line here; platform and worker both run it. */
export const features: readonly Feature[] = [
  IdentityModule,
  PipelineModule,
  BlobsModule,
  HealthModule,
  LedgerModule,
  MarketModule,
  IntradayModule,
  ForecastsModule,
  CarbonModule,
  CertificatesModule,
  FederationModule,
  ModelsModule,
  StudiesModule,
  AllowancesModule,
  AnalyticsModule,
  FootprintsModule,
  AuditModule,
  CatalogueModule,
  AgreementsModule,
  SeriesModule,
  PaymentsModule,
  DeliveryModule,
  DownloadsModule,
  // ← add a feature's module here
];

export const entities: readonly EntityClass[] = features.flatMap((feature) => feature.entities ?? []);
export const migrations: readonly Migration[] = features.flatMap((feature) => feature.migrations ?? []);
export const jobNames: readonly string[] = features.flatMap((feature) => feature.jobs ?? []);
