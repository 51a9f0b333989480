import { Check, Column, Entity, ForeignKey, PrimaryColumn, type ValueTransformer } from 'typeorm';
import { LedgerDay } from './days.entities.ts';
import { index } from './ledger.entities.ts';

const block: ValueTransformer = {
  from: (text: string | null) => (text === null ? null : Number(text)),
  to: (value: unknown) => value,
};

/** Where a day's root and record are kept on an EVM chain; written once, when the contract keeps them. */
@Entity('ledger_anchor')
@Check('ledger_anchor_mined_check', '(transaction IS NULL) = (block IS NULL)')
export class LedgerAnchor {
  @PrimaryColumn('date') @ForeignKey(() => LedgerDay) day!: string;
  @Column('bigint', { transformer: index }) chainId!: number;
  @Column('text') contract!: string;
  /** Null, as the block: the contract had it long before this platform looked. */
  @Column('text', { nullable: true }) transaction!: string | null;
  @Column('bigint', { transformer: block, nullable: true }) block!: number | null;
}
