import { basename } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { DomainError } from '#core';
import { positionOf, type SplitDays } from '#forecasting';
import { type MeterSeries, type NumericTable, readNumericTable } from '#metering';
import { readInputFile } from '../input.ts';

const MAX_BYTES = 512 * 2 ** 20;
/** Share of the training steps that must have a value. */
const LEAST_KNOWN = 0.5;

/** A file, by its name. */
export interface NamedTable {
  readonly name: string;
  readonly table: NumericTable;
}

/** @param wanted the columns that are read; all when absent. @throws FILE_…, CSV_…, COLUMN_UNKNOWN, COLUMN_REPEATED */
export async function readTable(path: string, wanted: readonly string[] | undefined): Promise<NamedTable> {
  const bytes = await readInputFile(path, MAX_BYTES);
  const plain = path.endsWith('.gz') ? await unzipped(bytes, path) : bytes;
  try {
    return { name: basename(path), table: readNumericTable(textOf(plain), wanted) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    throw new DomainError(error.code, `${basename(path)}: ${error.message}`, error.kind, error.data);
  }
}

function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new DomainError('CSV_ENCODING', 'expected UTF-8 text, got other bytes');
  }
}

async function unzipped(bytes: Uint8Array, path: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: MAX_BYTES });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new DomainError(
      'FILE_NOT_GZIP',
      `expected gzip of at most ${MAX_BYTES} bytes, got ${code}: ${path}`,
    );
  }
}

/** A series by its name. */
export interface NamedSeries {
  readonly name: string;
  readonly series: MeterSeries;
}

export interface Site extends NamedSeries {
  /** What a ridge with inputs may see beside the series, by column. */
  readonly inputs: ReadonlyMap<string, MeterSeries>;
}

/** Each column is a site, or the target is and the others are its inputs. @throws SITES_DIFFER where steps or spans are not the same */
export function sitesOf(tables: readonly NamedTable[], target: string | undefined): Site[] {
  const isTarget = (column: NamedSeries) => target === undefined || column.name === target;
  const found = tables.flatMap(({ name, table: { columns } }) => {
    const inputs = new Map(
      columns.filter((column) => !isTarget(column)).map((column) => [column.name, column.series]),
    );
    return columns.filter(isTarget).map((column) => ({
      name: tables.length > 1 ? `${name}:${column.name}` : column.name,
      series: column.series,
      inputs,
    }));
  });
  const spanOf = ({ series: { startMs, resolutionMs, values } }: Site): string =>
    `${values.length} steps of ${resolutionMs / 60_000} min from ${new Date(startMs).toISOString()}`;
  const [first] = found;
  const other = found.find((site) => spanOf(site) !== spanOf(first!));
  if (other)
    throw new DomainError(
      'SITES_DIFFER',
      `expected ${spanOf(first!)} as in ${first!.name}, got ${spanOf(other)} in ${other.name}`,
    );
  return found;
}

/** @throws SERIES_EMPTY, SERIES_SPARSE, SERIES_CONSTANT where a column has nothing, or next to nothing, to learn from, TEST_EMPTY where none to be judged by */
export function requireReadings(
  columns: readonly NamedSeries[],
  { train, test }: SplitDays,
  horizon: number,
): void {
  for (const { name, series } of columns) {
    const known = (from: number, to: number) =>
      series.values
        .subarray(positionOf(series, from), positionOf(series, to))
        .filter((value) => !Number.isNaN(value));
    const learnt = known(train.startMs, train.endMs);
    if (learnt.length === 0)
      throw new DomainError('SERIES_EMPTY', `expected values of ${name} to learn from, got none`);
    const learnSteps = positionOf(series, train.endMs) - positionOf(series, train.startMs);
    if (learnt.length < LEAST_KNOWN * learnSteps)
      throw new DomainError(
        'SERIES_SPARSE',
        `expected values of ${name} in half of the ${learnSteps} steps to learn from, got ${learnt.length}`,
      );
    if (learnt.every((value) => value === learnt[0]))
      throw new DomainError('SERIES_CONSTANT', `expected values of ${name} that change, got one`);
    const steps = positionOf(series, test.endMs) - positionOf(series, test.startMs);
    if (steps < horizon || known(test.startMs, test.endMs).length === 0)
      throw new DomainError(
        'TEST_EMPTY',
        `expected at least ${horizon} steps (the horizon) with values of ${name} in the test part, got ${Math.max(0, steps)} steps: give a longer series, a shorter horizon or another split`,
      );
  }
}
