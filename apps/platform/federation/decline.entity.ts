import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organisation } from '../identity/identity.entities.ts';
import { FederationTask } from './federation.entities.ts';

/** What a node last said about a task it keeps out of. No part of the protocol: the transcript knows nothing of it. */
@Entity('federation_decline')
@Index(['taskId'])
export class FederationDecline {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => FederationTask) taskId!: string;
  @Column('text') code!: string;
  @Column('text') reason!: string;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) declinedAt!: Date;
}
