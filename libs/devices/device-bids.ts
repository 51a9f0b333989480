import { DomainError, type LpSolve } from '#core';
import {
  type BidStep,
  type NetQuantiles,
  type RetailTerms,
  bidSteps,
  quantilePrices,
  requireQuantiles,
} from '#market';
import { type DeviceMember, type DeviceTerms } from './member.ts';
import { dispatchAlone } from './dispatch-devices.ts';
import { type MemberDecision } from './member-schedule.ts';

/** What a member bids for one slot. */
export interface SlotForecast {
  readonly slot: number;
  /** Of what is not decided: load less generation in the slot. */
  readonly net: NetQuantiles;
  readonly retail: RetailTerms;
  /** Prices at which devices are asked what they want, besides those of the quantiles; at most 200. */
  readonly levels: number;
}

const KWH_PER_MWH = 1_000;
const WH_PER_KWH = 1_000;
const MAX_LEVELS = 200;
const [P10, P50, P90] = [0.1, 0.5, 0.9];

/**
 * Bids of a member with devices for one slot: at price p it wants what its devices take when the slot's electricity costs
 * and pays p, and the (r − p)/(r − f) quantile of its uncertain net demand, the newsvendor's fractile of `bidCurve`. The
 * devices' program is solved again for each price; what it takes in a slot never rises with that slot's price, because the
 * least cost is concave in it (Rockafellar 1970, §25), and quantiles do not either, so the curve is monotone. Between the
 * 10, 50 and 90 % quantiles it is linear, beyond them constant. Prices of other slots are those of `terms`, in minor units
 * per kWh; devices are taken to follow the plan whatever the net demand becomes.
 * @throws QUANTILES_DISORDERED, RETAIL_TERMS, BIDS_INPUT, and as dispatchAlone
 */
export function deviceBidCurve(
  member: DeviceMember,
  terms: DeviceTerms,
  { slot, net, retail, levels }: SlotForecast,
  solve: LpSolve,
): BidStep[] {
  requireLevels(slot, levels, terms);
  const prices = bidPrices(net, retail, levels);
  const wanted = wantedWh(member, terms, { first: slot, span: 1 }, prices, solve);
  return bidSteps(withQuantiles(wanted, net, retail, prices), prices);
}

/** Prices of a curve, falling: `levels` evenly from retail to feed-in, and those of the quantiles. @throws QUANTILES_DISORDERED, RETAIL_TERMS */
export function bidPrices(net: NetQuantiles, retail: RetailTerms, levels: number): number[] {
  requireQuantiles(net);
  const quantiles = quantilePrices(retail);
  const { retailPerMwh: high, feedInPerMwh: low } = retail;
  const grid = Array.from({ length: levels }, (_, k) =>
    Math.round(high - ((high - low) * k) / Math.max(1, levels - 1)),
  );
  return [...new Set([...grid, ...quantiles])].toSorted((a, b) => b - a);
}

/** What devices want, whole Wh by price, with the quantile of net demand that the price asks for; never less at a lower price. */
export function withQuantiles(
  wanted: readonly number[],
  net: NetQuantiles,
  { retailPerMwh: high, feedInPerMwh: low }: RetailTerms,
  prices: readonly number[],
): number[] {
  let most = -Infinity;
  return prices.map((price, k) => {
    // Rounding to whole Wh may undo what the theorem says by one.
    most = Math.max(most, wanted[k]! + quantileAt(net, (high - price) / (high - low)));
    return most;
  });
}

/** Slots of the program that are one of the market. */
export interface MarketSlot {
  readonly first: number;
  readonly span: number;
}

/** What the devices take in a slot at each of some prices of it, whole Wh; prices of other slots are those of `terms`. */
export function wantedWh(
  member: DeviceMember,
  { prices, ...terms }: DeviceTerms,
  slot: MarketSlot,
  slotPrices: readonly number[],
  solve: LpSolve,
): number[] {
  const { buyPerKwh = [], sellPerKwh = [] } = prices.electricity ?? {};
  return slotPrices.map((pricePerMwh) => {
    const end = slot.first + slot.span;
    const priced = (series: readonly number[]): number[] =>
      series.map((price, t) => (t >= slot.first && t < end ? pricePerMwh / KWH_PER_MWH : price));
    const electricity = { buyPerKwh: priced(buyPerKwh), sellPerKwh: priced(sellPerKwh) };
    const [decision] = dispatchAlone(
      [member],
      { ...terms, prices: { ...prices, electricity } },
      solve,
    ).members;
    return exchangedWh(decision!, slot);
  });
}

/** What a decision takes from outside within a slot of the market, whole Wh. */
export const exchangedWh = ({ exchange }: MemberDecision, { first, span }: MarketSlot): number =>
  exchange
    .electricity!.netKwh.slice(first, first + span)
    .reduce((sum, kwh) => sum + Math.round(kwh * WH_PER_KWH), 0);

/** Whole Wh. */
function quantileAt({ p10Wh, p50Wh, p90Wh }: NetQuantiles, level: number): number {
  if (level <= P10) return p10Wh;
  if (level >= P90) return p90Wh;
  const [from, to, share] =
    level <= P50 ? [p10Wh, p50Wh, (level - P10) / (P50 - P10)] : [p50Wh, p90Wh, (level - P50) / (P90 - P50)];
  return Math.round(from + (to - from) * share);
}

const isWithin = (value: number, end: number): boolean =>
  Number.isInteger(value) && value >= 0 && value < end;

function requireLevels(slot: number, levels: number, { slots, prices }: DeviceTerms): void {
  const { buyPerKwh, sellPerKwh } = prices.electricity ?? {};
  const priced = [buyPerKwh, sellPerKwh].every((series) => series?.length === slots);
  if (priced && isWithin(slot, slots) && isWithin(levels, MAX_LEVELS + 1)) return;
  throw new DomainError(
    'BIDS_INPUT',
    `expected one of ${slots} slots with prices of electricity both ways and at most ${MAX_LEVELS} levels, got slot ${slot} and ${levels} levels`,
  );
}
