import {
  co2e,
  combustionEmissions,
  combustionFactor,
  factorById,
  gwpSet,
  type Lever,
  type LeverFactor,
  type LeverHour,
  type LeverResult,
  rankedLevers,
} from '#carbon';
import { DomainError, parseInstant, requireZone } from '#core';
import { loadSolver } from '#optimization';
import { type Flag, flagged } from './carbon-flag.ts';
import { type LeversInput, leversInput } from './carbon-levers-input.ts';
import { noOptions, type Study, type StudyContext, toldSolve } from './study.ts';

/** Changes with every change of what is computed. */
const METHOD = 'gridcommons/carbon-levers/1';

/** Printed with each result. */
const ASSUMPTIONS: readonly string[] = [
  'Each lever acts alone; what several save does not add up.',
  'The hours given stand for a year of 8 766 hours.',
  'Own generation is used first; what is fed in earns no emissions, and is left where that would cost.',
  'Load moves within its local day and is served in full; stored energy is used within a week.',
  'Bought surplus carries its attributes only where they are transferred with it (market-based).',
  'Savings of marginal intensities are of decisions: they belong in no inventory.',
];

interface LeverView extends Omit<LeverResult, 'savedKgPerYear'> {
  readonly rank: number;
  readonly savedTonnesPerYear: number;
  readonly factor: LeverFactor | null;
}

export interface LeversResult {
  readonly method: string;
  readonly basis: 'direct' | 'lifecycle';
  readonly averaging: 'average' | 'marginal';
  readonly money: string;
  readonly hours: number;
  /** A year's hours over those. */
  readonly yearScale: number;
  readonly baseline: { readonly tonnesPerYear: number; readonly costPerYear: number };
  /** The best first. */
  readonly levers: readonly LeverView[];
  readonly assumptions: readonly string[];
  readonly flags: readonly Flag[];
}

/** `carbon levers`. */
export const leversStudy: Study<LeversInput, object, LeversResult> = {
  verb: 'levers',
  method: null,
  title: 'what a member can do about its emissions, ranked by tonnes per cost',
  input: leversInput,
  options: noOptions,
  run: leversOf,
};

/**
 * @throws ZONE_UNKNOWN, INSTANT_MALFORMED, PRICES_MISSING, LEVER_INPUT, BASIS_MIXED, AVERAGING_MIXED, FACTOR_MISSING,
 *   GWP_SET_UNKNOWN, CALORIFIC_MIXED, DEVICE_INPUT and the codes of the solver
 */
async function leversOf(input: LeversInput, _options: object, context: StudyContext): Promise<LeversResult> {
  const { zone, basis, averaging, worthPerTonne, money } = input;
  requireZone(zone);
  const known = input.hours.filter(({ intensityKgPerKwh }) => intensityKgPerKwh !== null);
  const hours = known.map((hour) => hourOf(hour, input));
  const levers = input.levers.map((lever) => leverOf(lever, input, hours[0]?.startMs ?? 0));
  const solver = await loadSolver();
  const terms = { zone, basis, averaging, worthPerKg: worthPerTonne / 1_000 };
  const ranked = rankedLevers(hours, levers, terms, toldSolve(solver, context));
  const { baseline, yearScale } = ranked;
  return {
    method: METHOD,
    basis,
    averaging,
    money,
    hours: hours.length,
    yearScale,
    baseline: {
      tonnesPerYear: (baseline.emissionsKg * yearScale) / 1_000,
      costPerYear: baseline.cost * yearScale,
    },
    levers: ranked.levers.map((lever, i) => viewOf(lever, i + 1, levers)),
    assumptions: ASSUMPTIONS,
    flags: flagsOf(input, ranked.levers, hours),
  };
}

/** @throws PRICES_MISSING */
function hourOf(
  { start, intensityKgPerKwh, buy, sell, surplusKwh, heatKwh, ...energy }: LeversInput['hours'][number],
  { prices }: LeversInput,
): LeverHour {
  const buyPerKwh = buy ?? prices?.buy;
  if (buyPerKwh === undefined)
    throw new DomainError(
      'PRICES_MISSING',
      `expected a price of buying at ${start}, or for all hours, got none`,
    );
  return {
    startMs: parseInstant(start),
    ...energy,
    kgPerKwh: intensityKgPerKwh!,
    buyPerKwh,
    sellPerKwh: sell ?? prices?.sell ?? 0,
    ...(surplusKwh !== undefined && { surplusKwh }),
    ...(heatKwh !== undefined && { heatKwh }),
  };
}

type LeverInput = LeversInput['levers'][number];

/** Without keys that were not said. */
const said = <T extends object>(of: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined)) as never;

function leverOf(lever: LeverInput, { basis }: LeversInput, atMs: number): Lever {
  if (lever.type === 'share') {
    const { kgPerKwh, source, ...rest } = lever;
    return { ...said(rest), factor: surplusFactor({ kgPerKwh, source }, basis) };
  }
  if (lever.type === 'switch-fuel') {
    const { fuel, ...rest } = lever;
    return { ...said(rest), fuel: { ...fuel, factor: fuelFactor(fuel.factor, atMs) } };
  }
  return said(lever) as Lever;
}

function surplusFactor(
  { kgPerKwh, source }: { readonly kgPerKwh: number | undefined; readonly source: string | undefined },
  basis: LeversInput['basis'],
): LeverFactor {
  const kind = { basis, averaging: 'average' } as const;
  if (kgPerKwh !== undefined) return { ...kind, kgPerKwh, source: source ?? 'as given' };
  const { gramsCo2ePerKwh, source: published } = factorById(`pv-rooftop/${basis}/ipcc-ar5`);
  return { ...kind, kgPerKwh: Number(gramsCo2ePerKwh) / 1_000, source: published };
}

type FuelInput = Extract<LeverInput, { type: 'switch-fuel' }>['fuel']['factor'];

function fuelFactor(of: FuelInput, atMs: number): LeverFactor {
  if ('kgPerKwh' in of) return { ...of, averaging: null };
  const { fuel, gwpSet: set, calorific, ncvPerGcv } = of;
  const factor = combustionFactor(fuel, atMs);
  const { kgByGas } = combustionEmissions(factor, { amount: 1, unit: 'kWh', calorific, ncvPerGcv });
  const { kgCo2e, gwpSet: used } = co2e(kgByGas, gwpSet(set));
  return {
    kgPerKwh: Number(kgCo2e),
    basis: 'direct',
    averaging: null,
    source: `${factor.source}; GWP ${used}; per kWh ${calorific}`,
  };
}

function viewOf({ savedKgPerYear, ...rest }: LeverResult, rank: number, levers: readonly Lever[]): LeverView {
  const lever = levers.find(({ id }) => id === rest.id)!;
  const factor =
    lever.type === 'share' ? lever.factor : lever.type === 'switch-fuel' ? lever.fuel.factor : null;
  return { rank, ...rest, savedTonnesPerYear: savedKgPerYear / 1_000, factor };
}

/** From here on the hours hold all seasons. */
const YEAR_HOURS = 8_600;

function flagsOf(
  { hours: asked, levers }: LeversInput,
  results: readonly LeverResult[],
  hours: readonly LeverHour[],
): Flag[] {
  const missing = asked.length - hours.length;
  const saveNothing = results.filter(({ savedKgPerYear }) => savedKgPerYear <= 0).map(({ id }) => id);
  const isFlat = levers.some((lever) => lever.type === 'switch-fuel' && lever.heatKwhPerYear !== undefined);
  return [
    ...flagged(missing > 0, 'INTENSITY_MISSING', `in ${missing} of ${asked.length} hours: left out`),
    ...flagged(hours.length < YEAR_HOURS, 'YEAR_ESTIMATED', `${hours.length} hours stand for a year`),
    ...flagged(isFlat, 'HEAT_FLAT', 'heat is taken as the same in every hour'),
    ...flagged(saveNothing.length > 0, 'NOTHING_SAVED', `by ${saveNothing.join(', ')}`),
  ];
}
