import type { Decimal } from 'decimal.js';
import { DomainError, isoInstant } from '#core';
import { Exact, ZERO, sum } from './exact.ts';
import { type CommunityMember, requireSlot } from './member.ts';
import { type PriceRule, requirePriceRule } from './price-rule.ts';
import { type Pricing, priceSlot } from './pricing.ts';

/** What one member's meter counted in one slot, integer Wh ≥ 0. */
export interface SlotReading {
  readonly member: string;
  readonly loadWh: number;
  readonly generationWh: number;
}

/** Integer minor units per MWh. */
export interface Tariff {
  readonly retailPerMwh: number;
  readonly feedInPerMwh: number;
}

export interface SettledSlot {
  readonly startMs: number;
  /** One of every member, in any order. */
  readonly readings: readonly SlotReading[];
  /** The community's tariff in this slot where it changes with time. */
  readonly tariff?: Tariff | undefined;
}

export interface SettlementTerms {
  readonly rule: PriceRule;
  readonly tariff: Tariff;
  /** Members with a tariff of their own, at all times. */
  readonly ownTariffs?: Readonly<Record<string, Tariff>> | undefined;
  /** A member's own generation covers its own load first. */
  readonly net?: boolean | undefined;
}

/** One member's account over all slots. Money in minor units: positive is owed, negative is due to the member. */
export interface MemberAccount {
  readonly member: string;
  readonly loadWh: number;
  readonly generationWh: number;
  /** Of its load, from the community. */
  readonly boughtWh: number;
  /** Of its generation, to the community. */
  readonly soldWh: number;
  readonly billMinor: number;
  /** With its own tariffs and no community, rounded half away from zero. */
  readonly aloneMinor: number;
  readonly savingMinor: number;
}

export interface CommunitySettlement {
  readonly slots: number;
  /** In the order of ids; Σ boughtWh = Σ soldWh. */
  readonly members: readonly MemberAccount[];
  readonly sharedWh: number;
  /** Σ min(D, G): what could have been shared. */
  readonly shareableWh: number;
  /** Retailers' side: Σ billMinor = retailerMinor + operatorMinor. */
  readonly retailerMinor: number;
  readonly operatorMinor: number;
}

/** A year of quarters of an hour, and a leap day. */
const MAX_SLOTS = 35_136;
const MAX_WH = 1_000_000_000_000;
const WH_PER_MWH = 1_000_000;

interface Totals {
  load: Decimal;
  generation: Decimal;
  bought: Decimal;
  sold: Decimal;
  amount: Decimal;
  alone: Decimal;
}

/**
 * Settles a community ex post on metered actuals, slot by slot, by one price rule. Amounts are summed as decimals of 40
 * digits and rounded once a member, by largest remainder over all parties (ties to the smaller id, then retailer, then
 * operator), so that members pay exactly what retailers and operator get. Slots may come in any order.
 * @throws SLOTS_EMPTY, SLOTS_TOO_MANY, SLOT_DUPLICATE, READING_MISSING, READING_ENERGY, TARIFF_NOT_WHOLE, AMOUNT_TOO_LARGE,
 *   and what requireSlot, requirePriceRule and priceSlot throw
 */
export function settleCommunity(slots: readonly SettledSlot[], terms: SettlementTerms): CommunitySettlement {
  requirePriceRule(terms.rule);
  requireTariffs(slots, terms);
  const ordered = requireSlots(slots);
  const members = ordered[0]!.readings.map(({ member }) => member).toSorted((a, b) => (a < b ? -1 : 1));
  const totals = new Map(members.map((member) => [member, nothing()]));
  let [shareable, utility, operator] = [ZERO, ZERO, ZERO];
  for (const slot of ordered) {
    requireEverybody(slot, totals);
    const priced = priceReadings(slot, terms, totals);
    shareable = shareable.plus(priced.shareable);
    utility = utility.plus(priced.utility);
    operator = operator.plus(priced.operator);
  }
  const money = largestRemainder(
    [
      ...[...totals.values()].map(({ amount }) => amount.div(WH_PER_MWH)),
      utility.div(-WH_PER_MWH),
      operator.div(-WH_PER_MWH),
    ],
    ZERO,
  );
  const accounts = accountsOf(totals, money);
  return {
    slots: ordered.length,
    members: accounts,
    sharedWh: accounts.reduce((total, { boughtWh }) => total + boughtWh, 0),
    shareableWh: shareable.toNumber(),
    retailerMinor: negated(money.at(-2)!),
    operatorMinor: negated(money.at(-1)!),
  };
}

const nothing = (): Totals => ({
  load: ZERO,
  generation: ZERO,
  bought: ZERO,
  sold: ZERO,
  amount: ZERO,
  alone: ZERO,
});

function requireSlots(slots: readonly SettledSlot[]): SettledSlot[] {
  if (slots.length === 0)
    throw new DomainError('SLOTS_EMPTY', 'expected readings of at least one slot, got none');
  if (slots.length > MAX_SLOTS) {
    throw new DomainError(
      'SLOTS_TOO_MANY',
      `expected at most ${MAX_SLOTS} slots, got ${slots.length}`,
      'limit',
    );
  }
  const ordered = slots.toSorted((a, b) => a.startMs - b.startMs);
  const twice = ordered.find(({ startMs }, i) => startMs === ordered[i + 1]?.startMs);
  if (twice !== undefined) {
    throw new DomainError('SLOT_DUPLICATE', 'expected each slot once, got one twice', 'invalid', {
      startMs: twice.startMs,
    });
  }
  return ordered;
}

/** Nobody is guessed: a slot without a member's reading is settled by nobody. */
function requireEverybody({ startMs, readings }: SettledSlot, members: ReadonlyMap<string, unknown>): void {
  const present = new Set(readings.map(({ member }) => member));
  const absent = [...members.keys()].find((member) => !present.has(member));
  const stranger = readings.find(({ member }) => !members.has(member))?.member;
  const member = absent ?? stranger;
  if (member !== undefined) {
    const got =
      absent === undefined
        ? `one of ${member} at ${isoInstant(startMs)} and none in the first slot`
        : `none of ${member} at ${isoInstant(startMs)}`;
    const message = `expected a reading of every member in every slot, got ${got}`;
    throw new DomainError('READING_MISSING', message, 'invalid', { member, startMs });
  }
  const broken = readings.find((reading) => !isEnergy(reading.loadWh) || !isEnergy(reading.generationWh));
  if (broken !== undefined) {
    throw new DomainError(
      'READING_ENERGY',
      `expected load and generation in whole Wh from 0 to ${MAX_WH}, got another`,
      'invalid',
      { member: broken.member, startMs },
    );
  }
}

const isEnergy = (wh: number): boolean => Number.isSafeInteger(wh) && wh >= 0 && wh <= MAX_WH;

function requireTariffs(slots: readonly SettledSlot[], { tariff, ownTariffs = {} }: SettlementTerms): void {
  const tariffs = [tariff, ...Object.values(ownTariffs), ...slots.flatMap((slot) => slot.tariff ?? [])];
  for (const { retailPerMwh, feedInPerMwh } of tariffs) {
    if (![retailPerMwh, feedInPerMwh].every(Number.isSafeInteger)) {
      throw new DomainError(
        'TARIFF_NOT_WHOLE',
        `expected whole minor units per MWh, got ${retailPerMwh} and ${feedInPerMwh}`,
      );
    }
  }
}

function priceReadings(
  slot: SettledSlot,
  terms: SettlementTerms,
  totals: ReadonlyMap<string, Totals>,
): Pricing {
  const common = slot.tariff ?? terms.tariff;
  const ownTariffs = new Map(Object.entries(terms.ownTariffs ?? {}));
  const metered = slot.readings.map(({ member, loadWh, generationWh }): CommunityMember => {
    const own = ownTariffs.get(member) ?? common;
    return {
      id: member,
      load: loadWh,
      generation: generationWh,
      retail: own.retailPerMwh,
      feedIn: own.feedInPerMwh,
    };
  });
  const checked = requireSlot(metered, {}, { net: terms.net ?? false });
  const priced = priceSlot(terms.rule, checked);
  priced.bills.forEach(({ id, bought, sold, amount, alone }, i) => {
    const total = totals.get(id)!;
    total.load = total.load.plus(checked.members[i]!.load);
    total.generation = total.generation.plus(checked.members[i]!.generation);
    total.bought = total.bought.plus(bought);
    total.sold = total.sold.plus(sold);
    total.amount = total.amount.plus(amount);
    total.alone = total.alone.plus(alone);
  });
  return priced;
}

function accountsOf(totals: ReadonlyMap<string, Totals>, money: readonly number[]): MemberAccount[] {
  const parties = [...totals];
  // Whole Wh but for the last digits, or for fixed keys.
  const shared = sum(parties.map(([, { bought }]) => bought)).toDecimalPlaces(0);
  const boughtWh = largestRemainder(
    parties.map(([, { bought }]) => bought),
    shared,
  );
  const soldWh = largestRemainder(
    parties.map(([, { sold }]) => sold),
    shared,
  );
  return parties.map(([member, { load, generation, alone }], i) => {
    const aloneMinor = safe(alone.div(WH_PER_MWH).toDecimalPlaces(0, Exact.ROUND_HALF_UP));
    return {
      member,
      loadWh: safe(load),
      generationWh: safe(generation),
      boughtWh: boughtWh[i]!,
      soldWh: soldWh[i]!,
      billMinor: money[i]!,
      aloneMinor,
      savingMinor: aloneMinor - money[i]!,
    };
  });
}

/** Decimals that sum to about `total` → integers that sum to it, each less than one away (ties to the earlier). */
function largestRemainder(exact: readonly Decimal[], total: Decimal): number[] {
  const floors = exact.map((amount) => amount.floor());
  const missing = total.minus(sum(floors)).toNumber();
  const order = exact
    .map((amount, i) => ({ i, remainder: amount.minus(floors[i]!) }))
    .toSorted((a, b) => b.remainder.cmp(a.remainder) || a.i - b.i);
  for (const { i } of order.slice(0, missing)) floors[i] = floors[i]!.plus(1);
  return floors.map(safe);
}

/** @throws AMOUNT_TOO_LARGE unless it is an exact JavaScript integer; never −0 */
function safe(amount: Decimal): number {
  const value = amount.toNumber();
  if (!Number.isSafeInteger(value))
    throw new DomainError('AMOUNT_TOO_LARGE', 'expected integers within ±2^53, got more');
  return value + 0;
}

const negated = (value: number): number => 0 - value;
