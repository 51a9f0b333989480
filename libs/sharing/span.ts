/** The linear span of coalitions as 0/1 vectors: which x(S) follow from those already known. */
export interface Span {
  readonly rank: number;
  has(coalition: number): boolean;
  /** Adds it unless it is in the span already; says whether it did. */
  add(coalition: number): boolean;
}

/** Entries of eliminated 0/1 rows of up to twenty players are far above it. */
const ZERO = 1e-7;

const leading = (vector: Float64Array): number => vector.findIndex((entry) => Math.abs(entry) > ZERO);

export function emptySpan(players: number): Span {
  // Row echelon form: row k has a leading 1 at pivots[k] and 0 at the pivots of the others.
  const rows: Float64Array[] = [];
  const pivots: number[] = [];
  const rest = (coalition: number): Float64Array => {
    const vector = Float64Array.from({ length: players }, (_, i) => (coalition >> i) & 1);
    rows.forEach((row, k) => {
      const factor = vector[pivots[k]!]!;
      if (factor !== 0) for (let i = 0; i < players; i += 1) vector[i]! -= factor * row[i]!;
    });
    return vector;
  };
  return {
    get rank() {
      return rows.length;
    },
    has: (coalition) => leading(rest(coalition)) < 0,
    add(coalition) {
      const vector = rest(coalition);
      const pivot = leading(vector);
      if (pivot < 0) return false;
      const lead = vector[pivot]!;
      const reduced = vector.map((entry) => entry / lead);
      for (const row of rows) {
        const factor = row[pivot]!;
        for (let i = 0; i < players; i += 1) row[i]! -= factor * reduced[i]!;
      }
      rows.push(reduced);
      pivots.push(pivot);
      return true;
    },
  };
}
