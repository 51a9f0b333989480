/**
 * A map that only grows, in order of insertion. `with` gives a new map and leaves this one as it is; maps that grew out of
 * one another share their entries, so that adding costs the same however large the map. Growing an older one again copies.
 */
export class GrowingMap<K, V> implements Iterable<readonly [K, V]> {
  private constructor(
    private readonly entries: Map<K, { readonly index: number; readonly value: V }>,
    readonly size: number,
  ) {}

  static empty<K, V>(): GrowingMap<K, V> {
    return new GrowingMap<K, V>(new Map(), 0);
  }

  has(key: K): boolean {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.index < this.size;
  }

  get(key: K): V | undefined {
    const entry = this.entries.get(key);
    return entry !== undefined && entry.index < this.size ? entry.value : undefined;
  }

  /** The map with one entry more; `key` must be new to it. */
  with(key: K, value: V): GrowingMap<K, V> {
    // The empty map is everybody's: what grows out of it must not stay with it.
    const newest = this.size > 0 && this.entries.size === this.size;
    const entries = newest ? this.entries : this.copy();
    entries.set(key, { index: this.size, value });
    return new GrowingMap(entries, this.size + 1);
  }

  *keys(): Generator<K> {
    for (const [key] of this) yield key;
  }

  *values(): Generator<V> {
    for (const [, value] of this) yield value;
  }

  *[Symbol.iterator](): Generator<readonly [K, V]> {
    for (const [key, { index, value }] of this.entries) {
      if (index >= this.size) return;
      yield [key, value];
    }
  }

  private copy(): Map<K, { readonly index: number; readonly value: V }> {
    return new Map([...this].map(([key, value], index) => [key, { index, value }]));
  }
}
