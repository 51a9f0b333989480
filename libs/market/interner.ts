/** Names that share a table, about: it then stays in the nearest cache. */
const TABLE_NAMES = 2 ** 11;

/** Names as small integers. */
export interface Interned {
  /** Every name once, in the order in which they first come. */
  readonly names: readonly string[];
  /** Index into `names` of each name as given. */
  readonly indexOf: Int32Array;
}

/**
 * Names as integers. Parted by hash first, so that each part's open-addressing table is small: a fraction of what one large
 * table or a Map costs where a book has a million of them (radix join, Manegold, Boncz & Kersten 2002).
 */
export function intern(given: readonly string[]): Interned {
  const first = firstOfEach(given);
  const indexOf = new Int32Array(given.length);
  const names = given.filter((_, i) => first[i] === i);
  for (let i = 0, next = 0; i < given.length; i++) indexOf[i] = first[i] === i ? next++ : indexOf[first[i]!]!;
  return { names, indexOf };
}

/** Where each name came first. */
export function firstOfEach(names: readonly string[]): Uint32Array {
  const { order, hashes, ends } = partedByHash(names);
  const first = new Uint32Array(names.length);
  const table = new Int32Array(2 * roomFor(longestOf(ends)));
  let from = 0;
  for (const to of ends) {
    const mask = roomFor(to - from) - 1;
    table.fill(0, 0, mask + 1);
    for (let at = from; at < to; at++) {
      let slot = hashes[at]! & mask;
      for (let entry = table[slot]!; entry !== 0; entry = table[slot]!) {
        if (hashes[entry - 1] === hashes[at] && names[order[entry - 1]!] === names[order[at]!]) break;
        slot = (slot + 1) & mask;
      }
      if (table[slot] === 0) table[slot] = at + 1;
      first[order[at]!] = order[table[slot]! - 1]!;
    }
    from = to;
  }
  return first;
}

const roomFor = (names: number): number => 2 ** Math.ceil(Math.log2(2 * names + 2));

const longestOf = (ends: Uint32Array): number =>
  ends.reduce((longest, end, part) => Math.max(longest, end - (ends[part - 1] ?? 0)), 0);

interface Parted {
  /** Indices of the names, part after part, in a part as they came. */
  readonly order: Uint32Array;
  /** In that order. */
  readonly hashes: Int32Array;
  /** Of each part, in `order`. */
  readonly ends: Uint32Array;
}

/** A counting sort by the high bits of the hash; the low ones choose slots. */
function partedByHash(names: readonly string[]): Parted {
  const n = names.length;
  const parts = 2 ** Math.ceil(Math.log2(Math.max(1, n / TABLE_NAMES)));
  const partOf = (hash: number): number => Math.floor(((hash >>> 0) / 2 ** 32) * parts);
  const unsorted = new Int32Array(n);
  const ends = new Uint32Array(parts);
  for (let i = 0; i < n; i++) ends[partOf((unsorted[i] = hashOf(names[i]!)))]!++;
  for (let part = 0, sum = 0; part < parts; part++) [ends[part], sum] = [sum, sum + ends[part]!];
  const [order, hashes] = [new Uint32Array(n), new Int32Array(n)];
  for (let i = 0; i < n; i++) {
    const at = ends[partOf(unsorted[i]!)]!++;
    order[at] = i;
    hashes[at] = unsorted[i]!;
  }
  return { order, hashes, ends };
}

/** FNV-1a over UTF-16 code units (Fowler, Noll & Vo), its high bits mixed into the low ones and back. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
