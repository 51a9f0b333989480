import { DomainError, apportion } from '#core';
import { type CurvePoint, type CurveShape, type DemandAt, type DemandCurve } from './demand-curve.ts';
import { aggregate, demandAt, demandCurve, zeroDemand } from './demand-curve.ts';
import { requireK } from './clearing-options.ts';

/** A device agent with its bid curve; it reports to a concentrator or, without one, to the auctioneer. */
export interface CurveAgent {
  readonly id: string;
  readonly member: string;
  readonly points: readonly CurvePoint[];
  readonly parent?: string;
}

/** Adds up what reports to it, and reports that. */
export interface Concentrator {
  readonly id: string;
  readonly parent?: string;
}

export interface CurveOptions {
  readonly shape?: CurveShape;
  /** Where in the interval of prices without net demand the price lies, default 0.5. */
  readonly k?: number;
  /** Prices end here; default at the outermost points of all curves. */
  readonly minPricePerMwh?: number;
  readonly maxPricePerMwh?: number;
}

export interface CurveClearing {
  /** Null without agents. */
  readonly pricePerMwh: number | null;
  /** Who delivers to whom at the one price; what a member would deliver to itself is left out. */
  readonly trades: readonly {
    readonly buyOrder: string;
    readonly sellOrder: string;
    readonly quantityWh: number;
  }[];
  /** Whole Wh of every agent, in the order of ids, positive bought; they sum to zero. */
  readonly positions: readonly { readonly id: string; readonly member: string; readonly demandWh: number }[];
  /** What is net bought below every concentrator, in the order of ids. */
  readonly concentrators: readonly { readonly id: string; readonly demandWh: number }[];
  /** Σ bought, Wh. */
  readonly quantityWh: number;
  readonly certificate: CurveCertificate;
}

/** Net demand that is not negative just below the price and not positive just above proves an equilibrium: no welfare is left. */
export interface CurveCertificate {
  readonly mechanism: 'demand-curves/1';
  readonly solver: 'tree-aggregation';
  readonly status: 'CLEARED' | 'NOT_CLEARED';
  readonly reason: 'NO_ORDERS' | 'NO_BUY_ORDERS' | 'NO_SELL_ORDERS' | 'PRICES_DO_NOT_CROSS' | null;
  readonly agents: number;
  readonly pricePerMwh: number | null;
  readonly zeroDemandInterval: { readonly lowPerMwh: number | null; readonly highPerMwh: number | null };
  readonly netDemandWh: DemandAt;
  /** Who gets less than it wants at the price, pro rata, where prices end before demand and supply meet. */
  readonly rationed: 'buyers' | 'sellers' | null;
  readonly budgetResidualExact: 0n;
}

export const MAX_CURVES = 100_000;

/**
 * Multi-agent market of bid curves (PowerMatcher: Kok, Warmer & Kamphuis 2005): curves are added up through the tree, the
 * price is that of zero net demand, k within the interval where there are several, and goes back down. Steps at the price are
 * shared pro rata by their size, so that energy balances; where prices end first, the long side is.
 * Whole Wh by largest remainder, the price rounded to the nearest unit: what it is exact to.
 * @throws CURVE_DUPLICATE, CURVE_TREE, CURVES_TOO_MANY, MARKET_OPTIONS and what demandCurve throws
 */
export function clearCurves(
  agents: readonly CurveAgent[],
  concentrators: readonly Concentrator[] = [],
  options: CurveOptions = {},
): CurveClearing {
  const { shape = 'linear', k = 0.5 } = options;
  requireK(k);
  const tree = treeOf(agents, concentrators);
  const curves = new Map(agents.map(({ id, points }) => [id, demandCurve(id, points, shape)]));
  const net = tree.sum(curves);
  const range = rangeOf(net, options);
  const interval = zeroDemand(net);
  const price = priceOf(net, interval, range, k);
  const ordered = agents.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const wanted = ordered.map(({ id }) => demandAt(curves.get(id)!, price));
  const netDemandWh = totalOf(wanted);
  const shares = shareOut(wanted, netDemandWh);
  const positions = ordered.map(({ id, member }, i) => ({ id, member, demandWh: shares[i]! }));
  const quantityWh = positions.reduce((sum, { demandWh }) => sum + Math.max(0, demandWh), 0);
  const pricePerMwh = agents.length === 0 ? null : Math.round(price);
  return {
    pricePerMwh,
    trades: pairUp(positions),
    positions,
    concentrators: tree.totals(new Map(positions.map(({ id, demandWh }) => [id, demandWh]))),
    quantityWh,
    certificate: {
      mechanism: 'demand-curves/1',
      solver: 'tree-aggregation',
      ...statusOf(quantityWh, curves),
      agents: agents.length,
      pricePerMwh,
      zeroDemandInterval: {
        lowPerMwh: interval && Math.max(interval.low, range.min),
        highPerMwh: interval && Math.min(interval.high, range.max),
      },
      netDemandWh,
      rationed: longSide(netDemandWh),
      budgetResidualExact: 0n,
    },
  };
}

/** Any pairing is right at one price: both sides in the order of ids. */
function pairUp(positions: CurveClearing['positions']): CurveClearing['trades'] {
  const sells = positions.filter(({ demandWh }) => demandWh < 0);
  let [at, offeredWh] = [-1, 0];
  const trades: CurveClearing['trades'][number][] = [];
  for (const buy of positions) {
    for (let leftWh = buy.demandWh; leftWh > 0;) {
      if (offeredWh === 0) offeredWh = -sells[++at]!.demandWh;
      const quantityWh = Math.min(leftWh, offeredWh);
      [leftWh, offeredWh] = [leftWh - quantityWh, offeredWh - quantityWh];
      const sell = sells[at]!;
      if (sell.member !== buy.member) trades.push({ buyOrder: buy.id, sellOrder: sell.id, quantityWh });
    }
  }
  return trades;
}

const totalOf = (wanted: readonly DemandAt[]): DemandAt => ({
  below: wanted.reduce((sum, { below }) => sum + below, 0),
  above: wanted.reduce((sum, { above }) => sum + above, 0),
});

/** What rounding of doubles leaves of Wh is no demand. */
const NOTHING_WH = 1e-6;

function longSide({ below, above }: DemandAt): CurveCertificate['rationed'] {
  if (above > NOTHING_WH) return 'buyers';
  return below < -NOTHING_WH ? 'sellers' : null;
}

function statusOf(
  quantityWh: number,
  curves: ReadonlyMap<string, DemandCurve>,
): Pick<CurveCertificate, 'status' | 'reason'> {
  return quantityWh > 0
    ? { status: 'CLEARED', reason: null }
    : { status: 'NOT_CLEARED', reason: reasonOf([...curves.values()]) };
}

interface PriceRange {
  readonly min: number;
  readonly max: number;
}

function rangeOf({ prices }: DemandCurve, { minPricePerMwh, maxPricePerMwh }: CurveOptions): PriceRange {
  const [min, max] = [minPricePerMwh ?? prices[0]!, maxPricePerMwh ?? prices.at(-1)!];
  if ([min, max].every(Number.isSafeInteger) && min <= max) return { min, max };
  throw new DomainError(
    'MARKET_OPTIONS',
    `expected a least price at most the greatest, got ${min} and ${max}`,
  );
}

function priceOf(
  net: DemandCurve,
  interval: ReturnType<typeof zeroDemand>,
  { min, max }: PriceRange,
  k: number,
): number {
  if (interval === null) return net.above.at(-1)! > 0 ? max : min;
  const within = (price: number): number => Math.min(max, Math.max(min, price));
  const [low, high] = [within(interval.low), within(interval.high)];
  return low + k * (high - low);
}

/** Whole Wh that sum to zero: everybody's least plus a share of its step at the price, or the long side cut to the short one. */
function shareOut(wanted: readonly DemandAt[], total: DemandAt): number[] {
  const long = longSide(total);
  if (long === 'buyers') return balanced(cut(wanted.map(({ above }) => above), 1)); // prettier-ignore
  if (long === 'sellers') return balanced(cut(wanted.map(({ below }) => below), -1)); // prettier-ignore
  const step = total.below - total.above;
  const part = step === 0 ? 0 : Math.min(1, Math.max(0, -total.above / step));
  return balanced(wanted.map(({ below, above }) => above + part * (below - above)));
}

/** The demands of one sign scaled down to what the other sign leaves. */
function cut(demands: readonly number[], long: 1 | -1): number[] {
  const sumOf = (sign: number): number =>
    demands.reduce((sum, demand) => sum + Math.max(0, demand * sign), 0);
  const scale = sumOf(-long) / sumOf(long);
  return demands.map((demand) => (demand * long > 0 ? demand * scale : demand));
}

/** Real numbers that sum to about zero → whole ones that do exactly, each side by largest remainder. */
function balanced(demands: readonly number[]): number[] {
  // Millionths keep the remainders; the two sides then differ by what the doubles left.
  const micro = demands.map((demand) => BigInt(Math.round(Math.abs(demand) * 1e6)));
  const sideOf = (buys: boolean): bigint[] => micro.map((wh, i) => (demands[i]! > 0 === buys ? wh : 0n));
  const [bought, sold] = [sideOf(true), sideOf(false)];
  const [most, least] = [added(bought), added(sold)].toSorted((a, b) => (a > b ? -1 : 1)) as [bigint, bigint];
  // A whole number that both sides can reach to within their rounding.
  const quantity = (most + least + 1_000_000n) / 2_000_000n;
  if (least === 0n || quantity === 0n) return demands.map(() => 0);
  const [buys, sells] = [apportion(quantity, bought), apportion(quantity, sold)];
  return demands.map((_, i) => Number(buys[i]! - sells[i]!));
}

const added = (values: readonly bigint[]): bigint => values.reduce((a, b) => a + b, 0n);

function reasonOf(curves: readonly DemandCurve[]): CurveCertificate['reason'] {
  if (curves.length === 0) return 'NO_ORDERS';
  if (curves.every(({ below }) => below[0]! <= 0)) return 'NO_BUY_ORDERS';
  if (curves.every(({ above }) => above.at(-1)! >= 0)) return 'NO_SELL_ORDERS';
  return 'PRICES_DO_NOT_CROSS';
}

/** Adds up curves and positions from the leaves to the root. */
interface Tree {
  sum(curves: ReadonlyMap<string, DemandCurve>): DemandCurve;
  totals(demandWh: ReadonlyMap<string, number>): CurveClearing['concentrators'];
}

function treeOf(agents: readonly CurveAgent[], concentrators: readonly Concentrator[]): Tree {
  if (agents.length + concentrators.length > MAX_CURVES) {
    const count = agents.length + concentrators.length;
    throw new DomainError('CURVES_TOO_MANY', `expected at most ${MAX_CURVES} curves, got ${count}`, 'limit');
  }
  const parents = new Map<string, string | undefined>();
  for (const { id, parent } of [...agents, ...concentrators]) {
    if (parents.has(id)) throw new DomainError('CURVE_DUPLICATE', `expected each id once, got ${id} twice`);
    parents.set(id, parent);
  }
  const known = new Set(concentrators.map(({ id }) => id));
  for (const [id, parent] of parents) {
    if (parent !== undefined && !known.has(parent)) {
      throw new DomainError('CURVE_TREE', `expected ${id} to report to a concentrator, got ${parent}`);
    }
  }
  const bottomUp = bottomUpOf(concentrators);
  const childrenOf = new Map<string | undefined, string[]>();
  for (const [id, parent] of [...parents].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), id]);
  }
  const children = (of: string | undefined): string[] => childrenOf.get(of) ?? [];
  return {
    sum(curves) {
      const all = new Map(curves);
      for (const id of bottomUp) all.set(id, aggregate(children(id).map((child) => all.get(child)!)));
      return aggregate(children(undefined).map((id) => all.get(id)!));
    },
    totals(demandWh) {
      const all = new Map(demandWh);
      for (const id of bottomUp)
        all.set(
          id,
          children(id).reduce((sum, child) => sum + all.get(child)!, 0),
        );
      return [...known].toSorted().map((id) => ({ id, demandWh: all.get(id)! }));
    },
  };
}

/** Concentrators, children before parents. @throws CURVE_TREE for a circle */
function bottomUpOf(concentrators: readonly Concentrator[]): string[] {
  const waiting = new Map(concentrators.map(({ id }) => [id, 0]));
  for (const { parent } of concentrators) {
    if (parent !== undefined) waiting.set(parent, waiting.get(parent)! + 1);
  }
  const parentOf = new Map(concentrators.map(({ id, parent }) => [id, parent]));
  const order = [...waiting].flatMap(([id, count]) => (count === 0 ? [id] : [])).toSorted();
  for (const id of order) {
    const parent = parentOf.get(id);
    if (parent === undefined) continue;
    waiting.set(parent, waiting.get(parent)! - 1);
    if (waiting.get(parent) === 0) order.push(parent);
  }
  if (order.length < concentrators.length) {
    throw new DomainError('CURVE_TREE', 'expected concentrators without a circle, got one');
  }
  return order;
}
