import {
  Column,
  CreateDateColumn,
  Entity,
  ForeignKey,
  Index,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  Unique,
  type ValueTransformer,
} from 'typeorm';
import type { FactorBasis, IntensityFinding } from '#carbon';
import { Organisation, Participant } from '../identity/identity.entities.ts';
import { MarketSession } from '../market/market.entities.ts';

/** bigint columns whose values are checked to be exact as numbers before they are written. */
const wholeNumber: ValueTransformer = { from: Number, to: (value: number) => value };
const wholeNumberOrNull: ValueTransformer = {
  from: (text: string | null) => (text === null ? null : Number(text)),
  to: (value: number | null) => value,
};

/** One imported grid intensity series; never changed, a correction is a new series. */
@Entity('grid_series')
@Index(['tenantId', 'importedAt'])
export class GridSeries {
  /** `grid/` and 32 hex digits of the hash of the file and what was declared about it: the factor id in figures. */
  @PrimaryColumn('text') id!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @Column('text') region!: string;
  @Column('text') basis!: FactorBasis;
  @Column('text') source!: string;
  @Column('text') csvSha256!: string;
  /** Imported by the operator: used where a reader names no series. */
  @Column('boolean') communityDefault!: boolean;
  @Column('timestamptz') firstHour!: Date;
  /** Start of the last hour. */
  @Column('timestamptz') lastHour!: Date;
  @Column('integer') hours!: number;
  @Column('jsonb') findings!: readonly IntensityFinding[];
  /** Wall clock: the newest counts, and business time may stand still. */
  @CreateDateColumn({ type: 'timestamptz', precision: 6 }) importedAt!: Date;
}

@Entity('grid_intensity')
export class GridIntensityHour {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('text') @ForeignKey(() => GridSeries) seriesId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  /** Exact decimal. */
  @Column('text') kgCo2ePerKwh!: string;
}

/** Totals of its own emissions that a member computed itself and chose to publish, signed; versions are never changed. */
@Entity('published_emissions')
@Unique('published_emissions_version_key', ['participantId', 'startsAt', 'endsAt', 'version'])
@Index(['tenantId', 'startsAt'])
@Index(['startsAt'])
export class PublishedEmissionsRow {
  /** Order of publication. */
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'ALWAYS' }) sequence!: string;
  @ForeignKey(() => Organisation) @Column('uuid') tenantId!: string;
  @ForeignKey(() => Participant) @Column('uuid') participantId!: string;
  @Column('timestamptz') startsAt!: Date;
  @Column('timestamptz') endsAt!: Date;
  @Column('integer') version!: number;
  @Column('integer') hours!: number;
  @Column('bigint', { transformer: wholeNumber }) locationGrams!: number;
  @Column('bigint', { transformer: wholeNumber }) marketGrams!: number;
  @Column('text') methodVersion!: string;
  @Column('text') basis!: FactorBasis;
  @Column('text', { array: true }) factorIds!: string[];
  @Column('text') signature!: string;
  @Column('timestamptz') publishedAt!: Date;
}

/**
 * What one participant's meter and trades of one hour of a session came to; seen by its owner only. A re-settlement adds a
 * version where it came to something else, and the newest stands.
 */
@Entity('carbon_account')
@Index(['sessionId'])
@Index(['participantId', 'startsAt'])
export class CarbonAccountRow {
  @PrimaryColumn('uuid') @ForeignKey(() => Organisation) tenantId!: string;
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('timestamptz') startsAt!: Date;
  @PrimaryColumn('uuid') @ForeignKey(() => Participant) participantId!: string;
  @Column('bigint', { transformer: wholeNumber }) boughtWh!: number;
  @Column('bigint', { transformer: wholeNumber }) soldWh!: number;
  /** Of the session's settlement. */
  @PrimaryColumn('integer') version!: number;
  /** Attributes that came with bought energy. */
  @Column('bigint', { transformer: wholeNumber }) receivedWh!: number;
  /** Attributes that left with sold and delivered energy. */
  @Column('bigint', { transformer: wholeNumber }) givenWh!: number;
  /** min(bought, net import); null without a delivery statement. */
  @Column('bigint', { transformer: wholeNumberOrNull, nullable: true }) consumedWh!: number | null;
  /** min(received, net import); null without a delivery statement. */
  @Column('bigint', { transformer: wholeNumberOrNull, nullable: true }) coveredWh!: number | null;
}

/** Emissions of a session's traded energy on one grid series, community totals. */
@Entity('carbon_report')
export class CarbonReportRow {
  @PrimaryColumn('uuid') @ForeignKey(() => MarketSession) sessionId!: string;
  @PrimaryColumn('text') @ForeignKey(() => GridSeries) seriesId!: string;
  @Column('text') factorId!: string;
  @Column('text') methodVersion!: string;
  /** Distinct organisations that traded. */
  @Column('integer') organisations!: number;
  @Column('bigint', { transformer: wholeNumber }) tradedWh!: number;
  @Column('integer') missingDeliveries!: number;
  @Column('timestamptz', { array: true }) hoursWithoutIntensity!: Date[];
  /** The rest is null where too few organisations traded. */
  @Column('bigint', { transformer: wholeNumberOrNull, nullable: true }) attributedWh!: number | null;
  @Column('bigint', { transformer: wholeNumberOrNull, nullable: true }) consumedWh!: number | null;
  @Column('bigint', { transformer: wholeNumberOrNull, nullable: true }) coveredWh!: number | null;
  @Column('bigint', { transformer: wholeNumberOrNull, nullable: true }) locationGrams!: number | null;
  @Column('bigint', { transformer: wholeNumberOrNull, nullable: true }) marketGrams!: number | null;
  @Column('timestamptz') accountedAt!: Date;
}
