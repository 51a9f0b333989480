import { busierEnd, type FlowState } from './power-flow.ts';
import type { Tree } from './tree.ts';

/** A limit that a state breaks; voltages in per unit, flows in per unit of power. */
export interface Violation {
  readonly kind: 'voltage' | 'line';
  /** Position of the bus, or of the bus that the line feeds. */
  readonly position: number;
  readonly value: number;
  readonly limit: number;
}

/** Every limit that the state breaks by more than `tolerance`, in the order of the tree. */
export function violations(tree: Tree, state: FlowState, tolerance: number): Violation[] {
  const found: Violation[] = [];
  for (let k = 1; k < tree.parent.length; k += 1) {
    const { vmin, vmax } = tree.network.buses[tree.busAt[k]!]!;
    const voltage = Math.sqrt(state.v[k]!);
    if (voltage < vmin - tolerance) found.push({ kind: 'voltage', position: k, value: voltage, limit: vmin });
    if (voltage > vmax + tolerance) found.push({ kind: 'voltage', position: k, value: voltage, limit: vmax });
    const { limit } = tree.network.lines[tree.lineOf[k]!]!;
    const { s } = busierEnd(tree, state, k);
    if (s > limit + tolerance) found.push({ kind: 'line', position: k, value: s, limit });
  }
  return found;
}

/** A limit of the tree in words. */
export function limitName(
  { network, busAt, parent }: Tree,
  { kind, position }: Pick<Violation, 'kind' | 'position'>,
): string {
  const bus = network.buses[busAt[position]!]!.id;
  if (kind === 'voltage') return `voltage of ${bus}`;
  return `line ${network.buses[busAt[parent[position]!]!]!.id}–${bus}`;
}
