import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { Organisation } from '../identity/identity.entities.ts';
import { ForecastProductRow } from './product.entities.ts';

/** When a product's model is trained again; its owner's alone. */
@Entity('model_retraining')
@Index(['tenantId', 'productId'])
export class ModelRetrainingRow {
  @PrimaryColumn('uuid') @ForeignKey(() => ForecastProductRow) productId!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('integer', { nullable: true }) everyDays!: number | null;
  @Column('boolean') onDrift!: boolean;
  /** Between a training and one that a drift asks for. */
  @Column('integer') leastGapDays!: number;
  @Column('integer') trainDays!: number;
  @Column('integer') validationDays!: number;
  @Column('integer') lagDays!: number;
  @Column('boolean') mayOverlap!: boolean;
  /** Model, roster, privacy and windows, as of CreateTaskInput. */
  @Column('jsonb') task!: object;
  /** Business time of the next scheduled training. */
  @Column('timestamptz', { nullable: true }) nextAt!: Date | null;
}
