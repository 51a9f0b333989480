import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { Phase, TaskCard } from '#federation';
import { Organisation } from '../identity/identity.entities.ts';

/** A federated task. Phase, round and head are derived from its entries and kept beside them for queries. */
@Entity('federation_task')
@Index(['tenantId', 'createdAt'])
export class FederationTask {
  @PrimaryColumn('uuid') id!: string;
  /** Who asked for it. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  /**
   * json, not jsonb: the text that was hashed stays as it was. Read only where it is asked for: its roster may have
   * thousands of members, and every message, page and poll reads the rest of the row.
   */
  @Column('json', { select: false }) card?: TaskCard;
  @Column('text', { unique: true }) cardHash!: string;
  @Column('text') phase!: Phase;
  @Column('integer') round!: number;
  @Column('integer') headIndex!: number;
  @Column('text') headHash!: string;
  /** Wall clock: when the platform goes on without those who are silent. */
  @Column('timestamptz') windowEndsAt!: Date;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}

/** Who may read a task: the organisations of its roster. */
@Entity('federation_member')
export class FederationMember {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => FederationTask) taskId!: string;
}

/** One link of a task's hash-chained transcript; never changed, never deleted. */
@Entity('federation_entry')
@Index(['taskId', 'messageHash'], { unique: true })
export class FederationEntry {
  @PrimaryColumn('uuid') @ForeignKey(() => FederationTask) taskId!: string;
  @PrimaryColumn('integer') index!: number;
  @Column('text') previous!: string;
  @Column('text') hash!: string;
  /** A Message of #federation; typed loosely because TypeORM's types unroll what they can see. */
  @Column('json') message!: object;
  /** SHA-256 of the message: the same one again is found by it. */
  @Column('text') messageHash!: string;
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) createdAt!: Date;
}
