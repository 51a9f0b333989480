import { DomainError, type Interval, isoInstant } from '#core';
import type { Decimal } from 'decimal.js';
import type { AppliedFactor } from './inventory-line.ts';

/** In the order in which they are used: what one generated oneself, then GHG Protocol Scope 2 Guidance 2015, table 6.3. */
export const INSTRUMENT_KINDS = ['own-attributes', 'certificate', 'contract', 'supplier'] as const;

/** A contractual instrument that says what some purchased energy emitted. */
export interface Instrument {
  readonly id: string;
  readonly kind: (typeof INSTRUMENT_KINDS)[number];
  readonly carrier: string;
  /** Within which it may be claimed: a country, or several that recognise each other's. */
  readonly market: string;
  /** Ids of the activities that it is for; null: any of its market and carrier. */
  readonly activities: readonly string[] | null;
  /** Null: all that is left, as with a supplier's rate. */
  readonly kwh: Decimal | null;
  /** Of the instants at which hours begin; null where only the whole is known. */
  readonly kwhByHour: ReadonlyMap<number, Decimal> | null;
  readonly factor: AppliedFactor;
  /** When its energy was generated; null where it says so itself by being delivered in the period. */
  readonly vintage: Interval | null;
  /** Cancelled by or for the reporting organisation; always true of what is no certificate. */
  readonly retired: boolean;
  /** Nobody else claims the same attribute. */
  readonly exclusive: boolean;
  /** Which units of which certificate. */
  readonly units: CertificateUnits | null;
}

/** Whole units `first` to `last` of one certificate, both included; without them all of it. */
export interface CertificateUnits {
  readonly certificateId: string;
  readonly first: number | null;
  readonly last: number | null;
}

export type Ineligibility = 'not-retired' | 'not-exclusive' | 'vintage' | 'no-activity-in-market';

/** What of energy an instrument may be used for. */
export interface CoverableEnergy {
  readonly id: string;
  readonly carrier: string;
  readonly market: string;
}

export const covers = ({ carrier, market, activities }: Instrument, energy: CoverableEnergy): boolean =>
  carrier === energy.carrier &&
  market === energy.market &&
  (activities === null || activities.includes(energy.id));

/**
 * Why an instrument does not count; empty: it does. Its vintage is of `vintages` (Scope 2 Quality Criteria: conveyed,
 * exclusive, tracked and retired, of a vintage near the period, of the same market; ibid. table 7.1).
 */
export function ineligibilities(
  instrument: Instrument,
  energies: readonly CoverableEnergy[],
  vintages: Interval | null,
): Ineligibility[] {
  const { vintage } = instrument;
  const reasons: Ineligibility[] = [];
  if (!instrument.retired) reasons.push('not-retired');
  if (!instrument.exclusive) reasons.push('not-exclusive');
  if (vintage !== null && !isOf(vintage, vintages)) reasons.push('vintage');
  if (!energies.some((energy) => covers(instrument, energy))) reasons.push('no-activity-in-market');
  return reasons;
}

const length = ({ startMs, endMs }: Interval): number => endMs - startMs;

/**
 * At least half of the shorter of the two lies in the other: years that begin at different instants, and periods that are
 * shorter than a vintage's year. @throws INVENTORY_PERIOD_MISSING where a vintage cannot be judged
 */
function isOf(vintage: Interval, vintages: Interval | null): boolean {
  if (vintages === null) {
    const message = 'expected the period of the inventory beside a vintage, got none';
    throw new DomainError('INVENTORY_PERIOD_MISSING', message);
  }
  const common = Math.min(vintage.endMs, vintages.endMs) - Math.max(vintage.startMs, vintages.startMs);
  return 2 * common >= Math.min(length(vintage), length(vintages));
}

/**
 * One attribute, one claim.
 * @throws INSTRUMENT_CLAIMED_TWICE where units of a certificate occur in two instruments, INSTRUMENT_REPEATED for an id
 */
export function requireSingleClaims(instruments: readonly Instrument[]): void {
  const ids = new Set<string>();
  const claimed = new Map<string, { readonly id: string; readonly first: number; readonly last: number }[]>();
  for (const { id, units } of instruments) {
    if (ids.has(id)) throw new DomainError('INSTRUMENT_REPEATED', `expected each instrument once, got ${id}`);
    ids.add(id);
    if (units === null) continue;
    const { certificateId, first, last } = units;
    const range = { id, first: first ?? Number.NEGATIVE_INFINITY, last: last ?? Number.POSITIVE_INFINITY };
    const others = claimed.get(certificateId) ?? [];
    const other = others.find((each) => each.first <= range.last && range.first <= each.last);
    if (other !== undefined) {
      throw new DomainError(
        'INSTRUMENT_CLAIMED_TWICE',
        `expected each unit of ${certificateId} to be claimed once, got it in ${other.id} and ${id}`,
        'conflict',
        { certificateId, instruments: [other.id, id] },
      );
    }
    claimed.set(certificateId, [...others, range]);
  }
}

const rank = ({ kind }: Instrument): number => INSTRUMENT_KINDS.indexOf(kind);

/**
 * Certificates before contracts before suppliers' rates; in each tier those for the fewest activities first, so that they do
 * not find theirs covered by what could have covered others; then those of limited energy; then by id.
 */
export const inOrderOfUse = (instruments: readonly Instrument[]): Instrument[] =>
  instruments.toSorted(
    (a, b) =>
      rank(a) - rank(b) ||
      (a.activities?.length ?? Number.MAX_SAFE_INTEGER) - (b.activities?.length ?? Number.MAX_SAFE_INTEGER) ||
      Number(a.kwh === null) - Number(b.kwh === null) ||
      (a.id < b.id ? -1 : 1),
  );

/** @throws INSTRUMENT_HOURS where the hours of an instrument hold another energy than it says */
export function requireHoursAddUp({ id, kwh, kwhByHour }: Instrument): void {
  if (kwh === null || kwhByHour === null) return;
  const hours = [...kwhByHour.values()];
  const sum = hours.reduce((total, each) => total.plus(each), kwh.minus(kwh));
  if (sum.eq(kwh)) return;
  const [first] = kwhByHour.keys();
  const from = first === undefined ? '' : ` from ${isoInstant(first)}`;
  throw new DomainError(
    'INSTRUMENT_HOURS',
    `expected the hours of ${id}${from} to add up to ${kwh.toString()} kWh, got ${sum.toString()}`,
  );
}
