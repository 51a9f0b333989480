import { type FactorBasis, mixIntensity, PUBLISHED_FACTOR_SETS, resolveFactor } from '#carbon';
import type { MeterSeries } from '#metering';

/** Average intensity of the area's own generation, by what its factors count. */
const BASES: Readonly<Record<string, FactorBasis>> = {
  direct_intensity_g_per_kwh: 'direct',
  lifecycle_intensity_g_per_kwh: 'lifecycle',
};

export const MIX_COLUMNS: readonly string[] = Object.keys(BASES);

/** What all generation by source, and what is made of it, has in common: who sums one sums of the others. */
export const GENERATION = 'generation_*';

const COLUMN = /^generation_([a-z][a-z_]*)_(kwh|kw|mw|w)$/;

/** A factor's name has hyphens where a column has underscores. */
const sourceOf = (column: string): string => COLUMN.exec(column)![1]!.replaceAll('_', '-');

export const isGenerationBySource = (column: string): boolean => COLUMN.test(column);

/** Sources that have a published factor, of whatever time. */
const KNOWN: Readonly<Record<FactorBasis, ReadonlySet<string>>> = {
  direct: subjectsOf('direct'),
  lifecycle: subjectsOf('lifecycle'),
};

function subjectsOf(basis: FactorBasis): ReadonlySet<string> {
  const rows = PUBLISHED_FACTOR_SETS.flatMap(({ factors }) => factors);
  return new Set(rows.filter((row) => row.basis === basis).map(({ subject }) => subject));
}

/** The derived intensities that columns of files can be made into: two sources or more in one unit, each with a factor. */
export function offeredMixes(stored: readonly string[]): string[] {
  const sources = stored.filter(isGenerationBySource);
  const units = new Set(sources.map((column) => COLUMN.exec(column)![2]));
  if (sources.length < 2 || units.size > 1) return [];
  return MIX_COLUMNS.filter(
    (mix) => !stored.includes(mix) && sources.every((column) => KNOWN[BASES[mix]!].has(sourceOf(column))),
  );
}

/**
 * gCO2e/kWh by step, from what each source generated, with the factors in force in its year; NaN where a source has no reading.
 * @param parts of the same steps
 * @throws FACTOR_MISSING
 */
export function mixSeries(
  mix: string,
  parts: readonly (readonly [column: string, series: MeterSeries])[],
): MeterSeries {
  const sources = parts.map(([column, series]) => [sourceOf(column), series.values] as const);
  const [, first] = parts[0]!;
  const byYear = new Map<number, ReadonlyMap<string, number>>();
  const values = first.values.map((_, i) => {
    const year = new Date(first.startMs + i * first.resolutionMs).getUTCFullYear();
    const factors =
      byYear.get(year) ??
      factorsOf(
        sources.map(([source]) => source),
        BASES[mix]!,
        year,
      );
    byYear.set(year, factors);
    return (
      mixIntensity(
        sources.map(([source, generated]) => [source, generated[i]!] as const),
        factors,
      ) ?? Number.NaN
    );
  });
  return { ...first, values };
}

/** In force at the beginning of a year. @throws FACTOR_MISSING */
const factorsOf = (sources: readonly string[], basis: FactorBasis, year: number): Map<string, number> =>
  new Map(
    sources.map((subject) => {
      const { factor } = resolveFactor(PUBLISHED_FACTOR_SETS, { subject, basis, atMs: Date.UTC(year, 0, 1) });
      return [subject, Number(factor.gramsCo2ePerKwh)];
    }),
  );
