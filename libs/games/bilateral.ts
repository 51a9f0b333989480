import { DomainError } from '#core';
import { type Convergence, requireNumber, requirePlayers, TOLERANCE, total } from './convergence.ts';
import type { SharingMember } from './demand-bidding.ts';

/** Two members that may trade, at most `limit` in either direction. */
export interface Pair {
  readonly between: readonly [string, string];
  readonly limit?: number | undefined;
  /** Bargaining power of the first, 0 to 1; default 1/2. */
  readonly power?: number | undefined;
}

export interface BilateralGame {
  readonly members: readonly Omit<SharingMember, 'least' | 'most'>[];
  /** Absent: everybody with everybody. */
  readonly pairs?: readonly Pair[] | undefined;
}

export interface BilateralEquilibrium {
  readonly trades: readonly {
    readonly seller: string;
    readonly buyer: string;
    readonly quantity: number;
    readonly payment: number;
    /** Payment a unit. */
    readonly price: number;
    /** What both gain over leaving this one trade out. */
    readonly surplus: number;
  }[];
  readonly members: readonly {
    readonly id: string;
    readonly reduction: number;
    readonly cost: number;
    readonly costAlone: number;
  }[];
  readonly cost: number;
  /** The least any sharing among all members could cost. */
  readonly optimalCost: number;
  readonly convergence: Convergence;
}

interface Bargain {
  readonly first: number;
  readonly second: number;
  readonly limit: number;
  readonly power: number;
}

const MAX_ROUNDS = 100_000;
const MAX_PAIRS = 5_000;

/**
 * Bilateral Nash game: every pair bargains over energy and money, given all other trades (Nash-in-Nash, Horn & Wolinsky
 * 1988). A pair trades until marginal disutilities 2c·p + d are equal, or up to its limit, and shares what that trade
 * adds by its power. Each bargain lowers the sum of all disutilities, which is convex, so bargaining in turn converges
 * to its least value under the pairs' limits; the sum itself is reported against sharing among all.
 * @throws GAME_PLAYERS, GAME_PARAMETER, GAME_PAIR, GAME_NOT_CONVERGED
 */
export function bilateralNash({ members, pairs }: BilateralGame): BilateralEquilibrium {
  requirePlayers(
    members.map(({ id }) => id),
    2,
    1_000,
  );
  for (const { c, d, D } of members) {
    requireNumber('c', c, { above: 0 });
    requireNumber('d', d);
    requireNumber('D', D);
  }
  const bargains = bargainsOf(members, pairs);
  const { flows, reductions, convergence } = bargainInTurn(members, bargains);
  const trades = bargains.map((bargain, i) => tradeOf(members, reductions, bargain, flows[i]!));
  const payments = members.map(() => 0);
  for (const [i, { first, second }] of bargains.entries()) {
    payments[first]! -= trades[i]!.toFirst;
    payments[second]! += trades[i]!.toFirst;
  }
  const disutilities = members.map((member, i) => disutility(member, reductions[i]!));
  return {
    trades: trades.flatMap(({ trade }) => (trade.quantity > 0 ? [trade] : [])),
    members: members.map((member, i) => ({
      id: member.id,
      reduction: reductions[i]!,
      cost: disutilities[i]! + payments[i]!,
      costAlone: disutility(member, member.D),
    })),
    cost: total(disutilities),
    optimalCost: optimalCost(members),
    convergence,
  };
}

type Member = BilateralGame['members'][number];

const disutility = ({ c, d }: Member, p: number): number => c * p * p + d * p;

function bargainsOf(members: readonly Member[], pairs: readonly Pair[] | undefined): Bargain[] {
  const index = new Map(members.map(({ id }, i) => [id, i]));
  const wanted =
    pairs ??
    members.flatMap((one, i) => members.slice(i + 1).map((other): Pair => ({ between: [one.id, other.id] })));
  if (wanted.length > MAX_PAIRS)
    throw new DomainError('GAME_PAIR', `expected at most ${MAX_PAIRS} pairs, got ${wanted.length}`, 'limit');
  const seen = new Set<string>();
  return wanted.map(({ between: [a, b], limit = Number.POSITIVE_INFINITY, power = 0.5 }) => {
    const [first, second] = [index.get(a), index.get(b)];
    const key = [a, b].toSorted().join('\n');
    const known = first !== undefined && second !== undefined && first !== second && !seen.has(key);
    if (!known || !(limit >= 0) || !(power >= 0 && power <= 1)) {
      throw new DomainError(
        'GAME_PAIR',
        'expected each pair of two members once, with a limit ≥ 0 and a power of 0 to 1, got another',
        'invalid',
        { pair: [a, b] },
      );
    }
    seen.add(key);
    return { first, second, limit, power };
  });
}

/** Flows from first to second; a reduction is D plus what is sold. */
function bargainInTurn(
  members: readonly Member[],
  bargains: readonly Bargain[],
): { flows: number[]; reductions: number[]; convergence: Convergence } {
  const flows = bargains.map(() => 0);
  const reductions = members.map(({ D }) => D);
  const scale = Math.max(1, ...reductions.map(Math.abs));
  for (let iterations = 1; iterations <= MAX_ROUNDS; iterations++) {
    let moved = 0;
    for (const [i, { first, second, limit }] of bargains.entries()) {
      const flow = Math.min(Math.max(flows[i]! + evening(members, reductions, first, second), -limit), limit);
      const change = flow - flows[i]!;
      flows[i] = flow;
      reductions[first]! += change;
      reductions[second]! -= change;
      moved = Math.max(moved, Math.abs(change) / scale);
    }
    if (moved <= TOLERANCE)
      return {
        flows,
        reductions,
        convergence: { method: 'best-response', converged: true, iterations, residual: moved },
      };
  }
  throw new DomainError(
    'GAME_NOT_CONVERGED',
    `expected pairs to agree within ${MAX_ROUNDS} rounds, got no agreement`,
  );
}

/** What the first has to sell to the second more for both to have the same marginal disutility. */
function evening(
  members: readonly Member[],
  reductions: readonly number[],
  first: number,
  second: number,
): number {
  const [one, other] = [members[first]!, members[second]!];
  const gap = 2 * other.c * reductions[second]! + other.d - (2 * one.c * reductions[first]! + one.d);
  return gap / (2 * (one.c + other.c));
}

interface Settled {
  readonly trade: BilateralEquilibrium['trades'][number];
  /** Money from second to first. */
  readonly toFirst: number;
}

/** Without the trade each would cover its part itself; power shares the difference. */
function tradeOf(
  members: readonly Member[],
  reductions: readonly number[],
  { first, second, power }: Bargain,
  flow: number,
): Settled {
  const saved = (i: number, sold: number): number => {
    const p = reductions[i]!;
    return disutility(members[i]!, p - sold) - disutility(members[i]!, p);
  };
  const [byFirst, bySecond] = [saved(first, flow), saved(second, -flow)];
  const surplus = byFirst + bySecond;
  // The first ends with power·surplus: saved + received.
  const toFirst = power * surplus - byFirst;
  const [seller, buyer] = flow >= 0 ? [first, second] : [second, first];
  const payment = flow >= 0 ? toFirst : -toFirst;
  const quantity = Math.abs(flow);
  return {
    toFirst,
    trade: {
      seller: members[seller]!.id,
      buyer: members[buyer]!.id,
      quantity,
      payment,
      price: quantity === 0 ? 0 : payment / quantity,
      surplus,
    },
  };
}

/** Marginal disutilities equal: p = (μ − d)/(2c), Σp = ΣD. */
function optimalCost(members: readonly Member[]): number {
  const slope = total(members.map(({ c }) => 1 / (2 * c)));
  const mu = total(members.map(({ c, d, D }) => D + d / (2 * c))) / slope;
  return total(members.map((member) => disutility(member, (mu - member.d) / (2 * member.c))));
}
