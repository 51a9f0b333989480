import type { RandomWords } from './random-words.ts';

/** Words for specs: Doty-Humphrey's sfc32. Predictable, so never for noise that must hide something. */
export function seededWords(seed: number): RandomWords {
  let [a, b, c, counter] = [0, seed | 0, 0x9e3779b9 | 0, 1];
  const next = () => {
    const word = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + word;
    return word;
  };
  for (let i = 0; i < 20; i += 1) next();
  return (count) => Uint32Array.from({ length: count }, next);
}

/** Pearson's statistic of integer samples against `mass`, tails pooled into cells of at least 20 expected draws. */
export function pearson(
  samples: Float64Array,
  mass: (k: number) => number,
  reach: number,
): { readonly statistic: number; readonly freedom: number } {
  const counts = new Map<number, number>();
  for (const sample of samples) counts.set(sample, (counts.get(sample) ?? 0) + 1);
  const cells: { expected: number; observed: number }[] = [];
  let open = { expected: 0, observed: 0 };
  for (let k = -reach; k <= reach; k += 1) {
    open = {
      expected: open.expected + samples.length * mass(k),
      observed: open.observed + (counts.get(k) ?? 0),
    };
    if (open.expected < 20) continue;
    cells.push(open);
    open = { expected: 0, observed: 0 };
  }
  const last = cells.at(-1)!;
  last.expected += open.expected;
  last.observed += open.observed;
  const statistic = cells.reduce(
    (sum, { expected, observed }) => sum + (observed - expected) ** 2 / expected,
    0,
  );
  return { statistic, freedom: cells.length - 1 };
}

/** Upper 10^-6 quantile of χ² (Wilson & Hilferty 1931). */
export const chiSquareLimit = (freedom: number): number =>
  freedom * (1 - 2 / (9 * freedom) + 4.7534 * Math.sqrt(2 / (9 * freedom))) ** 3;

/** Mean, variance, skewness and kurtosis of samples. */
export function momentsOf(samples: Float64Array) {
  const mean = samples.reduce((sum, value) => sum + value, 0) / samples.length;
  const central = (power: number) =>
    samples.reduce((sum, value) => sum + (value - mean) ** power, 0) / samples.length;
  const variance = central(2);
  return { mean, variance, skewness: central(3) / variance ** 1.5, kurtosis: central(4) / variance ** 2 };
}
