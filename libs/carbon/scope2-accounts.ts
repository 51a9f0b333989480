import type { Decimal } from 'decimal.js';
import { Exact } from './exact.ts';
import { covers, inOrderOfUse, type Instrument } from './instruments.ts';
import type { Account, AppliedFactor, InventoryLine, Matching, Tier } from './inventory-line.ts';
import {
  factorAt,
  type FactorAt,
  kwhAt,
  type PurchasedEnergy,
  type Step,
  stepsOf,
} from './purchased-energy.ts';

/** One hour of all purchased energy; null where a factor of a part of it is unknown. */
export interface Scope2Hour {
  readonly startMs: number;
  readonly kwh: Decimal;
  readonly coveredKwh: Decimal;
  readonly locationKg: Decimal | null;
  readonly marketKg: Decimal | null;
}

/** Both accounts of the same energy under one matching. */
export interface Scope2Accounts {
  readonly lines: readonly InventoryLine[];
  /** kWh used of each instrument that was used. */
  readonly usedKwh: ReadonlyMap<string, Decimal>;
  /** Of a matching by hours. */
  readonly hours: readonly Scope2Hour[];
}

/** Part of an energy in a step. */
interface Piece {
  readonly energy: PurchasedEnergy;
  readonly kwh: Decimal;
  readonly account: Account;
  readonly tier: Tier;
  readonly instrument: string | null;
  readonly at: FactorAt | null;
}

/**
 * Location-based: Σ A · EF of the grid; instruments never count. Market-based: Σ covered_i · EF_i + the rest · residual mix, or
 * the grid average where no residual mix is known, and said so; covered = min(A, eligible), in the order of use, over the period
 * as a whole or hour by hour, where excess expires (GHG Protocol Scope 2 Guidance 2015, ch. 6). `instruments` are eligible ones.
 */
export function scope2Accounts(
  energies: readonly PurchasedEnergy[],
  instruments: readonly Instrument[],
  matching: Matching,
): Scope2Accounts {
  const ordered = inOrderOfUse(instruments);
  const tallies = new Map<string, Tally>();
  const usedKwh = new Map<string, Decimal>();
  const hours: Scope2Hour[] = [];
  for (const step of stepsOf(energies, matching)) {
    const located = locationPieces(energies, step, matching);
    const marketed = marketPieces(energies, ordered, step, matching);
    for (const piece of [...located, ...marketed]) tally(tallies, piece);
    for (const { instrument, kwh } of marketed) {
      if (instrument !== null) usedKwh.set(instrument, kwh.plus(usedKwh.get(instrument) ?? 0));
    }
    if (step !== 'period') hours.push(hourOf(step, located, marketed));
  }
  return { lines: [...tallies.values()].map((each) => lineOf(each, matching)), usedKwh, hours };
}

function locationPieces(energies: readonly PurchasedEnergy[], step: Step, matching: Matching): Piece[] {
  return energies.flatMap((energy): Piece[] => {
    const kwh = kwhAt(energy, step, matching);
    if (kwh === undefined) return [];
    const at = factorAt(energy.average, step);
    return [{ energy, kwh, account: 'location', tier: 'grid-average', instrument: null, at }];
  });
}

/** What of an energy no instrument has covered yet. */
interface Demand {
  readonly energy: PurchasedEnergy;
  readonly kwh: Decimal;
  leftKwh: Decimal;
}

function marketPieces(
  energies: readonly PurchasedEnergy[],
  ordered: readonly Instrument[],
  step: Step,
  matching: Matching,
): Piece[] {
  const demands = energies.flatMap((energy): Demand[] => {
    const kwh = kwhAt(energy, step, matching);
    return kwh === undefined ? [] : [{ energy, kwh, leftKwh: kwh }];
  });
  const covered = ordered.flatMap((instrument) =>
    use(instrument, demands, supplyAt(instrument, step, matching)),
  );
  const left = demands.filter(({ kwh, leftKwh }) => kwh.isZero() || !leftKwh.isZero());
  return [...covered, ...left.map(({ energy, leftKwh }) => uncoveredPiece(energy, leftKwh, step))];
}

/** Covers what is left of demands in their order, as far as the supply goes; null: all of it. */
function use(instrument: Instrument, demands: readonly Demand[], supplyKwh: Decimal | null): Piece[] {
  if (supplyKwh?.isZero()) return [];
  let available = supplyKwh;
  const pieces: Piece[] = [];
  for (const demand of demands) {
    if (!covers(instrument, { ...demand.energy, id: demand.energy.terms.id })) continue;
    const kwh = available === null ? demand.leftKwh : Exact.min(available, demand.leftKwh);
    if (kwh.isZero()) continue;
    demand.leftKwh = demand.leftKwh.minus(kwh);
    available = available?.minus(kwh) ?? null;
    pieces.push(coveredPiece(demand.energy, instrument, kwh));
  }
  return pieces;
}

/** kWh that an instrument has for a step; null: as much as there is. */
function supplyAt({ kwh, kwhByHour }: Instrument, step: Step, matching: Matching): Decimal | null {
  if (kwh === null) return null;
  if (step !== 'period') return kwhByHour?.get(step) ?? new Exact(0);
  // Its hours are for hours.
  return matching === 'hourly' && kwhByHour !== null ? new Exact(0) : kwh;
}

const coveredPiece = (energy: PurchasedEnergy, { id, kind, factor }: Instrument, kwh: Decimal): Piece => ({
  energy,
  kwh,
  account: 'market',
  tier: kind,
  instrument: id,
  at: { factor, kgPerKwh: factor.kgPerUnit!, flags: factor.estimated ? ['estimated'] : [] },
});

function uncoveredPiece(energy: PurchasedEnergy, kwh: Decimal, step: Step): Piece {
  const of = { energy, kwh, account: 'market', instrument: null } as const;
  const residual = factorAt(energy.residual, step);
  if (residual !== null) return { ...of, tier: 'residual-mix', at: residual };
  const average = factorAt(energy.gridAverage, step);
  const flags = [...(average?.flags ?? []), 'no-residual-mix'];
  return { ...of, tier: 'grid-average', at: average === null ? null : { ...average, flags } };
}

function hourOf(startMs: number, located: readonly Piece[], marketed: readonly Piece[]): Scope2Hour {
  const kwh = sumOf(marketed.map((piece) => piece.kwh));
  const coveredKwh = sumOf(marketed.flatMap((piece) => (piece.instrument === null ? [] : [piece.kwh])));
  return { startMs, kwh, coveredKwh, locationKg: emissionsOf(located), marketKg: emissionsOf(marketed) };
}

const sumOf = (amounts: readonly Decimal[]): Decimal =>
  amounts.reduce((sum, amount) => sum.plus(amount), new Exact(0));

const emissionsOf = (pieces: readonly Piece[]): Decimal | null =>
  pieces.some(({ at }) => at === null) ? null : sumOf(pieces.map(({ kwh, at }) => kwh.times(at!.kgPerKwh)));

/** What pieces of one energy, account and factor add up to. */
interface Tally {
  readonly piece: Omit<Piece, 'at' | 'kwh'>;
  readonly factor: AppliedFactor | null;
  kwh: Decimal;
  /** Counts for nothing without a factor. */
  emissionsKg: Decimal;
  readonly flags: Set<string>;
}

function tally(tallies: Map<string, Tally>, { at, kwh, ...piece }: Piece): void {
  const factor = at?.factor ?? null;
  const { energy, account, tier, instrument } = piece;
  const key = JSON.stringify([energy.terms.id, account, tier, instrument, factor?.id ?? null]);
  let of = tallies.get(key);
  if (of === undefined) {
    of = { piece, factor, kwh: new Exact(0), emissionsKg: new Exact(0), flags: new Set() };
    tallies.set(key, of);
  }
  of.kwh = of.kwh.plus(kwh);
  if (at !== null) of.emissionsKg = of.emissionsKg.plus(kwh.times(at.kgPerKwh));
  for (const flag of at?.flags ?? ['factor-missing']) of.flags.add(flag);
}

function lineOf({ piece, kwh, factor, flags, emissionsKg }: Tally, matching: Matching): InventoryLine {
  const { energy, account, tier, instrument } = piece;
  return {
    terms: energy.terms,
    part: 'energy',
    scope: 2,
    scope3Category: null,
    account,
    matching,
    tier,
    instrument,
    carrier: energy.carrier,
    method: `${account}-based, ${matching}`,
    quantity: kwh,
    unit: 'kWh',
    share: energy.kwh.isZero() ? null : kwh.div(energy.kwh),
    // What a series or several hours come to.
    factor: factor === null || kwh.isZero() ? factor : { ...factor, kgPerUnit: emissionsKg.div(kwh) },
    emissionsKg: factor === null ? null : emissionsKg,
    biogenicCo2Kg: new Exact(0),
    kgCo2eByGas: null,
    flags: [...flags, ...notesOn(energy, kwh, matching)],
  };
}

function notesOn({ kwhByHour }: PurchasedEnergy, kwh: Decimal, matching: Matching): string[] {
  return [
    ...(kwh.isZero() ? ['zero-activity'] : []),
    ...(matching === 'hourly' && kwhByHour === null ? ['no-hours'] : []),
  ];
}
