import { mixIntensity, type SourceFactors } from '#carbon';
import { DomainError, HOUR_MS, isoInstant, parseInstant } from '#core';
import type { MeterSeries } from '#metering';
import type { IntensityForecastInput } from './carbon-intensity-input.ts';

/** A grid's hours as columns on one hourly grid, NaN where missing. */
export interface IntensityColumns {
  /** kgCO2e/kWh. */
  readonly intensity: MeterSeries;
  /** Known up to the issue: generation by fuel. */
  readonly past: ReadonlyMap<string, MeterSeries>;
  readonly ahead: ReadonlyMap<string, MeterSeries>;
  /** Hours whose intensity is that of their generation. */
  readonly computedHours: number;
}

type Hour = IntensityForecastInput['hours'][number];

/** Columns of either kind. */
const MOST_COLUMNS = 20;
/** Between the first hour and the last: what 100 000 hours may span. */
const MOST_HOURS = 200_000;

/** @throws HOUR_REPEATED, HOURS_OFF_GRID, HOURS_TOO_MANY, COLUMNS_TOO_MANY, COLUMN_ROLES, FACTOR_MISSING, INTENSITY_EMPTY */
export function columnsOf({
  hours,
  factors,
}: Pick<IntensityForecastInput, 'hours' | 'factors'>): IntensityColumns {
  const starts = hours.map(({ start }) => parseInstant(start));
  const startMs = starts.reduce((least, ms) => Math.min(least, ms));
  const length = starts.reduce((most, ms) => Math.max(most, (ms - startMs) / HOUR_MS + 1), 0);
  requireGrid(starts, startMs, length);
  const columns = new Columns(startMs, length);
  const factorOf: SourceFactors = new Map(factors.map(({ fuel, kgPerKwh }) => [fuel, kgPerKwh]));
  let computedHours = 0;
  for (const [i, hour] of hours.entries())
    if (columns.add(hour, (starts[i]! - startMs) / HOUR_MS, factorOf)) computedHours += 1;
  const { past, ahead, intensity } = columns;
  requireColumns(past, ahead);
  if (intensity.values.every(Number.isNaN))
    throw new DomainError(
      'INTENSITY_EMPTY',
      'expected hours with an intensity, or with generation and factors, got none',
    );
  return { intensity, past, ahead, computedHours };
}

/** Columns that come up as hours are read. */
class Columns {
  readonly past = new Map<string, MeterSeries>();
  readonly ahead = new Map<string, MeterSeries>();
  readonly intensity: MeterSeries;

  constructor(
    private readonly startMs: number,
    private readonly length: number,
  ) {
    this.intensity = this.blank();
  }

  /** @returns whether its intensity is that of its generation */
  add(
    { generationMwh = {}, known = {}, intensityKgPerKwh }: Hour,
    at: number,
    factors: SourceFactors,
  ): boolean {
    for (const [fuel, mwh] of Object.entries(generationMwh)) this.put('past', fuel, at, mwh);
    for (const [name, value] of Object.entries(known)) this.put('ahead', name, at, value);
    const computed = intensityKgPerKwh === undefined ? computedOf(generationMwh, factors) : null;
    this.intensity.values[at] = intensityKgPerKwh ?? computed ?? Number.NaN;
    return computed !== null;
  }

  private put(kind: 'past' | 'ahead', name: string, at: number, value: number): void {
    const column = this[kind].get(name) ?? this.blank();
    this[kind].set(name, column);
    column.values[at] = value;
  }

  private blank(): MeterSeries {
    const values = new Float64Array(this.length).fill(Number.NaN);
    return { startMs: this.startMs, resolutionMs: HOUR_MS, values };
  }
}

const computedOf = (
  generationMwh: NonNullable<Hour['generationMwh']>,
  factors: SourceFactors,
): number | null =>
  // An hour that tells of fewer fuels than others would be told a wrong mean.
  factors.size > 0 && [...factors.keys()].every((fuel) => fuel in generationMwh)
    ? mixIntensity(Object.entries(generationMwh), factors)
    : null;

function requireGrid(starts: readonly number[], startMs: number, length: number): void {
  const off = starts.find((ms) => (ms - startMs) % HOUR_MS !== 0 || ms % (HOUR_MS / 4) !== 0);
  if (off !== undefined)
    throw new DomainError('HOURS_OFF_GRID', `expected whole hours from the first on, got ${isoInstant(off)}`);
  if (new Set(starts).size < starts.length)
    throw new DomainError('HOUR_REPEATED', 'expected each hour once, got one twice');
  if (length > MOST_HOURS)
    throw new DomainError('HOURS_TOO_MANY', `expected hours within ${MOST_HOURS}, got ${length}`, 'limit');
}

function requireColumns(
  past: ReadonlyMap<string, MeterSeries>,
  ahead: ReadonlyMap<string, MeterSeries>,
): void {
  const most = Math.max(past.size, ahead.size);
  if (most > MOST_COLUMNS)
    throw new DomainError(
      'COLUMNS_TOO_MANY',
      `expected at most ${MOST_COLUMNS} columns, got ${most}`,
      'limit',
    );
  const twice = [...past.keys()].find((name) => ahead.has(name));
  if (twice !== undefined)
    throw new DomainError(
      'COLUMN_ROLES',
      `expected ${twice} as generation or as known ahead, got it as both`,
    );
}
