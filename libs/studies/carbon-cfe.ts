import type { Decimal } from 'decimal.js';
import {
  CFE_METHOD,
  cfeInput,
  cfeScore,
  declining,
  exact,
  greenDischarge,
  percentOf,
  type SiteEmissions,
  siteEmissions,
  type SiteFlows,
  siteEnergy,
} from '#certificates';
import { z } from 'zod';
import { nonNegative, share } from './decimal-schema.ts';
import { noOptions, type Study } from './study.ts';

const MAX_STEPS = 110_000;

const series = z
  .union([nonNegative, z.array(nonNegative).min(1).max(MAX_STEPS)])
  .describe('one number for all steps, or one a step');

const cfeSchema = z.strictObject({
  loadKwh: z.array(nonNegative).min(1).max(MAX_STEPS).describe('energy used in each step'),
  carbonFreeKwh: series
    .optional()
    .describe('carbon-free energy bought or made in each step; without it the flows of a site below'),
  gridCarbonFreeShare: series
    .optional()
    .describe('carbon-free share of what the grid supplies, 0 to 1; without it the grid counts as none'),
  pvToLoadKwh: series.optional(),
  pvToGridKwh: series.optional(),
  pvToBatteryKwh: series.optional(),
  gridToLoadKwh: series.optional().describe('default: the load less what PV and battery give it'),
  gridToBatteryKwh: series.optional(),
  batteryToLoadKwh: series.optional(),
  batteryToGridKwh: series.optional(),
  batteryToLoadGreenKwh: series
    .optional()
    .describe('carbon-free part of batteryToLoadKwh; without it worked out by what charged the battery'),
  batteryToGridGreenKwh: series.optional(),
  battery: z
    .strictObject({
      chargeEfficiency: share.default(1),
      dischargeEfficiency: share.default(1),
      initialKwh: nonNegative.default(0),
      initialGreenKwh: nonNegative.default(0),
      attribution: z.enum(['proportional', 'green-first']).default('proportional'),
    })
    .optional()
    .describe('to work out the carbon-free part of its discharge'),
  gridIntensityKgPerMwh: series.optional().describe('CO2e of the grid; without it no emissions'),
  gridIntensityDeclineShare: share.default(0).describe('by which the grid intensity falls every year'),
  years: z.int().min(1).max(100).default(1).describe('years of emissions with the same flows'),
});

type CfeInput = z.infer<typeof cfeSchema>;

interface EmissionsKg {
  readonly avoidedEmissionsKg: number;
  readonly inducedEmissionsKg: number;
  readonly netAvoidedEmissionsKg: number;
  readonly residualLoadEmissionsKg: number;
  readonly gridImportEmissionsKg: number;
}

export interface CfeResult {
  readonly method: string;
  readonly steps: number;
  readonly loadKwh: number;
  readonly carbonFreeKwh: number;
  readonly matchedKwh: number;
  readonly excessKwh: number;
  readonly gridCarbonFreeKwh: number;
  readonly cfeScorePercent: number | null;
  readonly matchedPercent: number | null;
  readonly meanHourlyScorePercent: number | null;
  readonly annualVolumetricPercent: number | null;
  readonly hourlyScores: readonly (number | null)[];
  readonly gridImportKwh: number;
  readonly carbonFreeDeliveredKwh: number;
  /** Of the first year; null without a grid intensity. Outside any inventory. */
  readonly emissions: EmissionsKg | null;
  readonly years: readonly ({ readonly year: number } & EmissionsKg)[];
  readonly flags: readonly string[];
}

/** @throws CFE_INPUT, BATTERY_INPUT, BATTERY_EMPTY */
function scoreCfe(input: CfeInput): CfeResult {
  const load = input.loadKwh.map(exact);
  const flags: string[] = [];
  const site = siteFlows(input, load, flags);
  const carbonFree = site?.carbonFreeToLoadKwh ?? steps(input, 'carbonFreeKwh');
  const grid = input.gridCarbonFreeShare === undefined ? null : steps(input, 'gridCarbonFreeShare');
  if (grid === null) flags.push('GRID_SHARE_NOT_COUNTED');
  const score = cfeScore({ loadKwh: load, carbonFreeKwh: carbonFree, gridCarbonFreeShare: grid });
  if (score.loadKwh.isZero()) flags.push('ZERO_LOAD');
  const flows = site ?? contractFlows(load, carbonFree);
  const energy = siteEnergy(flows);
  const years = emissionsByYear(input, flows, flags);
  return {
    method: CFE_METHOD,
    steps: load.length,
    loadKwh: score.loadKwh.toNumber(),
    carbonFreeKwh: score.matchedKwh.add(score.excessKwh).toNumber(),
    matchedKwh: score.matchedKwh.toNumber(),
    excessKwh: score.excessKwh.toNumber(),
    gridCarbonFreeKwh: score.gridCarbonFreeKwh.toNumber(),
    cfeScorePercent: plain(score.cfeScorePercent),
    matchedPercent: plain(score.matchedPercent),
    meanHourlyScorePercent: plain(score.meanHourlyScorePercent),
    annualVolumetricPercent: plain(percentOf(energy.carbonFreeDeliveredKwh, score.loadKwh)),
    hourlyScores: score.hourlyScores.map(plain),
    gridImportKwh: energy.gridImportKwh.toNumber(),
    carbonFreeDeliveredKwh: energy.carbonFreeDeliveredKwh.toNumber(),
    emissions: years[0] === undefined ? null : emissionsKg(years[0]),
    years: years.map((emissions, i) => ({ year: i + 1, ...emissionsKg(emissions) })),
    flags,
  };
}

const plain = (value: Decimal | null): number | null => value?.toNumber() ?? null;

type SeriesName = {
  [K in keyof CfeInput]-?: z.infer<typeof series> extends NonNullable<CfeInput[K]> ? K : never;
}[keyof CfeInput];

/** A series of the input, a step each; 0 where it is not given. */
function steps(input: CfeInput, name: SeriesName): Decimal[] {
  const given = input[name] ?? 0;
  if (!Array.isArray(given)) return input.loadKwh.map(() => exact(given));
  if (given.length !== input.loadKwh.length)
    throw cfeInput(name, `${input.loadKwh.length} steps, as many as loadKwh has`, `${given.length}`);
  return given.map(exact);
}

const SITE_FLOWS = [
  'pvToLoadKwh',
  'pvToGridKwh',
  'pvToBatteryKwh',
  'gridToLoadKwh',
  'gridToBatteryKwh',
  'batteryToLoadKwh',
  'batteryToGridKwh',
  'batteryToLoadGreenKwh',
  'batteryToGridGreenKwh',
  'battery',
] as const;

const add = (a: readonly Decimal[], b: readonly Decimal[]): Decimal[] => a.map((each, t) => each.add(b[t]!));

/** Contracted energy reaches the load as far as it is used at once, and the grid beyond. */
const contractFlows = (load: readonly Decimal[], carbonFree: readonly Decimal[]): SiteFlows => {
  const toLoad = load.map((each, t) => (each.lessThan(carbonFree[t]!) ? each : carbonFree[t]!));
  return {
    carbonFreeToLoadKwh: toLoad,
    carbonFreeToGridKwh: carbonFree.map((each, t) => each.sub(toLoad[t]!)),
    gridToLoadKwh: load.map((each, t) => each.sub(toLoad[t]!)),
    gridToBatteryKwh: load.map(() => exact(0)),
  };
};

/** Schedules come from solvers in floating point: less than a millionth is none. */
const isOff = (load: Decimal, supplied: Decimal): boolean =>
  load.sub(supplied).abs().greaterThan(load.add(supplied).mul('1e-6'));

/** Null beside contracted energy, which goes before them. @throws CFE_INPUT where nothing says what is carbon-free */
function siteFlows(input: CfeInput, load: readonly Decimal[], flags: string[]): SiteFlows | null {
  if (input.carbonFreeKwh !== undefined) {
    if (SITE_FLOWS.some((name) => input[name] !== undefined)) flags.push('SITE_FLOWS_NOT_USED');
    return null;
  }
  if (input.pvToLoadKwh === undefined && input.batteryToLoadKwh === undefined) {
    throw cfeInput(
      'carbonFreeKwh',
      'energies, or pvToLoadKwh or batteryToLoadKwh in its place',
      'none of them',
    );
  }
  const [pvToLoad, batteryToLoad] = [steps(input, 'pvToLoadKwh'), steps(input, 'batteryToLoadKwh')];
  const green = greenFlows(input, flags);
  if (input.gridToLoadKwh === undefined) flags.push('GRID_TO_LOAD_DERIVED');
  const given = add(pvToLoad, batteryToLoad);
  const rest = load.map((each, t) => (each.lessThan(given[t]!) ? exact(0) : each.sub(given[t]!)));
  const gridToLoad = input.gridToLoadKwh === undefined ? rest : steps(input, 'gridToLoadKwh');
  if (load.some((each, t) => isOff(each, given[t]!.add(gridToLoad[t]!)))) flags.push('LOAD_NOT_BALANCED');
  return {
    carbonFreeToLoadKwh: add(pvToLoad, green.toLoad),
    carbonFreeToGridKwh: add(steps(input, 'pvToGridKwh'), green.toGrid),
    gridToLoadKwh: gridToLoad,
    gridToBatteryKwh: steps(input, 'gridToBatteryKwh'),
  };
}

/** @throws CFE_INPUT where the carbon-free part is more than the whole, if that is given */
function requirePart(input: CfeInput, part: SeriesName, whole: SeriesName): void {
  if (input[whole] === undefined) return;
  const wholes = steps(input, whole);
  const parts = steps(input, part);
  const at = parts.findIndex((each, t) => each.greaterThan(wholes[t]!));
  if (at !== -1)
    throw cfeInput(
      part,
      `at most what ${whole} has`,
      `${parts[at]!.toString()} of ${wholes[at]!.toString()} in step ${at}`,
    );
}

function greenFlows(
  input: CfeInput,
  flags: string[],
): { toLoad: readonly Decimal[]; toGrid: readonly Decimal[] } {
  const { battery, batteryToLoadGreenKwh, batteryToGridGreenKwh } = input;
  if (batteryToLoadGreenKwh !== undefined || batteryToGridGreenKwh !== undefined || battery === undefined) {
    const given = batteryToLoadGreenKwh !== undefined || batteryToGridGreenKwh !== undefined;
    if (!given && input.batteryToLoadKwh !== undefined) flags.push('BATTERY_NOT_COUNTED');
    requirePart(input, 'batteryToLoadGreenKwh', 'batteryToLoadKwh');
    requirePart(input, 'batteryToGridGreenKwh', 'batteryToGridKwh');
    return { toLoad: steps(input, 'batteryToLoadGreenKwh'), toGrid: steps(input, 'batteryToGridGreenKwh') };
  }
  flags.push('GREEN_DISCHARGE_COMPUTED');
  const { batteryToLoadGreenKwh: toLoad, batteryToGridGreenKwh: toGrid } = greenDischarge(
    {
      pvToBatteryKwh: steps(input, 'pvToBatteryKwh'),
      gridToBatteryKwh: steps(input, 'gridToBatteryKwh'),
      batteryToLoadKwh: steps(input, 'batteryToLoadKwh'),
      batteryToGridKwh: steps(input, 'batteryToGridKwh'),
    },
    {
      chargeEfficiency: exact(battery.chargeEfficiency),
      dischargeEfficiency: exact(battery.dischargeEfficiency),
      initialKwh: exact(battery.initialKwh),
      initialGreenKwh: exact(battery.initialGreenKwh),
      attribution: battery.attribution,
    },
  );
  return { toLoad, toGrid };
}

function emissionsByYear(input: CfeInput, flows: SiteFlows, flags: string[]): SiteEmissions[] {
  if (input.gridIntensityKgPerMwh === undefined) {
    flags.push('NO_GRID_INTENSITY');
    return [];
  }
  const first = siteEmissions(flows, steps(input, 'gridIntensityKgPerMwh'));
  return declining(first, exact(input.gridIntensityDeclineShare), input.years);
}

const emissionsKg = (of: SiteEmissions): EmissionsKg => ({
  avoidedEmissionsKg: of.avoidedKg.toNumber(),
  inducedEmissionsKg: of.inducedKg.toNumber(),
  netAvoidedEmissionsKg: of.netAvoidedKg.toNumber(),
  residualLoadEmissionsKg: of.residualLoadKg.toNumber(),
  gridImportEmissionsKg: of.gridImportKg.toNumber(),
});

/** `carbon cfe`. */
export const cfeStudy: Study<CfeInput, object, CfeResult> = {
  verb: 'cfe',
  method: null,
  title: 'match carbon-free energy to a load hour by hour, and what it avoids',
  input: cfeSchema,
  options: noOptions,
  run: scoreCfe,
};
