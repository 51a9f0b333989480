import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique, type ValueTransformer } from 'typeorm';
import type { Posting } from '#ledger';
import { Organisation } from '../identity/identity.entities.ts';

/** Indices come as text from bigint columns; they stay far below 2^53. */
export const index: ValueTransformer = { from: Number, to: (value: unknown) => value };

/** One link of the hash chain; written once, see entry.ts in libs/ledger. */
@Entity('ledger_entry')
@Unique(['type', 'reference'])
@Check('ledger_entry_salt_check', 'salt IS NOT NULL')
export class LedgerEntry {
  @PrimaryColumn('bigint', { transformer: index }) index!: number;
  @Column('text') previousHash!: string;
  @Column('text', { unique: true }) hash!: string;
  @Column('text') type!: string;
  @Column('text') reference!: string;
  @Column('text') currency!: string;
  /** json, not jsonb: what was hashed stays as it was written. */
  @Column('json') postings!: readonly Posting[];
  @Column('text') memo!: string;
  @Column('timestamptz') at!: Date;
  /** Null in entries that were booked before there were salts. */
  @Column('text', { nullable: true }) salt!: string | null;
}

/** Who may read an entry: the organisations whose accounts it posts to. */
@Entity('ledger_holder')
export class LedgerHolder {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('bigint', { transformer: index }) @ForeignKey(() => LedgerEntry) entryIndex!: number;
}

/** The one row that every append locks, so that no index is given twice. */
@Entity('ledger_head')
@Check('ledger_head_id_check', 'id = 1')
export class LedgerHead {
  @PrimaryColumn('smallint') id!: number;
  @Column('bigint', { transformer: index }) index!: number;
  @Column('text') hash!: string;
}
