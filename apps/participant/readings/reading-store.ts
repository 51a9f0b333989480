import { type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api';
import { DAY_MS, DomainError, HOUR_MS, type Interval } from '#core';
import {
  type Coverage,
  type MeterReadings,
  type MeterSeries,
  coverage,
  dailySeries,
  hourlySeries,
} from '#metering';
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
  readonly format: 'csv';
  readonly receivedAtMs: number;
  /** The zone its importer named, if any: it replaces the one known so far. */
  readonly declaredZone?: string;
}

/** Readings of one column that an import brought: new, other than before, the same as before. */
export interface ImportCounts {
  readonly column: string;
  readonly added: number;
  readonly corrected: number;
  readonly unchanged: number;
}

/** What all readings of a store share. */
export interface Dataset {
  /** Zone of local days; null where no file and nobody said. */
  readonly zone: string | null;
  readonly resolutionMs: number;
}

/** One value that an interval has had, oldest first. */
export interface ReadingVersion {
  readonly energyKwh: number;
  readonly file: string;
  readonly receivedAtMs: number;
  readonly supersedesFile: string | null;
}

interface Current {
  readonly series: MeterSeries;
  /** File of each value; 0 where there is none. */
  readonly fileIds: Int32Array;
}

/** An upper bound for SQL; +∞ is allowed and means: whatever is stored. */
const wholeMs = (ms: number): bigint => BigInt(Math.floor(Math.min(ms, Number.MAX_SAFE_INTEGER)));

const textOrNull = (value: DuckDBValue | undefined): string | null =>
  typeof value === 'string' ? value : null;

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

  /** Zone and resolution; null before the first import. */
  async dataset(): Promise<Dataset | null> {
    const [row] = await rowsOf(this.connection, 'SELECT zone, resolution_ms FROM dataset');
    return row === undefined
      ? null
      : { zone: textOrNull(row['zone']), resolutionMs: Number(row['resolution_ms']) };
  }

  /** Column names as in the files' headers (`load_kwh`), in alphabetical order. */
  async columns(): Promise<string[]> {
    const rows = await rowsOf(
      this.connection,
      'SELECT DISTINCT column_name FROM readings ORDER BY column_name',
    );
    return rows.map((row) => String(row['column_name']));
  }

  /**
   * Stores what is new or different, all of it or nothing; the same file again changes nothing. A later value for an
   * interval supersedes the earlier one, which is kept. A blank erases nothing.
   * @throws READINGS_RESOLUTION_CONFLICT unless the resolution is that of earlier files.
   */
  import(readings: MeterReadings, file: ImportedFile): Promise<ImportCounts[]> {
    const done = this.writing.then(() => this.importNow(readings, file));
    // The next import waits for this one whether or not it succeeds; its caller gets the error.
    this.writing = done.catch(() => undefined);
    return done;
  }

  private async importNow(readings: MeterReadings, file: ImportedFile): Promise<ImportCounts[]> {
    const known = await this.dataset();
    if (known !== null && known.resolutionMs !== readings.resolutionMs) {
      throw new DomainError(
        'READINGS_RESOLUTION_CONFLICT',
        `expected readings every ${known.resolutionMs / 60_000} min as before, got every ${readings.resolutionMs / 60_000} min`,
        'conflict',
        { expectedMs: known.resolutionMs, gotMs: readings.resolutionMs },
      );
    }
    const changes: NewReading[] = [];
    const counts: ImportCounts[] = [];
    for (const { name, values } of readings.columns)
      counts.push(await this.compare(name, values, readings, changes));
    const zone = file.declaredZone ?? known?.zone ?? readings.zone;
    if (changes.length > 0 || known === null || zone !== known.zone) {
      await this.append(changes, file, { ...readings, zone });
    }
    return counts;
  }

  private async compare(
    column: string,
    values: Float64Array,
    readings: MeterReadings,
    changes: NewReading[],
  ): Promise<ImportCounts> {
    const { startMs, resolutionMs } = readings;
    const span = { startMs, endMs: startMs + values.length * resolutionMs };
    const { series, fileIds } = await this.current(column, span, resolutionMs, span.endMs);
    const counts = { added: 0, corrected: 0, unchanged: 0 };
    for (const [i, energyKwh] of values.entries()) {
      if (Number.isNaN(energyKwh)) continue;
      const fileId = fileIds[i]!;
      if (series.values[i] === energyKwh) {
        counts.unchanged += 1;
        continue;
      }
      counts[fileId === 0 ? 'added' : 'corrected'] += 1;
      changes.push({
        column,
        startMs: startMs + i * resolutionMs,
        energyKwh,
        supersedesFileId: fileId || null,
      });
    }
    return { column, ...counts };
  }

  /** One transaction on a connection of its own, so that no concurrent read sees half of it. */
  private async append(
    changes: readonly NewReading[],
    file: ImportedFile,
    dataset: Dataset & { rows: number },
  ): Promise<void> {
    const connection = await this.database.instance.connect();
    try {
      await connection.run('BEGIN TRANSACTION');
      await connection.run('DELETE FROM dataset');
      await connection.run('INSERT INTO dataset VALUES (?, ?)', [dataset.zone, BigInt(dataset.resolutionMs)]);
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
      `SELECT start_ms, arg_max(energy_kwh, file_id), max(file_id) FROM readings
       WHERE column_name = ? AND start_ms >= ? AND start_ms + ? <= ? GROUP BY start_ms`,
      [column, BigInt(span.startMs), BigInt(resolutionMs), wholeMs(Math.min(span.endMs, knownBeforeMs))],
    );
    for (const [startMs, energyKwh, fileId] of result.getRows()) {
      const at = (Number(startMs) - span.startMs) / resolutionMs;
      values[at] = Number(energyKwh);
      fileIds[at] = Number(fileId);
    }
    return { series: { startMs: span.startMs, resolutionMs, values }, fileIds };
  }

  private async requireColumn(column: string): Promise<Dataset> {
    const dataset = await this.dataset();
    const columns = await this.columns();
    if (dataset !== null && columns.includes(column)) return dataset;
    throw new DomainError(
      'READINGS_COLUMN_UNKNOWN',
      `expected one of the imported columns (${columns.join(', ') || 'none'}), got ${JSON.stringify(column.slice(0, 64))}`,
      'not-found',
      { column: column.slice(0, 64), columns },
    );
  }

  /**
   * First to last known reading of a column, of those that end by `knownBeforeMs`; null where there is none.
   * @throws READINGS_COLUMN_UNKNOWN.
   */
  async coverage(column: string, knownBeforeMs: number): Promise<Coverage | null> {
    const { resolutionMs } = await this.requireColumn(column);
    const [row] = await rowsOf(
      this.connection,
      'SELECT min(start_ms) AS first, max(start_ms) AS last FROM readings WHERE column_name = ? AND start_ms + ? <= ?',
      [column, BigInt(resolutionMs), wholeMs(knownBeforeMs)],
    );
    if (typeof row?.['first'] !== 'bigint') return null;
    const span = { startMs: Number(row['first']), endMs: Number(row['last']) + resolutionMs };
    return coverage((await this.current(column, span, resolutionMs, knownBeforeMs)).series);
  }

  /**
   * Hourly energy on the full hours inside `span`, kWh; missing (NaN) is what is not known, incomplete, or ends after
   * `knownBeforeMs`. @throws READINGS_COLUMN_UNKNOWN.
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
    return dailySeries(await this.hourly(column, { ...span, endMs }, knownBeforeMs), zone);
  }

  private async stepped(
    column: string,
    span: Interval,
    stepMs: number,
    knownBeforeMs: number,
  ): Promise<MeterSeries> {
    const { resolutionMs } = await this.requireColumn(column);
    if (stepMs % resolutionMs !== 0) {
      const [expected, got] = [stepMs, resolutionMs].map((ms) => ms / 60_000);
      throw new DomainError(
        'READINGS_TOO_COARSE',
        `expected readings that add up to ${expected} min, got readings every ${got} min`,
      );
    }
    const startMs = Math.ceil(span.startMs / stepMs) * stepMs;
    const endMs = Math.max(startMs, Math.floor(span.endMs / stepMs) * stepMs);
    const { series } = await this.current(column, { startMs, endMs }, resolutionMs, knownBeforeMs);
    return hourlySeries(series, stepMs);
  }

  /** Every value the interval starting at `startMs` has had, oldest first; none if it ends after `knownBeforeMs`. */
  async versions(column: string, startMs: number, knownBeforeMs: number): Promise<ReadingVersion[]> {
    const { resolutionMs } = await this.requireColumn(column);
    if (startMs + resolutionMs > knownBeforeMs) return [];
    const rows = await rowsOf(
      this.connection,
      `SELECT r.energy_kwh, f.name, f.received_at_ms, s.name AS superseded FROM readings r
       JOIN files f ON f.file_id = r.file_id LEFT JOIN files s ON s.file_id = r.supersedes_file_id
       WHERE r.column_name = ? AND r.start_ms = ? ORDER BY r.file_id`,
      [column, BigInt(startMs)],
    );
    return rows.map((row) => ({
      energyKwh: Number(row['energy_kwh']),
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
