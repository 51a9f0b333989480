/** Items by the time at which they end, soonest first: a binary heap. An item that ended otherwise stays until its time. */
export class ExpiryQueue<T> {
  readonly #heap: { readonly atMs: number; readonly sequence: number; readonly item: T }[] = [];
  #sequence = 0;

  add(atMs: number, item: T): void {
    this.#heap.push({ atMs, sequence: this.#sequence++, item });
    let child = this.#heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >>> 1;
      if (!this.#precedes(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  /** Takes out the next item whose time has come, if there is one. */
  takeUntil(nowMs: number): T | undefined {
    const next = this.#heap[0];
    if (next === undefined || next.atMs > nowMs) return undefined;
    const last = this.#heap.pop()!;
    if (this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return next.item;
  }

  #sink(): void {
    let parent = 0;
    for (;;) {
      let least = parent;
      for (const child of [2 * parent + 1, 2 * parent + 2]) {
        if (child < this.#heap.length && this.#precedes(child, least)) least = child;
      }
      if (least === parent) return;
      this.#swap(parent, least);
      parent = least;
    }
  }

  #precedes(a: number, b: number): boolean {
    const [x, y] = [this.#heap[a]!, this.#heap[b]!];
    return x.atMs < y.atMs || (x.atMs === y.atMs && x.sequence < y.sequence);
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
