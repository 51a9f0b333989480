import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { DataSet } from '../catalogue/catalogue.entities.ts';
import { Organisation } from '../identity/identity.entities.ts';
import { AgreementOrder, whole } from './payments.entities.ts';

/** A contributor of a data set, as its publisher says. */
@Entity('revenue_shares')
@Check('revenue_shares_weight', 'weight > 0')
export class RevenueShare {
  @PrimaryColumn('uuid') @ForeignKey(() => DataSet) dataSetId!: string;
  @Index() @PrimaryColumn('uuid') @ForeignKey(() => Organisation) organisationId!: string;
  @Index() @Column('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @Column('bigint', { transformer: whole }) weight!: number;
  @Column('timestamptz') createdAt!: Date;
}

/** What a contributor was paid of an order. */
@Entity('order_shares')
@Unique(['orderId', 'organisationId'])
@Index(['organisationId', 'createdAt'])
@Index(['providerId', 'createdAt'])
@Check('order_shares_amount', 'amount_minor > 0')
export class OrderShare {
  @PrimaryColumn('uuid') id!: string;
  @Column('uuid') @ForeignKey(() => AgreementOrder) orderId!: string;
  @Column('uuid') @ForeignKey(() => Organisation) organisationId!: string;
  @Column('uuid') @ForeignKey(() => Organisation) providerId!: string;
  @Column('uuid') @ForeignKey(() => DataSet) dataSetId!: string;
  @Column('text') currency!: string;
  @Column('bigint', { transformer: whole }) amountMinor!: number;
  @Column('timestamptz') createdAt!: Date;
}
