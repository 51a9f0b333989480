import { Column, CreateDateColumn, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import type { CalorificBasis, CombustionSector, FactorAveraging, FactorBasis, FactorFinding } from '#carbon';
import { Organisation } from '../identity/identity.entities.ts';

/** One imported set of factors; never changed, a correction is a new set. */
@Entity('factor_set')
@Index(['tenantId', 'importedAt'])
export class FactorSetRow {
  /** `factors/` and 32 hex digits of the hash of the file and what was declared about it. */
  @PrimaryColumn('text') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') title!: string;
  @Column('text') csvSha256!: string;
  /** Imported by the operator for everybody. */
  @Column('boolean') communityDefault!: boolean;
  @Column('integer') rows!: number;
  @Column('jsonb') findings!: readonly FactorFinding[];
  /** Wall clock: the newest counts, and business time may stand still. */
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) importedAt!: Date;
}

/** A factor by the kWh of an imported set. */
@Entity('emission_factor')
@Index(['tenantId', 'subject'])
@Index(['setId'])
export class EmissionFactorRow {
  /** The set's, and the line of its file. */
  @PrimaryColumn('text') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => FactorSetRow) @Column('text') setId!: string;
  /** As its set's: row-level security reads it here. */
  @Column('boolean') communityDefault!: boolean;
  @Column('text') subject!: string;
  @Column('text') gramsCo2ePerKwh!: string;
  @Column('text') basis!: FactorBasis;
  @Column('text') averaging!: FactorAveraging;
  @Column('text', { nullable: true }) zone!: string | null;
  @Column('text', { nullable: true }) gwpSet!: string | null;
  @Column('text') source!: string;
  @Column('timestamptz') validFrom!: Date;
  @Column('timestamptz', { nullable: true }) validTo!: Date | null;
}

/** A factor by the TJ burnt of an imported set. */
@Entity('combustion_factor')
@Index(['tenantId', 'fuel'])
@Index(['setId'])
export class CombustionFactorRow {
  @PrimaryColumn('text') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => FactorSetRow) @Column('text') setId!: string;
  @Column('boolean') communityDefault!: boolean;
  @Column('text') fuel!: string;
  @Column('text', { nullable: true }) sector!: CombustionSector | null;
  @Column('text') calorific!: CalorificBasis;
  @Column('text') kgCo2PerTj!: string;
  @Column('text') kgCh4PerTj!: string;
  @Column('text') kgN2oPerTj!: string;
  @Column('boolean') biogenic!: boolean;
  @Column('text', { nullable: true }) zone!: string | null;
  @Column('text') source!: string;
  @Column('timestamptz') validFrom!: Date;
  @Column('timestamptz', { nullable: true }) validTo!: Date | null;
}
