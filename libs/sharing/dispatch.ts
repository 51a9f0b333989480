import { type LpPart, type LpSolution, type PartedLpProblem, lpBuilder } from '#core';
import { type StorageColumns, storageRows } from '#devices';
import { type DispatchMember, type DispatchTerms, requireDispatch } from './dispatch-member.ts';

/** The programs work in kWh and minor units per kWh, where numbers are near 1. */
const WH_PER_KWH = 1_000;
const KWH_PER_MWH = 1_000;

/** A part adds what its battery begins with. */
const EMPTY = { initial: 0, kept: 1 };

/** Columns of one member, an interval each; empty where it has no such device. */
interface MemberColumns extends StorageColumns {
  readonly curtailed: readonly number[];
}

/** The dispatch of every coalition of a community as one program with a part a member. */
export interface CommunityDispatch extends PartedLpProblem {
  readonly members: readonly DispatchMember[];
  readonly terms: DispatchTerms;
  readonly columns: readonly MemberColumns[];
}

/**
 * (P1): a coalition meets its loads from its own PV and batteries and from the grid at least cost. In each interval
 *
 *   import − export = Σ (load − PV + curtailed + charge − discharge)
 *   stored_t = stored_{t−1} + η_c·charge − discharge/η_d,  0 ≤ stored ≤ capacity,  stored_T ≥ stored_0
 *   cost = Σ buy·import − sell·export
 *
 * Energy inside the coalition is free of the grid, so the dual of the balance is what a further MWh is worth in it.
 * Rows 0 … T−1 are the balances; columns 0 … 2T−1 import and export by turns. `withParts` gives the program of a
 * coalition or of all.
 * Charging and discharging at once is not forbidden: it pays only where energy has a negative price.
 * @throws DISPATCH_INPUT, DISPATCH_PRICES, DISPATCH_TOO_LARGE
 */
export function buildDispatch(members: readonly DispatchMember[], terms: DispatchTerms): CommunityDispatch {
  requireDispatch(members, terms);
  const lp = lpBuilder('minimize');
  const intervals = terms.buyPerMwh.map((_, t) => t);
  const balances = intervals.map((t): [number, number][] => [
    [lp.column({ cost: terms.buyPerMwh[t]! / KWH_PER_MWH }), 1],
    [lp.column({ cost: -terms.sellPerMwh[t]! / KWH_PER_MWH }), -1],
  ]);
  const columns = members.map(({ battery, pvWh }): MemberColumns => {
    const curtailed = intervals.flatMap((t) =>
      pvWh[t]! > 0 && terms.sellPerMwh[t]! < 0 ? [addTo(balances[t]!, lp.column({ upper: 0 }), -1)] : [],
    );
    const each = (sign: number) => intervals.map((t) => addTo(balances[t]!, lp.column({ upper: 0 }), sign));
    if (battery === undefined) return { charge: [], discharge: [], stored: [], curtailed };
    const stored = intervals.map(() => lp.column({ upper: 0 }));
    return { charge: each(-1), discharge: each(1), stored, curtailed };
  });
  for (const balance of balances) lp.row({ lower: 0, upper: 0 }, balance);
  members.forEach(({ battery }, i) => {
    if (battery !== undefined) storageRows(lp, battery, columns[i]!, EMPTY);
  });
  const first = intervals.length;
  const parts = members.map((member, i) =>
    partOf(member, terms, columns[i]!, first + storageRow(members, i)),
  );
  return { problem: lp.build(), parts, members, terms, columns };
}

function addTo(balance: [number, number][], column: number, sign: number): number {
  balance.push([column, sign]);
  return column;
}

/** Rows of storage before that of member i. */
const storageRow = (members: readonly DispatchMember[], i: number): number =>
  members.slice(0, i).reduce((rows, { battery, loadWh }) => rows + (battery ? loadWh.length : 0), 0);

const kwh = (wh: number): number => wh / WH_PER_KWH;

function partOf(
  { loadWh, pvWh, battery }: DispatchMember,
  { sellPerMwh }: DispatchTerms,
  { charge, discharge, stored, curtailed }: MemberColumns,
  storage: number,
): LpPart {
  const last = stored.length - 1;
  const sunny = pvWh.filter((wh, t) => wh > 0 && sellPerMwh[t]! < 0);
  const bounded = [
    ...curtailed.map((column, k) => [column, 0, kwh(sunny[k]!)] as const),
    ...charge.map((column) => [column, 0, kwh(battery!.chargeWh)] as const),
    ...discharge.map((column) => [column, 0, kwh(battery!.dischargeWh)] as const),
    ...stored.map(
      (column, t) => [column, t === last ? kwh(battery!.initialWh) : 0, kwh(battery!.capacityWh)] as const,
    ),
  ].toSorted(([a], [b]) => a - b);
  const initial: [number, number][] = battery === undefined ? [] : [[storage, kwh(battery.initialWh)]];
  const adds = [...loadWh.map((load, t): [number, number] => [t, kwh(load - pvWh[t]!)]), ...initial];
  return {
    columns: Int32Array.from(bounded, ([column]) => column),
    lower: Float64Array.from(bounded, ([, lower]) => lower),
    upper: Float64Array.from(bounded, ([, , upper]) => upper),
    rows: Int32Array.from(adds, ([row]) => row),
    adds: Float64Array.from(adds, ([, add]) => add),
  };
}

/** What a member does, integer Wh per interval. */
export interface MemberSchedule {
  readonly id: string;
  readonly chargeWh: readonly number[];
  readonly dischargeWh: readonly number[];
  readonly curtailedWh: readonly number[];
  /** load − PV + curtailed + charge − discharge: what it takes from the community, negative what it gives. */
  readonly netWh: readonly number[];
}

export interface DispatchSchedule {
  /** Σ (buy·import − sell·export)/10^6 of the integer energies, minor units. */
  readonly cost: number;
  /** Optimal cost of the program, minor units; the schedule's differs by its rounding to whole Wh. */
  readonly optimalCost: number;
  readonly members: readonly MemberSchedule[];
  readonly importWh: readonly number[];
  readonly exportWh: readonly number[];
  /** Dual of each balance: minor units per MWh, between selling and buying. */
  readonly pricePerMwh: readonly number[];
}

/**
 * Reads the schedule of everybody from a solution of `withParts(dispatch)`, or of that of a coalition. Energies are rounded to
 * whole Wh and the grid's part is what then balances, so energy conserves to the unit; a battery's state may miss a bound
 * by half a Wh an interval.
 */
export function readDispatch(
  dispatch: CommunityDispatch,
  solution: LpSolution,
  coalition?: number,
): DispatchSchedule {
  const { members, terms, columns } = dispatch;
  const intervals = terms.buyPerMwh.map((_, t) => t);
  const wh = (column: number | undefined) =>
    column === undefined ? 0 : Math.round(solution.x[column]! * WH_PER_KWH);
  const schedules = members.flatMap(({ id, loadWh, pvWh }, i): MemberSchedule[] => {
    if (coalition !== undefined && !((coalition >> i) & 1)) return [];
    const { charge, discharge, curtailed } = columns[i]!;
    const sunny = intervals.filter((t) => pvWh[t]! > 0 && terms.sellPerMwh[t]! < 0);
    const [chargeWh, dischargeWh] = [charge, discharge].map((of) => intervals.map((t) => wh(of[t])));
    const curtailedWh = intervals.map((t) => wh(curtailed[sunny.indexOf(t)]));
    const netWh = intervals.map(
      (t) => loadWh[t]! - pvWh[t]! + curtailedWh[t]! + chargeWh![t]! - dischargeWh![t]!,
    );
    return [{ id, chargeWh: chargeWh!, dischargeWh: dischargeWh!, curtailedWh, netWh }];
  });
  const netWh = intervals.map((t) => schedules.reduce((sum, schedule) => sum + schedule.netWh[t]!, 0));
  return {
    cost: gridCost(netWh, terms),
    optimalCost: solution.objective,
    members: schedules,
    importWh: netWh.map((net) => Math.max(0, net)),
    exportWh: netWh.map((net) => Math.max(0, -net)),
    pricePerMwh: intervals.map((t) => solution.duals[t]! * KWH_PER_MWH),
  };
}

const WH_PER_MWH = 1e6;

/** Minor units for a net import of each interval. */
export const gridCost = (netWh: readonly number[], { buyPerMwh, sellPerMwh }: DispatchTerms): number =>
  netWh.reduce((sum, net, t) => sum + net * (net > 0 ? buyPerMwh[t]! : sellPerMwh[t]!), 0) / WH_PER_MWH;
