import { DomainError, repeatedName } from '#core';

/** A battery as its terminals see it. Energy per interval, so power is in the limits. */
export interface Battery {
  readonly capacityWh: number;
  /** Most that goes in at the terminals in one interval; capacity gains `chargeEfficiency` of it. */
  readonly chargeWh: number;
  /** Most that comes out at the terminals in one interval; capacity loses 1/`dischargeEfficiency` of it. */
  readonly dischargeWh: number;
  /** In (0, 1]. */
  readonly chargeEfficiency: number;
  /** In (0, 1]. */
  readonly dischargeEfficiency: number;
  /** Stored at the beginning; at the end there must be as much again. */
  readonly initialWh: number;
}

/** One member of a community over the horizon; integer Wh per interval. */
export interface DispatchMember {
  readonly id: string;
  readonly loadWh: readonly number[];
  /** What the sun offers; it may be curtailed where selling costs. */
  readonly pvWh: readonly number[];
  readonly battery?: Battery;
}

/** What the grid takes and pays, minor units per MWh for each interval; buying is never cheaper than selling pays. */
export interface DispatchTerms {
  readonly buyPerMwh: readonly number[];
  readonly sellPerMwh: readonly number[];
}

const MAX_INTERVALS = 2_976;
const MAX_ENTRIES = 1_000_000;
const MAX_WH = 1e12;

/** @throws DISPATCH_INPUT naming the member, DISPATCH_PRICES, DISPATCH_TOO_LARGE */
export function requireDispatch(members: readonly DispatchMember[], terms: DispatchTerms): void {
  const intervals = terms.buyPerMwh.length;
  if (members.length * intervals > MAX_ENTRIES || intervals > MAX_INTERVALS) {
    throw new DomainError(
      'DISPATCH_TOO_LARGE',
      `expected at most ${MAX_INTERVALS} intervals and ${MAX_ENTRIES} of all members, got ${intervals} of ${members.length}`,
      'limit',
    );
  }
  if (members.length < 1 || intervals < 1) {
    throw new DomainError('DISPATCH_INPUT', 'expected a member and an interval, got none');
  }
  const twice = repeatedName(members.map(({ id }) => id));
  if (twice !== undefined) {
    throw new DomainError('DISPATCH_INPUT', `expected each member once, got ${twice} twice`);
  }
  requireTerms(terms);
  for (const member of members) requireMember(member, intervals);
}

function requireTerms({ buyPerMwh, sellPerMwh }: DispatchTerms): void {
  const at = buyPerMwh.findIndex(
    (buy, t) => !(Number.isFinite(buy) && Number.isFinite(sellPerMwh[t]) && buy >= sellPerMwh[t]!),
  );
  if (at < 0 && sellPerMwh.length === buyPerMwh.length) return;
  throw new DomainError(
    'DISPATCH_PRICES',
    'expected a price of buying at least that of selling in every interval, got others',
    'invalid',
    at < 0 ? {} : { interval: at },
  );
}

const isEnergy = (wh: number): boolean => Number.isSafeInteger(wh) && wh >= 0 && wh <= MAX_WH;

function requireMember({ id, loadWh, pvWh, battery }: DispatchMember, intervals: number): void {
  const aligned = loadWh.length === intervals && pvWh.length === intervals;
  if (!aligned || ![...loadWh, ...pvWh].every(isEnergy)) {
    throw memberRefused(id, `${intervals} loads and ${intervals} generations of whole Wh of at least 0`);
  }
  if (battery !== undefined) requireBattery(id, battery);
}

function requireBattery(id: string, battery: Battery): void {
  const { capacityWh, chargeWh, dischargeWh, chargeEfficiency, dischargeEfficiency, initialWh } = battery;
  if (![capacityWh, chargeWh, dischargeWh, initialWh].every(isEnergy) || initialWh > capacityWh) {
    throw memberRefused(id, 'a battery in whole Wh of at least 0 that begins within its capacity');
  }
  if (![chargeEfficiency, dischargeEfficiency].every((eta) => eta > 0.01 && eta <= 1)) {
    throw memberRefused(id, 'efficiencies above 0.01 and at most 1');
  }
}

const memberRefused = (member: string, expected: string): DomainError =>
  new DomainError('DISPATCH_INPUT', `expected ${expected} of ${member}, got others`, 'invalid', { member });
