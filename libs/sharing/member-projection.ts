import type { DispatchMember } from './dispatch-member.ts';
import {
  type MonotoneLine,
  addHorizontally,
  addPoint,
  clipLine,
  emptyLine,
  firstAt,
  heightAt,
  lastAt,
} from './monotone-line.ts';

/** A member as its own node knows it; kWh per interval. */
export interface PrivateMember {
  /** load − PV. */
  readonly baseKwh: Float64Array;
  /** Most that may be curtailed. */
  readonly curtailableKwh: Float64Array;
  readonly battery?: PrivateBattery;
}

interface PrivateBattery {
  readonly capacity: number;
  readonly charge: number;
  readonly discharge: number;
  readonly etaIn: number;
  readonly etaOut: number;
  readonly initial: number;
}

const WH_PER_KWH = 1_000;

export function privateMember(
  { loadWh, pvWh, battery }: DispatchMember,
  sellPerMwh: readonly number[],
): PrivateMember {
  const member = {
    baseKwh: Float64Array.from(loadWh, (load, t) => (load - pvWh[t]!) / WH_PER_KWH),
    curtailableKwh: Float64Array.from(pvWh, (pv, t) => (sellPerMwh[t]! < 0 ? pv / WH_PER_KWH : 0)),
  };
  if (battery === undefined) return member;
  return {
    ...member,
    battery: {
      capacity: battery.capacityWh / WH_PER_KWH,
      charge: battery.chargeWh / WH_PER_KWH,
      discharge: battery.dischargeWh / WH_PER_KWH,
      etaIn: battery.chargeEfficiency,
      etaOut: battery.dischargeEfficiency,
      initial: battery.initialWh / WH_PER_KWH,
    },
  };
}

/** Least and most that leaves the terminals inwards when the state changes by `delta`: without and with burning. */
const leastNet = ({ etaIn, etaOut }: PrivateBattery, delta: number): number =>
  delta > 0 ? delta / etaIn : delta * etaOut;

function mostNet({ charge, discharge, etaIn, etaOut }: PrivateBattery, delta: number): number {
  const out = Math.min(discharge, etaOut * (etaIn * charge - delta));
  return (delta + out / etaOut) / etaIn - out;
}

/** The nearest profile of net consumption that a member can have; writes it to `net`. */
export type Projection = (member: PrivateMember, wanted: Float64Array, net: Float64Array) => void;

/**
 * Projects exactly, by dynamic programming over the state of the battery. In interval t a change δ of it allows any net
 * consumption in [n + least(δ), n + most(δ) + curtailable], so the cost of δ is half the squared distance of what is
 * wanted to it: convex, with a derivative that is a rising line of at most a dozen points. The cost to reach a state after
 * t intervals is the infimal convolution of these, cut to the capacity; the lines add up horizontally. One call costs
 * O(T²) at worst and allocates nothing.
 */
export function memberProjection(intervals: number): Projection {
  const capacity = 12 * intervals + 8;
  const lines = (count: number) => Array.from({ length: count }, () => emptyLine(capacity));
  const scratch: Scratch = { steps: lines(intervals), sums: lines(intervals), reached: lines(intervals + 1) };
  return (member, wanted, net) => {
    if (member.battery === undefined) {
      member.baseKwh.forEach((base, t) => {
        net[t] = Math.min(base + member.curtailableKwh[t]!, Math.max(base, wanted[t]!));
      });
      return;
    }
    reachStates(member, member.battery, wanted, scratch);
    walkBack(member, member.battery, wanted, { scratch, net });
  };
}

interface Scratch {
  /** Derivative of the cost of a change of state in each interval. */
  readonly steps: readonly MonotoneLine[];
  /** Of the cost to reach a state after it, before the capacity is heeded. */
  readonly sums: readonly MonotoneLine[];
  /** The same within the capacity; the first is the initial state. */
  readonly reached: readonly MonotoneLine[];
}

function reachStates(
  { baseKwh, curtailableKwh }: PrivateMember,
  battery: PrivateBattery,
  wanted: Float64Array,
  { steps, sums, reached }: Scratch,
): void {
  reached[0]!.length = 0;
  addPoint(reached[0]!, battery.initial, 0);
  for (let t = 0; t < wanted.length; t += 1) {
    stepCost(battery, wanted[t]! - baseKwh[t]!, curtailableKwh[t]!, steps[t]!);
    addHorizontally(reached[t]!, steps[t]!, sums[t]!);
    clipLine(sums[t]!, 0, battery.capacity, reached[t + 1]!);
  }
}

function walkBack(
  { baseKwh, curtailableKwh }: PrivateMember,
  battery: PrivateBattery,
  wanted: Float64Array,
  { scratch, net }: { readonly scratch: Scratch; readonly net: Float64Array },
): void {
  const { steps, sums, reached } = scratch;
  let state = Math.max(battery.initial, firstAt(reached[wanted.length]!, 0));
  for (let t = wanted.length - 1; t >= 0; t -= 1) {
    const height = heightAt(sums[t]!, state);
    // Any division between change and earlier state at this height costs the same.
    const earliest = state - firstAt(reached[t]!, height);
    const change = clamp(earliest, firstAt(steps[t]!, height), lastAt(steps[t]!, height));
    const low = baseKwh[t]! + leastNet(battery, change);
    const high = baseKwh[t]! + mostNet(battery, change) + curtailableKwh[t]!;
    net[t] = clamp(wanted[t]!, low, Math.max(low, high));
    state -= change;
  }
}

const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** Filled and emptied within one call. */
const CORNERS = new Float64Array(6);

/** Derivative of ½·dist(wanted, [least(δ), most(δ) + curtailable])² over the changes δ the battery can make. */
function stepCost(battery: PrivateBattery, wanted: number, curtailable: number, line: MonotoneLine): void {
  const { charge, discharge, etaIn, etaOut } = battery;
  const [low, high] = [-discharge / etaOut, etaIn * charge];
  const bend = high + low;
  line.length = 0;
  // Where what is wanted becomes more than there must be, and less than there may be.
  const overLeast = wanted > 0 ? wanted * etaIn : wanted / etaOut;
  const room = wanted - curtailable;
  const idle = discharge * (1 / (etaIn * etaOut) - 1);
  const first = (room - idle) * etaIn;
  const overMost = first <= bend ? first : (room - charge) / etaOut + high;
  CORNERS.fill(low);
  CORNERS[1] = high;
  CORNERS[2] = clamp(0, low, high);
  CORNERS[3] = clamp(bend, low, high);
  CORNERS[4] = clamp(overLeast, low, high);
  CORNERS[5] = clamp(overMost, low, high);
  CORNERS.sort();
  for (let k = 0; k < CORNERS.length; k += 1) {
    const delta = CORNERS[k]!;
    if (k > 0 && delta === CORNERS[k - 1]) continue;
    const least = leastNet(battery, delta);
    const most = mostNet(battery, delta) + curtailable;
    if (wanted < least) {
      const by = least - wanted;
      addPoint(line, delta, by * (delta > 0 ? 1 / etaIn : etaOut));
      addPoint(line, delta, by * (delta < 0 ? etaOut : 1 / etaIn));
    } else if (wanted > most) addOver(battery, delta, most - wanted, line);
    else addPoint(line, delta, 0);
  }
}

/** Both derivatives where more is wanted than there may be; `by` is negative. */
function addOver(
  { charge, discharge, etaIn, etaOut }: PrivateBattery,
  delta: number,
  by: number,
  line: MonotoneLine,
): void {
  const bend = etaIn * charge - discharge / etaOut;
  addPoint(line, delta, by * (delta <= bend ? 1 / etaIn : etaOut));
  addPoint(line, delta, by * (delta < bend ? 1 / etaIn : etaOut));
}
