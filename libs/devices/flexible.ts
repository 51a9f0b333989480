import { type DeviceOf, type Series } from './device.ts';
import { type Readings, type Site, reading, slotsOf } from './site.ts';

/** What the sun offers may be left. */
export function addPv(site: Site, availableKwh: Series): Readings {
  const used = availableKwh.map((upper, t) => {
    const column = site.lp.column({ upper });
    site.supply('electricity', t, column, 1);
    return column;
  });
  return { usedKwh: reading(used) };
}

export function addFlexibleLoad(site: Site, load: DeviceOf<'flexible-load'>): Readings {
  const { wantedKwh, minKwh, maxKwh, discomfortPerKwh: cost } = load;
  const total = load.totalKwh ?? wantedKwh.reduce((sum, kwh) => sum + kwh, 0);
  const served = slotsOf(site).map((t) => {
    const column = site.lp.column({ lower: minKwh[t]!, upper: maxKwh[t]! });
    const [more, less] = [site.lp.column({ cost }), site.lp.column({ cost })];
    site.lp.row({ lower: wantedKwh[t]!, upper: wantedKwh[t]! }, [
      [column, 1],
      [more, -1],
      [less, 1],
    ]);
    site.supply('electricity', t, column, -1);
    return column;
  });
  site.require(
    site.slots - 1,
    'energy of the horizon',
    { lower: total },
    served.map((column) => [column, 1]),
  );
  return { servedKwh: reading(served) };
}
