import { DomainError, type Interval, isoInstant } from '#core';
import type { Decimal } from 'decimal.js';
import { PUBLISHED_FACTOR_SETS } from './factor-tables.ts';
import type { Instrument } from './instruments.ts';
import type { Inventory } from './inventory.ts';
import type { AppliedFactor, InventoryLine, Matching } from './inventory-line.ts';
import { type AccountTotals, bothAccounts, linesOf } from './inventory-totals.ts';
import type { EnergyFactor, PurchasedEnergy } from './purchased-energy.ts';
import { builtInFactor } from './report-factor.ts';
import type { ReportFactor, ReportFindings, ReportLine } from './report.ts';
import { reportTotals } from './report-totals.ts';

const GRAMS_PER_KG = 1_000;
const INDICATOR_PLACES = 6;

/** An inventory and what its factors come from. */
export interface ReportedInventory {
  readonly told: Inventory;
  readonly energies: readonly PurchasedEnergy[];
  readonly instruments: readonly Instrument[];
  readonly matching: Matching;
  readonly period: Interval;
}

export type InventoryFindings = Pick<ReportFindings, 'lines' | 'totals' | 'total' | 'indicators'> & {
  readonly factors: readonly ReportFactor[];
  /** Of activities all of whose lines have a factor. */
  readonly countedActivities: number;
};

/**
 * Lines of an inventory as a report has them, with every factor they used. Lines of both matchings are there; totals are of the
 * one that the inventory counts. @throws REPORT_INPUT for emissions below zero
 */
export function inventoryFindings(of: ReportedInventory): InventoryFindings {
  const { told, matching, period } = of;
  const known = told.lines.filter(({ emissionsKg }) => emissionsKg !== null);
  const { factors, idOf } = factorTable(known, of);
  const lines = known.map((line) => reportLine(line, idOf(line)));
  const counted = lines.filter((line) => !line.matching || line.matching === matching);
  const totals = reportTotals(counted, [period]);
  return {
    factors,
    lines,
    totals,
    total: totals,
    indicators: indicatorsOf(told.lines, matching),
    countedActivities: countedActivities(told.lines),
  };
}

const keyOf = ({ terms }: InventoryLine): string => JSON.stringify([terms.id, terms.kind]);

function countedActivities(lines: readonly InventoryLine[]): number {
  const missing = new Set(lines.filter(({ flags }) => flags.includes('factor-missing')).map(keyOf));
  return new Set(lines.map(keyOf).filter((key) => !missing.has(key))).size;
}

function reportLine(line: InventoryLine, factorId: string): ReportLine {
  const { terms, scope, scope3Category, part, account, matching, tier, instrument, method, unit } = line;
  return {
    start: null,
    scope,
    carrier: line.carrier ?? terms.kind,
    account,
    factorId,
    quantity: positive(line.quantity, line),
    unit,
    gramsCo2e: positive(line.emissionsKg!.times(GRAMS_PER_KG), line),
    activity: terms.id,
    kind: terms.kind,
    part,
    scope3Category,
    matching,
    tier,
    instrument,
    method,
    biogenicGramsCo2: positive(line.biogenicCo2Kg.times(GRAMS_PER_KG), line),
  };
}

function positive(value: Decimal, { terms }: InventoryLine): string {
  if (!value.lt(0)) return value.abs().toFixed();
  throw new DomainError('REPORT_INPUT', `expected emissions of at least 0, got less: ${terms.id}`);
}

/** Every factor that a line used, once, in the order of the lines; one id is one factor. */
function factorTable(
  lines: readonly InventoryLine[],
  of: ReportedInventory,
): { factors: ReportFactor[]; idOf: (line: InventoryLine) => string } {
  const byContent = new Map<string, ReportFactor>();
  const used = new Set<string>();
  const contentOf = new Map(lines.map((line) => [line, reportFactor(line, of)]));
  for (const factor of contentOf.values()) {
    const content = JSON.stringify(factor);
    if (byContent.has(content)) continue;
    const id = freeId(factor, used);
    used.add(id);
    byContent.set(content, { ...factor, id });
  }
  return {
    factors: [...byContent.values()],
    idOf: (line) => byContent.get(JSON.stringify(contentOf.get(line)))!.id,
  };
}

const PUBLISHED = new Map(
  PUBLISHED_FACTOR_SETS.flatMap((set) => set.factors).map((row) => [row.id, builtInFactor(row)]),
);

/** Of factors that share an id, and of one that has a published one's without being it, the id has a number. */
function freeId(factor: ReportFactor, used: ReadonlySet<string>): string {
  const published = PUBLISHED.get(factor.id);
  const isOwn = published === undefined || JSON.stringify(published) === JSON.stringify(factor);
  if (isOwn && !used.has(factor.id)) return factor.id;
  for (let n = 2; ; n += 1) {
    const id = `${factor.id}#${n}`;
    if (!used.has(id)) return id;
  }
}

function reportFactor(line: InventoryLine, of: ReportedInventory): ReportFactor {
  const { terms, factor } = line;
  if (factor === null) return givenFactor(line);
  const { applied, hours } = originalOf(line, factor, of);
  const value = applied.kgPerUnit?.toFixed() ?? null;
  const published = PUBLISHED.get(applied.id);
  if (published?.value === value && published.source === applied.source) return published;
  return {
    id: applied.id,
    subject: line.carrier ?? terms.kind,
    basis: applied.basis ?? 'direct',
    averaging: 'average',
    zone: applied.zone,
    source: applied.source,
    validFrom: null,
    validTo: null,
    gwpSet: applied.gwpSet,
    unit: unitOf(applied),
    value,
    hours,
  };
}

const unitOf = ({ unit, calorific }: AppliedFactor): string =>
  calorific === null ? `kgCO2e/${unit}` : `kgCO2e/${unit} (${calorific})`;

/** Of emissions computed elsewhere. */
const givenFactor = ({ terms, method, unit }: InventoryLine): ReportFactor => ({
  id: `${terms.id}/given`,
  subject: terms.kind,
  basis: 'direct',
  averaging: 'average',
  zone: null,
  source: method,
  validFrom: null,
  validTo: null,
  gwpSet: null,
  unit: `kgCO2e/${unit}`,
  value: '1',
  hours: null,
});

/** A line says what a factor came to in it; the table says what the factor is: its number, or its hours. */
function originalOf(
  { terms, instrument }: InventoryLine,
  factor: AppliedFactor,
  { energies, instruments }: ReportedInventory,
): { applied: AppliedFactor; hours: ReportFactor['hours'] } {
  const energy = energies.find((each) => each.terms.id === terms.id && each.terms.kind === terms.kind);
  const sources = energy === undefined ? [] : [energy.average, energy.residual, energy.gridAverage];
  const series = sources.find((each) => each.series?.factor.id === factor.id)?.series;
  if (series) return { applied: series.factor, hours: hoursOf(series) };
  const whole = [
    ...(instrument === null
      ? []
      : instruments.filter(({ id }) => id === instrument).map((each) => each.factor)),
    ...sources.flatMap(({ annual }) => annual ?? []),
  ].find(({ id }) => id === factor.id);
  return { applied: whole ?? factor, hours: null };
}

const hoursOf = ({ kgPerKwhByHour }: NonNullable<EnergyFactor['series']>): ReportFactor['hours'] =>
  [...kgPerKwhByHour]
    .toSorted(([a], [b]) => a - b)
    .map(([startMs, kg]) => ({ start: isoInstant(startMs), value: kg.toFixed() }));

/** Totals in kg, location- and market-based apart; percent of uncertainty; data quality from 1 to 5 and its shares. */
function indicatorsOf(lines: readonly InventoryLine[], matching: Matching): Record<string, string | null> {
  const { location, market } = bothAccounts(lines, matching);
  const { score, judgedShare, primaryShare } = location.dataQuality;
  return {
    scope1Kg: kg(location.scopes[1]),
    scope2LocationKg: kg(location.scopes[2]),
    scope2MarketKg: kg(market.scopes[2]),
    scope3Kg: kg(location.scopes[3]),
    locationBasedKg: kg(location.total),
    marketBasedKg: kg(market.total),
    biogenicCo2Kg: linesOf(lines, 'location', matching).length === 0 ? null : location.total.biogenicCo2Kg.toFixed(), // prettier-ignore
    uncertaintyPercentLocation: rounded(location.total.uncertaintyPercent),
    uncertaintyPercentMarket: rounded(market.total.uncertaintyPercent),
    dataQualityScore: rounded(score),
    judgedShare: rounded(judgedShare),
    primaryShare: rounded(primaryShare),
  };
}

const kg = ({ emissionsKg }: AccountTotals['total']): string | null => emissionsKg?.toFixed() ?? null;
const rounded = (value: Decimal | null): string | null => value?.toFixed(INDICATOR_PLACES) ?? null;
