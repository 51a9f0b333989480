import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { AuditDecision } from '#ledger';
import { Organisation } from '../identity/identity.entities.ts';
import { index } from '../ledger/ledger.entities.ts';

/** An organisation whose members with the role auditor read every chain. */
@Entity('audit_reader')
export class AuditReader {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
}

/** Where a chain ends; the row that every append to it locks. */
@Entity('audit_chain')
@Index(['tenantId', 'createdAt'])
@Index(['providerId'])
export class AuditChain {
  /** The agreement's, or the organisation's for what it asked for without being a party. */
  @PrimaryColumn('uuid') id!: string;
  /** The agreement's consumer, or the organisation itself. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') providerId!: string;
  @Column('bigint', { transformer: index }) index!: number;
  @Column('text') hash!: string;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** One decision in its chain; written once, see audit-entry.ts in libs/ledger. */
@Entity('audit_entry')
@Index('audit_entry_refusals', ['chain', 'at'], { where: "decision = 'DENY'" })
export class AuditRow {
  @PrimaryColumn('uuid') @ForeignKey(() => AuditChain) chain!: string;
  @PrimaryColumn('bigint', { transformer: index }) index!: number;
  @Column('text') salt!: string;
  @Column('text') previousHash!: string;
  @Column('text', { unique: true }) hash!: string;
  @ForeignKey(() => Organisation) @Column('uuid') organisationId!: string;
  @Column('text') actorKind!: 'member' | 'participant';
  @Column('uuid') actorId!: string;
  @Column('uuid', { nullable: true }) agreementId!: string | null;
  @Column('text') operation!: string;
  @Column('bigint', { transformer: index }) rows!: number;
  @Column('bigint', { transformer: index }) bytes!: number;
  @Column('text') decision!: AuditDecision;
  @Column('text', { nullable: true }) code!: string | null;
  @Column('timestamptz') at!: Date;
}

/** How often what an entry refused was refused again; beside the chain, which only what is new lets grow. */
@Entity('audit_repeat')
@ForeignKey(() => AuditRow, ['chain', 'index'], ['chain', 'index'])
export class AuditRepeat {
  @PrimaryColumn('uuid') chain!: string;
  @PrimaryColumn('bigint', { transformer: index }) index!: number;
  @Column('bigint', { transformer: index }) count!: number;
  @Column('timestamptz') lastAt!: Date;
}
