import { type Bytes, concat, equalBytes } from './bytes.ts';
import { sha256 } from './crypto.ts';

/**
 * The hash tree of RFC 6962 §2.1 (Merkle 1987): leaves and nodes are hashed under different prefixes, so that no node
 * passes for a leaf; a node without a sibling moves up as it is, which is the RFC's split at the largest power of two.
 * Levels from the leaves' hashes up to the root alone; 32 bytes each.
 */
export type MerkleTree = readonly (readonly Uint8Array[])[];

const LEAF = Uint8Array.of(0x00);
const NODE = Uint8Array.of(0x01);

export const hashLeaf = (leaf: Uint8Array): Promise<Bytes> => sha256(concat(LEAF, leaf));

const hashNode = (left: Uint8Array, right: Uint8Array): Promise<Bytes> => sha256(concat(NODE, left, right));

/** The tree over `leaves` in their order. */
export async function merkleTree(leaves: readonly Uint8Array[]): Promise<MerkleTree> {
  let level: readonly Uint8Array[] = await Promise.all(leaves.map(hashLeaf));
  const levels = [level];
  while (level.length > 1) {
    level = await parents(level);
    levels.push(level);
  }
  return levels;
}

function parents(level: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const pairs = Array.from({ length: Math.ceil(level.length / 2) }, (_, i) => [
    level[2 * i]!,
    level[2 * i + 1],
  ]);
  return Promise.all(pairs.map(async ([left, right]) => (right ? hashNode(left!, right) : left!)));
}

/** The root; of no leaves the hash of nothing, as the RFC has it. */
export async function merkleRoot(tree: MerkleTree): Promise<Uint8Array> {
  return tree.at(-1)?.[0] ?? sha256(new Uint8Array());
}

/** The siblings from the leaf at `index` up to the root (the RFC's audit path). */
export function auditPath(tree: MerkleTree, index: number): Uint8Array[] {
  return tree.flatMap((level, height) => {
    const at = Math.floor(index / 2 ** height);
    return level[at % 2 === 0 ? at + 1 : at - 1] ?? [];
  });
}

/** Whether `path` leads from `leaf` at `index` of `size` leaves to `root` (RFC 9162 §2.1.3.2). */
export async function isInTree(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
  root: Uint8Array,
): Promise<boolean> {
  if (![index, size].every(Number.isSafeInteger) || index < 0 || index >= size) return false;
  const sides = siblingSides(index, size);
  if (path.length !== sides.length || path.some(({ length }) => length !== 32)) return false;
  let hash: Uint8Array = await hashLeaf(leaf);
  for (const [i, side] of sides.entries()) {
    hash = await (side === 'right' ? hashNode(hash, path[i]!) : hashNode(path[i]!, hash));
  }
  return equalBytes(hash, root);
}

/** On which side the siblings stand, from the leaf up; a last node without one moves up as it is. */
function siblingSides(index: number, size: number): ('left' | 'right')[] {
  const sides: ('left' | 'right')[] = [];
  for (
    let [at, last] = [index, size - 1];
    last > 0;
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)]
  ) {
    if (at % 2 === 1) sides.push('left');
    else if (at < last) sides.push('right');
  }
  return sides;
}
