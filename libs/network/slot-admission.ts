import { apportion, DomainError, type LpSolve } from '#core';
import { brokenLimits, type Carried, type Feeder, flowCarrying, violationsOf } from './feeder.ts';
import { limitName } from './limit-check.ts';
import { NETWORK_LIMITS } from './network.ts';
import type { FlowState } from './power-flow.ts';
import { groupsOf, requireSlotTrades, type SlotTrade, type TradeGroup } from './slot-trades.ts';
import { admitTrades, type TradeAdmission } from './trades.ts';
import type { Tree } from './tree.ts';

/** As far as the feeder carries a trade. */
export interface CarriedTrade {
  readonly id: string;
  /** Integer Wh, 0 … its quantity. */
  readonly admittedWh: number;
  /**
   * What carrying it costs others: the buyer's locational price less the seller's, in whole minor units per MWh. Never above
   * its gain, below 0 where it relieves the feeder, 0 where nothing binds.
   */
  readonly chargePerMwh: number;
  /** Which limits the charge comes from, the largest part first. */
  readonly limits: readonly string[];
}

/** What a bus costs beside the energy, in minor units per MWh. */
export interface CongestionPrice {
  readonly bus: number;
  readonly congestion: number;
  readonly voltage: number;
}

export interface SlotAdmission {
  /** In the order given. */
  readonly trades: readonly CarriedTrade[];
  /**
   * `whole`: the feeder carries everything. `optimal`: the most gain under all limits. `in-order`: trade by trade from the
   * largest gain down, where there are too many or no optimum was found.
   */
  readonly method: 'whole' | 'optimal' | 'in-order';
  /** Limits that hold trades back, in the order of the tree. */
  readonly binding: readonly string[];
  /** By bus, of the feeder that binds; null where nothing is held back or method is in-order. */
  readonly prices: readonly CongestionPrice[] | null;
  /** Exact power flow of what is admitted. */
  readonly state: FlowState;
}

/** How a slot is carried. */
export interface SlotTerms {
  readonly hours: number;
  readonly solve: LpSolve;
}

/**
 * Carries one slot's cleared trades over a feeder in the order of what they gain: all of them where every limit holds in the
 * exact power flow, else as much as gains most (admitTrades on exact tangents, losses free of charge), in whole Wh, checked
 * by exact power flow and drawn in until it holds, then filled up in the order of gain until no trade alone could carry
 * another Wh. Trades between the same buses with one gain share what is admitted in proportion to their energy (largest
 * remainder, ties to the smaller id); gains that tie elsewhere rank by the buses' order. Input order changes nothing.
 * @throws TRADE_INVALID, NETWORK_TOO_LARGE, and what `solve` throws for its own reasons
 */
export function admitSlot(feeder: Feeder, trades: readonly SlotTrade[], terms: SlotTerms): SlotAdmission {
  requireSlotTrades(trades);
  const groups = groupsOf(trades);
  const slot: Slot = { feeder, groups, perWh: 1 / (feeder.whPerUnit * terms.hours) };
  const whole = groups.map(({ wh }) => wh);
  const state = heldState(slot, whole);
  if (state !== null) {
    return {
      trades: trades.map(({ id, quantityWh }) => ({
        id,
        admittedWh: quantityWh,
        chargePerMwh: 0,
        limits: [],
      })),
      method: 'whole',
      binding: [],
      prices: null,
      state,
    };
  }
  const optimum = optimumOf(slot, terms.solve);
  const admitted = filledUp(slot, optimum?.admitted ?? groups.map(() => 0));
  return heldBack(slot, trades, admitted, optimum);
}

interface Slot {
  readonly feeder: Feeder;
  /** From the largest gain down. */
  readonly groups: readonly TradeGroup[];
  /** Per unit, of one Wh over the slot. */
  readonly perWh: number;
}

function heldState({ feeder, groups, perWh }: Slot, wh: readonly number[]): FlowState | null {
  const carried = groups.map(({ from, to }, i): Carried => ({ from, to, quantity: wh[i]! * perWh }));
  const state = flowCarrying(feeder, carried);
  return state !== null && violationsOf(feeder, state).length === 0 ? state : null;
}

const holds = (slot: Slot, wh: readonly number[]): boolean => heldState(slot, wh) !== null;

interface Optimum {
  readonly admitted: number[];
  /** Minor units per MWh in one unit of the prices of the admission. */
  readonly scale: number;
  readonly admission: TradeAdmission;
}

/** By how much limits are drawn in, per unit, one after the other, until whole Wh hold in the exact power flow. */
const DRAWN_IN = [1e-7, 1e-6, 1e-5, 1e-4, 1e-3];

/** Null where there are too many trades for a program, or none was found that holds. */
function optimumOf(slot: Slot, solve: LpSolve): Optimum | null {
  const { feeder, groups, perWh } = slot;
  if (groups.length > NETWORK_LIMITS.trades) return null;
  // Solvers want costs of about 1.
  const scale = Math.max(1, ...groups.map(({ gainPerMwh }) => Math.abs(gainPerMwh)));
  const proposed = groups.map(({ from, to, wh, gainPerMwh }, i) => ({
    id: String(i).padStart(6, '0'),
    from,
    to,
    quantity: wh * perWh,
    gain: gainPerMwh / scale,
  }));
  for (const margin of DRAWN_IN) {
    const admission = admissionOrNull(() => admitTrades(drawnIn(feeder, margin), 0, proposed, solve));
    if (admission === null) return null;
    const admitted = admission.trades.map((trade, i) =>
      trade.status === 'ADMITTED' ? groups[i]!.wh : Math.floor(trade.admitted / perWh),
    );
    if (holds(slot, admitted)) return { admitted, scale, admission };
  }
  return null;
}

const NO_OPTIMUM: ReadonlySet<string> = new Set([
  'NETWORK_INFEASIBLE',
  'NETWORK_NOT_CONVERGED',
  'NETWORK_TOO_LARGE',
  'POWER_FLOW_DIVERGED',
  'LP_SOLVER_FAILED',
  'LP_TIME_OUT',
  'LP_ITERATION_LIMIT',
]);

function admissionOrNull(admit: () => TradeAdmission): TradeAdmission | null {
  try {
    return admit();
  } catch (error) {
    if (error instanceof DomainError && NO_OPTIMUM.has(error.code)) return null;
    throw error;
  }
}

/** The feeder with every limit closer by `margin`; its generators stay as they are, and losses cost nothing. */
function drawnIn({ tree, load }: Feeder, margin: number): Tree {
  const { network } = tree;
  return {
    ...tree,
    network: {
      ...network,
      buses: network.buses.map((bus) => ({
        ...bus,
        vmin: bus.vmin === 0 ? 0 : bus.vmin + margin,
        vmax: bus.vmax - margin,
      })),
      lines: network.lines.map((line) => ({ ...line, limit: line.limit - margin })),
      periods: [{ ...load, offers: [], price: 0 }],
    },
  };
}

/** Passes over all trades; another is needed where one trade relieves what holds an earlier one back. */
const MAX_PASSES = 20;

function filledUp(slot: Slot, start: readonly number[]): number[] {
  const wh = [...start];
  for (let pass = 0; pass < MAX_PASSES; pass += 1) {
    let more = false;
    slot.groups.forEach((group, i) => {
      const most = mostOf(slot, wh, i, group.wh);
      more ||= most > wh[i]!;
      wh[i] = most;
    });
    if (!more) break;
  }
  return wh;
}

/** As many whole Wh of one group as hold beside the others, from what it has on. */
function mostOf(slot: Slot, wh: readonly number[], group: number, all: number): number {
  const holdsAt = (value: number): boolean => holds(slot, wh.with(group, value));
  let low = wh[group]!;
  let step = 1;
  // What the optimum left at a limit takes no other Wh, or few: most groups end within a step or two.
  for (; low + step <= all && holdsAt(low + step); step *= 2) low += step;
  if (low === all) return all;
  for (let high = Math.min(low + step, all + 1); high - low > 1;) {
    const middle = low + Math.floor((high - low) / 2);
    if (holdsAt(middle)) low = middle;
    else high = middle;
  }
  return low;
}

function heldBack(
  slot: Slot,
  trades: readonly SlotTrade[],
  admitted: readonly number[],
  optimum: Optimum | null,
): SlotAdmission {
  const { feeder, groups } = slot;
  const state = heldState(slot, admitted)!;
  const charges = chargesOf(groups, admitted, optimum);
  const carried: CarriedTrade[] = [];
  groups.forEach(({ members }, g) => {
    const weights = members.map((i) => BigInt(trades[i]!.quantityWh));
    const shares = apportion(BigInt(admitted[g]!), weights);
    members.forEach((i, k) => {
      carried[i] = {
        id: trades[i]!.id,
        admittedWh: Number(shares[k]!),
        chargePerMwh: charges[g]!,
        limits: optimum === null ? [] : limitsOf(optimum, g),
      };
    });
  });
  return {
    trades: carried,
    method: optimum === null ? 'in-order' : 'optimal',
    binding: optimum === null ? standingLimits(slot, admitted) : bindingOf(feeder, optimum),
    prices: optimum && pricesOf(feeder, optimum),
    state,
  };
}

/** Nobody pays the feeder more than a trade gains, and the feeder pays out no more than it takes in. */
function chargesOf(
  groups: readonly TradeGroup[],
  admitted: readonly number[],
  optimum: Optimum | null,
): number[] {
  if (optimum === null) return groups.map(() => 0);
  const { admission, scale } = optimum;
  // Rounding a negative fraction gives −0.
  const charges = groups.map(
    ({ gainPerMwh }, g) => Math.min(Math.round(scale * admission.trades[g]!.charge.total), gainPerMwh) + 0,
  );
  const earned = charges.reduce((sum, charge, g) => sum + BigInt(charge) * BigInt(admitted[g]!), 0n);
  return earned < 0n ? groups.map(() => 0) : charges;
}

/** Those that make at least half a unit of the charge. */
const limitsOf = ({ admission, scale }: Optimum, group: number): string[] =>
  admission.trades[group]!.limits.filter(({ charge }) => Math.abs(scale * charge) >= 0.5).map(
    ({ limit }) => limit,
  );

function bindingOf({ tree }: Feeder, { admission: { pricing } }: Optimum): string[] {
  const { binding } = pricing.dispatch;
  return binding.toSorted((a, b) => a.position - b.position).map((limit) => limitName(tree, limit));
}

/** Without duals: what would break if everything that is held back were carried a Wh more. */
function standingLimits({ feeder, groups, perWh }: Slot, admitted: readonly number[]): string[] {
  const more = groups.map(({ from, to, wh }, i): Carried => {
    const quantity = (admitted[i]! < wh ? admitted[i]! + 1 : admitted[i]!) * perWh;
    return { from, to, quantity };
  });
  return brokenLimits(feeder, more);
}

function pricesOf({ tree }: Feeder, { admission, scale }: Optimum): CongestionPrice[] {
  return tree.network.buses.map((_, bus) => {
    const { congestion, voltage } = admission.pricing.prices.p[bus]!;
    return { bus, congestion: scale * congestion, voltage: scale * voltage };
  });
}
