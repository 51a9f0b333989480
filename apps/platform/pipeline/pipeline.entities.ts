import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** A signed request that was accepted, remembered until its date is too old to be accepted again. */
@Entity('request_nonce')
@Index(['expiresAt'])
export class RequestNonce {
  @PrimaryColumn('uuid') participantId!: string;
  @PrimaryColumn('text') nonce!: string;
  @Column('timestamptz') expiresAt!: Date;
}

/** A mutation that was begun under a client's key, and its answer once there is one. */
@Entity('idempotency_key')
@Index(['expiresAt'])
export class IdempotencyKey {
  @PrimaryColumn('uuid') tenantId!: string;
  @PrimaryColumn('text') key!: string;
  /** Of document, variables and principal. */
  @Column('text') requestHash!: string;
  /** Encrypted: an answer may carry a secret that is shown once. Null while the mutation runs. */
  @Column('bytea', { nullable: true }) response!: Buffer | null;
  /** A run that has not answered by then died with its process. */
  @Column('timestamptz') lockedUntil!: Date;
  @Column('timestamptz') expiresAt!: Date;
}

/** What an organisation may still ask for, as of `at`; see token-bucket.ts. */
@Entity('request_budget')
export class RequestBudget {
  @PrimaryColumn('uuid') tenantId!: string;
  @Column('double precision') tokens!: number;
  @Column('timestamptz') at!: Date;
}
