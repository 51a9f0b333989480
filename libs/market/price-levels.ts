/** One order that waits in a book; a link of its price level's queue. */
export interface Resting<T> {
  readonly order: T;
  readonly level: PriceLevel<T>;
  leftWh: number;
  before: Resting<T> | undefined;
  after: Resting<T> | undefined;
}

/** All resting orders of one side at one price, first come first served. */
export interface PriceLevel<T> {
  readonly pricePerMwh: number;
  first: Resting<T> | undefined;
  last: Resting<T> | undefined;
}

/** A chunk this long is cut in two, so that neither a new level nor a lost one moves more than this many others. */
const CHUNK = 512;

/**
 * One side of an order book: price levels in sorted chunks with the best one last, so that what trades is popped; a linked
 * queue a level, so that an order is cancelled in constant time.
 */
export class PriceLevels<T> {
  readonly #chunks: PriceLevel<T>[][] = [];
  readonly #direction: 1 | -1;

  /** @param better whether a higher price is better (buys) or a lower one (sells) */
  constructor(better: 'higher' | 'lower') {
    this.#direction = better === 'higher' ? 1 : -1;
  }

  best(): PriceLevel<T> | undefined {
    return this.#chunks.at(-1)?.at(-1);
  }

  /** The next level after one that is still there, on the way from the best to the worst. */
  worseThan({ pricePerMwh }: PriceLevel<T>): PriceLevel<T> | undefined {
    const chunk = this.#chunkOf(pricePerMwh);
    const rank = this.#rankIn(this.#chunks[chunk]!, pricePerMwh);
    return rank > 0 ? this.#chunks[chunk]![rank - 1] : this.#chunks[chunk - 1]?.at(-1);
  }

  append(order: T, pricePerMwh: number, leftWh: number): Resting<T> {
    const level = this.#levelAt(pricePerMwh);
    const resting: Resting<T> = { order, level, leftWh, before: level.last, after: undefined };
    if (level.last === undefined) level.first = resting;
    else level.last.after = resting;
    level.last = resting;
    return resting;
  }

  remove({ level, before, after }: Resting<T>): void {
    if (before === undefined) level.first = after;
    else before.after = after;
    if (after === undefined) level.last = before;
    else after.before = before;
    if (level.first === undefined) this.#drop(level.pricePerMwh);
  }

  #levelAt(pricePerMwh: number): PriceLevel<T> {
    const chunk = this.#chunkOf(pricePerMwh);
    const levels = (this.#chunks[chunk] ??= []);
    const rank = this.#rankIn(levels, pricePerMwh);
    const found = levels[rank];
    if (found?.pricePerMwh === pricePerMwh) return found;
    const level: PriceLevel<T> = { pricePerMwh, first: undefined, last: undefined };
    levels.splice(rank, 0, level);
    if (levels.length > CHUNK) this.#chunks.splice(chunk + 1, 0, levels.splice(CHUNK / 2));
    return level;
  }

  #drop(pricePerMwh: number): void {
    const chunk = this.#chunkOf(pricePerMwh);
    const levels = this.#chunks[chunk]!;
    levels.splice(this.#rankIn(levels, pricePerMwh), 1);
    if (levels.length === 0) this.#chunks.splice(chunk, 1);
  }

  /** The first chunk whose best level is not worse than a price, or the last one. */
  #chunkOf(pricePerMwh: number): number {
    let [low, high] = [0, Math.max(0, this.#chunks.length - 1)];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isWorse(this.#chunks[middle]!.at(-1)!, pricePerMwh)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** How many levels of a chunk are worse than a price. */
  #rankIn(levels: readonly PriceLevel<T>[], pricePerMwh: number): number {
    let [low, high] = [0, levels.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#isWorse(levels[middle]!, pricePerMwh)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #isWorse(level: PriceLevel<T>, pricePerMwh: number): boolean {
    return (level.pricePerMwh - pricePerMwh) * this.#direction < 0;
  }
}
