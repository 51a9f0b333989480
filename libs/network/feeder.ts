import { DomainError } from '#core';
import { limitName, type Violation, violations } from './limit-check.ts';
import { networkOf, setPoints } from './network.ts';
import type { NetworkData } from './network-data.ts';
import { type FlowState, powerFlow } from './power-flow.ts';
import { radialTree, type Tree } from './tree.ts';

/** A radial feeder that trades are carried over, on top of what it consumes itself. */
export interface Feeder {
  readonly tree: Tree;
  /** Wh that one hour of 1 pu carries. */
  readonly whPerUnit: number;
  /** Net consumption by bus without any trade, per unit: declared load less generators at their set points. */
  readonly load: { readonly p: Float64Array; readonly q: Float64Array };
}

/** Power from one bus to another, per unit. */
export interface Carried {
  readonly from: number;
  readonly to: number;
  readonly quantity: number;
}

/** By how much, per unit, rounding may put a state past a limit that holds. */
const ROUNDING = 1e-9;
const NAMED_LIMITS = 20;
/** A flow that stands after more sweeps is so close to the collapse of voltage that it is no operating point. */
const MAX_SWEEPS = 200;

/**
 * @throws the codes of networkOf and radialTree, FEEDER_PERIODS unless its load is that of one period, FEEDER_OVERLOADED
 * where it breaks a limit before any trade
 */
export function feederOf(data: NetworkData): Feeder {
  const tree = radialTree(networkOf(data));
  const { periods } = tree.network;
  if (periods.length !== 1) {
    throw new DomainError('FEEDER_PERIODS', `expected one period of a feeder, got ${periods.length}`);
  }
  const feeder = { tree, whPerUnit: data.base.mva * 1e6, load: setPoints(periods[0]!) };
  const broken = brokenLimits(feeder, []);
  if (broken.length === 0) return feeder;
  throw new DomainError(
    'FEEDER_OVERLOADED',
    `expected a feeder within its limits before any trade, got ${broken.slice(0, 5).join('; ')} broken`,
    'invalid',
    { limits: broken.slice(0, NAMED_LIMITS) },
  );
}

/** The number of a bus by its name. @throws NETWORK_BUS_UNKNOWN */
export function busNamed({ tree: { network } }: Feeder, name: string): number {
  const bus = network.buses.findIndex(({ id }) => id === name);
  if (bus >= 0) return bus;
  const got = JSON.stringify(name.slice(0, 64));
  throw new DomainError('NETWORK_BUS_UNKNOWN', `expected a bus of the feeder, got ${got}`, 'invalid', {
    bus: name.slice(0, 64),
  });
}

/** Exact power flow of the feeder with trades on it; null past what it can carry. */
export function flowCarrying({ tree, load }: Feeder, carried: readonly Carried[]): FlowState | null {
  const p = load.p.slice();
  for (const { from, to, quantity } of carried) {
    p[from]! -= quantity;
    p[to]! += quantity;
  }
  try {
    return powerFlow(tree, p, load.q, undefined, MAX_SWEEPS);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'POWER_FLOW_DIVERGED') return null;
    throw error;
  }
}

/** Limits that are broken with these trades; `power flow` past what the feeder can carry. */
export function brokenLimits(feeder: Feeder, carried: readonly Carried[]): string[] {
  const state = flowCarrying(feeder, carried);
  return state === null
    ? ['power flow']
    : violationsOf(feeder, state).map((each) => limitName(feeder.tree, each));
}

/** What a state breaks beyond rounding. */
export const violationsOf = ({ tree }: Feeder, state: FlowState): Violation[] =>
  violations(tree, state, ROUNDING);
