/** A square matrix whose off-diagonal entries stand symmetrically: row i has them in columns `indices[k]`, starts[i] ≤ k < starts[i + 1]. */
export interface SymmetricPattern {
  readonly starts: Int32Array;
  readonly indices: Int32Array;
}

/** Where a factorisation without pivoting fills; positions are places in the elimination order. */
export interface Elimination {
  /** `order[k]` is the row eliminated as the k-th, `place[i]` when row i is. */
  readonly order: Int32Array;
  readonly place: Int32Array;
  /** Entries right of the diagonal, row by row, ascending. */
  readonly upper: SymmetricPattern;
  /** Entries left of the diagonal, row by row, ascending. */
  readonly lower: SymmetricPattern;
}

/**
 * Minimum degree: the row with the fewest uneliminated neighbours goes first, of equals the first one (Markowitz 1957;
 * George & Liu 1989). What a row's neighbours are when it goes is the fill of its row and column.
 */
export function minimumDegree({ starts, indices }: SymmetricPattern): Elimination {
  const count = starts.length - 1;
  const neighbours = Array.from(
    { length: count },
    (_, i) => new Set(indices.subarray(starts[i], starts[i + 1])),
  );
  const queue = degreeQueue(neighbours);
  const order = new Int32Array(count);
  const place = new Int32Array(count);
  const fill: number[][] = [];
  for (let k = 0; k < count; k += 1) {
    const row = queue.takeLeast();
    order[k] = row;
    place[row] = k;
    const around = [...neighbours[row]!];
    fill.push(around);
    for (const i of around) {
      neighbours[i]!.delete(row);
      for (const j of around) if (j !== i) neighbours[i]!.add(j);
    }
    for (const i of around) queue.changed(i);
  }
  return { order, place, ...triangles(fill, place) };
}

/** Rows by degree; a row stands in the bucket of each degree that it had, and counts where it has it now. */
function degreeQueue(neighbours: readonly ReadonlySet<number>[]): {
  takeLeast(): number;
  changed(row: number): void;
} {
  const buckets: Set<number>[] = [];
  const degrees = neighbours.map(({ size }, row) => {
    (buckets[size] ??= new Set()).add(row);
    return size;
  });
  return {
    takeLeast() {
      const bucket = buckets.find((each) => each !== undefined && each.size > 0)!;
      let least = Infinity;
      for (const row of bucket) if (row < least) least = row;
      bucket.delete(least);
      return least;
    },
    changed(row) {
      const { size } = neighbours[row]!;
      if (degrees[row] === size) return;
      buckets[degrees[row]!]!.delete(row);
      (buckets[size] ??= new Set()).add(row);
      degrees[row] = size;
    },
  };
}

function triangles(
  fill: readonly (readonly number[])[],
  place: Int32Array,
): Pick<Elimination, 'upper' | 'lower'> {
  const right = fill.map((rows) => rows.map((row) => place[row]!).toSorted((a, b) => a - b));
  const left: number[][] = right.map(() => []);
  right.forEach((columns, k) => {
    for (const column of columns) left[column]!.push(k);
  });
  return { upper: packed(right), lower: packed(left) };
}

/** Lists one behind the other. */
export function packed(rows: readonly (readonly number[])[]): SymmetricPattern {
  const starts = new Int32Array(rows.length + 1);
  rows.forEach((row, i) => (starts[i + 1] = starts[i]! + row.length));
  const indices = new Int32Array(starts[rows.length]!);
  rows.forEach((row, i) => indices.set(row, starts[i]));
  return { starts, indices };
}
