/**
 * metering: readings as files hold them, turned into values per interval, with what is doubtful about them.
 *
 * Vocabulary: quantity (what a column measures, by the unit its name ends in: energy, power, price, weather), reading (its value
 * over one half-open interval of UTC), resolution (15, 20, 30 or 60 min), series (readings
 * on a regular grid, NaN = missing), coverage (how much is known), local day (23, 24 or 25 h of an IANA zone), finding
 * (a doubt with a code, a severity, a place and a count: reported, never a reason to refuse).
 *
 * References: RFC 4180 (CSV); NAESB REQ.21, ESPI 1.1 (Green Button); ISO 8601 (timestamps); IANA tz database (zones); ENTSO-E,
 * EIC Reference Manual 5 (energy identification codes).
 */
export { type CsvColumns, type CsvReading, csvReadings } from './csv-stream.ts';
export { type CsvRecord, CSV_LIMITS, csvError, csvRecords } from './csv-records.ts';
export { type CsvOptions, type MeterReadings, type ReadingColumn, readingsFromCsv } from './csv-readings.ts';
export { checkEic, type EicCheck } from './eic.ts';
export { GREEN_BUTTON_LIMITS, readGreenButton } from './green-button.ts';
export type { GreenButton, GreenButtonSeries } from './green-button-series.ts';
export { greenButtonCsv } from './green-button-csv.ts';
export { reviewAnnualTotal } from './annual-total.ts';
export { readTimestamp } from './timestamp.ts';
export { compareSeries } from './compare-series.ts';
export { isWeather, measureOf, overSteps, type SharedUnit, sharedUnit } from './quantity.ts';
export { reviewScale, reviewUnits } from './unit-review.ts';
export { type NumericTable, readNumericTable } from './numeric-table.ts';
export { type Finding, type FindingCode, printable, type Severity } from './finding.ts';
export {
  type Coverage,
  type MeterSeries,
  coverage,
  dailySeries,
  hourlySeries,
  hoursOf,
  lastCompleteLocalDay,
} from './series.ts';
export {
  type CheckedReadings,
  READING_QUALITIES,
  ReadingBatch,
  type ReadingFinding,
  type ReadingQuality,
  type RefusedRow,
  type SentReading,
} from './reading-batch.ts';
export { requireCoarser, requireStep, stepEndMs, isStepStart, intervalsWithin } from './reading-rows.ts';
export { type Conversion, conversion, requireUnit } from './series-unit.ts';
