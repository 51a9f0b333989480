import { busierEnd, type FlowState, limitName, losses, type Tree, type Violation } from '#network';

/** As the caller wrote it. */
export type BusName = string | number;

/** Voltage of a bus: per unit, and degrees where the model has angles. */
export interface BusVoltage {
  readonly id: BusName;
  readonly vm: number;
  readonly va?: number;
}

/** Flow of a line at its `from` end, in the caller's unit; negative towards `from`. */
export interface LineFlow {
  readonly from: BusName;
  readonly to: BusName;
  readonly p: number;
  readonly q: number;
  /** Apparent power at the busier end. */
  readonly s: number;
  readonly loss: number;
  /** s as a share of the limit. */
  readonly loading?: number;
}

export interface BrokenLimit {
  readonly limit: string;
  /** Voltages per unit, flows in the caller's unit. */
  readonly value: number;
  readonly bound: number;
}

/** A state of a radial feeder in the caller's unit. */
export interface FlowView {
  readonly voltages: readonly BusVoltage[];
  readonly flows: readonly LineFlow[];
  readonly losses: { readonly p: number; readonly q: number };
  /** What the root supplies to the feeder, its own consumption included. */
  readonly supply: { readonly p: number; readonly q: number };
  readonly lowest: BusVoltage;
  readonly highest: BusVoltage;
}

/** Zero without a sign. */
const plain = (value: number): number => (value === 0 ? 0 : value);

export function flowView(tree: Tree, names: readonly BusName[], state: FlowState): FlowView {
  const { network, positionOf } = tree;
  const unit = network.powerUnit;
  const voltages = names.map((id, bus): BusVoltage => {
    const k = positionOf[bus]!;
    const va = state.angle === null ? {} : { va: plain((state.angle[k]! * 180) / Math.PI) };
    return { id, vm: Math.sqrt(state.v[k]!), ...va };
  });
  const lost = losses(tree, state);
  const byVoltage = voltages.toSorted((a, b) => a.vm - b.vm);
  return {
    voltages,
    flows: network.lines.map((_, l) => lineFlow(tree, names, state, l)),
    losses: { p: lost.p * unit, q: lost.q * unit },
    supply: { p: plain(state.p[0]! * unit), q: plain(state.q[0]! * unit) },
    lowest: byVoltage[0]!,
    highest: byVoltage.at(-1)!,
  };
}

function lineFlow(tree: Tree, names: readonly BusName[], state: FlowState, l: number): LineFlow {
  const { network, parent, positionOf } = tree;
  const { from, to, limit } = network.lines[l]!;
  const [atFrom, atTo] = [positionOf[from]!, positionOf[to]!];
  const outwards = parent[atTo] === atFrom;
  const k = outwards ? atTo : atFrom;
  const lost = { p: tree.r[k]! * state.current[k]!, q: tree.x[k]! * state.current[k]! };
  const { s } = busierEnd(tree, state, k);
  const flow = outwards
    ? { p: state.p[k]!, q: state.q[k]! }
    : { p: lost.p - state.p[k]!, q: lost.q - state.q[k]! };
  const unit = network.powerUnit;
  return {
    from: names[from]!,
    to: names[to]!,
    p: plain(flow.p * unit),
    q: plain(flow.q * unit),
    s: s * unit,
    loss: lost.p * unit,
    ...(limit === Infinity ? {} : { loading: s / limit }),
  };
}

export const brokenLimits = (tree: Tree, broken: readonly Violation[]): BrokenLimit[] =>
  broken.map((violation) => {
    const unit = violation.kind === 'line' ? tree.network.powerUnit : 1;
    return {
      limit: limitName(tree, violation),
      value: violation.value * unit,
      bound: violation.limit * unit,
    };
  });

/** One period stands at the top level of a result, several in `periods`. */
export const asResult = <T extends object>(periods: readonly T[]): T | { readonly periods: readonly T[] } =>
  periods.length === 1 ? periods[0]! : { periods };

/** The periods of such a result again. */
export const periodsOf = <T extends object>(result: T | { readonly periods: readonly T[] }): readonly T[] =>
  'periods' in result ? result.periods : [result];
