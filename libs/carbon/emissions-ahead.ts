/** A median with the ends of an interval. */
export interface Fan {
  readonly median: number;
  readonly lower: number;
  readonly upper: number;
}

/** What a member will draw from the grid in an hour, kWh, and what a kWh of it will emit, kgCO2e. */
export interface HourAhead {
  readonly startMs: number;
  readonly importKwh: Fan;
  readonly kgPerKwh: Fan;
}

export interface EmissionsAhead {
  readonly hours: readonly { readonly startMs: number; readonly kg: Fan }[];
  /** Medians added up, and widths, as if all hours erred together: as wide as it can be. */
  readonly totalKg: Fan;
}

const ADDED: Fan = { median: 0, lower: 0, upper: 0 };

/**
 * Emissions of hours to come. To first order the error of a product of two that err independently of each other is that of either
 * factor times the other, in quadrature (BIPM, GUM 2008, 5.1.2); never below what no import emits.
 */
export function emissionsAhead(hours: readonly HourAhead[]): EmissionsAhead {
  const each = hours.map(({ startMs, importKwh, kgPerKwh }) => ({
    startMs,
    kg: productOf(importKwh, kgPerKwh),
  }));
  const totalKg = each.reduce(
    (sum, { kg }) => ({
      median: sum.median + kg.median,
      lower: sum.lower + kg.lower,
      upper: sum.upper + kg.upper,
    }),
    ADDED,
  );
  return { hours: each, totalKg };
}

function productOf(a: Fan, b: Fan): Fan {
  const median = a.median * b.median;
  const error = (end: 'lower' | 'upper'): number =>
    Math.hypot((a[end] - a.median) * b.median, (b[end] - b.median) * a.median);
  return { median, lower: Math.max(0, median - error('lower')), upper: median + error('upper') };
}
