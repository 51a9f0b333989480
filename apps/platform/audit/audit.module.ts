import { Module } from '@nestjs/common';
import { auditMigration } from '../migrations/0065-audit.ts';
import { AuditChain, AuditReader, AuditRepeat, AuditRow } from './audit.entities.ts';
import { AuditResolver } from './audit.resolver.ts';
import { AuditService } from './audit.service.ts';

/** Who asked for which data, and what was decided: hash chains for the parties of agreements and for auditors. */
@Module({ providers: [AuditService, AuditResolver], exports: [AuditService] })
export class AuditModule {
  static readonly entities = [AuditReader, AuditChain, AuditRow, AuditRepeat];
  static readonly migrations = [auditMigration];
}
