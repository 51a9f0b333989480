import { DomainError, lpBuilder, type LpProblem, type LpSolution, type LpSolve } from '#core';
import type { LocationalPrice } from './locational-price.ts';
import type { Network, Period } from './network.ts';

/** The optimum of one period of the DC model, per unit. */
export interface DcDispatch {
  /** Of every generator. */
  readonly generation: Float64Array;
  /** Of the grid at the root; 0 where it has no price. */
  readonly gridP: number;
  /** From → to, of every line. */
  readonly flows: Float64Array;
  /** d cost / d limit of every line, negative: what one more unit of its limit would save. */
  readonly lineDuals: Float64Array;
  readonly prices: readonly LocationalPrice[];
  /** Σ price·(consumption − generation): what the network earns, the lines' −dual·|flow|; in price × pu. */
  readonly congestionRent: number;
}

const MAX_DC_BUSES = 1_000;

/**
 * DC optimal power flow of one period: angles θ, lossless flows f = (θ_from − θ_to)/x, one balance a bus. Columns: the
 * generators, the grid where it has a price, flows, angles; the dual of a balance is the locational price.
 */
export function buildDcProgram({ buses, lines, root }: Network, { p, offers, price }: Period): LpProblem {
  const lp = lpBuilder('minimize');
  const balances: [number, number][][] = buses.map(() => []);
  for (const { bus, cost, pmin, pmax } of offers) {
    balances[bus]!.push([lp.column({ cost, lower: pmin, upper: pmax }), 1]);
  }
  if (price !== null) balances[root]!.push([lp.column({ cost: price, lower: -Infinity }), 1]);
  const flows = lines.map(({ from, to, limit }) => {
    const flow = lp.column({ lower: -limit, upper: limit });
    balances[from]!.push([flow, -1]);
    balances[to]!.push([flow, 1]);
    return flow;
  });
  const angles = buses.map((_, bus) =>
    lp.column(bus === root ? { lower: 0, upper: 0 } : { lower: -Infinity }),
  );
  balances.forEach((terms, bus) => lp.row({ lower: p[bus]!, upper: p[bus]! }, terms));
  lines.forEach(({ from, to, x }, l) => {
    const terms: [number, number][] = [
      [flows[l]!, x],
      [angles[from]!, -1],
      [angles[to]!, 1],
    ];
    lp.row({ lower: 0, upper: 0 }, terms);
  });
  return lp.build();
}

/** @throws NETWORK_TOO_LARGE, NETWORK_LINE for a line without reactance, NETWORK_INFEASIBLE, and what `solve` throws */
export function dispatchDc(network: Network, solve: LpSolve): DcDispatch[] {
  if (network.buses.length > MAX_DC_BUSES) {
    const message = `expected at most ${MAX_DC_BUSES} buses in a DC model, got ${network.buses.length}`;
    throw new DomainError('NETWORK_TOO_LARGE', message, 'limit', { buses: network.buses.length });
  }
  const without = network.lines.find(({ x }) => x === 0);
  if (without !== undefined) {
    const [from, to] = [network.buses[without.from]!.id, network.buses[without.to]!.id];
    throw new DomainError(
      'NETWORK_LINE',
      `expected a reactance in a DC model, got none at ${from}–${to}`,
      'invalid',
      {
        from,
        to,
      },
    );
  }
  const answer = angleAnswer(network);
  return network.periods.map((period, t) => {
    try {
      return readDcDispatch(network, period, solve(buildDcProgram(network, period)), answer);
    } catch (error) {
      if (!(error instanceof DomainError && error.code === 'LP_INFEASIBLE')) throw error;
      const message = `expected generators and lines that can serve the load, got a shortage in period ${t}`;
      throw new DomainError('NETWORK_INFEASIBLE', message, 'conflict', { period: t });
    }
  });
}

/** `answer` solves B·z = the right side with z = 0 at the root. */
function readDcDispatch(
  { buses, lines, root }: Network,
  { p, offers, price }: Period,
  { x, duals, reducedCosts }: LpSolution,
  answer: (rightSide: Float64Array) => Float64Array,
): DcDispatch {
  const generation = x.slice(0, offers.length);
  const first = offers.length + (price === null ? 0 : 1);
  const flows = x.slice(first, first + lines.length);
  const weights = reducedCosts.slice(first, first + lines.length);
  // A reduced cost is towards the bound it stands at: below 0 at +limit, above 0 at −limit.
  const congestion = answer(injectionsOf(lines, buses.length, weights));
  const energy = duals[root]!;
  const consumption = p.slice();
  offers.forEach(({ bus }, j) => (consumption[bus]! -= generation[j]!));
  const gridP = price === null ? 0 : x[offers.length]!;
  consumption[root]! -= gridP;
  return {
    generation,
    gridP,
    flows,
    lineDuals: weights.map((weight) => -Math.abs(weight)),
    prices: buses.map((_, bus) => ({
      energy,
      loss: 0,
      congestion: congestion[bus]!,
      voltage: 0,
      dual: duals[bus]!,
    })),
    congestionRent: consumption.reduce((sum, net, bus) => sum + net * duals[bus]!, 0),
  };
}

function injectionsOf(lines: Network['lines'], count: number, weights: Float64Array): Float64Array {
  const injections = new Float64Array(count);
  lines.forEach(({ from, to, x }, l) => {
    injections[from]! += weights[l]! / x;
    injections[to]! -= weights[l]! / x;
  });
  return injections;
}

/**
 * Factorises the susceptance matrix without the root (LU with partial pivoting: reactances may be negative), for
 * congestion parts Σ_l μ_l·PTDF_l as one solve. @throws NETWORK_LINE where it is singular
 */
function angleAnswer({ buses, lines, root }: Network): (rightSide: Float64Array) => Float64Array {
  const kept = buses.map((_, bus) => bus).filter((bus) => bus !== root);
  const place = new Map(kept.map((bus, i) => [bus, i]));
  const rows = kept.map(() => new Float64Array(kept.length));
  for (const { from, to, x } of lines) {
    const [i, j] = [place.get(from), place.get(to)];
    if (i !== undefined) rows[i]![i]! += 1 / x;
    if (j !== undefined) rows[j]![j]! += 1 / x;
    if (i === undefined || j === undefined) continue;
    rows[i]![j]! -= 1 / x;
    rows[j]![i]! -= 1 / x;
  }
  const order = factorise(rows);
  return (rightSide) => {
    const z = substitute(
      rows,
      Float64Array.from(order, (i) => rightSide[kept[i]!]!),
    );
    const answer = new Float64Array(buses.length);
    kept.forEach((bus, i) => (answer[bus] = z[i]!));
    return answer;
  };
}

/** LU in place; returns which row stands where. */
function factorise(rows: Float64Array[]): number[] {
  const order = rows.map((_, i) => i);
  for (let k = 0; k < rows.length; k += 1) {
    let pivot = k;
    for (let i = k + 1; i < rows.length; i += 1) {
      if (Math.abs(rows[i]![k]!) > Math.abs(rows[pivot]![k]!)) pivot = i;
    }
    [rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!];
    [order[k], order[pivot]] = [order[pivot]!, order[k]!];
    if (!(Math.abs(rows[k]![k]!) > 0)) {
      throw new DomainError(
        'NETWORK_LINE',
        'expected reactances with one flow for each load, got a singular network',
      );
    }
    for (let i = k + 1; i < rows.length; i += 1) {
      const factor = rows[i]![k]! / rows[k]![k]!;
      rows[i]![k] = factor;
      if (factor === 0) continue;
      for (let j = k + 1; j < rows.length; j += 1) rows[i]![j]! -= factor * rows[k]![j]!;
    }
  }
  return order;
}

function substitute(rows: readonly Float64Array[], rightSide: Float64Array): Float64Array {
  const z = rightSide;
  for (let i = 0; i < z.length; i += 1) for (let j = 0; j < i; j += 1) z[i]! -= rows[i]![j]! * z[j]!;
  for (let i = z.length - 1; i >= 0; i -= 1) {
    for (let j = i + 1; j < z.length; j += 1) z[i]! -= rows[i]![j]! * z[j]!;
    z[i]! /= rows[i]![i]!;
  }
  return z;
}
