import { DomainError, type LpSolve } from '#core';
import {
  type FlowState,
  type NetworkData,
  type Tree,
  admitTrades,
  baranWu33,
  limitName,
  losses,
  networkOf,
  powerFlow,
  radialTree,
  setPoints,
  violations,
} from '#network';
import { networkData, orPandapower, powerFlowInput } from '#studies';
import { readInput } from '../input.ts';

/** The feeder that trades are checked against, with what its own buses consume. */
export interface Feeder {
  readonly name: string;
  readonly tree: Tree;
  /** kW that make 1 pu. */
  readonly kwPerUnit: number;
}

/** A trade of one hour between two sites. */
export interface CheckedTrade {
  readonly startsAt: string;
  readonly seller: string;
  readonly buyer: string;
  readonly quantityWh: number;
}

/** One hour of the feeder with every trade carried as cleared. */
interface FeederHour {
  readonly startsAt: string;
  readonly trades: number;
  /** Per unit; null where there is no power flow. */
  readonly lowestVoltage: number | null;
  readonly lossKw: number | null;
  /** Limits that the cleared trades break; `power flow` where the feeder cannot carry them at all. */
  readonly broken: readonly string[];
}

/** What the feeder says of cleared trades. A check after clearing: nothing is withdrawn. */
export interface FeederReport {
  readonly name: string;
  readonly places: readonly { readonly site: string; readonly bus: string }[];
  /** Of the feeder's own consumption, without a trade. */
  readonly alone: { readonly lowestVoltage: number; readonly lossKw: number };
  readonly hours: readonly FeederHour[];
  /** Trades that the feeder does not carry whole. */
  readonly notAdmitted: readonly (CheckedTrade & {
    readonly admittedWh: number;
    readonly limits: readonly string[];
  })[];
}

/** Where the published feeder has none: ±10 % (EN 50160). */
const VOLTAGE_LIMITS = { vmin: 0.9, vmax: 1.1 };
const TOLERANCE = 1e-6;

/**
 * The feeder of `--feeder`: the 33-bus feeder, a file of `market network`, or none.
 * @throws FILE_…, INPUT_…, NETWORK_…, FEEDER_PERIODS, FEEDER_OVERLOADED where its own consumption breaks a limit
 */
export async function readFeeder(source: string, pricePerKwh: number): Promise<Feeder | null> {
  if (source === 'none') return null;
  const data: NetworkData = source === 'ieee33' ? withLimits() : await fileOf(source);
  const tree = radialTree(networkOf({ ...data, price: pricePerKwh }));
  if (tree.network.periods.length !== 1) {
    const periods = tree.network.periods.length;
    throw new DomainError('FEEDER_PERIODS', `expected one period of a feeder, got ${periods}`);
  }
  const feeder = { name: source, tree, kwPerUnit: 1_000 * data.base.mva };
  const [first] = violations(tree, flowOf(feeder, []), TOLERANCE);
  if (first !== undefined) {
    const limit = limitName(tree, first);
    throw new DomainError('FEEDER_OVERLOADED', `expected a feeder within its limits before any trade, got ${limit} broken`, 'invalid', { limit }); // prettier-ignore
  }
  return feeder;
}

function withLimits(): NetworkData {
  const data = baranWu33();
  return { ...data, buses: data.buses.map((bus) => ({ ...bus, ...VOLTAGE_LIMITS })) };
}

const fileOf = async (path: string): Promise<NetworkData> =>
  networkData(await readInput(path, orPandapower(powerFlowInput, {})));

/** Bus numbers of sites, in their order, evenly over all buses but the root; several at one where buses are few. */
function placesOf({ tree }: Feeder, sites: readonly string[]): ReadonlyMap<string, number> {
  const { buses, root } = tree.network;
  const free = buses.map((_, i) => i).filter((i) => i !== root);
  return new Map(sites.map((site, i) => [site, free[Math.floor(((i + 0.5) * free.length) / sites.length)]!]));
}

interface Carried {
  readonly from: number;
  readonly to: number;
  /** Per unit. */
  readonly quantity: number;
}

function flowOf({ tree }: Feeder, carried: readonly Carried[]) {
  const { p, q } = setPoints(tree.network.periods[0]!);
  for (const { from, to, quantity } of carried) {
    p[from]! -= quantity;
    p[to]! += quantity;
  }
  return powerFlow(tree, p, q);
}

/** Null past what the feeder can carry. */
function flowIfAny(feeder: Feeder, carried: readonly Carried[]): FlowState | null {
  try {
    return flowOf(feeder, carried);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'POWER_FLOW_DIVERGED') return null;
    throw error;
  }
}

function hourOf(feeder: Feeder, startsAt: string, carried: readonly Carried[]): FeederHour {
  const { tree, kwPerUnit } = feeder;
  const hour = { startsAt, trades: carried.length };
  const state = flowIfAny(feeder, carried);
  if (state === null) return { ...hour, lowestVoltage: null, lossKw: null, broken: ['power flow'] };
  return {
    ...hour,
    lowestVoltage: lowestOf(state),
    lossKw: losses(tree, state).p * kwPerUnit,
    broken: violations(tree, state, TOLERANCE).map((violation) => limitName(tree, violation)),
  };
}

const lowestOf = ({ v }: { readonly v: Float64Array }): number => Math.sqrt(Math.min(...v));

/**
 * Carries each hour's cleared trades over the feeder, on top of what it consumes itself, by exact power flow, and asks which
 * of them network-constrained trade would admit. A traded kWh is worth `gainPerKwh` to the two, retail less feed-in price:
 * no limit of an order is known here.
 * @throws NETWORK_…
 */
export function checkTrades(
  feeder: Feeder,
  sites: readonly string[],
  trades: readonly CheckedTrade[],
  terms: { readonly gainPerKwh: number; readonly solve: LpSolve },
): FeederReport {
  const { tree, kwPerUnit } = feeder;
  const places = placesOf(feeder, sites);
  const hours = [...new Set(trades.map(({ startsAt }) => startsAt))].toSorted();
  const alone = flowOf(feeder, []);
  const checked = hours.map((startsAt) => {
    const ofHour = trades.filter((trade) => trade.startsAt === startsAt);
    const proposed = ofHour.map(({ seller, buyer, quantityWh }, i) => ({
      id: String(i),
      from: places.get(seller)!,
      to: places.get(buyer)!,
      quantity: quantityWh / 1_000 / kwPerUnit,
      gain: terms.gainPerKwh,
    }));
    const notAdmitted = admitTrades(tree, 0, proposed, terms.solve).trades.flatMap((trade, i) =>
      trade.status === 'ADMITTED'
        ? []
        : [
            {
              ...ofHour[i]!,
              admittedWh: Math.floor(trade.admitted * kwPerUnit * 1_000),
              limits: trade.limits.map(({ limit }) => limit),
            },
          ],
    );
    return { hour: hourOf(feeder, startsAt, proposed), notAdmitted };
  });
  return {
    name: feeder.name,
    places: sites.map((site) => ({ site, bus: tree.network.buses[places.get(site)!]!.id })),
    alone: { lowestVoltage: lowestOf(alone), lossKw: losses(tree, alone).p * kwPerUnit },
    hours: checked.map(({ hour }) => hour),
    notAdmitted: checked.flatMap(({ notAdmitted }) => notAdmitted),
  };
}
