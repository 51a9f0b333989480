import { lpBuilder, type SparseRows } from '#core';
import { type BoundedLeastSquares, leastSquaresUnder } from './balanced-least-squares.ts';
import type { Grid, GridHour } from './grid.ts';

/** An hour whose parts fit: demand + exports = generation + imports in every zone. */
export interface BalancedHour {
  readonly generation: Float64Array;
  readonly demand: Float64Array;
  /** Positive from → to. */
  readonly flow: Float64Array;
}

/** What data must not fall below, MWh. Storage may charge whatever it likes. */
export interface BalanceFloors {
  readonly demandMwh: number;
  readonly netGenerationMwh: number;
  readonly fuelMwh: number;
}

export interface ReconciliationRule {
  /** Data below it are no more certain than data of this size, MWh. */
  readonly gammaMwh: number;
  readonly floors: BalanceFloors;
}

/** γ as published. Their floors are 1 MWh each, which suits balancing areas and no smaller grid. */
export const PUBLISHED_RULE: ReconciliationRule = {
  gammaMwh: 10,
  floors: { demandMwh: 0, netGenerationMwh: 0, fuelMwh: 0 },
};

/** As published: 10 GWh. Only ratios of weights count; weights that are given beside computed ones are of its scale. */
const NUMERATOR_MWH = 1e4;
/** Of the weight of a stated value: one that nobody stated follows the others. */
const UNSTATED = 1e-6;

/** Weights of given data; NaN: by the rule. Shaped as the hour that they weigh. */
export type HourWeights = Omit<GridHour, 'named'>;

export interface Reconciliation extends BalancedHour {
  readonly netGeneration: Float64Array;
  readonly interchange: Float64Array;
  readonly iterations: number;
}

/**
 * The physics-informed data reconciliation of de Chalendar & Benson (Applied Energy 304, 117761, 2021), hour by hour:
 * the least Σ w Δ² over demand D, generation by fuel g, net generation NG, interchange TI and flows f, such that
 * NG = Σ g, TI = Σ f out − Σ f in, D + TI = NG, with w = 10⁴ / max(γ, |size|), D ≥ ε, NG ≥ ε, and g ≥ ε except of storage.
 * NG and TI count where one of `hours`, all that are to be reconciled, states them. `sizes` are usual values of the data
 * (published: means of ten days); by default the data themselves.
 * @throws BALANCE_INFEASIBLE
 */
export function reconciler(
  grid: Grid,
  rule: ReconciliationRule,
  hours: readonly GridHour[],
): (hour: GridHour, sizes?: HourWeights, weights?: HourWeights) => Reconciliation {
  const places = placesOf(grid, rule, hours);
  const solve = leastSquaresUnder(balances(grid, places), places.count);
  return (hour, sizes = hour, weights) => {
    const { x, iterations } = solve(programOf({ grid, places, rule }, hour, sizes, weights));
    return { ...partsOf(grid, places, x), iterations };
  };
}

/** Where the parts of an hour stand among the columns. */
interface Places {
  /** The first; sources begin at 0. */
  readonly demand: number;
  readonly flow: number;
  /** Of each zone; NONE where it is the sum of its parts and nothing else. */
  readonly netGeneration: Int32Array;
  readonly interchange: Int32Array;
  readonly count: number;
}

const NONE = -1;

function placesOf(
  { zones, sources, topology }: Grid,
  { floors }: ReconciliationRule,
  hours: readonly GridHour[],
): Places {
  const demand = sources.length;
  const flow = demand + zones.length;
  let count = flow + topology.from.length;
  const placed = (part: 'netGeneration' | 'interchange', always: boolean): Int32Array =>
    Int32Array.from(zones, (_, zone) => {
      if (!always && hours.every((hour) => Number.isNaN(hour[part][zone]!))) return NONE;
      count += 1;
      return count - 1;
    });
  const netGeneration = placed('netGeneration', floors.netGenerationMwh > 0);
  const interchange = placed('interchange', false);
  return { demand, flow, netGeneration, interchange, count };
}

type Terms = [column: number, coefficient: number][];

/** The balances of each zone, as rows that are to be 0. */
function balances({ zones, sources, topology }: Grid, places: Places): SparseRows {
  const generated: Terms[] = zones.map(() => []);
  const sent: Terms[] = zones.map(() => []);
  sources.forEach(({ zone }, source) => generated[zone]!.push([source, 1]));
  topology.from.forEach((zone, line) => sent[zone]!.push([places.flow + line, 1]));
  topology.to.forEach((zone, line) => sent[zone]!.push([places.flow + line, -1]));
  const builder = lpBuilder('minimize');
  for (let column = 0; column < places.count; column += 1) builder.column({});
  const balance = (...terms: Terms): void => void builder.row({ lower: 0, upper: 0 }, terms);
  /** The column of a total, tied to its parts; or the parts. */
  const total = (column: number, parts: Terms): Terms => {
    if (column === NONE) return parts;
    balance([column, -1], ...parts);
    return [[column, 1]];
  };
  zones.forEach((_, zone) => {
    const supply = total(places.netGeneration[zone]!, generated[zone]!);
    const exports = total(places.interchange[zone]!, sent[zone]!);
    balance([places.demand + zone, 1], ...supply.map(([at, sign]): Terms[0] => [at, -sign]), ...exports);
  });
  return builder.build().matrix;
}

interface Frame {
  readonly grid: Grid;
  readonly places: Places;
  readonly rule: ReconciliationRule;
}

function programOf(
  { grid, places, rule }: Frame,
  hour: GridHour,
  sizes: HourWeights,
  weights: HourWeights | undefined,
): BoundedLeastSquares {
  const { zones, sources, topology } = grid;
  const [target, weight] = [new Float64Array(places.count), new Float64Array(places.count)];
  const lower = new Float64Array(places.count).fill(-Infinity);
  const upper = new Float64Array(places.count).fill(Infinity);
  const byRule = (size: number): number => NUMERATOR_MWH / Math.max(rule.gammaMwh, Math.abs(size));
  const given = (part: keyof HourWeights, i: number): number => {
    const own = weights?.[part][i] ?? NaN;
    if (!Number.isNaN(own)) return own;
    return byRule(Number.isNaN(sizes[part][i]!) ? 0 : sizes[part][i]!);
  };
  const state = (column: number, part: keyof HourWeights, i: number, otherwise: number): void => {
    const value = hour[part][i]!;
    const isStated = !Number.isNaN(value);
    target[column] = isStated ? value : otherwise;
    weight[column] = isStated ? given(part, i) : UNSTATED * byRule(otherwise);
  };
  const fix = (column: number): void => void (lower[column] = upper[column] = target[column] = 0);
  sources.forEach(({ storage }, i) => {
    state(i, 'generation', i, 0);
    if (hour.named.sources[i] === 0) fix(i);
    else if (!storage) lower[i] = rule.floors.fuelMwh;
  });
  for (let line = 0; line < topology.from.length; line += 1) {
    const column = places.flow + line;
    stateFlow(hour, line, (report) => given(report, line), { target, weight, column });
    if (hour.named.lines[line] === 0) fix(column);
    if (weight[column] === 0) weight[column] = UNSTATED * byRule(0);
  }
  const implied = totalsOf(grid, target, target.subarray(places.flow));
  zones.forEach((_, i) => {
    const { [i]: generation = 0 } = implied.netGeneration;
    const { [i]: interchange = 0 } = implied.interchange;
    const [ofGeneration, ofInterchange] = [places.netGeneration[i]!, places.interchange[i]!];
    if (ofGeneration !== NONE) {
      state(ofGeneration, 'netGeneration', i, generation);
      if (rule.floors.netGenerationMwh > 0) lower[ofGeneration] = rule.floors.netGenerationMwh;
    }
    if (ofInterchange !== NONE) state(ofInterchange, 'interchange', i, interchange);
    state(places.demand + i, 'demand', i, generation - interchange);
    if (hour.named.zones[i] === 0) fix(places.demand + i);
    else lower[places.demand + i] = rule.floors.demandMwh;
  });
  return { target, weight, lower, upper };
}

/** One measurement of a line that two ends measured: their mean by weight, with the weight of both. */
function stateFlow(
  { flowFrom, flowTo }: GridHour,
  line: number,
  given: (report: 'flowFrom' | 'flowTo') => number,
  { target, weight, column }: { target: Float64Array; weight: Float64Array; column: number },
): void {
  let sum = 0;
  for (const [report, value] of [
    ['flowFrom', flowFrom[line]!],
    ['flowTo', flowTo[line]!],
  ] as const) {
    if (Number.isNaN(value)) continue;
    weight[column]! += given(report);
    sum += given(report) * value;
  }
  target[column] = weight[column] === 0 ? 0 : sum / weight[column]!;
}

/** Generation and net exports of each zone. */
export function totalsOf(
  { zones, sources, topology }: Grid,
  generation: Float64Array,
  flow: Float64Array,
): { netGeneration: Float64Array; interchange: Float64Array } {
  const [netGeneration, interchange] = [new Float64Array(zones.length), new Float64Array(zones.length)];
  sources.forEach(({ zone }, source) => (netGeneration[zone]! += generation[source]!));
  topology.from.forEach((zone, line) => (interchange[zone]! += flow[line]!));
  topology.to.forEach((zone, line) => (interchange[zone]! -= flow[line]!));
  return { netGeneration, interchange };
}

/** The solver leaves balances to a rounding; demand takes it, so that they hold as sums of what is returned. */
function partsOf(grid: Grid, places: Places, x: Float64Array): Omit<Reconciliation, 'iterations'> {
  const generation = x.slice(0, grid.sources.length);
  const flow = x.slice(places.flow, places.flow + grid.topology.from.length);
  const totals = totalsOf(grid, generation, flow);
  const demand = totals.netGeneration.map((generated, i) => {
    const rest = generated - totals.interchange[i]!;
    const solved = x[places.demand + i]!;
    return Math.abs(solved) === 0 && Math.abs(rest) < ROUNDING * Math.max(1, Math.abs(generated)) ? 0 : rest;
  });
  return { generation, demand, flow, ...totals };
}

/** Of a zone's generation: demand that is 0 stays 0. */
const ROUNDING = 1e-9;
