import { DomainError, type Interval, WH_PER_MWH, exactAmount, roundDiv, toSafeInteger } from '#core';
import { type Trade } from './mechanism.ts';
import { type Delivery, type MemberInterval, type Settlement, roundBalanced } from './settlement.ts';

/** Which way a flexible member leaves its baseline. up: less net import, as if it generated; down: more. */
export type Direction = 'up' | 'down';

/** What a seller of a capacity says after delivery that it kept ready, or moved, in one interval. Integer Wh ≥ 0. */
export interface Availability extends MemberInterval {
  readonly availableWh: number;
}

/** What a meter shows of a deviation from the net import a member had signed beforehand; 0 where it went the other way. */
export function deviationFrom(
  baselineWh: number,
  { netImportWh, netExportWh }: Pick<Delivery, 'netImportWh' | 'netExportWh'>,
  direction: Direction,
): number {
  const lessWh = baselineWh - (netImportWh - netExportWh);
  return Math.max(0, direction === 'up' ? lessWh : -lessWh);
}

/** One member's trades in one interval. */
interface Obligation extends MemberInterval {
  boughtWh: number;
  soldWh: number;
  localExact: bigint;
}

/**
 * Settles trades of a capacity. A member owes what it sold less what it bought, delivered is min(owed, available), and the
 * shortfall is charged at `shortfallPerMwh` to whoever stands ready instead; buyers pay what they bought, which somebody
 * kept ready. An interval that its seller says nothing of was not available: it is a shortfall, and named as missing. More than was
 * sold earns nothing. Savings value a net purchase at `shortfallPerMwh`, what it would cost alone.
 * Rounding as `settle`.
 * @throws AVAILABILITY_ENERGY, AVAILABILITY_DUPLICATE, AVAILABILITY_NOT_SOLD
 */
export function settleCapacity(
  trades: readonly Trade[],
  stated: readonly Availability[],
  shortfallPerMwh: number,
): Settlement {
  const obligations = obligationsOf(trades);
  const available = availableBy(stated, obligations);
  const missing: MemberInterval[] = [];
  const parties = new Map<string, Totals>();
  for (const [key, obligation] of obligations) {
    const { member, interval, boughtWh, soldWh, localExact } = obligation;
    if (soldWh > 0 && !available.has(key)) missing.push({ member, interval });
    const owedWh = Math.max(0, soldWh - boughtWh);
    const shortfallWh = owedWh - Math.min(owedWh, available.get(key) ?? 0);
    const totals = parties.get(member) ?? nothing();
    parties.set(member, totals);
    totals.boughtWh += boughtWh;
    totals.soldWh += soldWh;
    totals.shortfallWh += shortfallWh;
    totals.localExact += localExact;
    totals.deviationExact -= exactAmount(shortfallWh, shortfallPerMwh);
    totals.aloneExact += exactAmount(Math.max(0, boughtWh - soldWh), shortfallPerMwh);
  }
  missing.sort((a, b) =>
    a.member === b.member ? a.interval.startMs - b.interval.startMs : a.member < b.member ? -1 : 1,
  );
  return round(parties, missing);
}

interface Totals {
  boughtWh: number;
  soldWh: number;
  shortfallWh: number;
  localExact: bigint;
  deviationExact: bigint;
  /** What the net purchases would have cost without the market. */
  aloneExact: bigint;
}

const nothing = (): Totals => ({
  boughtWh: 0,
  soldWh: 0,
  shortfallWh: 0,
  localExact: 0n,
  deviationExact: 0n,
  aloneExact: 0n,
});

const keyOf = (member: string, { startMs, endMs }: Interval): string => `${startMs}/${endMs}/${member}`;

function obligationsOf(trades: readonly Trade[]): Map<string, Obligation> {
  const obligations = new Map<string, Obligation>();
  const add = (member: string, interval: Interval, boughtWh: number, soldWh: number, exact: bigint): void => {
    const key = keyOf(member, interval);
    const each = obligations.get(key) ?? { member, interval, boughtWh: 0, soldWh: 0, localExact: 0n };
    each.boughtWh += boughtWh;
    each.soldWh += soldWh;
    each.localExact += exact;
    obligations.set(key, each);
  };
  for (const { buyer, seller, interval, quantityWh, buyPricePerMwh, sellPricePerMwh } of trades) {
    add(buyer, interval, quantityWh, 0, -exactAmount(quantityWh, buyPricePerMwh));
    add(seller, interval, 0, quantityWh, exactAmount(quantityWh, sellPricePerMwh));
  }
  return obligations;
}

function availableBy(
  stated: readonly Availability[],
  obligations: ReadonlyMap<string, Obligation>,
): Map<string, number> {
  const available = new Map<string, number>();
  for (const { member, interval, availableWh } of stated) {
    const key = keyOf(member, interval);
    requireAvailability(availableWh, member);
    if (!((obligations.get(key)?.soldWh ?? 0) > 0))
      throw availabilityError('AVAILABILITY_NOT_SOLD', 'statements of sold intervals only', member);
    if (available.has(key))
      throw availabilityError('AVAILABILITY_DUPLICATE', 'one statement an interval', member);
    available.set(key, availableWh);
  }
  return available;
}

/** @throws AVAILABILITY_ENERGY unless it is whole Wh ≥ 0 */
export function requireAvailability(availableWh: number, member = 'this member'): void {
  if (Number.isSafeInteger(availableWh) && availableWh >= 0) return;
  throw availabilityError('AVAILABILITY_ENERGY', 'what was available in whole Wh ≥ 0', member);
}

const availabilityError = (code: string, expected: string, member: string): DomainError =>
  new DomainError(code, `expected ${expected}, got another from ${member}`, 'invalid', { member });

/** Amounts and what balances them, in whole units. */
const balanced = (amounts: readonly bigint[]): number[] =>
  roundBalanced([...amounts, -amounts.reduce((a, b) => a + b, 0n)]);

function round(parties: ReadonlyMap<string, Totals>, missing: readonly MemberInterval[]): Settlement {
  const sorted = [...parties].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const locals = balanced(sorted.map(([, { localExact }]) => localExact));
  const deviations = balanced(sorted.map(([, { deviationExact }]) => deviationExact));
  const saved = sorted.map(([, each]) => each.localExact + each.deviationExact + each.aloneExact);
  return {
    members: sorted.map(([member, { boughtWh, soldWh, shortfallWh }], i) => ({
      member,
      localMinor: locals[i]!,
      deviationMinor: deviations[i]!,
      boughtWh,
      soldWh,
      shortfallWh,
      excessWh: 0,
      savingsMinor: toMinor(saved[i]!),
    })),
    marketMinor: locals.at(-1)!,
    retailerMinor: deviations.at(-1)!,
    savingsMinor: toMinor(saved.reduce((a, b) => a + b, 0n)),
    missing,
  };
}

const toMinor = (exact: bigint): number => toSafeInteger(roundDiv(exact, WH_PER_MWH));
