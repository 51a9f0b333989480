interface Entry<T> {
  readonly key: number;
  readonly sequence: number;
  readonly item: T;
}

/** Items by a key, least first and equal keys as they came: a binary heap. */
export class MinQueue<T> {
  readonly #heap: Entry<T>[] = [];
  #sequence = 0;

  add(key: number, item: T): void {
    this.#heap.push({ key, sequence: this.#sequence++, item });
    let child = this.#heap.length - 1;
    while (child > 0) {
      const parent = (child - 1) >>> 1;
      if (!this.#precedes(child, parent)) return;
      this.#swap(child, parent);
      child = parent;
    }
  }

  first(): Readonly<{ key: number; item: T }> | undefined {
    return this.#heap[0];
  }

  /** Takes the first item out. */
  take(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
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
    return x.key < y.key || (x.key === y.key && x.sequence < y.sequence);
  }

  #swap(a: number, b: number): void {
    [this.#heap[a], this.#heap[b]] = [this.#heap[b]!, this.#heap[a]!];
  }
}
