import type { Decimal } from 'decimal.js';
import { DomainError } from '#core';
import { Exact } from './exact.ts';

/** Changes with every change of a formula below; printed with each figure. */
export const CFE_METHOD = 'gridcommons/cfe/1';

/** Exact decimals; all series as long as `load`, energies ≥ 0. */
export interface CfeSteps {
  readonly loadKwh: readonly Decimal[];
  /** Carbon-free energy there for the load in each step: contracted, or from the site. */
  readonly carbonFreeKwh: readonly Decimal[];
  /** Carbon-free share of what the grid supplies, in [0, 1]; null: not counted. */
  readonly gridCarbonFreeShare: readonly Decimal[] | null;
}

/** Percentages are null where there is no load; energies exact. */
export interface CfeScore {
  readonly loadKwh: Decimal;
  /** Σ min(load, carbon-free). */
  readonly matchedKwh: Decimal;
  /** Carbon-free energy beyond the load of its step: never carried over. */
  readonly excessKwh: Decimal;
  /** Of what the grid supplies, Σ (L − m)·g. */
  readonly gridCarbonFreeKwh: Decimal;
  /** Σ [m + (L − m)·g] / Σ L. */
  readonly cfeScorePercent: Decimal | null;
  /** The same without the grid: Σ m / Σ L. */
  readonly matchedPercent: Decimal | null;
  /** Mean of the scores of the steps with a load: another number, in which every hour weighs alike. */
  readonly meanHourlyScorePercent: Decimal | null;
  /** Score of each step, from 0 to 1; null where there is no load. */
  readonly hourlyScores: readonly (Decimal | null)[];
}

const ZERO = new Exact(0);
export const sum = (series: readonly Decimal[]): Decimal =>
  series.reduce((total, each) => total.add(each), ZERO);
export const percentOf = (part: Decimal, whole: Decimal): Decimal | null =>
  whole.isZero() ? null : part.mul(100).div(whole);

/**
 * 24/7 carbon-free energy score (Google, 24/7 Carbon-Free Energy: Methodologies and Metrics, 2021): in each step
 * m = min(L, C), the rest comes from the grid with its carbon-free share g.
 * @throws CFE_INPUT for series of different lengths, negative energies or shares outside [0, 1]
 */
export function cfeScore({ loadKwh, carbonFreeKwh, gridCarbonFreeShare }: CfeSteps): CfeScore {
  requireSeries('carbonFreeKwh', carbonFreeKwh, loadKwh.length);
  requireSeries('loadKwh', loadKwh, loadKwh.length);
  if (gridCarbonFreeShare !== null) {
    requireSeries('gridCarbonFreeShare', gridCarbonFreeShare, loadKwh.length);
    const above = gridCarbonFreeShare.find((g) => g.greaterThan(1));
    if (above !== undefined) throw cfeInput('gridCarbonFreeShare', 'shares of at most 1', above.toString());
  }
  const matched = loadKwh.map((load, t) => Exact.min(load, carbonFreeKwh[t]!));
  const fromGrid = loadKwh.map((load, t) => load.sub(matched[t]!).mul(gridCarbonFreeShare?.[t] ?? ZERO));
  const hourlyScores = loadKwh.map((load, t) =>
    load.isZero() ? null : matched[t]!.add(fromGrid[t]!).div(load),
  );
  const scored = hourlyScores.filter((score) => score !== null);
  const [load, matchedKwh, gridKwh] = [sum(loadKwh), sum(matched), sum(fromGrid)];
  return {
    loadKwh: load,
    matchedKwh,
    excessKwh: sum(carbonFreeKwh).sub(matchedKwh),
    gridCarbonFreeKwh: gridKwh,
    cfeScorePercent: percentOf(matchedKwh.add(gridKwh), load),
    matchedPercent: percentOf(matchedKwh, load),
    meanHourlyScorePercent: scored.length === 0 ? null : sum(scored).mul(100).div(scored.length),
    hourlyScores,
  };
}

/** @throws CFE_INPUT */
export function requireSeries(name: string, series: readonly Decimal[], length: number): void {
  if (series.length !== length)
    throw cfeInput(name, `${length} steps, as many as loadKwh has`, `${series.length}`);
  const below = series.find((value) => value.isNegative() && !value.isZero());
  if (below !== undefined) throw cfeInput(name, 'values ≥ 0', below.toString());
}

export const cfeInput = (name: string, expected: string, got: string): DomainError =>
  new DomainError('CFE_INPUT', `expected ${name} with ${expected}, got ${got}`, 'invalid', { field: name });
