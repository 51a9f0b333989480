import { DomainError } from '#core';
import { type Convergence, requireNumber, requirePlayers, rootOfRising, total } from './convergence.ts';
import type { QuadraticFollower } from './stackelberg.ts';

/** Sells q at cost c·q + e·q²/2, at most `capacity`. */
export interface CournotLeader {
  readonly id: string;
  readonly c: number;
  readonly e?: number | undefined;
  readonly capacity?: number | undefined;
}

export interface MultiLeaderGame {
  readonly leaders: readonly CournotLeader[];
  readonly followers: readonly QuadraticFollower[];
}

export interface MultiLeaderEquilibrium {
  readonly price: number;
  readonly leaders: readonly { readonly id: string; readonly quantity: number; readonly profit: number }[];
  readonly followers: readonly {
    readonly id: string;
    readonly consumption: number;
    readonly utility: number;
  }[];
  readonly welfare: number;
  /** With all leaders taking the price as given. */
  readonly optimalWelfare: number;
  readonly convergence: Convergence;
}

/** Demand A − B·p of the followers whose choke price is above p, valid from `low` to `high`. */
interface Segment {
  readonly low: number;
  readonly high: number;
  readonly A: number;
  readonly B: number;
}

/**
 * Leaders choose quantities (Cournot) knowing how followers with utility a·x − b·x²/2 answer the price: x = (a − p)/b.
 * Where the same followers buy, demand is A − B·p and each leader's first-order condition (p − c)/(1/B + e) gives one
 * equilibrium. Demand bends where a follower drops out, so that it may be none of the whole game: each candidate is
 * tested against every leader's best deviation over all of demand, and taken only if none gains.
 * @throws GAME_PLAYERS, GAME_PARAMETER, GAME_NO_EQUILIBRIUM
 */
export function multiLeader({ leaders, followers }: MultiLeaderGame): MultiLeaderEquilibrium {
  requireGame(leaders, followers);
  const segments = segmentsOf(followers);
  const candidates = segments.flatMap((segment) => candidatePrice(leaders, segment));
  const found = candidates
    .map(({ price, segment }) => {
      const quantities = leaders.map((leader) => quantityAt(leader, price, 1 / segment.B));
      return { price, quantities, residual: bestDeviation(leaders, quantities, segments) };
    })
    .toSorted((a, b) => a.residual - b.residual)[0];
  const scale = Math.max(1, ...followers.map(({ a, b }) => (a * a) / b));
  if (found === undefined || found.residual > 1e-9 * scale) {
    throw new DomainError(
      'GAME_NO_EQUILIBRIUM',
      'expected quantities that no leader gains by leaving, got none: demand bends where followers drop out',
      'conflict',
      { residual: found?.residual ?? null },
    );
  }
  return equilibriumOf(leaders, followers, found);
}

function requireGame(leaders: readonly CournotLeader[], followers: readonly QuadraticFollower[]): void {
  requirePlayers(
    leaders.map(({ id }) => id),
    1,
    200,
  );
  requirePlayers(
    followers.map(({ id }) => id),
    1,
    1_000,
  );
  for (const { c, e = 0, capacity = 0 } of leaders) {
    requireNumber('c', c, { least: 0 });
    requireNumber('e', e, { least: 0 });
    requireNumber('capacity', capacity, { least: 0 });
  }
  for (const { a, b } of followers) {
    requireNumber('a', a, { above: 0 });
    requireNumber('b', b, { above: 0 });
  }
}

function segmentsOf(followers: readonly QuadraticFollower[]): Segment[] {
  const falling = followers.toSorted((x, y) => y.a - x.a);
  let [A, B] = [0, 0];
  return falling.flatMap(({ a, b }, i) => {
    A += a / b;
    B += 1 / b;
    const low = falling[i + 1]?.a ?? 0;
    return low < a ? [{ low, high: a, A, B }] : [];
  });
}

/** (p − c)/(slope + e) within capacity; slope 1/B for a Cournot leader, 0 for one that takes the price as given. */
function quantityAt(
  { c, e = 0, capacity = Number.POSITIVE_INFINITY }: CournotLeader,
  price: number,
  slope: number,
): number {
  if (slope + e === 0) return price > c ? capacity : 0;
  return Math.min(Math.max(0, (price - c) / (slope + e)), capacity);
}

function candidatePrice(
  leaders: readonly CournotLeader[],
  segment: Segment,
): { price: number; segment: Segment }[] {
  const excess = (price: number): number =>
    total(leaders.map((leader) => quantityAt(leader, price, 1 / segment.B))) -
    (segment.A - segment.B * price);
  if (excess(segment.low) > 0 || excess(segment.high) < 0) return [];
  return [{ price: rootOfRising(excess, segment.low, segment.high), segment }];
}

/** The most any leader gains by another quantity, the others' fixed: best of each segment's own best. */
function bestDeviation(
  leaders: readonly CournotLeader[],
  quantities: readonly number[],
  segments: readonly Segment[],
): number {
  const all = total(quantities);
  const gains = leaders.map((leader, i) => {
    const others = all - quantities[i]!;
    const profit = (q: number): number =>
      (priceOf(others + q, segments) - leader.c) * q - ((leader.e ?? 0) * q * q) / 2;
    const tries = segments.flatMap(({ low, high, A, B }) => {
      const best = ((A - others) / B - leader.c) / (2 / B + (leader.e ?? 0));
      const range = [A - B * high - others, A - B * low - others];
      return [best, ...range].map((q) =>
        Math.min(
          Math.max(0, Math.min(Math.max(q, range[0]!), range[1]!)),
          leader.capacity ?? Number.POSITIVE_INFINITY,
        ),
      );
    });
    return Math.max(...tries.map(profit)) - profit(quantities[i]!);
  });
  return Math.max(0, ...gains);
}

/** The price at which followers buy `quantity`; 0 for more than they would take for nothing. */
function priceOf(quantity: number, segments: readonly Segment[]): number {
  for (const { low, high, A, B } of segments) {
    const price = (A - quantity) / B;
    if (price >= low) return Math.min(price, high);
  }
  return 0;
}

function equilibriumOf(
  leaders: readonly CournotLeader[],
  followers: readonly QuadraticFollower[],
  { price, quantities, residual }: { price: number; quantities: readonly number[]; residual: number },
): MultiLeaderEquilibrium {
  const costOf = ({ c, e = 0 }: CournotLeader, q: number): number => c * q + (e * q * q) / 2;
  const sold = leaders.map((leader, i) => ({
    id: leader.id,
    quantity: quantities[i]!,
    profit: price * quantities[i]! - costOf(leader, quantities[i]!),
  }));
  const bought = followers.map(({ id, a, b }) => {
    const consumption = Math.max(0, (a - price) / b);
    return { id, consumption, utility: (a - price) * consumption - (b * consumption * consumption) / 2 };
  });
  return {
    price,
    leaders: sold,
    followers: bought,
    welfare: total([...sold.map(({ profit }) => profit), ...bought.map(({ utility }) => utility)]),
    optimalWelfare: competitiveWelfare(leaders, followers),
    convergence: { method: 'closed-form', converged: true, iterations: 0, residual },
  };
}

/** ∫ demand − ∫ supply up to the competitive price; at a flat step of supply, what demand leaves of it. */
function competitiveWelfare(
  leaders: readonly CournotLeader[],
  followers: readonly QuadraticFollower[],
): number {
  const choke = Math.max(...followers.map(({ a }) => a));
  const demand = (p: number): number => total(followers.map(({ a, b }) => Math.max(0, (a - p) / b)));
  const price = rootOfRising(
    (p) => total(leaders.map((leader) => quantityAt(leader, p, 0))) - demand(p),
    0,
    choke,
  );
  const gross = total(
    followers.map(({ a, b }) => {
      const x = Math.max(0, (a - price) / b);
      return a * x - (b * x * x) / 2;
    }),
  );
  return gross - leastCost(leaders, demand(price), price);
}

/** Cost of `quantity` at the competitive price: rising costs fill up to it, flat ones at it take the rest. */
function leastCost(leaders: readonly CournotLeader[], quantity: number, price: number): number {
  let left = quantity;
  let cost = 0;
  for (const leader of leaders.toSorted((a, b) => a.c - b.c)) {
    const { c, e = 0, capacity = Number.POSITIVE_INFINITY } = leader;
    const q = Math.min(
      left,
      e === 0
        ? c < price || Math.abs(c - price) <= 1e-12 * (1 + price)
          ? capacity
          : 0
        : quantityAt(leader, price, 0),
    );
    left -= q;
    cost += c * q + (e * q * q) / 2;
  }
  return cost;
}
