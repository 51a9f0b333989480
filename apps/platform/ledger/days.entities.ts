import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { SignedDay } from '#ledger';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { index, LedgerEntry } from './ledger.entities.ts';

/** The signed record of a finished day; written once, see day-record.ts in libs/ledger. Days without an entry have none. */
@Entity('ledger_day')
export class LedgerDay implements SignedDay {
  @PrimaryColumn('date') day!: string;
  @ForeignKey(() => LedgerEntry)
  @Column('bigint', { transformer: index, unique: true })
  firstIndex!: number;
  @ForeignKey(() => LedgerEntry)
  @Column('bigint', { transformer: index, unique: true })
  lastIndex!: number;
  @Column('bigint', { transformer: index }) entries!: number;
  @Column('text') root!: string;
  @Column('text') head!: string;
  /** Unique: two records that continue the same one would be a fork. */
  @Column('text', { unique: true }) previous!: string;
  @Column('text') platformKey!: string;
  @Column('text', { unique: true }) hash!: string;
  @Column('text') signature!: string;
}

/** A participant's signature over a day's record. */
@Entity('ledger_countersignature')
@Unique(['day', 'participantId'])
export class LedgerCountersignature {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @PrimaryColumn('date') @ForeignKey(() => LedgerDay) day!: string;
  /** As it was then: the signature is verified under it for good. */
  @Column('text') signingKey!: string;
  @Column('text') signature!: string;
  @Column('timestamptz') signedAt!: Date;
}
