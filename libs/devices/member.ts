import { DomainError, repeatedName } from '#core';
import { CARRIERS, type Carrier } from './carrier.ts';
import { requireDevice } from './device-check.ts';
import { type Device, type Series } from './device.ts';

/** A member with its devices; energies are kWh a slot. */
export interface DeviceMember {
  readonly id: string;
  /** What it draws of each carrier whatever happens; 0 where absent. */
  readonly loadKwh: Readonly<Partial<Record<Carrier, Series>>>;
  readonly devices: readonly Device[];
  /** Electrical connection; unlimited where absent. */
  readonly importKw?: number;
  readonly exportKw?: number;
}

/** A carrier that cannot be bought has no `buyPerKwh`, one that cannot be sold no `sellPerKwh`. */
export interface CarrierPrices {
  readonly buyPerKwh?: Series;
  readonly sellPerKwh?: Series;
}

export interface DeviceTerms {
  readonly slots: number;
  /** Length of a slot. */
  readonly slotHours: number;
  /** Money per kWh, in any one unit. */
  readonly prices: Readonly<Partial<Record<Carrier, CarrierPrices>>>;
}

export const DISPATCH_LIMITS = { slots: 2_976, members: 1_000, devices: 100, entries: 100_000 } as const;

/** @throws DISPATCH_INPUT naming the member, DISPATCH_PRICES, DISPATCH_TOO_LARGE, DEVICE_INPUT naming the device */
export function requireDeviceMembers(members: readonly DeviceMember[], terms: DeviceTerms): void {
  requireSize(members, terms);
  const twice = repeatedName(members.map(({ id }) => id));
  if (twice !== undefined) {
    throw new DomainError('DISPATCH_INPUT', `expected each member once, got ${twice} twice`);
  }
  for (const carrier of CARRIERS) requirePrices(carrier, terms);
  for (const member of members) requireDeviceMember(member, terms.slots);
}

function requireSize(members: readonly DeviceMember[], { slots, slotHours }: DeviceTerms): void {
  const entries = members.reduce((sum, { devices }) => sum + (1 + devices.length) * slots, 0);
  if (slots > DISPATCH_LIMITS.slots || entries > DISPATCH_LIMITS.entries) {
    throw new DomainError(
      'DISPATCH_TOO_LARGE',
      `expected at most ${DISPATCH_LIMITS.slots} slots and ${DISPATCH_LIMITS.entries} of all members and devices, got ${slots} and ${entries}`,
      'limit',
    );
  }
  const timed = Number.isInteger(slots) && slots >= 1 && slotHours > 0 && slotHours <= 24;
  if (members.length < 1 || !timed) {
    throw new DomainError('DISPATCH_INPUT', 'expected a member and slots of at most a day, got others');
  }
}

/** Cheaper buying than selling would be money without end. */
function requirePrices(carrier: Carrier, { slots, prices }: DeviceTerms): void {
  const { buyPerKwh, sellPerKwh } = prices[carrier] ?? {};
  for (const series of [buyPerKwh, sellPerKwh]) {
    if (series !== undefined && !(series.length === slots && series.every(Number.isFinite))) {
      throw pricesRefused(carrier, `${slots} finite prices`);
    }
  }
  const crossed = buyPerKwh?.findIndex((buy, t) => buy < (sellPerKwh?.[t] ?? -Infinity)) ?? -1;
  if (crossed >= 0)
    throw pricesRefused(carrier, `a price of buying at least that of selling in slot ${crossed}`);
}

const pricesRefused = (carrier: Carrier, expected: string): DomainError =>
  new DomainError('DISPATCH_PRICES', `expected ${expected} of ${carrier}, got others`, 'invalid', {
    carrier,
  });

const isLimit = (kw: number | undefined): boolean => kw === undefined || kw >= 0;

function requireDeviceMember(
  { id, loadKwh, devices, importKw, exportKw }: DeviceMember,
  slots: number,
): void {
  const isLoad = (series: Series | undefined): boolean =>
    series === undefined || (series.length === slots && series.every((kwh) => kwh >= 0 && kwh <= 1e9));
  if (!CARRIERS.every((carrier) => isLoad(loadKwh[carrier])) || ![importKw, exportKw].every(isLimit)) {
    throw memberRefused(id, `${slots} loads of each carrier and limits, all of at least 0`, 'others');
  }
  if (devices.length > DISPATCH_LIMITS.devices) {
    throw memberRefused(id, `at most ${DISPATCH_LIMITS.devices} devices`, devices.length);
  }
  const twice = repeatedName(devices.map((device) => device.id));
  if (twice !== undefined) throw memberRefused(id, 'each device once', `${twice} twice`);
  for (const device of devices) requireDevice(id, device, slots);
}

const memberRefused = (member: string, expected: string, got: string | number): DomainError =>
  new DomainError('DISPATCH_INPUT', `expected ${expected} of ${member}, got ${got}`, 'invalid', { member });
