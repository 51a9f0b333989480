import { type Bytes, DomainError } from '#core';
import type { TaskCard } from './card.ts';

/** The sums of one released step. */
export interface StepSums {
  /** The summed vector of each group. */
  readonly groups: readonly Float64Array[];
  /** Whose they are, all groups together. */
  readonly cohort: readonly string[];
}

/** What a release carries: the summed vectors of all groups, one after the other, float64 little-endian. */
export function aggregateBytes(groups: readonly Float64Array[]): Bytes {
  const length = groups.reduce((sum, values) => sum + values.length, 0);
  const view = new DataView(new ArrayBuffer(8 * length));
  let at = 0;
  for (const values of groups) {
    for (const value of values) {
      view.setFloat64(at, value, true);
      at += 8;
    }
  }
  return new Uint8Array(view.buffer);
}

/** The summed vectors in a release's bytes, by group. @throws AGGREGATE_LENGTH */
export function groupsIn(bytes: Uint8Array, { encryption }: Pick<TaskCard, 'encryption'>): Float64Array[] {
  const size = 8 * encryption.values;
  if (bytes.length === 0 || bytes.length % size !== 0) {
    throw new DomainError(
      'AGGREGATE_LENGTH',
      `expected sums of ${encryption.values} values each, got ${bytes.length} bytes`,
      'conflict',
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length / size }, (_, group) =>
    Float64Array.from({ length: encryption.values }, (_value, i) =>
      view.getFloat64(group * size + 8 * i, true),
    ),
  );
}
