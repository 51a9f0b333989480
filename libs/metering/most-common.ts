/** The value that occurs most often; the least of several; undefined of none. */
export function mostCommon(values: Iterable<number>): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  let best: [number, number] | undefined;
  for (const [value, count] of counts) {
    if (best === undefined || count > best[1] || (count === best[1] && value < best[0]))
      best = [value, count];
  }
  return best?.[0];
}
