import { sha256Now, utf8 } from '#core';

/**
 * One draw for `name` in [0, 2^53), from nothing but the seed, what is drawn and the name: no bid can move it, and
 * another member's coming or going does not either. First 53 bits of SHA-256 over the three as a JSON array.
 */
export function draw(seed: string, purpose: string, name: string): number {
  const digest = sha256Now(utf8(JSON.stringify([seed, purpose, name])));
  const view = new DataView(digest.buffer);
  return view.getUint32(0) * 2 ** 21 + (view.getUint32(4) >>> 11);
}

/** The items in the order of their draws; equal draws, if they ever come, by name. */
export function drawOrder<T>(
  seed: string,
  purpose: string,
  items: readonly T[],
  nameOf: (item: T) => string,
): T[] {
  const drawn = items.map((item) => ({ item, name: nameOf(item), at: draw(seed, purpose, nameOf(item)) }));
  drawn.sort((a, b) => a.at - b.at || (a.name < b.name ? -1 : 1));
  return drawn.map(({ item }) => item);
}
