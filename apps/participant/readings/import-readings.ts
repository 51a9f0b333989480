import { basename } from 'node:path';
import { type Clock, sha256Hex, systemClock } from '#core';
import {
  type Coverage,
  type CsvOptions,
  type Finding,
  type MeterReadings,
  coverage,
  readingsFromCsv,
} from '#metering';
import { type DeclaredTotals, declareTotals } from './declared-totals.ts';
import { againstEarlier, againstFile, againstTotals, requireUsable } from './import-doubts.ts';
import type { ImportCounts } from './reading-changes.ts';
import { asCsv, type FileFormat, formatOf, withColumn } from './file-formats.ts';
import { bytesOf } from './reading-file.ts';
import { type ImportedFile, ReadingStore } from './reading-store.ts';
import { noteSeries } from './series-note.ts';

export interface ImportOptions {
  /** Absent: as the file's first bytes say. */
  readonly format?: FileFormat;
  /** Zone of timestamps without offset and of the site's local days: IANA name or fixed offset. */
  readonly zone?: string;
  /** Timestamps are the ends of their intervals, not the starts. */
  readonly intervalEnds?: boolean;
  /** What the only column of values is called, with its unit: `load_kwh`; absent: as the header says. */
  readonly column?: string;
  /** kWh a year of columns of energy; kept, and compared with all there is of them now and before each task. */
  readonly annualKwh?: DeclaredTotals;
  /** Another file of the same quantities from elsewhere, to be compared with and not stored. */
  readonly checkAgainst?: string;
  /** Hears what the import is about to do. */
  readonly tell?: (step: string) => void;
}

/** One column of an imported file: what the file covers and what became of it. */
export interface ImportedColumn extends ImportCounts {
  readonly coverage: Coverage;
}

/** What an import did and noticed; holds no reading. */
export interface ImportReport {
  readonly file: string;
  readonly sha256: string;
  readonly format: FileFormat;
  readonly rows: number;
  readonly resolutionMs: number;
  readonly zone: string | null;
  readonly columns: readonly ImportedColumn[];
  readonly ignoredColumns: readonly string[];
  readonly findings: readonly Finding[];
  /** unchanged: every reading of the file was there already with the same value. */
  readonly outcome: 'imported' | 'unchanged';
}

/** The resolution earlier files have of these columns, where it is one. */
async function resolutionOf(opened: ReadingStore): Promise<NonNullable<CsvOptions['resolutionOf']>> {
  const resolutions = await opened.resolutions();
  return (columns) => {
    const known = new Set(columns.flatMap((column) => resolutions.get(column) ?? []));
    return known.size === 1 ? [...known][0] : undefined;
  };
}

interface Stored {
  readonly readings: MeterReadings;
  readonly counts: readonly ImportCounts[];
  readonly zone: string | null;
  readonly doubts: readonly Finding[];
}

async function store(dir: string, text: string, options: ImportOptions, meta: ImportedFile): Promise<Stored> {
  const { zone, intervalEnds, checkAgainst, annualKwh = {}, tell } = options;
  const zoned = zone === undefined ? {} : { zone };
  const opened = await ReadingStore.open(dir);
  try {
    const csv = { ...zoned, intervalEnds: intervalEnds === true, resolutionOf: await resolutionOf(opened) };
    const readings = readingsFromCsv(text, csv);
    tell?.(`comparing ${readings.rows} rows of ${readings.columns.length} columns`);
    await requireUsable(opened, readings, annualKwh);
    const compared = checkAgainst === undefined ? [] : await againstFile(readings, checkAgainst, zoned);
    const earlier = await againstEarlier(opened, readings);
    tell?.(`storing ${readings.rows} rows of ${readings.columns.length} columns`);
    const counts = await opened.import(readings, meta);
    const totals = await againstTotals(opened, declareTotals(dir, annualKwh));
    await noteSeries(dir, opened);
    const doubts = [...compared, ...earlier, ...totals];
    return { readings, counts, zone: (await opened.dataset())?.zone ?? null, doubts };
  } finally {
    await opened.close();
  }
}

/**
 * Reads one file of meter readings into `<dir>/readings.duckdb`: whole, or, when anything in it cannot be read, not at all.
 * @throws FILE_UNREADABLE; CSV_… with data {line, column}; as asCsv; ZONE_UNKNOWN; DATA_DIR_IN_USE; READINGS_RESOLUTION_CONFLICT;
 * COLUMN_UNKNOWN where the file to check against has none of its columns, or a total is declared of a column that is not there.
 */
export async function importReadings(
  dir: string,
  file: string,
  options: ImportOptions,
  clock: Clock = systemClock,
): Promise<ImportReport> {
  const bytes = await bytesOf(file);
  const sha256 = await sha256Hex(bytes);
  const { format = formatOf(bytes), zone } = options;
  const { csv, findings } = await asCsv(format, bytes, file);
  const named = options.column === undefined ? csv : withColumn(csv, options.column);
  const meta = {
    name: basename(file),
    sha256,
    format,
    receivedAtMs: clock.nowMs(),
    ...(zone === undefined ? {} : { declaredZone: zone }),
  };
  const { readings, counts, doubts, ...stored } = await store(dir, named, options, meta);
  return {
    file: meta.name,
    sha256,
    format,
    rows: readings.rows,
    resolutionMs: readings.resolutionMs,
    zone: stored.zone,
    columns: readings.columns.map(({ values }, i) => ({
      ...counts[i]!,
      coverage: coverage({ startMs: readings.startMs, resolutionMs: readings.resolutionMs, values }),
    })),
    ignoredColumns: readings.ignoredColumns,
    findings: [...findings, ...readings.findings, ...doubts],
    outcome: counts.some(({ added, corrected }) => added + corrected > 0) ? 'imported' : 'unchanged',
  };
}
