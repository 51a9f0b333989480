import { MEMBER_KINDS } from '#federation';

/** Request body bytes a site sent for the federated round, all of them: keys, ciphertexts, answers. */
export function roundBytes(event: Readonly<Record<string, unknown>>): {
  total: number;
  byPurpose: Record<string, number>;
} {
  const byPurpose = Object.fromEntries(
    MEMBER_KINDS.map((kind) => [kind, Number(event[kind] ?? 0)]).filter(([, n]) => Number(n) > 0),
  ) as Record<string, number>;
  return { total: Object.values(byPurpose).reduce((a, b) => a + b, 0), byPurpose };
}

export const largest = (sites: readonly Record<string, number>[]): Record<string, number> =>
  sites.reduce(
    (max, site) =>
      Object.fromEntries(
        [...new Set([...Object.keys(max), ...Object.keys(site)])].map((key) => [
          key,
          Math.max(max[key] ?? 0, site[key] ?? 0),
        ]),
      ),
    {},
  );

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
