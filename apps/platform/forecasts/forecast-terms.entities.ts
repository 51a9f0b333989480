import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique, type ValueTransformer } from 'typeorm';
import { Organisation } from '../identity/identity.entities.ts';
import type { Licence } from './forecast-terms.ts';
import type { ForecastSeries } from './forecast-series.ts';

/** Minor units come as text from bigint columns; FORECAST_TERMS_PRICE keeps them exact as numbers. */
const minorUnits: ValueTransformer = { from: Number, to: (value: number) => value };

/** What an organisation asks for its forecasts of one series over whole local days; written once. */
@Entity('forecast_terms')
@Index(['tenantId', 'series', 'startsAt'])
export class ForecastTerms {
  @PrimaryColumn('uuid') id!: string;
  /** The publisher. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') series!: ForecastSeries;
  /** Whose days are paid for. */
  @Column('text') zone!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('bigint', { transformer: minorUnits }) pricePerDayMinor!: number;
  @Column('text') currency!: string;
  @Column('text') licence!: Licence;
  @Column('timestamptz') createdAt!: Date;
}

/** An organisation has agreed to terms for some of their days; written once, with the price it agreed to. */
@Entity('forecast_agreement')
@Index(['tenantId', 'publisherId', 'series', 'startsAt'])
export class ForecastAgreement {
  @PrimaryColumn('uuid') id!: string;
  /** The consumer. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => ForecastTerms) @Column('uuid') termsId!: string;
  @Index() @ForeignKey(() => Organisation) @Column('uuid') publisherId!: string;
  @Column('text') series!: ForecastSeries;
  @Column('text') zone!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('bigint', { transformer: minorUnits }) pricePerDayMinor!: number;
  @Column('text') currency!: string;
  @Column('timestamptz') createdAt!: Date;
}

/** From `endsAt` on an agreement holds no more, by the word of one of its sides; the earliest counts. */
@Entity('forecast_agreement_end')
export class ForecastAgreementEnd {
  @PrimaryColumn('uuid') @ForeignKey(() => ForecastAgreement) agreementId!: string;
  @PrimaryColumn('timestamptz') endsAt!: Date;
  /** Who ended it. */
  @Index() @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('timestamptz') createdAt!: Date;
}

/** A delivery day of a publisher's series that a consumer has read and paid for, once however often it reads. */
@Entity('forecast_charge')
@Unique(['tenantId', 'publisherId', 'series', 'startsAt'])
export class ForecastCharge {
  @PrimaryColumn('uuid') id!: string;
  /** The consumer. */
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => ForecastAgreement) @Column('uuid') agreementId!: string;
  @Index() @ForeignKey(() => Organisation) @Column('uuid') publisherId!: string;
  @Column('text') series!: ForecastSeries;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('bigint', { transformer: minorUnits }) priceMinor!: number;
  @Column('text') currency!: string;
  /** Whose released cohort shares in the price. */
  @Column('text', { nullable: true }) taskCardHash!: string | null;
  /** How many organisations that was; 0: the publisher has all of it. */
  @Column('integer') contributors!: number;
  @Column('timestamptz') createdAt!: Date;
}
