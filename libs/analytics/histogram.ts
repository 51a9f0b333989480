import { DomainError } from '#core';

/** Where one figure stands among those of a histogram. */
export interface PeerPosition {
  readonly peers: number;
  /** Share of the peers that are surely below, and that may be at or below. */
  readonly atLeastShareBelow: number;
  readonly atMostShareBelow: number;
  readonly quartiles: readonly [Bin, Bin, Bin];
}

/** Half-open; null: unbounded. */
export interface Bin {
  readonly from: number | null;
  readonly to: number | null;
}

const MAX_EDGES = 64;

/** The bin of a figure: i where edges[i − 1] ≤ value < edges[i]. @throws HISTOGRAM_EDGES, HISTOGRAM_VALUE */
export function binOf(value: number, edges: readonly number[]): number {
  requireEdges(edges);
  if (!Number.isFinite(value))
    throw new DomainError('HISTOGRAM_VALUE', `expected a finite figure, got ${value}`);
  const at = edges.findIndex((edge) => value < edge);
  return at < 0 ? edges.length : at;
}

/** One 1 among zeros: what a site adds to the sum. */
export function oneHot(value: number, edges: readonly number[]): Float64Array {
  const vector = new Float64Array(edges.length + 1);
  vector[binOf(value, edges)] = 1;
  return vector;
}

/**
 * Where `own` stands among the peers that the summed bins count, itself among them.
 * @throws HISTOGRAM_SUM where the sum is not of whole organisations, PEERS_FEW below `leastOrganisations`
 */
export function peerPosition(
  own: number,
  counts: readonly number[],
  edges: readonly number[],
  leastOrganisations: number,
): PeerPosition {
  const bin = binOf(own, edges);
  if (counts.length !== edges.length + 1 || !counts.every((count) => Number.isInteger(count) && count >= 0)) {
    throw new DomainError(
      'HISTOGRAM_SUM',
      `expected ${edges.length + 1} counts of organisations, got ${counts.length} numbers`,
    );
  }
  const peers = counts.reduce((sum, count) => sum + count, 0);
  if (peers < leastOrganisations) {
    throw new DomainError(
      'PEERS_FEW',
      `expected at least ${leastOrganisations} organisations to compare with, got ${peers}`,
      'conflict',
    );
  }
  const below = counts.slice(0, bin).reduce((sum, count) => sum + count, 0);
  const quartile = (share: number): Bin => binAt(quantileBin(counts, share * peers), edges);
  return {
    peers,
    atLeastShareBelow: below / peers,
    atMostShareBelow: (below + counts[bin]!) / peers,
    quartiles: [quartile(0.25), quartile(0.5), quartile(0.75)],
  };
}

/** The first bin up to which `rank` organisations stand. */
function quantileBin(counts: readonly number[], rank: number): number {
  let sum = 0;
  return counts.findIndex((count) => (sum += count) >= rank);
}

const binAt = (bin: number, edges: readonly number[]): Bin => ({
  from: edges[bin - 1] ?? null,
  to: edges[bin] ?? null,
});

function requireEdges(edges: readonly number[]): void {
  const isAscending = edges.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > edges[i - 1]!));
  if (edges.length === 0 || edges.length > MAX_EDGES || !isAscending) {
    throw new DomainError('HISTOGRAM_EDGES', `expected 1 to ${MAX_EDGES} ascending edges, got others`);
  }
}
