import {
  exactAmount,
  HOUR_MS,
  type Interval,
  type LpSolve,
  roundDiv,
  toSafeInteger,
  WH_PER_MWH,
} from '#core';
import { type ClearingResult, curtailed, limitsOf, type Order, type Trade } from '#market';
import { admitSlot, type CarriedTrade, type Feeder, type SlotAdmission, type SlotTrade } from '#network';

/** The feeder of a session, and at which of its buses (by number) participants are. */
export interface SessionFeeder {
  readonly feeder: Feeder;
  readonly busOf: ReadonlyMap<string, number>;
  readonly solve: LpSolve;
}

/** A trade of the mechanism and as much of it as the feeder carries. */
export interface Carriage extends Omit<CarriedTrade, 'id' | 'chargePerMwh'> {
  /** As the mechanism gave it. */
  readonly trade: Trade;
  /** What carrying it costs others, minor units; reported, not charged. */
  readonly networkChargeMinor: number;
  readonly buyer: Place;
  readonly seller: Place;
}

/** Where a party is; the voltage is per unit. */
interface Place {
  readonly bus: string;
  readonly voltage: number;
}

export interface CarriedSlot {
  /** What is carried out, with a certificate that says so. */
  readonly result: ClearingResult;
  /** Every trade of the mechanism, in its order. */
  readonly carriages: readonly Carriage[];
}

/** The step between mechanism and storage: withdraws of a slot's trades what the session's feeder does not carry. */
export function carrySlot(
  { feeder, busOf, solve }: SessionFeeder,
  slot: Interval,
  result: ClearingResult,
  orders: readonly Order[],
): CarriedSlot {
  const limits = limitsOf(result.trades, orders);
  const proposed = result.trades.map((trade, i): SlotTrade => ({
    id: `${trade.buyOrder} ${trade.sellOrder} ${i}`,
    from: busOf.get(trade.seller)!,
    to: busOf.get(trade.buyer)!,
    quantityWh: trade.quantityWh,
    gainPerMwh: limits[i]!.bidPerMwh - limits[i]!.askPerMwh,
  }));
  const admission = admitSlot(feeder, proposed, { hours: (slot.endMs - slot.startMs) / HOUR_MS, solve });
  const admittedWh = admission.trades.map((each) => each.admittedWh);
  const carried = curtailed(result, orders, admittedWh);
  const withdrawnWh = result.quantityWh - carried.quantityWh;
  const network = { ...networkStatement(feeder, admission), withdrawnWh };
  return {
    result: { ...carried, certificate: { ...carried.certificate, network } },
    carriages: admission.trades.map((each, i) => ({
      trade: result.trades[i]!,
      admittedWh: each.admittedWh,
      limits: each.limits,
      networkChargeMinor: chargeOf(each),
      buyer: placeOf(feeder, admission, proposed[i]!.to),
      seller: placeOf(feeder, admission, proposed[i]!.from),
    })),
  };
}

const chargeOf = ({ admittedWh, chargePerMwh }: CarriedTrade): number =>
  toSafeInteger(roundDiv(exactAmount(admittedWh, chargePerMwh), WH_PER_MWH));

const voltageAt = ({ tree }: Feeder, { state }: SlotAdmission, bus: number): number =>
  Math.sqrt(state.v[tree.positionOf[bus]!]!);

const placeOf = (feeder: Feeder, admission: SlotAdmission, bus: number): Place => ({
  bus: feeder.tree.network.buses[bus]!.id,
  voltage: voltageAt(feeder, admission, bus),
});

/** What everybody may know of a slot on the feeder. A type, so that it is Json in certificates. */
export type NetworkStatement = {
  readonly method: SlotAdmission['method'];
  readonly withdrawnWh: number;
  readonly binding: readonly string[];
  readonly lowestVoltage: number;
  readonly highestVoltage: number;
  readonly prices: readonly {
    readonly bus: string;
    readonly congestionPerMwh: number;
    readonly voltagePerMwh: number;
  }[];
};

function networkStatement(feeder: Feeder, admission: SlotAdmission): Omit<NetworkStatement, 'withdrawnWh'> {
  const { buses } = feeder.tree.network;
  const voltages = buses.map((_, bus) => voltageAt(feeder, admission, bus));
  const prices = (admission.prices ?? []).map(({ bus, congestion, voltage }) => ({
    bus: buses[bus]!.id,
    congestionPerMwh: Math.round(congestion) + 0,
    voltagePerMwh: Math.round(voltage) + 0,
  }));
  return {
    method: admission.method,
    binding: admission.binding,
    lowestVoltage: Math.min(...voltages),
    highestVoltage: Math.max(...voltages),
    prices: prices.filter(
      ({ congestionPerMwh, voltagePerMwh }) => congestionPerMwh !== 0 || voltagePerMwh !== 0,
    ),
  };
}
