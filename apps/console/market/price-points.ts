import type { MarketSessionsQuery } from '../generated/graphql.ts';

export type ListedSession = MarketSessionsQuery['marketSessions']['edges'][number]['node'];

/** So many sessions, each a list of its own, are asked for. */
const SESSIONS_SHOWN = 14;

/** Cleared ones whose prices can stand on one axis, the oldest first: of the currency and product of the newest. */
export function comparable(newestFirst: readonly ListedSession[]): ListedSession[] {
  const cleared = newestFirst.filter(({ tradedWh }) => tradedWh !== null && tradedWh !== undefined);
  const [newest] = cleared;
  return cleared
    .filter(({ currency, product }) => currency === newest?.currency && product === newest.product)
    .slice(0, SESSIONS_SHOWN)
    .toReversed();
}

interface Priced {
  readonly startsAt: string;
  readonly quantityWh: number;
  readonly pricePerMwh?: number | null;
}

/** Lowest and highest price and the mean by energy; null where nothing traded. */
export function priceRange(
  slots: readonly Priced[],
): { readonly low: number; readonly high: number; readonly mean: number } | null {
  const traded = slots.flatMap(({ pricePerMwh, quantityWh }) =>
    pricePerMwh === null || pricePerMwh === undefined ? [] : [{ pricePerMwh, quantityWh }],
  );
  if (traded.length === 0) return null;
  const prices = traded.map(({ pricePerMwh }) => pricePerMwh);
  const energy = traded.reduce((sum, { quantityWh }) => sum + quantityWh, 0);
  const value = traded.reduce((sum, slot) => sum + slot.pricePerMwh * slot.quantityWh, 0);
  return { low: Math.min(...prices), high: Math.max(...prices), mean: value / energy };
}
