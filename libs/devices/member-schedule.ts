import { type LpSolution } from '#core';
import { type Carrier } from './carrier.ts';
import { type DeviceTerms } from './member.ts';
import { type DevicesProgram, type MemberProgram } from './member-program.ts';
import { type Reading, slotsOf } from './site.ts';

const WH_PER_KWH = 1_000;

/** What a device does: series named with their unit, `chargeKwh`, `indoorCelsius`. */
export interface DeviceSchedule {
  readonly id: string;
  readonly type: string;
  readonly series: Readonly<Record<string, readonly number[]>>;
}

/** One carrier at one member. */
export interface Exchange {
  /** What it takes from outside in each slot, negative what it gives; whole Wh. */
  readonly netKwh: readonly number[];
  /** Dual of its balance: what a further kWh costs it. */
  readonly marginalPerKwh: readonly number[];
}

export interface MemberDecision {
  readonly id: string;
  readonly devices: readonly DeviceSchedule[];
  readonly exchange: Readonly<Partial<Record<Carrier, Exchange>>>;
  /** Energy bought less sold. */
  readonly energyCost: number;
  /** Wear, upkeep and discomfort. */
  readonly deviceCost: number;
  readonly cost: number;
}

/**
 * Reads what members do. What crosses their connection is rounded to whole Wh and is what balances the rounded flows of
 * their devices, so electricity conserves to the unit; money is a plain number. Members who share pay the common price.
 */
export function readDevices(program: DevicesProgram, solution: LpSolution): MemberDecision[] {
  const common = program.pool.map((row) => solution.duals[row]!);
  return program.members.map((member) => readMember(program, member, solution, common));
}

export const readMemberDispatch = (program: DevicesProgram, solution: LpSolution): MemberDecision =>
  readDevices(program, solution)[0]!;

const wholeWh = (kwh: number): number => Math.round(kwh * WH_PER_KWH);

function readMember(
  { problem, terms }: DevicesProgram,
  { member, readings, balances, columns: [from, to] }: MemberProgram,
  { x, duals }: LpSolution,
  common: readonly number[],
): MemberDecision {
  const exchange: Partial<Record<Carrier, Exchange>> = {};
  let energyCost = 0;
  for (const [carrier, { terms: supplies, drawnKwh, rows }] of balances) {
    const netKwh = supplies.map((supplied, t) => {
      const given = supplied.reduce((wh, [column, share]) => wh + wholeWh(share * x[column]!), 0);
      return (wholeWh(drawnKwh[t]!) - given) / WH_PER_KWH;
    });
    exchange[carrier] = { netKwh, marginalPerKwh: rows.map((row) => duals[row]!) };
    energyCost += costOf(netKwh, carrier, terms, carrier === 'electricity' ? common : []);
  }
  const devices = member.devices.map(({ id, type }, i) => ({
    id,
    type,
    series: Object.fromEntries(
      Object.entries(readings[i]!).map(([name, read]) => [name, valuesOf(read, name, x, terms)]),
    ),
  }));
  const own = problem.columns.cost.subarray(from, to);
  const deviceCost = own.reduce((sum, cost, k) => sum + cost * x[from + k]!, 0);
  return { id: member.id, devices, exchange, energyCost, deviceCost, cost: energyCost + deviceCost };
}

/** At the common price where there is one, else at what buying costs and selling pays. */
function costOf(
  netKwh: readonly number[],
  carrier: Carrier,
  { prices }: DeviceTerms,
  common: readonly number[],
): number {
  const { buyPerKwh, sellPerKwh } = prices[carrier] ?? {};
  return netKwh.reduce((sum, net, t) => {
    const price = common[t] ?? (net > 0 ? buyPerKwh?.[t] : sellPerKwh?.[t]) ?? 0;
    return sum + net * price;
  }, 0);
}

/** Energies to whole Wh, temperatures to a millionth of a degree. */
function valuesOf({ columns, factor }: Reading, name: string, x: Float64Array, terms: DeviceTerms): number[] {
  const grain = name.endsWith('Kwh') ? WH_PER_KWH : 1e6;
  return slotsOf(terms).map((t) => {
    const column = columns[t];
    const share = typeof factor === 'number' ? factor : factor[t]!;
    // + 0: no negative zero.
    return column === undefined ? 0 : Math.round(share * x[column]! * grain) / grain + 0;
  });
}
