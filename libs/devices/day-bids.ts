import { DomainError, type LpSolve } from '#core';
import { type BidStep, type NetQuantiles, type RetailTerms, bidSteps } from '#market';
import { bidPrices, exchangedWh, type MarketSlot, wantedWh, withQuantiles } from './device-bids.ts';
import { type Device } from './device.ts';
import { dispatchAlone } from './dispatch-devices.ts';
import { type DeviceMember, type DeviceTerms } from './member.ts';

/** What a member bids for on one day. */
export interface DayForecast {
  /** Of what is not decided: load less generation in each slot of the program. */
  readonly net: readonly NetQuantiles[];
  readonly retail: RetailTerms;
  /** Those it bids for; they do not overlap. */
  readonly slots: readonly MarketSlot[];
  /** Prices at which devices are asked what they want, besides those of the quantiles. */
  readonly levels: number;
  /** What part of what devices would do otherwise than planned each slot offers, in [0, 1]; default 1/number of such slots. */
  readonly share?: number;
}

const WH_PER_KWH = 1_000;
const KWH_PER_MWH = 1_000;

/**
 * Bids of a member with devices for all slots of a day, cleared at once and each without regard to the others. Its plan is
 * the least cost at retail and feed-in with the medians of its net demand; at price p a slot asks for
 *
 *   plan + share · (what devices take at p in this slot alone − plan) + (q_p − median)   with q_p as in `deviceBidCurve`
 *
 * The plan is safe whichever slots clear: what it trades would have been bought at retail, or sold at feed-in. A departure
 * from it is worth its price if its slot clears alone (the least cost is convex in what is traded, so in every part of the
 * departure too); where other slots have sold what it needs, it is made up at retail. A battery that offered all it has in
 * every slot would be sold several times over, so slots offer parts of it that add up to one unless `share` says otherwise.
 * @param terms its prices of electricity are not read: they are those of `retail`
 * @throws BIDS_INPUT, and as deviceBidCurve
 */
export function deviceDayBids(
  member: DeviceMember,
  terms: DeviceTerms,
  { net, retail, slots, levels, share }: DayForecast,
  solve: LpSolve,
): BidStep[][] {
  requireShare(share);
  const alone = { ...terms, prices: { ...terms.prices, electricity: outside(retail, terms.slots) } };
  const expected = withMedians(member, net);
  const [decision] = dispatchAlone([expected], alone, solve).members;
  const curves = slots.map((slot) => {
    const deviation = deviationIn(net, slot);
    const prices = bidPrices(deviation, retail, levels);
    const planned = exchangedWh(decision!, slot);
    return { deviation, prices, planned, wanted: wantedWh(expected, alone, slot, prices, solve) };
  });
  const elastic = curves.filter(({ planned, wanted }) => wanted.some((wh) => wh !== planned)).length;
  const part = share ?? 1 / Math.max(1, elastic);
  return curves.map(({ deviation, prices, planned, wanted }) => {
    // Towards the plan, so that parts do not add up to more than the whole.
    const offered = wanted.map((wh) => planned + Math.trunc(part * (wh - planned)));
    return bidSteps(withQuantiles(offered, deviation, retail, prices), prices);
  });
}

function requireShare(share = 0): void {
  if (share >= 0 && share <= 1) return;
  throw new DomainError('BIDS_INPUT', `expected a share from 0 to 1, got ${share}`);
}

function outside({ retailPerMwh, feedInPerMwh }: RetailTerms, slots: number) {
  const flat = (pricePerMwh: number): number[] =>
    Array.from({ length: slots }, () => pricePerMwh / KWH_PER_MWH);
  return { buyPerKwh: flat(retailPerMwh), sellPerKwh: flat(feedInPerMwh) };
}

/** The medians as what it draws, or as what the sun offers. */
function withMedians(member: DeviceMember, net: readonly NetQuantiles[]): DeviceMember {
  const electricity = net.map(({ p50Wh }) => Math.max(0, p50Wh) / WH_PER_KWH);
  const availableKwh = net.map(({ p50Wh }) => Math.max(0, -p50Wh) / WH_PER_KWH);
  const surplus: Device[] = availableKwh.some((kwh) => kwh > 0)
    ? [{ id: 'forecast surplus', type: 'pv', availableKwh }]
    : [];
  return { ...member, loadKwh: { ...member.loadKwh, electricity }, devices: [...surplus, ...member.devices] };
}

/** Quantiles of net demand about its median, added up over the slot. */
function deviationIn(net: readonly NetQuantiles[], { first, span }: MarketSlot): NetQuantiles {
  const within = net.slice(first, first + span);
  const from = (name: keyof NetQuantiles): number =>
    within.reduce((sum, quantiles) => sum + quantiles[name] - quantiles.p50Wh, 0);
  return { p10Wh: from('p10Wh'), p50Wh: 0, p90Wh: from('p90Wh') };
}
