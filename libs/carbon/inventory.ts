import { DomainError, type Interval } from '#core';
import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';
import { type FactorBasis, requireOneKind } from './factor.ts';
import { type FuelActivity, fuelLines } from './fuel-activity.ts';
import { type GivenActivity, givenLine, type LeakActivity, leakLine } from './given-lines.ts';
import type { GwpSet } from './gwp-sets.ts';
import {
  type Ineligibility,
  ineligibilities,
  type Instrument,
  requireHoursAddUp,
  requireSingleClaims,
} from './instruments.ts';
import type { InventoryLine, Matching } from './inventory-line.ts';
import { type PurchasedEnergy, requireEnergy } from './purchased-energy.ts';
import { type Scope2Accounts, scope2Accounts } from './scope2-accounts.ts';
import { category3Lines, type ResoldEnergy, resoldLine } from './scope3-category3.ts';

/** Changes with every change of a formula below; printed with each figure. */
export const INVENTORY_METHOD = 'gridcommons/inventory/1';

/** Activities with their factors found, and what is common to them. */
export interface InventoryInput {
  readonly period: Interval | null;
  /** What scope 2 counts. */
  readonly basis: FactorBasis;
  readonly gwp: GwpSet;
  readonly fuels: readonly FuelActivity[];
  readonly leaks: readonly LeakActivity[];
  readonly given: readonly GivenActivity[];
  readonly energies: readonly PurchasedEnergy[];
  readonly resold: readonly ResoldEnergy[];
  readonly instruments: readonly Instrument[];
  /** When what is retired for the period may have been generated. */
  readonly vintages: Interval | null;
}

/** What became of an instrument. */
export interface InstrumentUse {
  readonly instrument: Instrument;
  /** Why it does not count; empty: it does. */
  readonly reasons: readonly Ineligibility[];
  readonly usedKwh: Readonly<Record<Matching, Decimal | null>>;
}

export interface Inventory {
  /** Of scopes 1 and 3, and of both accounts of scope 2 under each matching. */
  readonly lines: readonly InventoryLine[];
  readonly annual: Scope2Accounts;
  /** Null where no activity has hours. */
  readonly hourly: Scope2Accounts | null;
  readonly instruments: readonly InstrumentUse[];
}

/**
 * Every line of an inventory (GHG Protocol Corporate Standard; ISO 14064-1:2018). Activities and instruments may come in any
 * order. Scope 2 is told twice, location- and market-based, and each of it annual and, where there are hours, hourly.
 * @throws ACTIVITY_REPEATED, ACTIVITY_INVALID, HOUR_OUTSIDE_PERIOD, BASIS_MIXED, AVERAGING_MIXED, GWP_SET_MIXED,
 * INSTRUMENT_REPEATED, INSTRUMENT_CLAIMED_TWICE, INSTRUMENT_HOURS, INVENTORY_PERIOD_MISSING, UPSTREAM_NEGATIVE, ALLOCATION_INVALID, and as
 * fuelLines and leakLine
 */
export function inventory(input: InventoryInput): Inventory {
  requireInventory(input);
  const { gwp, period } = input;
  const energies = input.energies.toSorted((a, b) => (a.terms.id < b.terms.id ? -1 : 1));
  const own = energies.filter(({ terms }) => terms.scope3Category === null);
  const judged = input.instruments
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((instrument) => ({ instrument, reasons: ineligibilities(instrument, own.map(coverable), input.vintages ?? period) })); // prettier-ignore
  const eligible = judged.flatMap(({ instrument, reasons }) => (reasons.length === 0 ? [instrument] : []));
  const annual = scope2Accounts(own, eligible, 'annual');
  const byHour = own.some(({ kwhByHour }) => kwhByHour !== null);
  const hourly = byHour ? scope2Accounts(own, eligible, 'hourly') : null;
  const usedKwh = ({ id }: Instrument): InstrumentUse['usedKwh'] => ({
    annual: annual.usedKwh.get(id) ?? new Exact(0),
    hourly: hourly === null ? null : (hourly.usedKwh.get(id) ?? new Exact(0)),
  });
  return {
    lines: [
      ...input.fuels.flatMap((fuel) => fuelLines(fuel, gwp)),
      ...input.leaks.map((leak) => leakLine(leak, gwp)),
      ...input.given.map((given) => givenLine(given)),
      ...annual.lines,
      ...(hourly?.lines ?? []),
      ...energies
        .filter(({ terms }) => terms.scope3Category !== null)
        .flatMap((energy) => othersEnergyLines(energy)),
      ...energies.flatMap((energy) => category3Lines(energy)),
      ...input.resold.map((resold) => resoldLine(resold)),
    ]
      .map((line) =>
        line.terms.estimated ? { ...line, flags: [...line.flags, 'estimated-activity'] } : line,
      )
      .toSorted(inPrintedOrder),
    annual,
    hourly,
    instruments: judged.map((each) => ({ ...each, usedKwh: usedKwh(each.instrument) })),
  };
}

const coverable = ({ terms, carrier, market }: PurchasedEnergy) => ({ id: terms.id, carrier, market });

/** Energy of leased assets and the like: by the grid, in its own category of scope 3. */
const othersEnergyLines = (energy: PurchasedEnergy): InventoryLine[] =>
  scope2Accounts([energy], [], 'annual')
    .lines.filter(({ account }) => account === 'location')
    .map((line) => ({
      ...line,
      scope: 3,
      scope3Category: energy.terms.scope3Category,
      account: null,
      matching: null,
    }));

const keyOf = ({ scope, terms, part, account, matching }: InventoryLine): string =>
  [scope, terms.id, part, account ?? '', matching ?? ''].join('\n');

function inPrintedOrder(a: InventoryLine, b: InventoryLine): number {
  const [left, right] = [keyOf(a), keyOf(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function requireInventory(input: InventoryInput): void {
  const { fuels, leaks, given, energies, resold, instruments, basis, period } = input;
  const seen = new Set<string>();
  for (const { terms } of [...fuels, ...leaks, ...given, ...energies, ...resold]) {
    // Of any kind: instruments and footprints name activities by id alone.
    if (seen.has(terms.id))
      throw new DomainError('ACTIVITY_REPEATED', `expected each activity once, got ${terms.id}`);
    seen.add(terms.id);
  }
  requireSingleClaims(instruments);
  for (const instrument of instruments) requireHoursAddUp(instrument);
  for (const energy of energies) requireEnergy(energy, period);
  const counted = [
    ...energies.flatMap(({ average, residual }) =>
      [average, residual].flatMap(({ annual, series }) => [annual, series?.factor ?? null]),
    ),
    ...instruments.map(({ factor }) => factor),
  ].flatMap((factor) => (factor === null || factor.basis === null ? [] : [{ id: factor.id, basis: factor.basis, averaging: 'average' as const }])); // prettier-ignore
  requireOneKind([{ basis, averaging: 'average' }, ...counted]);
}
