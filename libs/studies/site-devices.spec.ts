import { describe, expect, it } from '@jest/globals';
import { requireSiteDevices } from './site-devices.ts';

const BATTERY = { id: 'battery', type: 'battery', capacityKwh: 4, chargeKw: 2, dischargeKw: 2 };

describe('a site’s devices', () => {
  it('are of the hours of a day, with money in minor units', () => {
    const heatPump = { id: 'pump', type: 'heat-pump', inputKw: 2, cop: 3, costPerKwh: '0.01' };
    const { member, terms, share } = requireSiteDevices({
      devices: [{ ...BATTERY, wearPerKwh: 0.02 }, heatPump],
      load: { heat: 1 },
      prices: { gas: { buy: 0.08 } },
    });
    expect(member.devices).toMatchObject([{ wearPerKwh: 2 }, { costPerKwh: 1, cop: { length: 24 } }]);
    expect(member.loadKwh.heat).toHaveLength(24);
    expect(terms.prices.gas!.buyPerKwh).toEqual(Array.from({ length: 24 }, () => 8));
    expect(share).toBeUndefined();
  });

  it.each([
    ['INPUT_INVALID', { devices: [] }],
    ['INPUT_INVALID', { devices: [{ id: 'roof', type: 'pv', availableKwh: 1 }] }],
    ['INPUT_INVALID', { devices: [BATTERY], share: 2 }],
    ['INPUT_KEY_UNKNOWN', { devices: [BATTERY], horizon: 24 }],
    ['INPUT_KEY_UNKNOWN', { devices: [{ ...BATTERY, chargekW: 2 }] }],
    ['DISPATCH_INPUT', { devices: [BATTERY, BATTERY] }],
    ['DEVICE_INPUT', { devices: [{ ...BATTERY, chargeEfficiency: 2 }] }],
    ['DEVICE_INPUT', { devices: [{ id: 'pump', type: 'heat-pump', inputKw: 2, cop: [3, 3] }] }],
    [
      'DEVICE_INPUT',
      { devices: [{ ...BATTERY, type: 'vehicle', arrival: 18, departure: 30, requiredKwh: 1 }] },
    ],
    ['DISPATCH_PRICES', { devices: [BATTERY], prices: { gas: { buy: 1, sell: 2 } } }],
  ])('are refused with %s: %j', (code, document) => {
    expect(() => requireSiteDevices(document)).toThrow(expect.objectContaining({ code }));
  });
});
