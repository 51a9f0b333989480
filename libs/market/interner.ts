/**
 * Names as small integers, in the order in which they first come. An open-addressing table over the names' own
 * characters: a fraction of what a Map costs where a book has a million of them.
 */
export class Interner {
  readonly names: string[] = [];
  #slots: Int32Array;
  readonly #hashes: Int32Array;
  readonly #mask: number;

  /** Room for at most `capacity` different names. */
  constructor(capacity: number) {
    const size = 2 ** Math.ceil(Math.log2(2 * capacity + 2));
    this.#slots = new Int32Array(size);
    this.#hashes = new Int32Array(capacity);
    this.#mask = size - 1;
  }

  /** The name's index: names.length as it was before, where the name is new. */
  indexOf(name: string): number {
    const { names } = this;
    const hash = hashOf(name);
    let slot = hash & this.#mask;
    for (let entry = this.#slots[slot]!; entry !== 0; entry = this.#slots[slot]!) {
      if (this.#hashes[entry - 1] === hash && names[entry - 1] === name) return entry - 1;
      slot = (slot + 1) & this.#mask;
    }
    this.#hashes[names.length] = hash;
    this.#slots[slot] = names.push(name);
    return names.length - 1;
  }
}

/** FNV-1a over UTF-16 code units (Fowler, Noll & Vo), its high bits mixed into the low ones that choose a slot. */
function hashOf(name: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return hash ^ (hash >>> 13);
}
