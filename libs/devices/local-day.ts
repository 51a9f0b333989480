import { type Building, type Device, type Series, type Vehicle } from './device.ts';
import { type CarrierPrices, type DeviceMember, type DeviceTerms } from './member.ts';

/** Slots of one local day: of 23, 24 or 25 hours, each cut alike. */
export interface LocalDay {
  /** The local hour in which each slot begins, 0 to 23: one is missing in spring, one comes twice in autumn. */
  readonly hours: readonly number[];
  readonly slotsPerHour: number;
}

/** A local day of 24 hours. */
export const HOURS_OF_DAY = 24;

/** Energies an hour; other series are powers, prices, temperatures and efficiencies, alike in all slots of their hour. */
const ENERGIES = new Set(['availableKwh', 'wantedKwh', 'minKwh', 'maxKwh']);

/**
 * What is told by the hours of a local day (series of 24, stays from hour to hour) in the slots of one day. Energies of an hour
 * are divided evenly over its slots, those of the hour that comes twice hold for each.
 */
export function onLocalDay(
  member: DeviceMember,
  terms: DeviceTerms,
  day: LocalDay,
): { readonly member: DeviceMember; readonly terms: DeviceTerms } {
  const { hours, slotsPerHour } = day;
  const loads = Object.entries(member.loadKwh).map(([carrier, series]) => [
    carrier,
    slotted(series, day, slotsPerHour),
  ]);
  const prices = Object.entries(terms.prices).map(([carrier, of]) => [carrier, pricesOn(of, day)]);
  return {
    member: {
      ...member,
      loadKwh: Object.fromEntries(loads),
      devices: member.devices.map((device) => deviceOn(device, day)),
    },
    terms: { slots: hours.length, slotHours: 1 / slotsPerHour, prices: Object.fromEntries(prices) },
  };
}

const slotted = (series: Series, { hours }: LocalDay, parts = 1): number[] =>
  hours.map((hour) => series[hour]! / parts);

const pricesOn = (prices: CarrierPrices, day: LocalDay): CarrierPrices =>
  Object.fromEntries(Object.entries(prices).map(([way, series]) => [way, slotted(series as Series, day)]));

function deviceOn(device: Device, day: LocalDay): Device {
  const placed = seriesOn(device, day);
  if (device.type === 'vehicle') return { ...placed, ...stayOn(device, day) };
  if (device.type === 'charging-pile') {
    const vehicles = device.vehicles.map((vehicle) => ({ ...vehicle, ...stayOn(vehicle, day) }));
    return { ...device, vehicles };
  }
  if (device.type === 'heat-pump' && device.building !== undefined) {
    return { ...placed, building: seriesOn<Building>(device.building, day) } as Device;
  }
  return placed;
}

function seriesOn<T extends object>(of: T, day: LocalDay): T {
  const placed = Object.entries(of).map(([key, value]) => {
    const isSeries = Array.isArray(value) && key !== 'vehicles';
    return [key, isSeries ? slotted(value as Series, day, ENERGIES.has(key) ? day.slotsPerHour : 1) : value];
  });
  return Object.fromEntries(placed) as T;
}

/** First slots that begin in or after the hours of arrival and departure. */
function stayOn({ arrival, departure }: Vehicle, { hours }: LocalDay) {
  const slotOf = (hour: number): number => {
    const slot = hours.findIndex((each) => each >= hour);
    return slot < 0 ? hours.length : slot;
  };
  return { arrival: slotOf(arrival), departure: slotOf(departure) };
}
