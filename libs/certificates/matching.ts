/** Some Wh of an hour that can be claimed. */
export interface Claimable {
  readonly id: string;
  readonly wh: number;
}

export interface MatchedClaim {
  readonly production: string;
  readonly consumption: string;
  readonly wh: number;
}

/** `time`: as they are listed; `largest-first`: by Wh, equal ones as listed. */
export type MatchOrder = 'time' | 'largest-first';

/**
 * Claims production of an hour for its consumption until either is used up: the first production that has Wh left meets the
 * first such consumption, for as much as both have (Energinet's claim automation). At most one claim fewer than there are
 * certificates; the total is min(Σ production, Σ consumption) in any order.
 */
export function matchHour(
  production: readonly Claimable[],
  consumption: readonly Claimable[],
  order: MatchOrder = 'time',
): MatchedClaim[] {
  const demand = inOrder(consumption, order).map(({ id, wh }) => ({ id, left: wh }));
  const claims: MatchedClaim[] = [];
  let next = 0;
  for (const { id, wh } of inOrder(production, order)) {
    for (let left = wh; left > 0 && next < demand.length;) {
      const wanted = demand[next]!;
      const claimed = Math.min(left, wanted.left);
      if (claimed > 0) claims.push({ production: id, consumption: wanted.id, wh: claimed });
      left -= claimed;
      wanted.left -= claimed;
      if (wanted.left === 0) next += 1;
    }
  }
  return claims;
}

const inOrder = (of: readonly Claimable[], order: MatchOrder): readonly Claimable[] =>
  order === 'time' ? of : of.toSorted((a, b) => b.wh - a.wh);
