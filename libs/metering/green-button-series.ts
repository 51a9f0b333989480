import type { Decimal } from 'decimal.js';
import type { EspiUnit } from './espi-codes.ts';
import type { Finding } from './finding.ts';
import type { LocalTime } from './green-button-time.ts';

/** One interval reading, half-open [startMs, + durationSeconds). */
export interface GreenButtonReading {
  readonly startMs: number;
  readonly durationSeconds: number;
  /** In the series' unit: as written × 10^powerOfTenMultiplier. */
  readonly value: Decimal;
  /** 1e-5 of the currency, never scaled; null where none is written. */
  readonly costE5: Decimal | null;
  /** Codes of QualityOfReading. */
  readonly qualities: readonly number[];
}

/** The readings of one meter reading resource, in order of time, each interval once. */
export interface GreenButtonSeries {
  readonly id: string;
  readonly title: string | null;
  /** Id of its usage point; null where the document has none. */
  readonly usagePoint: string | null;
  readonly service: string | null;
  /** Null where the document does not say. */
  readonly unit: EspiUnit | null;
  readonly flow: string | null;
  readonly currency: string | null;
  /** The values are levels of a register: they do not add up. */
  readonly isRegister: boolean;
  /** What most readings last. */
  readonly intervalSeconds: number;
  /** Interval readings in the file. */
  readonly rows: number;
  readonly readings: readonly GreenButtonReading[];
  /** In its unit; null where values do not add up. */
  readonly total: Decimal | null;
  readonly energyWh: Decimal | null;
  /** Null where no reading has a cost. */
  readonly costE5: Decimal | null;
}

/** What a publisher says a billing period comes to. */
export interface GreenButtonSummary {
  readonly usagePoint: string | null;
  readonly startMs: number | null;
  readonly endMs: number | null;
  readonly consumption: { readonly value: Decimal; readonly unit: EspiUnit | null } | null;
  readonly billE5: Decimal | null;
  readonly currency: string | null;
}

export interface GreenButton {
  readonly series: readonly GreenButtonSeries[];
  readonly summaries: readonly GreenButtonSummary[];
  readonly localTime: LocalTime | null;
  readonly findings: readonly Finding[];
}

/** A reading as the file has it, before order and doubles are looked at. */
export interface RawReading extends GreenButtonReading {
  /** The start was no whole second. */
  readonly isFractional: boolean;
}
