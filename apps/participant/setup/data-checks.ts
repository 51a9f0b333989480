import { DomainError, HOUR_MS, isoInstant, parseInstant } from '#core';
import { DAY_AHEAD_RIDGE } from '#forecasting';
import {
  type Finding,
  type MeterReadings,
  type MeterSeries,
  coverage,
  hourlySeries,
  overSteps,
  printable,
  readingsFromCsv,
} from '#metering';
import { asCsv, type FileFormat, formatOf, withColumn } from '../readings/file-formats.ts';
import { rangeDoubt, scaleDoubt, type Unfitness } from '../readings/fitness.ts';
import { bytesOf } from '../readings/reading-file.ts';
import type { NotedSeries } from '../readings/series-note.ts';
import { type Check, failed, ok, warning } from './check.ts';

/** A file as `participant import` would be told to read it. */
export interface DataFile {
  readonly file: string;
  readonly format?: FileFormat;
  readonly zone?: string;
  readonly column?: string;
}

/** L + H of the usual task, in hours: fewer readings and a node declines it. */
const NEEDED_HOURS =
  ((DAY_AHEAD_RIDGE.lookback + DAY_AHEAD_RIDGE.horizon) * DAY_AHEAD_RIDGE.stepMinutes) / 60;

/** Reads a file and stores nothing of it. @throws FILE_UNREADABLE, CSV_… and what asCsv and readingsFromCsv throw */
export async function readDataFile({ file, format, zone, column }: DataFile): Promise<MeterReadings> {
  const bytes = await bytesOf(file);
  const { csv, findings } = await asCsv(format ?? formatOf(bytes), bytes, file);
  const named = column === undefined ? csv : withColumn(csv, column);
  const readings = readingsFromCsv(named, zone === undefined ? {} : { zone });
  return { ...readings, findings: [...findings, ...readings.findings] };
}

/** Whether the file can be read, what is doubtful in it, and whether it is enough for the usual task. */
export async function dataChecks(data: DataFile): Promise<Check[]> {
  let readings: MeterReadings;
  try {
    readings = await readDataFile(data);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const todo = 'correct the file or the options; `gridcommons participant import --help` says what is read';
    return [failed('data', { code: error.code, found: error.message, todo })];
  }
  return [
    readCheck(data.file, readings),
    findingsCheck(readings.findings),
    unitsCheck(readings),
    lookbackCheck(readings.columns.map(({ name, values }) => hourDoubt(name, seriesOf(readings, values)))),
  ];
}

const seriesOf = ({ startMs, resolutionMs }: MeterReadings, values: Float64Array): MeterSeries => ({
  startMs,
  resolutionMs,
  values,
});

const hourDoubt = (name: string, series: MeterSeries): Unfitness | null =>
  rangeDoubt(name, hourlySeries(series, HOUR_MS, overSteps(name)), NEEDED_HOURS);

function readCheck(file: string, readings: MeterReadings): Check {
  const { rows, resolutionMs, columns, startMs, ignoredColumns, zone } = readings;
  const endMs = startMs + resolutionMs * (columns[0]?.values.length ?? 0);
  const counts = columns.map(({ name, values }) => {
    const { present, missing } = coverage(seriesOf(readings, values));
    return `${name} ${present} readings, ${missing} missing`;
  });
  const found = [
    `${file}: ${rows} rows every ${resolutionMs / 60_000} min`,
    `${isoInstant(startMs)} to ${isoInstant(endMs)}, zone ${zone ?? 'unknown'}`,
    ...counts,
    ...(ignoredColumns.length === 0 ? [] : [`not read: ${ignoredColumns.join(', ')}`]),
  ];
  return ok('data', printable(found.join('; ')));
}

function findingsCheck(findings: readonly Finding[]): Check {
  const grave = findings.filter(({ severity }) => severity !== 'info');
  const [worst] = grave.toSorted((a, b) => Number(b.severity === 'severe') - Number(a.severity === 'severe'));
  if (worst === undefined) return ok('findings', `none that costs readings, ${findings.length} in all`);
  return warning('findings', {
    code: worst.code,
    found: printable(
      `${grave.length}: ${worst.severity} ${worst.code} ${worst.column ?? ''}, ${worst.message}`,
    ),
    todo: 'look at the file; `participant import` lists all of them, a corrected file supersedes it later',
  });
}

function unitsCheck(readings: MeterReadings): Check {
  const doubt = readings.columns
    .map(({ name, values }) => scaleDoubt(name, seriesOf(readings, values), undefined))
    .find((each) => each !== null);
  if (!doubt) return ok('units', 'no level leaps as another unit would');
  const todo = 'correct the unit, or declare the yearly total: participant import … --expect-annual-kwh';
  return warning('units', { code: doubt.code, found: printable(doubt.reason), todo });
}

function lookbackCheck(doubts: readonly (Unfitness | null)[]): Check {
  const doubt = doubts.find((each) => each !== null);
  if (!doubt) return ok('look-back', `every column has the ${NEEDED_HOURS} hours that the usual task needs`);
  return warning('look-back', {
    code: doubt.code,
    found: printable(doubt.reason),
    todo: 'the node declines such tasks until there are more readings: import them as they come',
  });
}

/** The same of readings that are stored already, from what is noted of them: the node that runs has them for itself. */
export function storedChecks(noted: readonly NotedSeries[] | null): Check[] {
  if (noted === null || noted.length === 0) {
    const todo = 'gridcommons participant import FILE --dir …';
    return [warning('data', { code: 'READINGS_NONE', found: 'no readings are stored', todo })];
  }
  const lines = noted.map(
    ({ column, from, to, present, missing }) =>
      `${column} ${from} to ${to}, ${present} readings, ${missing} missing`,
  );
  const suspect = noted.flatMap(({ leftOut }) => leftOut ?? [])[0];
  return [
    ok('data', printable(lines.join('; '))),
    suspect === undefined
      ? ok('units', 'no series is left out of tasks')
      : warning('units', {
          code: suspect.code,
          found: printable(suspect.reason),
          todo: 'import corrected readings, or declare the yearly total (--expect-annual-kwh)',
        }),
    lookbackCheck(noted.map(notedDoubt)),
  ];
}

function notedDoubt({ column, from, to, present, missing }: NotedSeries): Unfitness | null {
  const hours = ((parseInstant(to) - parseInstant(from)) / HOUR_MS) * (present / (present + missing));
  if (hours >= NEEDED_HOURS) return null;
  const reason = `expected ${NEEDED_HOURS} hours of ${column} at least, a look back and a horizon, got ${Math.floor(hours)}`;
  return { code: 'SERIES_TOO_SHORT', reason };
}
