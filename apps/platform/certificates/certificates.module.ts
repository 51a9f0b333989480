import { Module } from '@nestjs/common';
import { certificatesMigration } from '../migrations/0052-certificates.ts';
import { CertificateExpiryService } from './certificate-expiry.service.ts';
import { CertificateReaderService } from './certificate-reader.service.ts';
import {
  CertificateClaim,
  CertificateEventHolder,
  CertificateEventRow,
  CertificateIssue,
  CertificateRow,
  CertificateShortfall,
  CertificateTransfer,
} from './certificates.entities.ts';
import { EXPIRE_CERTIFICATES_JOB } from './certificates.jobs.ts';
import { CertificatesResolver } from './certificates.resolver.ts';
import { CertificatesService } from './certificates.service.ts';

/** Granular certificates of what members delivered: issued by settlement, passed on, claimed. */
@Module({
  providers: [CertificatesResolver, CertificatesService, CertificateReaderService, CertificateExpiryService],
})
export class CertificatesModule {
  static readonly entities = [
    CertificateIssue,
    CertificateRow,
    CertificateEventRow,
    CertificateEventHolder,
    CertificateTransfer,
    CertificateClaim,
    CertificateShortfall,
  ];
  static readonly migrations = [certificatesMigration];
  static readonly jobs = [EXPIRE_CERTIFICATES_JOB];
}
