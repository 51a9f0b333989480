import { type Finding, Places } from './finding.ts';
import type { MeterSeries } from './series.ts';

interface NamedValues {
  readonly name: string;
  readonly values: Float64Array;
}

/** Sources that burn nothing: direct emissions of none, over their life-cycle of 10 to 50 g/kWh (IPCC 2014, AR5 WG III annex III). */
const BURNS_NOTHING = /(?:^|_)(?:nuclear|wind|solar|hydro)(?:_|$)/;
const SOURCE =
  /(?:^|_)(?:nuclear|wind|solar|hydro|coal|lignite|nat_gas|gas|oil|biomass|geothermal|unknown|other)(?:_|$)/;
const INTENSITY = /carbon_intensity|_(?:k?g|t)(?:co2(?:eq?)?)?_per_[km]wh$/i;

/** Least rows: several times the unknowns, over days of different mixes. */
const LEAST_ROWS = 48;
/** Of the largest factor; life-cycle wind beside coal is 1.3 %. */
const NOTHING = 0.004;
/** A source that hardly runs has no factor to be told. */
const LEAST_SHARE = 0.02;
const SWEEPS = 2_000;

interface Fit {
  readonly factors: Float64Array;
  readonly squaredError: number;
}

/** Non-negative least squares of y on the columns of x by cyclic coordinate descent. @param rows of x: one value a source */
function nonNegativeFit(
  rows: readonly Float64Array[],
  y: readonly number[],
  allowed: readonly boolean[],
): Fit {
  const n = allowed.length;
  const gram = Array.from({ length: n }, () => new Float64Array(n));
  const moments = new Float64Array(n);
  for (const [t, row] of rows.entries())
    for (let a = 0; a < n; a += 1) {
      moments[a]! += row[a]! * y[t]!;
      for (let b = 0; b < n; b += 1) gram[a]![b]! += row[a]! * row[b]!;
    }
  const factors = new Float64Array(n);
  for (let sweep = 0; sweep < SWEEPS; sweep += 1)
    for (let a = 0; a < n; a += 1) {
      if (!allowed[a] || gram[a]![a] === 0) continue;
      const others = gram[a]!.reduce((sum, value, b) => sum + (b === a ? 0 : value * factors[b]!), 0);
      factors[a] = Math.max(0, (moments[a]! - others) / gram[a]![a]!);
    }
  const squaredError = rows.reduce((sum, row, t) => {
    const fitted = row.reduce((total, share, a) => total + share * factors[a]!, 0);
    return sum + (y[t]! - fitted) ** 2;
  }, 0);
  return { factors, squaredError };
}

/** Shares of the sources and the intensity of every step at which all are known. */
function shareRows(sources: readonly NamedValues[], intensity: Float64Array) {
  const rows: Float64Array[] = [];
  const y: number[] = [];
  for (const [t, value] of intensity.entries()) {
    const mix = Float64Array.from(sources, ({ values }) => values[t]!);
    const total = mix.reduce((sum, part) => sum + part, 0);
    if (!(total > 0) || Number.isNaN(value)) continue;
    rows.push(mix.map((part) => part / total));
    y.push(value);
  }
  return { rows, y };
}

/**
 * What emission factors a carbon intensity was made with, told by regressing it on the shares of the mix beside it: `life-cycle`
 * where sources that burn nothing have factors that the fit needs, `direct` where it does without; null where it does not tell.
 */
export function intensityBasis(
  sources: readonly NamedValues[],
  intensity: Float64Array,
): 'direct' | 'life-cycle' | null {
  const { rows, y } = shareRows(sources, intensity);
  const clean = sources.map(({ name }) => BURNS_NOTHING.test(name));
  if (rows.length < LEAST_ROWS || !clean.includes(true) || !clean.includes(false)) return null;
  const mean = y.reduce((sum, value) => sum + value, 0) / y.length;
  const spread = y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const free = nonNegativeFit(
    rows,
    y,
    sources.map(() => true),
  );
  const direct = nonNegativeFit(
    rows,
    y,
    clean.map((burnsNothing) => !burnsNothing),
  );
  // Neither tells where the mix does not explain the intensity in the first place.
  if (!(free.squaredError < 0.1 * spread)) return null;
  const largest = Math.max(...free.factors);
  const judged = clean.flatMap((burnsNothing, a) => {
    const share = rows.reduce((sum, row) => sum + row[a]!, 0) / rows.length;
    return burnsNothing && share >= LEAST_SHARE ? [free.factors[a]!] : [];
  });
  if (judged.length === 0) return null;
  const needsAll = judged.every((factor) => factor > NOTHING * largest);
  return needsAll && free.squaredError < direct.squaredError / 2 ? 'life-cycle' : 'direct';
}

/** Of a file with a carbon intensity and the mix it was made of: whether its factors are life-cycle. */
export function intensityBasisFindings(
  columns: readonly NamedValues[],
  { startMs, resolutionMs }: Pick<MeterSeries, 'startMs' | 'resolutionMs'>,
): Finding[] {
  const intensity = columns.find(({ name }) => INTENSITY.test(name));
  const sources = columns.filter((column) => column !== intensity && SOURCE.test(column.name));
  if (intensity === undefined || sources.length < 3) return [];
  if (intensityBasis(sources, intensity.values) !== 'life-cycle') return [];
  const places = new Places();
  places.add(startMs, intensity.values.length * resolutionMs, intensity.values.length);
  const message =
    'the mix explains it by factors above zero for sources that burn nothing: life-cycle emissions, not direct ones';
  return places.finding('INTENSITY_BASIS', 'warning', intensity.name, message);
}
