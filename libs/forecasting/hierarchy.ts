import { DomainError } from '#core';

/** A member, a group or the community, and what it is part of. */
export interface HierarchyNode {
  readonly id: string;
  /** Absent of the one node that everything is part of. */
  readonly parent?: string | undefined;
}

/** Who is part of whom: a tree whose leaves are what is measured, every other node the sum of its children. */
export interface Hierarchy {
  /** m nodes: the sums first, then the n leaves, each in the order given. */
  readonly ids: readonly string[];
  readonly sums: number;
  readonly leaves: number;
  /** C, sums × leaves, row by row: 1 where the leaf is part of the sum. The summing matrix S is C above the identity. */
  readonly parts: Float64Array;
}

/** Covariances of so many nodes are 32 MB. */
const MAX_NODES = 2_000;

const refusal = (expected: string, got: string): DomainError =>
  new DomainError('HIERARCHY_INVALID', `expected ${expected}, got ${got}`);

/** @throws HIERARCHY_INVALID unless the nodes are one tree with distinct ids; HIERARCHY_TOO_LARGE above 2 000 */
export function hierarchyOf(nodes: readonly HierarchyNode[]): Hierarchy {
  if (nodes.length > MAX_NODES) {
    throw new DomainError(
      'HIERARCHY_TOO_LARGE',
      `expected at most ${MAX_NODES} nodes, got ${nodes.length}`,
      'limit',
    );
  }
  const parents = parentsOf(nodes);
  const isParent = new Set(parents.values());
  const [sums, leaves] = [true, false].map((wanted) =>
    nodes.map(({ id }) => id).filter((id) => isParent.has(id) === wanted),
  ) as [string[], string[]];
  const row = new Map(sums.map((id, i) => [id, i]));
  const parts = new Float64Array(sums.length * leaves.length);
  for (const [column, leaf] of leaves.entries()) {
    for (const above of ancestors(leaf, parents)) parts[row.get(above)! * leaves.length + column] = 1;
  }
  return { ids: [...sums, ...leaves], sums: sums.length, leaves: leaves.length, parts };
}

/** The parent of each node, undefined of the root. */
function parentsOf(nodes: readonly HierarchyNode[]): ReadonlyMap<string, string | undefined> {
  const parents = new Map(nodes.map(({ id, parent }) => [id, parent]));
  if (parents.size < nodes.length) throw refusal('distinct ids', `one of ${nodes.length} nodes twice`);
  const roots = nodes.filter(({ parent }) => parent === undefined).map(({ id }) => id);
  if (roots.length !== 1) {
    throw refusal('one node without a parent', roots.length === 0 ? 'none' : roots.slice(0, 10).join(', '));
  }
  for (const { id, parent } of nodes) {
    if (parent !== undefined && !parents.has(parent))
      throw refusal(`the parent of ${id} to be a node`, parent);
  }
  for (const { id } of nodes) {
    if (ancestors(id, parents).at(-1) !== roots[0] && id !== roots[0])
      throw refusal('a tree', `a cycle at ${id}`);
  }
  return parents;
}

/** From the parent up to the root; in a cycle no further than there are nodes. */
function ancestors(id: string, parents: ReadonlyMap<string, string | undefined>): string[] {
  const above: string[] = [];
  for (let at = parents.get(id); at !== undefined && above.length < parents.size; at = parents.get(at)) {
    above.push(at);
  }
  return above;
}
