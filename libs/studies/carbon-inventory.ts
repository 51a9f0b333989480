import {
  bothAccounts,
  exactSum,
  type Inventory,
  inventory,
  INVENTORY_METHOD,
  type InventoryInput,
  type InventoryLine,
  isInForce,
  type Matching,
  MAX_KG_PER_KWH,
  PUBLISHED_FACTOR_SETS,
  restateBaseYear,
} from '#carbon';
import { isoInstant } from '#core';
import type { Interval } from '#core';
import {
  fuelActivity,
  givenActivity,
  leakActivity,
  ownGeneration,
  purchasedEnergy,
  termsOf,
} from './carbon-inventory-activities.ts';
import { instrumentOf, spanOf } from './carbon-inventory-instruments.ts';
import { type FactorContext, factorContext, sourceFactor } from './carbon-inventory-factors.ts';
import { type ActivityInput, inventoryInput, type InventoryStudyInput } from './carbon-inventory-input.ts';
import {
  accountView,
  type AccountView,
  baseYearView,
  factorViews,
  hourView,
  instrumentView,
  lineView,
  scope2View,
} from './carbon-inventory-view.ts';
import { noOptions, type Study } from './study.ts';

/** What an inventory's reader has to know; printed with each. */
export const INVENTORY_DISCLOSURES: readonly string[] = [
  'Location-based and market-based are two accounts of the same energy: never added.',
  'Scope 3 category 3 is told by grid factors: location-based.',
  'Energy that no instrument covers carries the residual mix; where none is given the grid average, flagged no-residual-mix.',
  'Biogenic CO2 stands apart and is in no total; its CH4 and N2O count.',
];

type OfKind<K extends ActivityInput['kind']> = Extract<ActivityInput, { kind: K }>;

/** Activities of each kind, in any order of the input. */
function resolved(
  input: InventoryStudyInput,
  context: FactorContext,
): Pick<InventoryInput, 'fuels' | 'leaks' | 'given' | 'energies' | 'resold' | 'instruments'> {
  const of = <K extends ActivityInput['kind']>(...kinds: K[]): OfKind<K>[] =>
    input.activities.filter((activity): activity is OfKind<K> => (kinds as string[]).includes(activity.kind));
  const own = of('own-generation').map((each) => ownGeneration(each, context));
  return {
    fuels: of('stationary', 'mobile').map((each) => fuelActivity(each, context)),
    leaks: of('leak').map(leakActivity),
    given: of('given').map(givenActivity),
    energies: [
      ...of('purchased', 'grid-losses').map((each) => purchasedEnergy(each, context)),
      ...own.map(({ energy }) => energy),
    ],
    resold: of('resold').map((each) => ({
      terms: termsOf(each),
      carrier: each.carrier,
      kwh: exactSum([each.soldKwh]),
      lifecycle: sourceFactor(
        { ...each, factorKgPerKwh: each.lifecycleFactorKgPerKwh, basis: 'lifecycle', averaging: 'average' },
        each.id,
        { ...context, basis: 'lifecycle' },
      ),
    })),
    instruments: [
      ...own.map(({ kept }) => kept),
      ...input.instruments.map((each) => instrumentOf(each, context)),
    ],
  };
}

const monthsFrom = (ms: number, months: number): number => {
  const date = new Date(ms);
  return date.setUTCMonth(date.getUTCMonth() + months);
};

const vintagesOf = (period: Interval | null, before: number, after: number): Interval | null =>
  period === null
    ? null
    : { startMs: monthsFrom(period.startMs, -before), endMs: monthsFrom(period.endMs, after) };

/** Rows by the kWh and by the fuel that ship with the product. */
const PUBLISHED = new Map(
  PUBLISHED_FACTOR_SETS.flatMap(({ factors, fuels }) =>
    [...factors, ...fuels].map((row) => [row.id, row] as const),
  ),
);

/** What stands in the way of reading a figure without its notes. */
export interface Flag {
  readonly code: string;
  /** An activity's or an instrument's id. */
  readonly of: string;
  readonly detail: string;
}

export function flagsOf(
  { lines, instruments }: Inventory,
  energies: InventoryInput['energies'],
  period: Interval | null,
): Flag[] {
  const ofLines = lines.flatMap(({ flags, terms, part, account, matching }) =>
    flags.map((code) => ({
      code,
      of: terms.id,
      detail: [part, account, matching].filter((word) => word !== null).join(', '),
    })),
  );
  const unread = energies.filter(({ hoursWithoutReading }) => hoursWithoutReading > 0);
  return [
    ...ofLines,
    ...factorFlags(lines, period),
    ...unread.map(({ terms, hoursWithoutReading }) => ({
      code: 'hours-without-reading',
      of: terms.id,
      detail: String(hoursWithoutReading),
    })),
    ...instruments.flatMap(({ instrument: { id }, reasons }) =>
      reasons.map((reason) => ({ code: 'instrument-ineligible', of: id, detail: reason })),
    ),
  ];
}

/** Of factors that were not in force when the period began, and of those that no kWh emits, each once an activity. */
function factorFlags(lines: readonly InventoryLine[], period: Interval | null): Flag[] {
  const flags = new Map<string, Flag>();
  for (const { factor, terms } of lines) {
    if (factor === null) continue;
    const say = (code: string, detail: string) =>
      flags.set(`${code} ${terms.id} ${factor.id}`, {
        code,
        of: terms.id,
        detail: `${factor.id}: ${detail}`,
      });
    const row = PUBLISHED.get(factor.id);
    if (row !== undefined && period !== null && !isInForce(row, period.startMs)) {
      const until = row.validToMs === null ? '' : ` until ${isoInstant(row.validToMs)}`;
      say('factor-out-of-force', `in force from ${isoInstant(row.validFromMs)}${until}`);
    }
    if (factor.unit === 'kWh' && factor.kgPerUnit?.gt(MAX_KG_PER_KWH)) {
      say(
        'factor-suspect',
        `expected at most ${MAX_KG_PER_KWH} kgCO2e/kWh, got ${factor.kgPerUnit.toString()}: grams?`,
      );
    }
  }
  return [...flags.values()];
}

/** An inventory with what it was computed from. @throws the codes of inventory and of the activities' conversions */
export function toldInventory(input: InventoryStudyInput) {
  const period = input.period === undefined ? null : spanOf(input.period);
  const context = factorContext(input, period);
  const activities = resolved(input, context);
  const { gwp, basis } = context;
  const vintages = vintagesOf(period, input.vintageMonthsBefore, input.vintageMonthsAfter);
  return { context, activities, told: inventory({ period, basis, gwp, vintages, ...activities }) };
}

export type InventoryResult = ReturnType<typeof inventoryOf>;

/** @throws as toldInventory */
export function inventoryOf(input: InventoryStudyInput) {
  const { context, activities, told } = toldInventory(input);
  const { period, gwp, basis } = context;
  return {
    method: INVENTORY_METHOD,
    period: period === null ? null : { start: isoInstant(period.startMs), end: isoInstant(period.endMs) },
    basis,
    gwpSet: gwp.id,
    unit: 'kgCO2e',
    ...accountsOf(told, input),
    category3: category3Of(told.lines),
    byKind: byKind(told.lines),
    instruments: told.instruments.map(instrumentView),
    lines: told.lines.map(lineView),
    hours: input.listHours && told.hourly !== null ? told.hourly.hours.map(hourView) : null,
    factors: factorViews(told.lines),
    flags: flagsOf(told, activities.energies, period),
    disclosures: INVENTORY_DISCLOSURES,
  };
}

/** Everything that is told once location- and once market-based. */
function accountsOf(
  { lines, annual, hourly }: Inventory,
  { matching: wanted, baseYear }: InventoryStudyInput,
) {
  const matching: Matching = hourly === null ? 'annual' : wanted;
  const accounts = { annual: bothAccounts(lines, 'annual'), hourly: bothAccounts(lines, 'hourly') };
  const counted = accounts[matching];
  const [location, market] = [accountView(counted.location), accountView(counted.market)];
  return {
    matching,
    totals: totalsOf(location, market),
    scope2: {
      annual: scope2View(accounts.annual, annual),
      hourly: hourly === null ? null : scope2View(accounts.hourly, hourly),
    },
    location,
    market,
    uncertaintyPercent: { location: location.uncertaintyPercent, market: market.uncertaintyPercent },
    dataQuality: location.dataQuality,
    baseYear: baseYear === undefined ? null : baseYearOf(baseYear, counted),
  };
}

/** The figures people look for first. Scopes 1 and 3 are in both accounts' totals. */
const totalsOf = (location: AccountView, market: AccountView) => ({
  scope1Kg: location.scope1.emissionsKg,
  scope2LocationKg: location.scope2.emissionsKg,
  scope2MarketKg: market.scope2.emissionsKg,
  scope3Kg: location.scope3.emissionsKg,
  locationBasedKg: location.emissionsKg,
  marketBasedKg: market.emissionsKg,
  biogenicCo2Kg: location.biogenicCo2Kg,
});

const sumKg = (lines: readonly InventoryLine[]): number | null => {
  const known = lines.flatMap(({ emissionsKg }) => (emissionsKg === null ? [] : [emissionsKg]));
  return known.length === 0 ? null : exactSum(known).toNumber();
};

const partsOf = (lines: readonly InventoryLine[]) => ({
  upstreamKg: sumKg(lines.filter(({ part }) => part === 'upstream')),
  tdLossesKg: sumKg(lines.filter(({ part }) => part === 'td-losses')),
  resoldKg: sumKg(lines.filter(({ part }) => part === 'resold')),
  totalKg: sumKg(lines),
});

/** Scope 3 category 3 by activity and carrier. */
function category3Of(lines: readonly InventoryLine[]) {
  const own = lines.filter(({ scope, scope3Category }) => scope === 3 && scope3Category === 3);
  const carriers = [...new Set(own.map(({ carrier }) => carrier ?? 'fuel'))].toSorted();
  return {
    ...partsOf(own),
    byCarrier: carriers.map((carrier) => ({
      carrier,
      ...partsOf(own.filter((line) => (line.carrier ?? 'fuel') === carrier)),
    })),
  };
}

/** Direct emissions and energy by kind of activity; purchased energy location-based. */
function byKind(lines: readonly InventoryLine[]) {
  const direct = lines.filter(
    ({ part, account, matching }) =>
      part !== 'upstream' && part !== 'td-losses' && account !== 'market' && matching !== 'hourly',
  );
  const kinds = [...new Set(direct.map(({ terms }) => terms.kind))].toSorted();
  return kinds.map((kind) => ({
    kind,
    emissionsKg: sumKg(direct.filter(({ terms }) => terms.kind === kind)),
  }));
}

function baseYearOf(
  { year, account, scopes, ...terms }: NonNullable<InventoryStudyInput['baseYear']>,
  accounts: ReturnType<typeof bothAccounts>,
) {
  const known = scopes.flatMap((scope) => accounts[account].scopes[scope].emissionsKg ?? []);
  return baseYearView(year, restateBaseYear(terms), known.length === 0 ? null : exactSum(known));
}

/** `carbon inventory`. */
export const inventoryStudy: Study<InventoryStudyInput, object, InventoryResult> = {
  verb: 'inventory',
  method: null,
  title: 'greenhouse gas inventory: scopes 1, 2 (location- and market-based, annual and hourly) and 3',
  input: inventoryInput,
  options: noOptions,
  run: (input) => inventoryOf(input),
};
