import { type LpSolve, startOfLocalDay } from '#core';
import { type Device, dispatchAlone } from '#devices';
import type { LeverOf } from './lever.ts';
import { type LeverHour, type LeverTerms, netUse, totalUse, type Use } from './lever-hours.ts';

/*
 * Shifting and storing as the devices lib schedules them, at a price of what the grid asks and what its emissions are worth. Days and
 * weeks one after the other: programs stay small, and nothing is moved further than its owner would.
 */

/** Emissions and money of a member with one device, part by part. */
function dispatchedUse(
  parts: readonly (readonly LeverHour[])[],
  deviceOf: (hours: readonly LeverHour[]) => {
    readonly device: Device;
    readonly fixedKwh: readonly number[];
  },
  { worthPerKg }: LeverTerms,
  solve: LpSolve,
): Use {
  const uses = parts.map((hours): Use => {
    const { device, fixedKwh } = deviceOf(hours);
    const pv: Device = { id: 'pv', type: 'pv', availableKwh: hours.map(({ pvKwh }) => pvKwh) };
    const prices = {
      buyPerKwh: hours.map(({ buyPerKwh, kgPerKwh }) => buyPerKwh + worthPerKg * kgPerKwh),
      sellPerKwh: hours.map(({ sellPerKwh }) => Math.max(0, sellPerKwh)),
    };
    const { members } = dispatchAlone(
      [{ id: 'member', loadKwh: { electricity: fixedKwh }, devices: [pv, device] }],
      { slots: hours.length, slotHours: 1, prices: { electricity: prices } },
      solve,
    );
    const { exchange, deviceCost } = members[0]!;
    const use = totalUse(hours.map((hour, t) => netUse(hour, exchange.electricity!.netKwh[t]!)));
    return { ...use, cost: use.cost + deviceCost };
  });
  return totalUse(uses);
}

/** A share of each hour's load at other hours of its local day. */
export function shiftedUse(
  hours: readonly LeverHour[],
  { flexibleShare, maxLoadKwh, costPerKwhMoved = 0 }: LeverOf<'shift'>,
  terms: LeverTerms,
  solve: LpSolve,
): Use {
  const deviceOf = (day: readonly LeverHour[]) => {
    const loads = day.map(({ loadKwh }) => loadKwh);
    const largest = Math.max(...loads);
    const wantedKwh = loads.map((kwh) => kwh * flexibleShare);
    const fixedKwh = loads.map((kwh, t) => kwh - wantedKwh[t]!);
    const device: Device = {
      id: 'flexible',
      type: 'flexible-load',
      wantedKwh,
      minKwh: loads.map(() => 0),
      // What is wanted is always possible.
      maxKwh: fixedKwh.map((kwh, t) => Math.max(wantedKwh[t]!, (maxLoadKwh ?? largest) - kwh)),
      // What is moved is less at one hour and more at another.
      discomfortPerKwh: costPerKwhMoved / 2,
    };
    return { device, fixedKwh };
  };
  return dispatchedUse(partsOf(hours, terms, 1), deviceOf, terms, solve);
}

/** A week: what is stored over longer is not worth its losses. */
const STORED_DAYS = 7;

/** A battery that is empty at the beginning and the end of each week. */
export function storedUse(
  hours: readonly LeverHour[],
  battery: LeverOf<'store'>,
  terms: LeverTerms,
  solve: LpSolve,
): Use {
  const device: Device = { ...battery, type: 'battery', initialKwh: 0 };
  const deviceOf = (part: readonly LeverHour[]) => ({ device, fixedKwh: part.map(({ loadKwh }) => loadKwh) });
  return dispatchedUse(partsOf(hours, terms, STORED_DAYS), deviceOf, terms, solve);
}

/** So many local days after each other. */
function partsOf(hours: readonly LeverHour[], { zone }: LeverTerms, days: number): LeverHour[][] {
  const parts: LeverHour[][] = [];
  let [day, count] = [Number.NaN, 0];
  for (const hour of hours) {
    const startMs = startOfLocalDay(zone, hour.startMs);
    if (startMs !== day) {
      if (count % days === 0) parts.push([]);
      [day, count] = [startMs, count + 1];
    }
    parts.at(-1)!.push(hour);
  }
  return parts;
}
