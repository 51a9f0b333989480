import { Check, Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organisation } from '../identity/identity.entities.ts';

/** `private`: the owner alone reads it. `community`: every authenticated principal does. */
export type Audience = 'private' | 'community';

/** That an organisation stored certain bytes; two that store the same bytes have a row each. */
@Entity('blob')
@Check('blob_audience_check', "audience IN ('private', 'community')")
export class Blob {
  @ForeignKey(() => Organisation) @PrimaryColumn('uuid') tenantId!: string;
  @Index() @PrimaryColumn('text') sha256!: string;
  /** Text, as the driver reads a bigint. */
  @Column('bigint') bytes!: string;
  @Column('text') audience!: Audience;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}
