import { DomainError, type Interval, WH_PER_MWH, exactAmount, roundDiv, toSafeInteger } from '#core';
import { type RetailTerms, requireRetailTerms } from './bid-curve.ts';
import { type Trade } from './mechanism.ts';

/** What crossed a member's meter in one traded interval, after delivery. Integer Wh ≥ 0. */
export interface Delivery {
  readonly member: string;
  readonly interval: Interval;
  readonly netImportWh: number;
  readonly netExportWh: number;
}

export interface MemberInterval {
  readonly member: string;
  readonly interval: Interval;
}

/** One member's settlement. Money in minor units from the member's view: positive is received, negative is owed. */
export interface MemberSettlement {
  readonly member: string;
  /** Local trades at their clearing price. */
  readonly localMinor: number;
  /** Deviations: shortfall bought at retail, excess sold at feed-in. */
  readonly deviationMinor: number;
  readonly boughtWh: number;
  readonly soldWh: number;
  /** Metered more import (or less export) than traded, Wh ≥ 0. */
  readonly shortfallWh: number;
  readonly excessWh: number;
  /** Against trading with the retailer alone, over the traded intervals that have a delivery statement. May be negative. */
  readonly savingsMinor: number;
}

export interface Settlement {
  /** In the order of member ids. */
  readonly members: readonly MemberSettlement[];
  /** What buyers pay beyond what sellers receive: −Σ localMinor; negative where the market pays in. */
  readonly marketMinor: number;
  /** The retailer's side of all deviations: −Σ deviationMinor. */
  readonly retailerMinor: number;
  readonly savingsMinor: number;
  /** Traded intervals without a delivery statement: their trades are settled, their deviation is left open, not guessed. */
  readonly missing: readonly MemberInterval[];
}

/** Exact sums of one member, amounts in millionths of a minor unit. */
interface Position {
  localExact: bigint;
  deviationExact: bigint;
  savingsExact: bigint;
  boughtWh: number;
  soldWh: number;
  shortfallWh: number;
  excessWh: number;
}

/** One member's trades in one interval. */
interface TradedHour extends MemberInterval {
  netBoughtWh: number;
  localExact: bigint;
}

/**
 * Settles trades after delivery. Per member and interval, deviation = (import − export) − (bought − sold).
 *
 * Everything is summed exactly; each member's two lines are then rounded once, both by largest remainder over all
 * parties (ties to the smaller member id), so that what buyers pay and sellers do not receive is the market's to the unit,
 * and the retailer's side is the exact opposite of the members' deviations. savingsMinor rounds half away from zero and moves no money.
 * @throws RETAIL_TERMS, DELIVERY_ENERGY, DELIVERY_DUPLICATE, DELIVERY_NOT_TRADED.
 */
export function settle(
  trades: readonly Trade[],
  deliveries: readonly Delivery[],
  terms: RetailTerms,
): Settlement {
  requireRetailTerms(terms);
  const hours = tradedHours(trades);
  const delivered = deliveriesByHour(deliveries, hours);
  const positions = new Map<string, Position>();
  for (const { buyer, seller } of trades) for (const member of [buyer, seller]) positions.set(member, flat());
  for (const trade of trades) {
    positions.get(trade.buyer)!.boughtWh += trade.quantityWh;
    positions.get(trade.seller)!.soldWh += trade.quantityWh;
  }
  const missing: MemberInterval[] = [];
  for (const [key, hour] of hours) {
    const position = positions.get(hour.member)!;
    position.localExact += hour.localExact;
    const delivery = delivered.get(key);
    if (delivery) addDelivery(position, hour, delivery, terms);
    else missing.push({ member: hour.member, interval: hour.interval });
  }
  missing.sort(byMemberThenTime);
  return round(positions, missing);
}

const flat = (): Position => ({
  localExact: 0n,
  deviationExact: 0n,
  savingsExact: 0n,
  boughtWh: 0,
  soldWh: 0,
  shortfallWh: 0,
  excessWh: 0,
});

const keyOf = ({ member, interval }: MemberInterval): string =>
  `${interval.startMs}/${interval.endMs}/${member}`;

function tradedHours(trades: readonly Trade[]): Map<string, TradedHour> {
  const hours = new Map<string, TradedHour>();
  const add = (member: string, interval: Interval, netBoughtWh: number, localExact: bigint): void => {
    const key = keyOf({ member, interval });
    const hour = hours.get(key) ?? { member, interval, netBoughtWh: 0, localExact: 0n };
    hour.netBoughtWh += netBoughtWh;
    hour.localExact += localExact;
    hours.set(key, hour);
  };
  for (const { buyer, seller, interval, quantityWh, buyPricePerMwh, sellPricePerMwh } of trades) {
    add(buyer, interval, quantityWh, -exactAmount(quantityWh, buyPricePerMwh));
    add(seller, interval, -quantityWh, exactAmount(quantityWh, sellPricePerMwh));
  }
  return hours;
}

function deliveriesByHour(
  deliveries: readonly Delivery[],
  hours: ReadonlyMap<string, TradedHour>,
): Map<string, Delivery> {
  const byHour = new Map<string, Delivery>();
  for (const delivery of deliveries) {
    const key = keyOf(delivery);
    requireDelivery(delivery);
    if (!hours.has(key))
      throw deliveryError('DELIVERY_NOT_TRADED', 'statements of traded intervals only', delivery);
    if (byHour.has(key)) throw deliveryError('DELIVERY_DUPLICATE', 'one statement an interval', delivery);
    byHour.set(key, delivery);
  }
  return byHour;
}

/** @throws DELIVERY_ENERGY unless import and export are whole Wh ≥ 0. */
export function requireDelivery(delivery: Omit<Delivery, 'member'> & { readonly member?: string }): void {
  const { netImportWh, netExportWh } = delivery;
  if (![netImportWh, netExportWh].every((wh) => Number.isSafeInteger(wh) && wh >= 0)) {
    throw deliveryError('DELIVERY_ENERGY', 'import and export in whole Wh ≥ 0', delivery);
  }
}

function deliveryError(
  code: string,
  expected: string,
  of: { member?: string; interval: Interval },
): DomainError {
  const data = { member: of.member ?? null, startMs: of.interval.startMs };
  return new DomainError(
    code,
    `expected ${expected}, got another from ${of.member ?? 'this member'}`,
    'invalid',
    data,
  );
}

function addDelivery(position: Position, hour: TradedHour, delivery: Delivery, terms: RetailTerms): void {
  const netWh = delivery.netImportWh - delivery.netExportWh;
  const deviationWh = netWh - hour.netBoughtWh;
  const deviationExact = -retailCost(deviationWh, terms);
  position.deviationExact += deviationExact;
  position.savingsExact += hour.localExact + deviationExact + retailCost(netWh, terms);
  if (deviationWh > 0) position.shortfallWh += deviationWh;
  else position.excessWh -= deviationWh;
}

/** What the retailer charges (positive) or pays (negative) for a net import, in millionths of a minor unit. */
export function retailCost(netImportWh: number, { retailPerMwh, feedInPerMwh }: RetailTerms): bigint {
  return exactAmount(netImportWh, netImportWh > 0 ? retailPerMwh : feedInPerMwh);
}

function round(positions: ReadonlyMap<string, Position>, missing: readonly MemberInterval[]): Settlement {
  const parties = [...positions].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const traded = parties.map(([, position]) => position.localExact);
  const locals = roundBalanced([...traded, -traded.reduce((a, b) => a + b, 0n)]);
  const deviations = parties.map(([, position]) => position.deviationExact);
  const retailerExact = -deviations.reduce((a, b) => a + b, 0n);
  const rounded = roundBalanced([...deviations, retailerExact]);
  const members = parties.map(([member, { boughtWh, soldWh, shortfallWh, excessWh, savingsExact }], i) => ({
    member,
    localMinor: locals[i]!,
    deviationMinor: rounded[i]!,
    boughtWh,
    soldWh,
    shortfallWh,
    excessWh,
    savingsMinor: toSafeInteger(roundDiv(savingsExact, WH_PER_MWH)),
  }));
  const savingsExact = parties.reduce((total, [, position]) => total + position.savingsExact, 0n);
  const savingsMinor = toSafeInteger(roundDiv(savingsExact, WH_PER_MWH));
  const [marketMinor, retailerMinor] = [locals.at(-1)!, rounded.at(-1)!];
  return { members, marketMinor, retailerMinor, savingsMinor, missing };
}

/** Exact amounts that sum to zero → integers that sum to zero, each less than one unit away (largest remainder). */
export function roundBalanced(exact: readonly bigint[]): number[] {
  const remainders = exact.map((amount, i) => ({
    i,
    remainder: ((amount % WH_PER_MWH) + WH_PER_MWH) % WH_PER_MWH,
  }));
  const floors = exact.map((amount, i) => (amount - remainders[i]!.remainder) / WH_PER_MWH);
  const missing = Number(-floors.reduce((a, b) => a + b, 0n));
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1));
  for (const { i } of remainders.slice(0, missing)) floors[i]! += 1n;
  return floors.map(toSafeInteger);
}

function byMemberThenTime(a: MemberInterval, b: MemberInterval): number {
  return a.member === b.member ? a.interval.startMs - b.interval.startMs : a.member < b.member ? -1 : 1;
}
