import { type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import type { FileFormat } from './file-formats.ts';
import { DAY_MS, DomainError, HOUR_MS, type Interval } from '#core';
import {
  type Coverage,
  type MeterReadings,
  type MeterSeries,
  coverage,
  dailySeries,
  hourlySeries,
  overSteps,
} from '#metering';
import { derivedSeries, offeredColumns, partsOf } from './derived-series.ts';
import { type Current, type ImportCounts, readingChanges } from './reading-changes.ts';
import {
  type NewReading,
  type ReadingsDatabase,
  appendReadings,
  openReadingsDatabase,
  rowsOf,
} from './readings-database.ts';

/** What is kept about a file beside its readings. */
export interface ImportedFile {
  readonly name: string;
  /** Lower-case hex of the file's bytes. */
  readonly sha256: string;
  readonly format: FileFormat;
  readonly receivedAtMs: number;
  /** The zone its importer named, if any: it replaces the one known so far. */
  readonly declaredZone?: string;
}

/** What all readings of a store share. */
export interface Dataset {
  /** Zone of local days; null where no file and nobody said. */
  readonly zone: string | null;
  /** Of the finest column. */
  readonly resolutionMs: number;
}

/** One value that an interval has had, oldest first. */
export interface ReadingVersion {
  readonly value: number;
  readonly file: string;
  readonly receivedAtMs: number;
  readonly supersedesFile: string | null;
}

/** An upper bound for SQL; +∞ is allowed and means: whatever is stored. */
const wholeMs = (ms: number): bigint => BigInt(Math.floor(Math.min(ms, Number.MAX_SAFE_INTEGER)));

const textOrNull = (value: DuckDBValue | undefined): string | null =>
  typeof value === 'string' ? value : null;

function requireSameResolution(
  { columns, resolutionMs }: MeterReadings,
  known: ReadonlyMap<string, number>,
): void {
  for (const { name } of columns) {
    const expectedMs = known.get(name) ?? resolutionMs;
    if (expectedMs === resolutionMs) continue;
    throw new DomainError(
      'READINGS_RESOLUTION_CONFLICT',
      `expected readings of ${name} every ${expectedMs / 60_000} min as before, got every ${resolutionMs / 60_000} min`,
      'conflict',
      { column: name, expectedMs, gotMs: resolutionMs },
    );
  }
}

/** The readings of one site. Every read names what may be known: nothing that ends after it comes back. */
export class ReadingStore {
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(private readonly database: ReadingsDatabase) {}

  /** @throws DATA_DIR_IN_USE while another holder has it open; READINGS_STORE_UNREADABLE. */
  static async open(dir: string): Promise<ReadingStore> {
    return new ReadingStore(await openReadingsDatabase(dir));
  }

  private get connection(): DuckDBConnection {
    return this.database.connection;
  }

  /** Zone and finest resolution; null before the first import. */
  async dataset(): Promise<Dataset | null> {
    const [row] = await rowsOf(
      this.connection,
      'SELECT zone, (SELECT min(resolution_ms) FROM series) AS resolution_ms FROM dataset',
    );
    return row === undefined
      ? null
      : { zone: textOrNull(row['zone']), resolutionMs: Number(row['resolution_ms']) };
  }

  /**
   * Column names as in the files' headers (`load_kwh`), in alphabetical order; with those that are made of them
   * (`offeredColumns`).
   */
  async columns(): Promise<string[]> {
    return offeredColumns(await this.storedColumns());
  }

  private async storedColumns(): Promise<string[]> {
    const rows = await rowsOf(this.connection, 'SELECT DISTINCT column_name FROM readings');
    return rows.map((row) => String(row['column_name']));
  }

  /** Grows with every file that changed something; 0 before the first. */
  async revision(): Promise<number> {
    const [row] = await rowsOf(this.connection, 'SELECT coalesce(max(file_id), 0) AS id FROM files');
    return Number(row!['id']);
  }

  /** Of every column that files have named, ms. */
  async resolutions(): Promise<ReadonlyMap<string, number>> {
    const rows = await rowsOf(this.connection, 'SELECT column_name, resolution_ms FROM series');
    return new Map(rows.map((row) => [String(row['column_name']), Number(row['resolution_ms'])]));
  }

  /**
   * Stores what is new or different, all of it or nothing; the same file again changes nothing. A later value for an
   * interval supersedes the earlier one, which is kept. A blank erases nothing.
   * @throws READINGS_RESOLUTION_CONFLICT unless the resolution of each column is that of earlier files.
   */
  import(readings: MeterReadings, file: ImportedFile): Promise<ImportCounts[]> {
    const done = this.writing.then(() => this.importNow(readings, file));
    // The next import waits for this one whether or not it succeeds; its caller gets the error.
    this.writing = done.catch(() => undefined);
    return done;
  }

  private async importNow(readings: MeterReadings, file: ImportedFile): Promise<ImportCounts[]> {
    const known = await this.dataset();
    const resolutions = await this.resolutions();
    requireSameResolution(readings, resolutions);
    const changes: NewReading[] = [];
    const counts: ImportCounts[] = [];
    const { startMs, resolutionMs } = readings;
    for (const { name, values } of readings.columns) {
      const span = { startMs, endMs: startMs + values.length * resolutionMs };
      const changed = readingChanges(name, values, await this.current(name, span, resolutionMs, span.endMs));
      changes.push(...changed.changes);
      counts.push(changed.counts);
    }
    const zone = file.declaredZone ?? known?.zone ?? readings.zone;
    const added = readings.columns.map(({ name }) => name).filter((name) => !resolutions.has(name));
    if (changes.length > 0 || added.length > 0 || zone !== known?.zone) {
      await this.append(changes, file, { zone, resolutionMs, rows: readings.rows, added });
    }
    return counts;
  }

  /** One transaction on a connection of its own, so that no concurrent read sees half of it. */
  private async append(
    changes: readonly NewReading[],
    file: ImportedFile,
    dataset: Dataset & { readonly rows: number; readonly added: readonly string[] },
  ): Promise<void> {
    const connection = await this.database.instance.connect();
    try {
      await connection.run('BEGIN TRANSACTION');
      await connection.run('DELETE FROM dataset');
      await connection.run('INSERT INTO dataset VALUES (?)', [dataset.zone]);
      for (const column of dataset.added)
        await connection.run('INSERT INTO series VALUES (?, ?)', [column, BigInt(dataset.resolutionMs)]);
      const [next] = await rowsOf(connection, 'SELECT coalesce(max(file_id), 0) + 1 AS id FROM files');
      const fileId = Number(next!['id']);
      await connection.run('INSERT INTO files VALUES (?, ?, ?, ?, ?, ?, ?)', [
        fileId,
        file.name,
        file.sha256,
        file.format,
        dataset.zone,
        dataset.rows,
        BigInt(file.receivedAtMs),
      ]);
      await appendReadings(connection, changes, fileId);
      await connection.run('COMMIT');
    } finally {
      // Closing a connection with an open transaction rolls it back.
      connection.closeSync();
    }
  }

  /** The values that count inside `span`, none that ends after `knownBeforeMs`. span.startMs lies on the grid. */
  private async current(
    column: string,
    span: Interval,
    resolutionMs: number,
    knownBeforeMs: number,
  ): Promise<Current> {
    const length = Math.max(0, Math.ceil((span.endMs - span.startMs) / resolutionMs));
    const values = new Float64Array(length).fill(Number.NaN);
    const fileIds = new Int32Array(length);
    const result = await this.connection.runAndReadAll(
      `SELECT start_ms, arg_max(value, file_id), max(file_id) FROM readings
       WHERE column_name = ? AND start_ms >= ? AND start_ms + ? <= ? GROUP BY start_ms`,
      [column, BigInt(span.startMs), BigInt(resolutionMs), wholeMs(Math.min(span.endMs, knownBeforeMs))],
    );
    for (const [startMs, value, fileId] of result.getRows()) {
      const at = (Number(startMs) - span.startMs) / resolutionMs;
      values[at] = Number(value);
      fileIds[at] = Number(fileId);
    }
    return { series: { startMs: span.startMs, resolutionMs, values }, fileIds };
  }

  /** The columns of files that a column is made of, with their resolutions. @throws READINGS_COLUMN_UNKNOWN */
  private async partsOf(column: string): Promise<readonly (readonly [string, number])[]> {
    const stored = await this.storedColumns();
    const columns = offeredColumns(stored);
    if (columns.includes(column)) {
      const resolutions = await this.resolutions();
      return partsOf(column, stored).map((part) => [part, resolutions.get(part)!]);
    }
    throw new DomainError(
      'READINGS_COLUMN_UNKNOWN',
      `expected one of the imported columns (${columns.join(', ') || 'none'}), got ${JSON.stringify(column.slice(0, 64))}`,
      'not-found',
      { column: column.slice(0, 64), columns },
    );
  }

  /**
   * All of a column that ends by `knownBeforeMs`, from its first to its last reading, in its own resolution; null where there is
   * none. @throws READINGS_COLUMN_UNKNOWN.
   */
  async whole(column: string, knownBeforeMs: number): Promise<MeterSeries | null> {
    const parts = await this.partsOf(column);
    const resolutionMs = Math.max(...parts.map(([, ms]) => ms));
    const [row] = await rowsOf(
      this.connection,
      `SELECT min(start_ms) AS first, max(start_ms) AS last FROM readings
       WHERE column_name IN (${parts.map(() => '?').join(', ')}) AND start_ms < ?`,
      [...parts.map(([part]) => part), wholeMs(knownBeforeMs)],
    );
    if (typeof row?.['first'] !== 'bigint') return null;
    const startMs = Math.floor(Number(row['first']) / resolutionMs) * resolutionMs;
    const endMs = (Math.floor(Number(row['last']) / resolutionMs) + 1) * resolutionMs;
    return this.stepped(column, { startMs, endMs }, resolutionMs, knownBeforeMs);
  }

  /**
   * First to last known reading of a column, of those that end by `knownBeforeMs`; null where there is none.
   * @throws READINGS_COLUMN_UNKNOWN.
   */
  async coverage(column: string, knownBeforeMs: number): Promise<Coverage | null> {
    const series = await this.whole(column, knownBeforeMs);
    const covered = series && coverage(series);
    return covered && covered.present > 0 ? covered : null;
  }

  /**
   * By the full hours inside `span`, energy summed and all else averaged; missing (NaN) is what is not known, incomplete, or ends
   * after `knownBeforeMs`. @throws READINGS_COLUMN_UNKNOWN, READINGS_TOO_COARSE.
   */
  hourly(column: string, span: Interval, knownBeforeMs: number): Promise<MeterSeries> {
    return this.stepped(column, span, HOUR_MS, knownBeforeMs);
  }

  /**
   * The same by steps of `stepMinutes`, which divide an hour, or of local days of `zone`.
   * @throws READINGS_COLUMN_UNKNOWN, READINGS_TOO_COARSE where the readings are of longer steps
   */
  async regular(
    column: string,
    span: Interval,
    { stepMinutes, zone, knownBeforeMs }: { stepMinutes: number; zone: string; knownBeforeMs: number },
  ): Promise<MeterSeries> {
    const stepMs = stepMinutes * 60_000;
    if (stepMs !== DAY_MS) return this.stepped(column, span, stepMs, knownBeforeMs);
    const endMs = Math.ceil(span.endMs / HOUR_MS) * HOUR_MS;
    const hours = await this.hourly(column, { ...span, endMs }, knownBeforeMs);
    return dailySeries(hours, zone, overSteps(column));
  }

  private async stepped(
    column: string,
    span: Interval,
    stepMs: number,
    knownBeforeMs: number,
  ): Promise<MeterSeries> {
    const parts = await this.partsOf(column);
    const coarsestMs = Math.max(...parts.map(([, ms]) => ms));
    if (parts.some(([, ms]) => stepMs % ms !== 0)) {
      const [expected, got] = [stepMs, coarsestMs].map((ms) => ms / 60_000);
      throw new DomainError(
        'READINGS_TOO_COARSE',
        `expected readings that add up to ${expected} min, got readings every ${got} min`,
      );
    }
    const startMs = Math.ceil(span.startMs / stepMs) * stepMs;
    const endMs = Math.max(startMs, Math.floor(span.endMs / stepMs) * stepMs);
    const steps: [string, MeterSeries][] = [];
    for (const [part, resolutionMs] of parts) {
      const { series } = await this.current(part, { startMs, endMs }, resolutionMs, knownBeforeMs);
      steps.push([part, hourlySeries(series, stepMs, overSteps(part))]);
    }
    return derivedSeries(column, steps);
  }

  /**
   * Every value the interval of a file's column that starts at `startMs` has had, oldest first; none if it ends after
   * `knownBeforeMs`, none of a column that is derived. @throws READINGS_COLUMN_UNKNOWN.
   */
  async versions(column: string, startMs: number, knownBeforeMs: number): Promise<ReadingVersion[]> {
    const [[, resolutionMs]] = (await this.partsOf(column)) as [readonly [string, number]];
    if (startMs + resolutionMs > knownBeforeMs) return [];
    const rows = await rowsOf(
      this.connection,
      `SELECT r.value, f.name, f.received_at_ms, s.name AS superseded FROM readings r
       JOIN files f ON f.file_id = r.file_id LEFT JOIN files s ON s.file_id = r.supersedes_file_id
       WHERE r.column_name = ? AND r.start_ms = ? ORDER BY r.file_id`,
      [column, BigInt(startMs)],
    );
    return rows.map((row) => ({
      value: Number(row['value']),
      file: String(row['name']),
      receivedAtMs: Number(row['received_at_ms']),
      supersedesFile: textOrNull(row['superseded']),
    }));
  }

  /** Waits for a running import, writes everything to the file and gives the directory free. */
  async close(): Promise<void> {
    await this.writing;
    this.database.close();
  }
}
