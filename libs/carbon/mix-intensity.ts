import { DomainError } from '#core';

/** Emissions of a kWh generated, by source. */
export type SourceFactors = ReadonlyMap<string, number>;

/**
 * Average emissions of a kWh generated in one interval, Σ_f EF_f · g_f / Σ_f g_f, in the unit of the factors (carbon.md; the mean over
 * what is generated in the area, not over what is consumed there). What is generated below 0 is its own consumption and counts for
 * nothing. Null where a source of it is not known, or nothing is generated.
 * @param generation by source in any one unit of energy, or of power as a mean; NaN where missing
 * @throws FACTOR_MISSING for a source without a factor
 */
export function mixIntensity(
  generation: Iterable<readonly [source: string, amount: number]>,
  factors: SourceFactors,
): number | null {
  let [emissions, total] = [0, 0];
  for (const [source, amount] of generation) {
    const factor = factors.get(source);
    if (factor === undefined)
      throw new DomainError('FACTOR_MISSING', `expected a factor of ${source}, got none`, 'not-found', {
        source,
      });
    const generated = Math.max(0, amount);
    emissions += factor * generated;
    total += generated;
  }
  return total > 0 ? emissions / total : null;
}
