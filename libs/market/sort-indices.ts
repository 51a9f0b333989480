/** Doubles hold this many integers: what a key and an index share. */
const EXACT = 2 ** 53;
/** Below it, comparing is as fast as anything. */
const SMALL_RUN = 64;

/**
 * Sorts indices in place by the first key, equal ones by the second and so on, at last by `compare`. Keys are integers. A
 * key and a position are packed into one double where their ranges allow, so that the sort is of plain numbers; only runs
 * of equal keys are looked at again.
 */
export function sortIndices(
  run: Uint32Array,
  [key, ...rest]: readonly Float64Array[],
  compare: (a: number, b: number) => number,
): void {
  if (key === undefined) {
    run.sort(compare);
    return;
  }
  sortByKey(run, key);
  const compareRest = byKeys(rest, compare);
  for (let from = 0; from < run.length;) {
    let to = from + 1;
    while (to < run.length && key[run[to]!] === key[run[from]!]) to++;
    if (to - from >= SMALL_RUN) sortIndices(run.subarray(from, to), rest, compare);
    else insertInOrder(run, from, to, compareRest);
    from = to;
  }
}

const byKeys =
  (keys: readonly Float64Array[], compare: (a: number, b: number) => number) =>
  (a: number, b: number): number => {
    for (const key of keys) if (key[a] !== key[b]) return key[a]! - key[b]!;
    return compare(a, b);
  };

/** A book has many short runs: neither a view nor a sort of its own for each. */
function insertInOrder(
  run: Uint32Array,
  from: number,
  to: number,
  compare: (a: number, b: number) => number,
): void {
  for (let next = from + 1; next < to; next++) {
    const index = run[next]!;
    let at = next;
    while (at > from && compare(run[at - 1]!, index) > 0) run[at] = run[--at]!;
    run[at] = index;
  }
}

function sortByKey(run: Uint32Array, key: Float64Array): void {
  const [low, high] = rangeOf(run, key);
  const room = 2 ** Math.ceil(Math.log2(run.length));
  if (run.length < SMALL_RUN || (high - low + 1) * room > EXACT) {
    run.sort((a, b) => key[a]! - key[b]!);
    return;
  }
  const packed = new Float64Array(run.length);
  for (let i = 0; i < run.length; i++) packed[i] = (key[run[i]!]! - low) * room + i;
  packed.sort();
  const before = run.slice();
  for (let i = 0; i < run.length; i++) run[i] = before[packed[i]! % room]!;
}

function rangeOf(run: Uint32Array, key: Float64Array): [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const i of run) {
    low = Math.min(low, key[i]!);
    high = Math.max(high, key[i]!);
  }
  return [low, high];
}
