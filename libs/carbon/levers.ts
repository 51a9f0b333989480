import { DomainError, type LpSolve } from '#core';
import { requireOneKind } from './factor.ts';
import type { Investment, Lever, LeverFactor, LeverOf } from './lever.ts';
import {
  type HourUse,
  importUse,
  requireLeverHours,
  type LeverHour,
  type LeverTerms,
  totalUse,
  type Use,
} from './lever-hours.ts';
import { shiftedUse, storedUse } from './lever-dispatch.ts';

export interface LeverResult {
  readonly id: string;
  readonly type: Lever['type'];
  /** Over the hours given. */
  readonly savedKg: number;
  readonly savedKgPerYear: number;
  /** What is paid more for energy, wear and trouble; below 0 where less is. */
  readonly runningCostPerYear: number;
  readonly investmentPerYear: number;
  /** Both together. */
  readonly costPerYear: number;
  /** Null where nothing is saved. */
  readonly costPerTonne: number | null;
  /** Null where it costs nothing, or saves nothing. */
  readonly tonnesPerCost: number | null;
}

export interface RankedLevers {
  /** Of the hours given, as they are. */
  readonly baseline: Use;
  /** A year's hours over those given. */
  readonly yearScale: number;
  /** Levers that save money as well by what they save; then by tonnes per cost; those that save nothing last. */
  readonly levers: readonly LeverResult[];
}

const HOURS_OF_YEAR = 8_766;

/**
 * Each lever alone against the hours as they are. Levers act on the same energy: what they save does not add up.
 * @throws LEVER_INPUT, BASIS_MIXED, AVERAGING_MIXED, and those of `solve`
 */
export function rankedLevers(
  hours: readonly LeverHour[],
  levers: readonly Lever[],
  terms: LeverTerms,
  solve: LpSolve,
): RankedLevers {
  const known = requireLeverHours(hours);
  if (new Set(levers.map(({ id }) => id)).size < levers.length)
    throw new DomainError('LEVER_INPUT', 'expected each lever once, got one twice');
  const yearScale = HOURS_OF_YEAR / known.length;
  const baseline = totalUse(known.map((hour) => importUse(hour, hour.loadKwh)));
  const results = levers.map((lever) => {
    requireLever(lever, terms);
    const use = useWith(lever, known, terms, { yearScale, solve });
    return resultOf(lever, { baseline, use, yearScale });
  });
  return { baseline, yearScale, levers: results.toSorted(byWorth) };
}

const inRange = (value: number, least: number, most: number): boolean => value >= least && value <= most;

/** @throws LEVER_INPUT, BASIS_MIXED, AVERAGING_MIXED */
function requireLever(lever: Lever, { basis, averaging }: LeverTerms): void {
  const factor = factorOf(lever);
  if (factor)
    requireOneKind([
      { basis, averaging },
      { id: lever.id, ...factor, averaging: factor.averaging ?? averaging },
    ]);
  if (!isSound(lever))
    throw new DomainError(
      'LEVER_INPUT',
      `expected of ${lever.id} shares from 0 to 1, a life of 0.1 to 200 years, a COP of 0.5 to 20 and an efficiency of 0.05 to 1.2, got another`,
    );
}

const factorOf = (lever: Lever): LeverFactor | null =>
  lever.type === 'share' ? lever.factor : lever.type === 'switch-fuel' ? lever.fuel.factor : null;

function isSound(lever: Lever): boolean {
  const { investment } = lever;
  if (investment && !inRange(investment.lifetimeYears, 0.1, 200)) return false;
  if (investment && !inRange(investment.interestRate, 0, 10)) return false;
  if (lever.type === 'shift') return inRange(lever.flexibleShare, 0, 1);
  if (lever.type !== 'switch-fuel') return true;
  return inRange(lever.cop, 0.5, 20) && inRange(lever.fuel.efficiency, 0.05, 1.2);
}

interface Context {
  readonly yearScale: number;
  readonly solve: LpSolve;
}

/** Emissions and money of the hours with a lever; of a switch less what the fuel would have emitted and cost. */
function useWith(
  lever: Lever,
  hours: readonly LeverHour[],
  terms: LeverTerms,
  { yearScale, solve }: Context,
): Use {
  switch (lever.type) {
    case 'shift':
      return shiftedUse(hours, lever, terms, solve);
    case 'store':
      return storedUse(hours, lever, terms, solve);
    case 'share':
      return totalUse(hours.map((hour) => sharedUse(hour, lever, terms)));
    case 'switch-fuel': {
      const evenly = (lever.heatKwhPerYear ?? 0) / yearScale / hours.length;
      return totalUse(
        hours.map((hour) =>
          switchedUse(hour, lever.heatKwhPerYear === undefined ? (hour.heatKwh ?? 0) : evenly, lever),
        ),
      );
    }
  }
}

/** Neighbours' surplus in place of what the grid gives, where that is worth it at what a kilogram is worth. */
function sharedUse(
  hour: LeverHour,
  { pricePerKwh, factor }: LeverOf<'share'>,
  { worthPerKg }: LeverTerms,
): HourUse {
  const alone = importUse(hour, hour.loadKwh);
  const gain = worthPerKg * (hour.kgPerKwh - factor.kgPerKwh) + hour.buyPerKwh - pricePerKwh;
  const bought = gain > 0 ? Math.min(alone.importKwh, hour.surplusKwh ?? 0) : 0;
  return {
    ...alone,
    emissionsKg: alone.emissionsKg + bought * (factor.kgPerKwh - hour.kgPerKwh),
    cost: alone.cost + bought * (pricePerKwh - hour.buyPerKwh),
  };
}

function switchedUse(hour: LeverHour, heatKwh: number, { fuel, cop }: LeverOf<'switch-fuel'>): HourUse {
  const withPump = importUse(hour, hour.loadKwh + heatKwh / cop);
  const fuelKwh = heatKwh / fuel.efficiency;
  return {
    ...withPump,
    emissionsKg: withPump.emissionsKg - fuelKwh * fuel.factor.kgPerKwh,
    cost: withPump.cost - fuelKwh * fuel.pricePerKwh,
  };
}

/** i / (1 − (1 + i)^−n) of the amount, a year. */
export function annuity({ amount, lifetimeYears, interestRate }: Investment): number {
  if (interestRate === 0) return amount / lifetimeYears;
  return (amount * interestRate) / (1 - (1 + interestRate) ** -lifetimeYears);
}

/** What is less than a milligram, or a millionth of the unit of money, is rounding. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6 + 0;

function resultOf(
  { id, type, investment, costPerYear: upkeep = 0 }: Lever,
  { baseline, use, yearScale }: { readonly baseline: Use; readonly use: Use; readonly yearScale: number },
): LeverResult {
  const savedKg = rounded(baseline.emissionsKg - use.emissionsKg);
  const savedKgPerYear = rounded(savedKg * yearScale);
  const runningCostPerYear = rounded((use.cost - baseline.cost) * yearScale + upkeep);
  const investmentPerYear = investment ? rounded(annuity(investment)) : 0;
  const costPerYear = rounded(runningCostPerYear + investmentPerYear);
  const tonnes = savedKgPerYear / 1_000;
  return {
    id,
    type,
    savedKg,
    savedKgPerYear,
    runningCostPerYear,
    investmentPerYear,
    costPerYear,
    costPerTonne: tonnes > 0 ? rounded(costPerYear / tonnes) : null,
    tonnesPerCost: tonnes > 0 && costPerYear > 0 ? tonnes / costPerYear : null,
  };
}

/** 0: saves both, 1: saves emissions at a cost, 2: saves none. */
const rankOf = ({ savedKgPerYear, costPerYear }: LeverResult): number =>
  savedKgPerYear <= 0 ? 2 : costPerYear <= 0 ? 0 : 1;

function byWorth(a: LeverResult, b: LeverResult): number {
  const rank = rankOf(a);
  const first =
    rank === 1 ? (b.tonnesPerCost ?? 0) - (a.tonnesPerCost ?? 0) : b.savedKgPerYear - a.savedKgPerYear;
  return rank - rankOf(b) || first || a.costPerYear - b.costPerYear || (a.id < b.id ? -1 : 1);
}
