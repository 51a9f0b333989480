import { Module } from '@nestjs/common';
import { IdentityModule } from '../identity/identity.module.ts';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { AuditModule } from '../audit/audit.module.ts';
import { PipelineModule } from '../pipeline/pipeline.module.ts';
import { agreementsMigration } from '../migrations/0061-agreements.ts';
import { exchangeAdditionsMigration } from '../migrations/0066-exchange-additions.ts';
import { exchangeLimitsMigration } from '../migrations/0070-exchange-limits.ts';
import {
  AgreementEvent,
  AgreementUse,
  AutomaticOffer,
  DataAgreement,
  Negotiation,
  NegotiationMessageRow,
  Transfer,
} from './agreements.entities.ts';
import { AgreementReads } from './agreement-reads.service.ts';
import { EXPIRE_NEGOTIATIONS_JOB } from './agreements.jobs.ts';
import { DataAgreementsResolver } from './data-agreements.resolver.ts';
import { DataAgreementsService } from './data-agreements.service.ts';
import { DspCatalogController, DspVersionController } from './dsp-catalog.controller.ts';
import { DspCatalog } from './dsp-catalog.service.ts';
import { Connectors } from './dsp-request.ts';
import { DspNegotiationsController } from './dsp-negotiations.controller.ts';
import { DspTransfersController } from './dsp-transfers.controller.ts';
import { NegotiationExpiryService } from './negotiation-expiry.service.ts';
import { NegotiationReader } from './negotiation-reader.service.ts';
import { NegotiationsResolver } from './negotiations.resolver.ts';
import { NegotiationsService } from './negotiations.service.ts';
import { AgreementTermsResolver, NegotiationTermsResolver } from './policy-terms.resolver.ts';
import { ProviderOffers } from './provider-offers.service.ts';
import { TransfersResolver } from './transfers.resolver.ts';
import { TransfersService } from './transfers.service.ts';

/** Negotiations about listed offers, the agreements they lead to, and transfers under them: the Dataspace Protocol 2025-1. */
@Module({
  imports: [IdentityModule, PipelineModule, AuditModule, LedgerModule],
  controllers: [
    DspVersionController,
    DspCatalogController,
    DspNegotiationsController,
    DspTransfersController,
  ],
  providers: [
    AgreementReads,
    DspCatalog,
    Connectors,
    NegotiationsService,
    ProviderOffers,
    NegotiationReader,
    NegotiationExpiryService,
    NegotiationsResolver,
    NegotiationTermsResolver,
    DataAgreementsService,
    DataAgreementsResolver,
    AgreementTermsResolver,
    TransfersService,
    TransfersResolver,
  ],
  exports: [AgreementReads],
})
export class AgreementsModule {
  static readonly entities = [
    AutomaticOffer,
    Negotiation,
    NegotiationMessageRow,
    DataAgreement,
    AgreementEvent,
    AgreementUse,
    Transfer,
  ];
  static readonly migrations = [agreementsMigration, exchangeAdditionsMigration, exchangeLimitsMigration];
  static readonly jobs = [EXPIRE_NEGOTIATIONS_JOB];
}
