import { DomainError } from '#core';
import { type Convergence, requireNumber, requirePlayers, total } from './convergence.ts';

/** Utility k·ln(1 + x) of consumption x. */
export interface LogFollower {
  readonly id: string;
  readonly k: number;
}

/** Utility a·x − b·x²/2 of consumption x. */
export interface QuadraticFollower {
  readonly id: string;
  readonly a: number;
  readonly b: number;
}

export interface StackelbergGame {
  readonly followers: readonly (LogFollower | QuadraticFollower)[];
  /** What a unit costs the leader. */
  readonly cost: number;
  /** The leader may not charge less or more. */
  readonly priceFloor?: number | undefined;
  readonly priceCap?: number | undefined;
}

export interface StackelbergEquilibrium {
  readonly price: number;
  readonly followers: readonly {
    readonly id: string;
    readonly consumption: number;
    readonly utility: number;
  }[];
  readonly leaderProfit: number;
  readonly welfare: number;
  /** With the price at cost. */
  readonly optimalWelfare: number;
  /** Followers that buy nothing. */
  readonly dropped: readonly string[];
  readonly convergence: Convergence;
}

/** What a follower does at a price, and from what price on it buys nothing. */
interface Response {
  readonly id: string;
  readonly chokePrice: number;
  readonly consumption: (price: number) => number;
  readonly utility: (x: number) => number;
}

/**
 * One leader sets a price, followers buy what maximises utility − price·x. With log utilities x = k/p − 1 and, where all
 * buy, p = √(cΣk/N) (Liu et al., IEEE TII 13(3), 2017); with quadratic ones x = (a − p)/b. Where p is above a follower's
 * choke price (k or a) it buys nothing and the rest is solved again; as profit has a peak for each number of followers
 * that stay, each is tried and the best taken, so that the price is optimal and not merely stationary.
 * @throws GAME_PLAYERS, GAME_PARAMETER, STACKELBERG_NO_DEMAND where nobody buys at cost
 */
export function stackelberg(game: StackelbergGame): StackelbergEquilibrium {
  const { cost, priceFloor = 0, priceCap = Number.POSITIVE_INFINITY } = game;
  // What costs nothing has no best price for log utilities: the lower it is, the more they spend.
  requireNumber('cost', cost, game.followers.some((each) => 'k' in each) ? { above: 0 } : { least: 0 });
  requireNumber('priceFloor', priceFloor, { least: 0 });
  if (Number.isNaN(priceCap) || priceCap < priceFloor || priceCap <= 0)
    throw new DomainError('GAME_PARAMETER', 'expected a price cap above 0 and the floor, got less');
  const responses = responsesOf(game);
  const bounds = { floor: Math.max(priceFloor, Number.MIN_VALUE), cap: priceCap };
  const price = bestPrice(game, responses, bounds);
  const followers = responses.map(({ id, consumption, utility }) => {
    const x = consumption(price);
    return { id, consumption: x, utility: utility(x) - price * x };
  });
  const leaderProfit = profit(responses, cost, price);
  return {
    price,
    followers,
    leaderProfit,
    welfare: leaderProfit + total(followers.map(({ utility }) => utility)),
    optimalWelfare: total(
      responses.map(({ consumption, utility }) => utility(consumption(cost)) - cost * consumption(cost)),
    ),
    dropped: followers.filter(({ consumption }) => consumption === 0).map(({ id }) => id),
    convergence: {
      method: 'closed-form',
      converged: true,
      iterations: 0,
      residual: bestDeviation(responses, cost, price, bounds),
    },
  };
}

function responsesOf({ followers, cost }: StackelbergGame): Response[] {
  requirePlayers(
    followers.map(({ id }) => id),
    1,
  );
  const responses = followers.map((follower): Response => {
    if ('k' in follower) {
      const { id, k } = follower;
      requireNumber('k', k, { above: 0 });
      return {
        id,
        chokePrice: k,
        consumption: (price) => Math.max(0, k / price - 1),
        utility: (x) => k * Math.log1p(x),
      };
    }
    const { id, a, b } = follower;
    requireNumber('a', a, { above: 0 });
    requireNumber('b', b, { above: 0 });
    return {
      id,
      chokePrice: a,
      consumption: (price) => Math.max(0, (a - price) / b),
      utility: (x) => a * x - (b * x * x) / 2,
    };
  });
  if (responses.every(({ chokePrice }) => chokePrice <= cost)) {
    throw new DomainError(
      'STACKELBERG_NO_DEMAND',
      'expected a follower that buys at cost, got none: no price is profitable',
    );
  }
  return responses;
}

const profit = (responses: readonly Response[], cost: number, price: number): number =>
  (price - cost) * total(responses.map(({ consumption }) => consumption(price)));

const within = (price: number, low: number, high: number): number => Math.min(Math.max(price, low), high);

interface PriceBounds {
  readonly floor: number;
  readonly cap: number;
}

/**
 * Sorted by choke price, the first n followers buy between the next one's choke price and their own lowest. There profit
 * is concave, so its best is the stationary price moved into that range.
 */
function bestPrice(
  game: StackelbergGame,
  responses: readonly Response[],
  { floor, cap }: PriceBounds,
): number {
  const order = responses
    .map((_, i) => i)
    .toSorted((i, j) => responses[j]!.chokePrice - responses[i]!.chokePrice);
  let best = within(game.cost, floor, cap);
  const sums = { k: 0, logs: 0, intercept: 0, slope: 0 };
  order.forEach((index, n) => {
    const follower = game.followers[index]!;
    if ('k' in follower) {
      sums.k += follower.k;
      sums.logs += 1;
    } else {
      sums.intercept += follower.a / follower.b;
      sums.slope += 1 / follower.b;
    }
    const range = [responses[order[n + 1]!]?.chokePrice ?? 0, responses[index]!.chokePrice] as const;
    if (range[1] <= game.cost) return;
    const price = within(within(stationaryPrice(sums, game.cost), ...range), floor, cap);
    if (profit(responses, game.cost, price) > profit(responses, game.cost, best)) best = price;
  });
  return best;
}

/** Where demand Σk/p − N + Σ(a − p)/b has marginal profit zero: cΣk/p² − N + Σa/b + cΣ1/b − 2pΣ1/b = 0, falling in p. */
function stationaryPrice(
  { k, logs, intercept, slope }: Readonly<Record<'k' | 'logs' | 'intercept' | 'slope', number>>,
  cost: number,
): number {
  if (slope === 0) return Math.sqrt((cost * k) / logs);
  const linear = (intercept + cost * slope) / (2 * slope);
  if (logs === 0) return linear;
  const marginal = (p: number): number =>
    (cost * k) / (p * p) - logs + intercept + cost * slope - 2 * slope * p;
  let [low, high] = [Number.MIN_VALUE, Math.max(linear, Math.sqrt((cost * k) / logs)) + 1];
  while (high - low > 1e-15 * high) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (marginal(middle) > 0) low = middle;
    else high = middle;
  }
  return low;
}

const CHECKED_PRICES = 10_000;

/** The most the leader would gain at any of evenly spaced other prices: an independent check. */
function bestDeviation(
  responses: readonly Response[],
  cost: number,
  price: number,
  { floor, cap }: PriceBounds,
): number {
  const low = Math.max(cost, floor);
  const high = Math.min(Math.max(...responses.map(({ chokePrice }) => chokePrice)), cap);
  const own = profit(responses, cost, price);
  const checked = Math.max(10, Math.floor((CHECKED_PRICES * 100) / (responses.length + 100)));
  const others = Array.from({ length: checked }, (_, i) => low + ((high - low) * i) / checked);
  return others.reduce((most, other) => Math.max(most, profit(responses, cost, other) - own), 0);
}
