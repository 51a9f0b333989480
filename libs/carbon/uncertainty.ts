import type { Decimal } from 'decimal.js';
import { exactSum } from './exact-sum.ts';
import { Exact } from './exact.ts';

/**
 * Of a product: √Σ U_i² (IPCC 2006 vol. 1 ch. 3, equation 3.1). Percent are half-widths of the 95 % interval of independent
 * quantities. Null where one is not known.
 */
export function productUncertainty(percents: readonly (Decimal.Value | null)[]): Decimal | null {
  if (percents.some((percent) => percent === null)) return null;
  return exactSum(percents.map((percent) => new Exact(percent!).pow(2))).sqrt();
}

/** One term of a sum: an amount of either sign with its half-width in percent. */
export interface UncertainTerm {
  readonly amount: Decimal.Value;
  readonly percent: Decimal.Value | null;
}

/**
 * Of a sum: √Σ (U_i x_i)² / |Σ x_i| (IPCC 2006 vol. 1 ch. 3, equation 3.2). Null where a term other than zero has none, or
 * where terms cancel.
 */
export function sumUncertainty(terms: readonly UncertainTerm[]): Decimal | null {
  const weighty = terms.filter(({ amount }) => !new Exact(amount).isZero());
  const total = exactSum(weighty.map(({ amount }) => amount)).abs();
  if (total.isZero() || weighty.some(({ percent }) => percent === null)) return null;
  return exactSum(weighty.map(({ amount, percent }) => new Exact(amount).times(percent!).pow(2)))
    .sqrt()
    .div(total);
}

/** An emission: activity × factor. Emissions of one factor share its error. */
export interface UncertainEmission {
  readonly emissionsKg: Decimal.Value;
  readonly activityPercent: Decimal.Value | null;
  readonly factorPercent: Decimal.Value | null;
  readonly factorId: string | null;
}

/**
 * Of a total of emissions. Those of the same factor are added first, by their activities alone, because equation 3.2 wants
 * independent terms; the factor is multiplied on afterwards (ibid. section 3.2.3.1).
 */
export function emissionsUncertainty(emissions: readonly UncertainEmission[]): Decimal | null {
  const groups = new Map<string, UncertainEmission[]>();
  emissions.forEach((emission, i) => {
    const key = `${emission.factorId ?? `#${i}`} ${String(emission.factorPercent)}`;
    groups.set(key, [...(groups.get(key) ?? []), emission]);
  });
  const terms = [...groups.values()].map((group): UncertainTerm => {
    const activities = sumUncertainty(
      group.map(({ emissionsKg, activityPercent }) => ({ amount: emissionsKg, percent: activityPercent })),
    );
    return {
      amount: exactSum(group.map(({ emissionsKg }) => emissionsKg)),
      percent: productUncertainty([activities, group[0]!.factorPercent]),
    };
  });
  return sumUncertainty(terms);
}
