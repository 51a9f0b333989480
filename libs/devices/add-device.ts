import { type Device } from './device.ts';
import { addBuilding, addConversion, addHeatPump } from './conversion.ts';
import { addFlexibleLoad, addPv } from './flexible.ts';
import { type Readings, type Site } from './site.ts';
import { addBaseStation, addBattery, addChargingPile, addVehicle } from './storage.ts';

type Adders = {
  readonly [T in Device['type']]: (site: Site, device: Extract<Device, { type: T }>) => Readings;
};

const ADDERS: Adders = {
  pv: (site, { availableKwh }) => addPv(site, availableKwh),
  battery: (site, device) => addBattery(site, device),
  tank: (site, device) => addBattery(site, device, device.carrier),
  vehicle: (site, device) => addVehicle(site, device),
  'charging-pile': addChargingPile,
  building: addBuilding,
  'heat-pump': addHeatPump,
  electrolyser: (site, device) =>
    addConversion(site, device, 'electricity', {
      hydrogen: device.hydrogenEfficiency,
      ...heatOf(device.heatEfficiency),
    }),
  methanation: (site, device) =>
    addConversion(site, device, 'hydrogen', { gas: device.gasEfficiency, ...heatOf(device.heatEfficiency) }),
  chp: (site, device) =>
    addConversion(site, device, 'gas', {
      electricity: device.electricEfficiency,
      heat: device.heatEfficiency,
    }),
  boiler: (site, device) => addConversion(site, device, 'gas', { heat: device.heatEfficiency }),
  'base-station': addBaseStation,
  'flexible-load': addFlexibleLoad,
};

const heatOf = (efficiency: number | undefined): { readonly heat?: number } =>
  efficiency === undefined ? {} : { heat: efficiency };

/** Adds the columns and rows of a device that was checked. */
export function addDevice(site: Site, device: Device): Readings {
  // The table has one adder a type, which TypeScript cannot follow through the union.
  return (ADDERS[device.type] as (site: Site, device: Device) => Readings)(site, device);
}
