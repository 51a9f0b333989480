import { type Carrier } from './carrier.ts';
import { type Building, type Conversion, type DeviceOf } from './device.ts';
import { type Readings, type Site, reading, slotsOf } from './site.ts';

/** Columns of what it takes in, kWh a slot. */
function inputs(
  { lp, slots, hours }: Site,
  { inputKw, minInputKw = 0, costPerKwh = 0 }: Conversion,
): number[] {
  return Array.from({ length: slots }, () => {
    const column = lp.column({ upper: inputKw * hours, cost: costPerKwh });
    if (minInputKw > 0) {
      const on = lp.column({ upper: 1, integer: true });
      lp.row({ lower: 0 }, [
        [column, 1],
        [on, -minInputKw * hours],
      ]);
      lp.row({ upper: 0 }, [
        [column, 1],
        [on, -inputKw * hours],
      ]);
    }
    return column;
  });
}

/** One carrier in, any out at constant efficiencies. */
export function addConversion(
  site: Site,
  conversion: Conversion,
  input: Carrier,
  outputs: Readonly<Partial<Record<Carrier, number>>>,
): Readings {
  const columns = inputs(site, conversion);
  const out = Object.entries(outputs) as [Carrier, number][];
  columns.forEach((column, t) => {
    site.supply(input, t, column, -1);
    for (const [carrier, efficiency] of out) site.supply(carrier, t, column, efficiency);
  });
  return {
    inputKwh: reading(columns),
    ...Object.fromEntries(out.map(([carrier, share]) => [`${carrier}Kwh`, reading(columns, share)])),
  };
}

export function addHeatPump(site: Site, pump: DeviceOf<'heat-pump'>): Readings {
  const columns = inputs(site, pump);
  columns.forEach((column, t) => {
    site.supply('electricity', t, column, -1);
    if (pump.building === undefined) site.supply('heat', t, column, pump.cop[t]!);
  });
  const indoor =
    pump.building === undefined
      ? {}
      : addIndoor(
          site,
          pump.building,
          columns.map((column, t) => [column, pump.cop[t]!] as const),
        );
  return { inputKwh: reading(columns), heatKwh: reading(columns, pump.cop), ...indoor };
}

/** A building that takes the site's heat. */
export function addBuilding(site: Site, building: Building): Readings {
  const heat = slotsOf(site).map((t) => {
    const column = site.lp.column({});
    site.supply('heat', t, column, -1);
    return column;
  });
  return {
    heatKwh: reading(heat),
    ...addIndoor(
      site,
      building,
      heat.map((column) => [column, 1] as const),
    ),
  };
}

/** Share of the difference to equilibrium that is left after a slot: exp(−Δ/(R·C)). */
export const thermalDecay = (
  { resistanceCelsiusPerKw, capacityKwhPerCelsius }: Building,
  hours: number,
): number => Math.exp(-hours / (resistanceCelsiusPerKw * capacityKwhPerCelsius));

function addIndoor(
  site: Site,
  building: Building,
  heat: readonly (readonly [column: number, factor: number])[],
): Readings {
  const { resistanceCelsiusPerKw: resistance, initialCelsius, outdoorCelsius, gainsKw } = building;
  const decay = thermalDecay(building, site.hours);
  const indoor = slotsOf(site).map(() => site.lp.column({ lower: -Infinity }));
  indoor.forEach((column, t) => {
    const constant = (1 - decay) * (outdoorCelsius[t]! + resistance * (gainsKw?.[t] ?? 0));
    const right = constant + (t === 0 ? decay * initialCelsius : 0);
    const [heatColumn, factor] = heat[t]!;
    site.lp.row({ lower: right, upper: right }, [
      [column, 1],
      ...(t === 0 ? [] : [[indoor[t - 1]!, -decay] as const]),
      [heatColumn, (-(1 - decay) * resistance * factor) / site.hours],
    ]);
    const comfort = { lower: building.minCelsius[t]!, upper: building.maxCelsius[t]! };
    site.require(t, 'indoor temperature', comfort, [[column, 1]]);
  });
  return { indoorCelsius: reading(indoor) };
}
