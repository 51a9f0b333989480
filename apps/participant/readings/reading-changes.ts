import type { MeterSeries } from '#metering';
import type { NewReading } from './readings-database.ts';

/** Readings of one column that an import brought: new, other than before, the same as before. */
export interface ImportCounts {
  readonly column: string;
  readonly added: number;
  readonly corrected: number;
  readonly unchanged: number;
}

/** The values of a column that count now, and the file of each; 0 where there is none. */
export interface Current {
  readonly series: MeterSeries;
  readonly fileIds: Int32Array;
}

/** What a file's values of a column change, and how many it leaves as they are; a blank says nothing. */
export function readingChanges(
  column: string,
  values: Float64Array,
  { series, fileIds }: Current,
): { readonly counts: ImportCounts; readonly changes: readonly NewReading[] } {
  const counts = { column, added: 0, corrected: 0, unchanged: 0 };
  const changes: NewReading[] = [];
  for (const [i, value] of values.entries()) {
    if (Number.isNaN(value)) continue;
    if (series.values[i] === value) {
      counts.unchanged += 1;
      continue;
    }
    const fileId = fileIds[i]!;
    counts[fileId === 0 ? 'added' : 'corrected'] += 1;
    const startMs = series.startMs + i * series.resolutionMs;
    changes.push({ column, startMs, value, supersedesFileId: fileId || null });
  }
  return { counts, changes };
}
