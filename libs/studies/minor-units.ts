import type { Device, DeviceMember, DeviceTerms } from '#devices';

/** Orders are in whole minor units per MWh: a hundred to the caller's unit of money. */
export const MINOR_UNITS = 100;

/** Keys of devices that are money. */
const MONEY = new Set(['costPerKwh', 'discomfortPerKwh', 'wearPerKwh']);

/** What a member's devices cost, in minor units. */
export const memberInMinorUnits = (member: DeviceMember): DeviceMember => ({
  ...member,
  devices: member.devices.map((device) => costed(device) as Device),
});

function costed(of: object): object {
  const entries = Object.entries(of).map(([key, value]: [string, unknown]) => {
    if (MONEY.has(key) && typeof value === 'number') return [key, value * MINOR_UNITS];
    return [key, key === 'vehicles' ? (value as object[]).map(costed) : value];
  });
  return Object.fromEntries(entries) as object;
}

/** Prices in minor units. */
export const termsInMinorUnits = ({ prices, ...terms }: DeviceTerms): DeviceTerms => ({
  ...terms,
  prices: Object.fromEntries(
    Object.entries(prices).map(([carrier, of]) => [
      carrier,
      Object.fromEntries(
        Object.entries(of).map(([way, series]) => [way, series.map((price: number) => price * MINOR_UNITS)]),
      ),
    ]),
  ),
});
