/** What the study of levers says of one; see `gridcommons carbon levers`. */
export interface RankedLever {
  readonly rank: number;
  readonly id: string;
  readonly type: string;
  readonly savedTonnesPerYear: number;
  readonly costPerYear: number;
  /** Null where nothing is saved. */
  readonly costPerTonne: number | null;
}

export interface LeverRanking {
  readonly money: string;
  readonly levers: readonly RankedLever[];
  readonly assumptions: readonly string[];
}

/** Null of anything else. */
export function leverRanking(result: unknown): LeverRanking | null {
  if (typeof result !== 'object' || result === null) return null;
  const { money, levers, assumptions } = result as Partial<LeverRanking>;
  if (typeof money !== 'string' || !Array.isArray(levers) || !Array.isArray(assumptions)) return null;
  return { money, levers, assumptions };
}
