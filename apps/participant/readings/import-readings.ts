import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Clock, DomainError, sha256Hex, systemClock } from '#core';
import {
  CSV_LIMITS,
  type Coverage,
  type Finding,
  type MeterReadings,
  coverage,
  readingsFromCsv,
} from '#metering';
import { type ImportCounts, ReadingStore } from './reading-store.ts';
import { noteSeries } from './series-note.ts';

export interface ImportOptions {
  readonly format: 'csv';
  /** Zone of timestamps without offset and of the site's local days: IANA name or fixed offset. */
  readonly zone?: string;
}

/** One column of an imported file: what the file covers and what became of it. */
export interface ImportedColumn extends ImportCounts {
  readonly coverage: Coverage;
}

/** What an import did and noticed; holds no reading. */
export interface ImportReport {
  readonly file: string;
  readonly sha256: string;
  readonly format: 'csv';
  readonly rows: number;
  readonly resolutionMs: number;
  readonly zone: string | null;
  readonly columns: readonly ImportedColumn[];
  readonly ignoredColumns: readonly string[];
  readonly findings: readonly Finding[];
  /** unchanged: every reading of the file was there already with the same value. */
  readonly outcome: 'imported' | 'unchanged';
}

async function bytesOf(file: string): Promise<Uint8Array> {
  const unreadable = (problem: string) =>
    new DomainError('FILE_UNREADABLE', `expected a readable file, got ${problem}: ${file}`, 'not-found', {
      file,
    });
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(error.code ?? 'an error');
  });
  if (!found.isFile()) throw unreadable(found.isDirectory() ? 'a directory' : 'no regular file');
  if (found.size > CSV_LIMITS.characters) {
    const problem = `expected at most ${CSV_LIMITS.characters} bytes, got ${found.size}`;
    throw new DomainError('CSV_TOO_LARGE', problem, 'limit', {
      limit: CSV_LIMITS.characters,
      got: found.size,
    });
  }
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(error.code ?? 'an error');
  });
}

/** The line and column of the first byte that is not UTF-8 would need a decoder of our own; the line is close enough. */
function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0] ?? '';
    const lines = before.split('\n');
    const position = { line: lines.length, column: (lines.at(-1) ?? '').split(',').length };
    throw new DomainError(
      'CSV_ENCODING',
      `line ${position.line}, column ${position.column}: expected UTF-8 text, got other bytes`,
      'invalid',
      position,
    );
  }
}

async function store(
  dir: string,
  read: (resolutionMs: number | undefined) => MeterReadings,
  keep: (store: ReadingStore, readings: MeterReadings) => Promise<ImportCounts[]>,
): Promise<{ readings: MeterReadings; counts: ImportCounts[]; zone: string | null }> {
  const opened = await ReadingStore.open(dir);
  try {
    const readings = read((await opened.dataset())?.resolutionMs);
    const counts = await keep(opened, readings);
    await noteSeries(dir, opened);
    return { readings, counts, zone: (await opened.dataset())?.zone ?? null };
  } finally {
    await opened.close();
  }
}

/**
 * Reads one file of meter readings into `<dir>/readings.duckdb`: whole, or, when anything in it cannot be read, not at all.
 * @throws FILE_UNREADABLE; CSV_… with data {line, column}; ZONE_UNKNOWN; DATA_DIR_IN_USE; READINGS_RESOLUTION_CONFLICT.
 */
export async function importReadings(
  dir: string,
  file: string,
  options: ImportOptions,
  clock: Clock = systemClock,
): Promise<ImportReport> {
  const bytes = await bytesOf(file);
  const text = textOf(bytes);
  const sha256 = await sha256Hex(bytes);
  const zone = options.zone === undefined ? {} : { zone: options.zone };
  const { format } = options;
  const meta = { name: basename(file), sha256, format, receivedAtMs: clock.nowMs() };
  const { readings, counts, ...stored } = await store(
    dir,
    (resolutionMs) => readingsFromCsv(text, resolutionMs === undefined ? zone : { ...zone, resolutionOf: () => resolutionMs }),
    (opened, read) =>
      opened.import(read, options.zone === undefined ? meta : { ...meta, declaredZone: options.zone }),
  );
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
    findings: readings.findings,
    outcome: counts.some(({ added, corrected }) => added + corrected > 0) ? 'imported' : 'unchanged',
  };
}
