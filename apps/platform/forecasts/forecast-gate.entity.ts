import { Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import { Organisation } from '../identity/identity.entities.ts';
import type { AfterGate } from './forecast-gate.ts';

/** A rule for when the gate of an interval closes; written once by the operator, read by all. */
@Entity('forecast_gate')
@Unique(['tenantId', 'name', 'validFrom'])
export class ForecastGate {
  @PrimaryColumn('uuid') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') name!: string;
  @Column('text') zone!: string;
  @Column('integer') daysBefore!: number;
  @Column('text') closesAt!: string;
  @Column('text') afterGate!: AfterGate;
  @Column('timestamptz') validFrom!: Date;
  @Column('timestamptz', { nullable: true }) validTo!: Date | null;
  @Column('timestamptz') createdAt!: Date;
}
