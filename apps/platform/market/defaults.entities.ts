import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { DefaultLine, ProductKind } from '#market';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { MarketSession } from './market.entities.ts';

/** Orders that a participant signed for sessions to come; its own to read. Never changed, only revoked. */
@Entity('market_default_declaration')
@Index(['zone', 'product', 'resolutionMinutes', 'lastDay'])
export class MarketDefaultDeclaration {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  /** Chosen by the participant. */
  @PrimaryColumn('text') declarationId!: string;
  @Column('text') product!: ProductKind;
  @Column('integer') resolutionMinutes!: number;
  @Column('text') zone!: string;
  @Column('text') currency!: string;
  /** YYYY-MM-DD in the zone, inclusive, as the next. */
  @Column('text') firstDay!: string;
  @Column('text') lastDay!: string;
  @Column('json') orders!: readonly DefaultLine[];
  @Column('text') signature!: string;
  @Column('timestamptz') declaredAt!: Date;
  @Column('timestamptz', { nullable: true }) revokedAt!: Date | null;
  @Column('text', { nullable: true }) revocationSignature!: string | null;
}

/** A participant's signed word that none of its default orders stands in one session. */
@Entity('market_default_withdrawal')
@Index(['sessionId'])
export class MarketDefaultWithdrawal {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @Column('text') signature!: string;
  @Column('timestamptz') withdrawnAt!: Date;
}

/** What became at the gate of a participant's default orders: placed, with the hash that the ledger certifies, or refused. */
@Entity('market_default_placement')
@Index(['sessionId'])
export class MarketDefaultPlacement {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @Column('text') declarationId!: string;
  /** Null where they were refused, whole. */
  @Column('text', { nullable: true }) hash!: string | null;
  /** The code by which they were refused. */
  @Column('text', { nullable: true }) reason!: string | null;
  @Column('timestamptz') placedAt!: Date;
}
