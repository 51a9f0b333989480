import { type BidStep, type RetailTerms } from './bid-curve.ts';

/**
 * One order that stands for a whole curve, for mechanisms that take no more: at the limit at which even its last Wh is
 * worth it, so that it never loses what the curve would not. Of any size, it is the largest rectangle under the curve,
 * energy times what its limit leaves against the retailer; of a fixed size, the best limit for that size. Null where
 * the curve has nothing of that size, or no step that gains.
 */
export function singleStep(
  steps: readonly BidStep[],
  { retailPerMwh, feedInPerMwh }: RetailTerms,
  unitWh: number | null,
): BidStep | null {
  const gainPerMwh = ({ side, pricePerMwh }: BidStep): number =>
    side === 'buy' ? pricePerMwh - feedInPerMwh : retailPerMwh - pricePerMwh;
  const worth = (step: BidStep): bigint => BigInt(step.quantityWh) * BigInt(gainPerMwh(step));
  const candidates = [...cumulated(steps, 'buy'), ...cumulated(steps, 'sell')].flatMap((step) => {
    if (unitWh === null) return [step];
    return step.quantityWh >= unitWh ? [{ ...step, quantityWh: unitWh }] : [];
  });
  return candidates.reduce<BidStep | null>(
    (best, step) => (worth(step) > (best === null ? 0n : worth(best)) ? step : best),
    null,
  );
}

/** The steps of a side from its most eager limit on, each with the energy of all up to it. */
function cumulated(steps: readonly BidStep[], side: BidStep['side']): BidStep[] {
  const sign = side === 'buy' ? -1 : 1;
  let quantityWh = 0;
  return steps
    .filter((step) => step.side === side)
    .toSorted((a, b) => sign * (a.pricePerMwh - b.pricePerMwh))
    .map((step) => ({ ...step, quantityWh: (quantityWh += step.quantityWh) }));
}
