import { canonicalJson, type Json } from '#core';

/** Lists that mean sets in one order: by canonical JSON. */
export function canonicalOrder<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, key: canonicalJson(item as Json) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ item }) => item);
}
