import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';
import { FederationTask } from './federation.entities.ts';

/** The sum of one part of a round's uploads, as a blob: a node of the tree that a large cohort is added up in. */
@Entity('federation_partial_sum')
export class FederationPartialSum {
  @ForeignKey(() => FederationTask) @PrimaryColumn('uuid') taskId!: string;
  @PrimaryColumn('integer') round!: number;
  /** Position among the round's parts. */
  @PrimaryColumn('integer') part!: number;
  /** SHA-256. */
  @Column('text') blob!: string;
}
