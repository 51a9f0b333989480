/**
 * metering: meter readings as files hold them, turned into energy per interval, with what is doubtful about them.
 *
 * Vocabulary: reading (energy of one half-open interval of UTC, kWh), resolution (15, 20, 30 or 60 min), series (readings
 * on a regular grid, NaN = missing), coverage (how much is known), local day (23, 24 or 25 h of an IANA zone), finding
 * (a doubt with a code, a severity, a place and a count: reported, never a reason to refuse).
 *
 * References: RFC 4180 (CSV); ISO 8601 (timestamps); IANA tz database (zones).
 */
export { CSV_LIMITS } from './csv-records.ts';
export { type CsvOptions, type MeterReadings, type ReadingColumn, readingsFromCsv } from './csv-readings.ts';
export { type NumericTable, readNumericTable } from './numeric-table.ts';
export { type Finding, type FindingCode, type Severity } from './finding.ts';
export {
  type Coverage,
  type MeterSeries,
  coverage,
  dailySeries,
  hourlySeries,
  hoursOf,
  lastCompleteLocalDay,
} from './series.ts';
