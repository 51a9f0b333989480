import { type LpBuilder } from '#core';
import { type Carrier } from './carrier.ts';
import { type DeviceOf, type Storage, type Vehicle } from './device.ts';
import { type Reading, type Readings, type Site, reading, slotsOf } from './site.ts';

/** Columns of a storage, one a slot. */
export interface StorageColumns {
  readonly charge: readonly number[];
  readonly discharge: readonly number[];
  readonly stored: readonly number[];
}

/**
 * Rows stored_t = kept·stored_{t−1} + η_c·charge_t − discharge_t/η_d with stored_{−1} = `initial`, a row a slot;
 * `kept` is the share left after a slot.
 */
export function storageRows(
  lp: LpBuilder,
  { chargeEfficiency, dischargeEfficiency }: Pick<Storage, 'chargeEfficiency' | 'dischargeEfficiency'>,
  { charge, discharge, stored }: StorageColumns,
  { initial, kept }: { readonly initial: number; readonly kept: number },
): void {
  stored.forEach((column, t) => {
    const before: [number, number][] = t === 0 ? [] : [[stored[t - 1]!, -kept]];
    const right = t === 0 ? kept * initial : 0;
    lp.row({ lower: right, upper: right }, [
      [column, 1],
      ...before,
      [charge[t]!, -chargeEfficiency],
      [discharge[t]!, 1 / dischargeEfficiency],
    ]);
  });
}

/** Storage over some slots of a site. */
function addStorage(
  site: Site,
  carrier: Carrier,
  storage: Omit<Storage, 'finalKwh'>,
  slots: readonly number[],
): StorageColumns {
  const { capacityKwh, chargeKw, dischargeKw, initialKwh, hourlyRetention = 1, wearPerKwh = 0 } = storage;
  const { lp, hours } = site;
  const charge = slots.map(() => lp.column({ upper: chargeKw * hours }));
  const discharge = slots.map(() => lp.column({ upper: dischargeKw * hours, cost: wearPerKwh }));
  const stored = slots.map(() => lp.column({ upper: capacityKwh }));
  const columns = { charge, discharge, stored };
  storageRows(lp, storage, columns, { initial: initialKwh, kept: hourlyRetention ** hours });
  slots.forEach((slot, k) => {
    site.supply(carrier, slot, charge[k]!, -1);
    site.supply(carrier, slot, discharge[k]!, 1);
    if (site.worthless[slot] === true && dischargeKw > 0 && chargeKw > 0) {
      oneWay(lp, charge[k]!, discharge[k]!, chargeKw * hours, dischargeKw * hours);
    }
  });
  return columns;
}

/** Charging and discharging at once burns energy: where that may pay, an integer forbids it. */
function oneWay(lp: LpBuilder, charge: number, discharge: number, most: number, mostOut: number): void {
  const charging = lp.column({ upper: 1, integer: true });
  lp.row({ upper: 0 }, [
    [charge, 1],
    [charging, -most],
  ]);
  lp.row({ upper: mostOut }, [
    [discharge, 1],
    [charging, mostOut],
  ]);
}

const readingsOf = ({ charge, discharge, stored }: StorageColumns): Readings => ({
  chargeKwh: reading(charge),
  dischargeKwh: reading(discharge),
  storedKwh: reading(stored),
});

export function addBattery(site: Site, battery: Storage, carrier: Carrier = 'electricity'): Readings {
  const columns = addStorage(site, carrier, battery, slotsOf(site));
  requireEnd(site, battery, columns);
  return readingsOf(columns);
}

function requireEnd(site: Site, { finalKwh, initialKwh }: Storage, { stored }: StorageColumns): void {
  const last = site.slots - 1;
  site.require(last, 'level at the end', { lower: finalKwh ?? initialKwh }, [[stored[last]!, 1]]);
}

export function addVehicle(site: Site, vehicle: Vehicle, name = 'vehicle'): Readings {
  const { arrival, departure, requiredKwh } = vehicle;
  const present = slotsOf(site).slice(arrival, departure);
  const columns = addStorage(site, 'electricity', vehicle, present);
  site.require(departure - 1, `level of ${name} at departure`, { lower: requiredKwh }, [
    [columns.stored.at(-1)!, 1],
  ]);
  const placed = (of: readonly number[]): Reading => reading(slotsOf(site).map((t) => of[t - arrival]));
  return {
    chargeKwh: placed(columns.charge),
    dischargeKwh: placed(columns.discharge),
    storedKwh: placed(columns.stored),
  };
}

export function addChargingPile(site: Site, { pileKw, vehicles }: DeviceOf<'charging-pile'>): Readings {
  const each = vehicles.map((vehicle, i) => addVehicle(site, vehicle, `vehicle ${i + 1}`));
  for (const t of slotsOf(site)) {
    for (const way of ['chargeKwh', 'dischargeKwh'] as const) {
      const plugged = each.flatMap((vehicle) => vehicle[way]!.columns[t] ?? []);
      site.lp.row(
        { upper: pileKw * site.hours },
        plugged.map((column) => [column, 1]),
      );
    }
  }
  return Object.fromEntries(
    each.flatMap((vehicle, i) =>
      Object.entries(vehicle).map(([name, read]) => [`vehicle${i + 1}.${name}`, read] as const),
    ),
  );
}

/** Mean power of a radio site in each slot, kW. */
export const baseStationKw = ({
  idleKw,
  fullKw,
  trafficErlang,
  capacityErlang,
}: Pick<DeviceOf<'base-station'>, 'idleKw' | 'fullKw' | 'trafficErlang' | 'capacityErlang'>): number[] =>
  trafficErlang.map((erlang) => idleKw + (fullKw - idleKw) * Math.min(1, erlang / capacityErlang));

/** What runs through `hours` from the beginning of slot `from` on, kWh; after the horizon as in its last slot. */
export function energyAhead(
  powersKw: readonly number[],
  from: number,
  slotHours: number,
  hours: number,
): number {
  let [energy, left] = [0, hours];
  for (let t = from; left > 0; t += 1) {
    if (t >= powersKw.length - 1) return energy + powersKw.at(-1)! * left;
    const part = Math.min(left, slotHours);
    energy += powersKw[t]! * part;
    left -= part;
  }
  return energy;
}

export function addBaseStation(site: Site, station: DeviceOf<'base-station'>): Readings {
  const columns = addStorage(site, 'electricity', station, slotsOf(site));
  const powers = baseStationKw(station);
  powers.forEach((kw, t) => {
    site.draw('electricity', t, kw * site.hours);
    const reserve = energyAhead(powers, t + 1, site.hours, station.backupHours) / station.dischargeEfficiency;
    site.require(t, 'backup reserve', { lower: reserve }, [[columns.stored[t]!, 1]]);
  });
  requireEnd(site, station, columns);
  return readingsOf(columns);
}
