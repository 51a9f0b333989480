import { DomainError } from '#core';
import type { Network } from './network.ts';

/**
 * A radial network from its root outwards. Position 0 is the root; every other position k is a bus with the line that
 * feeds it, and parents stand before their children: sums towards the root run k = n − 1 … 1, voltages k = 1 … n − 1.
 */
export interface Tree {
  readonly network: Network;
  /** Bus at a position, and position of a bus. */
  readonly busAt: Int32Array;
  readonly positionOf: Int32Array;
  /** Position of the parent; −1 for the root. */
  readonly parent: Int32Array;
  /** Line that feeds a position; −1 for the root. */
  readonly lineOf: Int32Array;
  /** Per unit, of the line that feeds a position; 0 for the root. */
  readonly r: Float64Array;
  readonly x: Float64Array;
  /** Shunts by position. */
  readonly g: Float64Array;
  readonly b: Float64Array;
}

/** @throws NETWORK_MESHED where a line closes a loop */
export function radialTree(network: Network): Tree {
  const { buses, lines, root } = network;
  const count = buses.length;
  if (lines.length !== count - 1) {
    const message = `expected a radial network of ${count - 1} lines, got ${lines.length}: open switched lines or choose the DC model`;
    throw new DomainError('NETWORK_MESHED', message, 'invalid', { buses: count, lines: lines.length });
  }
  const incident: number[][] = buses.map(() => []);
  lines.forEach(({ from, to }, l) => {
    incident[from]!.push(l);
    incident[to]!.push(l);
  });
  const busAt = new Int32Array(count).fill(root);
  const positionOf = new Int32Array(count).fill(-1);
  const parent = new Int32Array(count).fill(-1);
  const lineOf = new Int32Array(count).fill(-1);
  positionOf[root] = 0;
  for (let k = 0, end = 1; k < end; k += 1) {
    const bus = busAt[k]!;
    for (const l of incident[bus]!) {
      const far = lines[l]!.from === bus ? lines[l]!.to : lines[l]!.from;
      // Connected with n − 1 lines is a tree: what has a position is the parent.
      if (positionOf[far]! >= 0) continue;
      positionOf[far] = end;
      busAt[end] = far;
      parent[end] = k;
      lineOf[end] = l;
      end += 1;
    }
  }
  const ofLine = (l: number, key: 'r' | 'x'): number => (l < 0 ? 0 : lines[l]![key]);
  return {
    network,
    busAt,
    positionOf,
    parent,
    lineOf,
    r: Float64Array.from(lineOf, (l) => ofLine(l, 'r')),
    x: Float64Array.from(lineOf, (l) => ofLine(l, 'x')),
    g: Float64Array.from(busAt, (bus) => buses[bus]!.g),
    b: Float64Array.from(busAt, (bus) => buses[bus]!.b),
  };
}

/** Values by bus as values by position. */
export const byPosition = ({ busAt }: Tree, values: Float64Array): Float64Array =>
  Float64Array.from(busAt, (bus) => values[bus]!);
