import {
  baranWu33,
  brokenLimits,
  type Carried,
  type Feeder,
  feederOf,
  flowCarrying,
  losses,
  type NetworkData,
} from '#network';
import { networkData, orPandapower, powerFlowInput } from '#studies';
import { readInput } from '../input.ts';

/** The feeder that the demo's session honours. */
export interface DemoFeeder {
  readonly name: string;
  readonly feeder: Feeder;
  /** As `addFeeder` takes it. */
  readonly network: object;
  readonly kwPerUnit: number;
}

/** A trade of one hour between two sites. */
export interface CheckedTrade {
  readonly startsAt: string;
  readonly seller: string;
  readonly buyer: string;
  readonly quantityWh: number;
}

/** What the platform says of an hour on the feeder. */
export interface FeederSlot {
  readonly startsAt: string;
  readonly withdrawnWh: number;
  /** Limits that held trades back. */
  readonly binding: readonly string[];
}

/** One hour of the feeder with the trades that are left. */
interface FeederHour extends FeederSlot {
  readonly trades: number;
  /** Per unit; null where there is no power flow. */
  readonly lowestVoltage: number | null;
  readonly lossKw: number | null;
  /** Limits that these trades break: none, where the platform withdrew what it had to. */
  readonly broken: readonly string[];
}

/** What became of trades on the feeder, computed again from what members see. */
export interface FeederReport {
  readonly name: string;
  readonly places: readonly { readonly site: string; readonly bus: string }[];
  /** Of the feeder's own consumption, without a trade. */
  readonly alone: { readonly lowestVoltage: number; readonly lossKw: number };
  readonly hours: readonly FeederHour[];
  readonly withdrawnWh: number;
}

/** Where the published feeder has none: ±10 % (EN 50160). */
const VOLTAGE_LIMITS = { vmin: 0.9, vmax: 1.1 };

/**
 * The feeder of `--feeder`: the 33-bus feeder, a file of `market network`, or none.
 * @throws FILE_…, INPUT_…, NETWORK_…, FEEDER_PERIODS, FEEDER_OVERLOADED where its own consumption breaks a limit
 */
export async function readFeeder(source: string): Promise<DemoFeeder | null> {
  if (source === 'none') return null;
  const data: NetworkData = source === 'ieee33' ? withLimits() : await fileOf(source);
  const { powerUnit, ...network } = data;
  // Infinity is no JSON: a limit that is none is left out.
  const finite = JSON.stringify({ ...network, unit: powerUnit }, (_, value: unknown) =>
    value === Infinity ? undefined : value,
  );
  return {
    name: source,
    feeder: feederOf(data),
    network: JSON.parse(finite) as object,
    kwPerUnit: 1_000 * data.base.mva,
  };
}

function withLimits(): NetworkData {
  const data = baranWu33();
  return { ...data, buses: data.buses.map((bus) => ({ ...bus, ...VOLTAGE_LIMITS })) };
}

const fileOf = async (path: string): Promise<NetworkData> =>
  networkData(await readInput(path, orPandapower(powerFlowInput, {})));

/** Bus numbers of sites, in their order, evenly over all buses but the root; several at one where buses are few. */
function placesOf({ feeder }: DemoFeeder, sites: readonly string[]): ReadonlyMap<string, number> {
  const { buses, root } = feeder.tree.network;
  const free = buses.map((_, i) => i).filter((i) => i !== root);
  return new Map(sites.map((site, i) => [site, free[Math.floor(((i + 0.5) * free.length) / sites.length)]!]));
}

/** Names of the buses of sites. */
export function busesOf(feeder: DemoFeeder, sites: readonly string[]): { site: string; bus: string }[] {
  const { buses } = feeder.feeder.tree.network;
  return [...placesOf(feeder, sites)].map(([site, bus]) => ({ site, bus: buses[bus]!.id }));
}

/** Null past what the feeder can carry. */
function carrying({ feeder, kwPerUnit }: DemoFeeder, carried: readonly Carried[]) {
  const state = flowCarrying(feeder, carried);
  if (state === null) return null;
  return {
    lowestVoltage: Math.sqrt(Math.min(...state.v)),
    lossKw: losses(feeder.tree, state).p * kwPerUnit,
  };
}

/** Carries each hour's trades, as they were left, over the feeder on top of what it consumes itself, by exact power flow. */
export function checkTrades(
  demo: DemoFeeder,
  sites: readonly string[],
  trades: readonly CheckedTrade[],
  slots: readonly FeederSlot[],
): FeederReport {
  const places = placesOf(demo, sites);
  const hours = slots.flatMap((slot): FeederHour[] => {
    const ofHour = trades.filter(({ startsAt }) => startsAt === slot.startsAt);
    if (ofHour.length === 0 && slot.withdrawnWh === 0) return [];
    const carried = ofHour.map(({ seller, buyer, quantityWh }) => ({
      from: places.get(seller)!,
      to: places.get(buyer)!,
      quantity: quantityWh / demo.feeder.whPerUnit,
    }));
    const flow = carrying(demo, carried) ?? { lowestVoltage: null, lossKw: null };
    return [{ ...slot, ...flow, trades: ofHour.length, broken: brokenLimits(demo.feeder, carried) }];
  });
  return {
    name: demo.name,
    places: busesOf(demo, sites),
    alone: carrying(demo, [])!,
    hours,
    withdrawnWh: hours.reduce((sum, { withdrawnWh }) => sum + withdrawnWh, 0),
  };
}
