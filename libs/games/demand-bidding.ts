import { DomainError } from '#core';
import {
  type Convergence,
  requireNumber,
  requirePlayers,
  rootOfRising,
  TOLERANCE,
  total,
} from './convergence.ts';

/** Disutility c·p² + d·p of reducing (or producing) p; D has to be covered, by itself or by what it buys. */
export interface SharingMember {
  readonly id: string;
  readonly c: number;
  readonly d: number;
  /** Required. */
  readonly D: number;
  /** Limits of its own reduction. */
  readonly least?: number | undefined;
  readonly most?: number | undefined;
}

export interface DemandBiddingGame {
  readonly members: readonly SharingMember[];
  /** Price sensitivity in q_i = −a·λ + b_i, set by the platform. */
  readonly a: number;
}

export interface DemandBiddingEquilibrium {
  /** λ. */
  readonly price: number;
  readonly members: readonly {
    readonly id: string;
    /** p_i. */
    readonly reduction: number;
    /** q_i = D_i − p_i; negative: sold. */
    readonly bought: number;
    /** b_i. */
    readonly bid: number;
    /** f_i + λ·q_i. */
    readonly cost: number;
    /** Without sharing; null where its own limits do not reach D. */
    readonly costAlone: number | null;
  }[];
  readonly cost: number;
  /** The least any sharing could cost: min Σ f_i, Σ p = Σ D. */
  readonly optimalCost: number;
  readonly convergence: Convergence;
  /** Members answer one after the other. */
  readonly sequential: Convergence;
  /** All at once: diverges where a is small. */
  readonly simultaneous: Convergence;
}

const MAX_ROUNDS = 10_000;

/**
 * Energy sharing game with generalised demand bidding (Chen, Mei, Zhou, Low, Wei & Liu, IEEE TSG 2020). Its equilibrium is
 * the solution of min Σ f_i(p_i) + (D_i − p_i)²/(2a(n−1)), Σ p = ΣD, whose multiplier is the price; best responses, in
 * turn and at once, are run beside it as checks and reported as they come out.
 * @throws GAME_PLAYERS, GAME_PARAMETER, SHARING_INFEASIBLE where limits do not reach what is required together
 */
export function demandBidding({ members, a }: DemandBiddingGame): DemandBiddingEquilibrium {
  requireGame(members, a);
  const spread = a * (members.length - 1);
  const price = clearingPrice(members, 1 / spread);
  const reductions = members.map((member) => reductionAt(member, price, 1 / spread));
  const results = members.map((member, i) => {
    const reduction = reductions[i]!;
    const bought = member.D - reduction;
    return {
      id: member.id,
      reduction,
      bought,
      bid: bought + a * price,
      cost: disutility(member, reduction) + price * bought,
      costAlone: canCover(member) ? disutility(member, member.D) : null,
    };
  });
  const optimum = clearingPrice(members, 0);
  const bids = results.map(({ bid }) => bid);
  return {
    price,
    members: results,
    cost: total(members.map((member, i) => disutility(member, reductions[i]!))),
    optimalCost: total(members.map((member) => disutility(member, reductionAt(member, optimum, 0)))),
    convergence: {
      method: 'closed-form',
      converged: true,
      iterations: 0,
      residual: Math.max(...members.map((member, i) => gainByDeviating(member, bids, i, a))),
    },
    sequential: iterate(members, a, 'sequential'),
    simultaneous: iterate(members, a, 'simultaneous'),
  };
}

function requireGame(members: readonly SharingMember[], a: number): void {
  requirePlayers(
    members.map(({ id }) => id),
    2,
    1_000,
  );
  requireNumber('a', a, { above: 0 });
  for (const { c, d, D, least, most } of members) {
    requireNumber('c', c, { above: 0 });
    requireNumber('d', d);
    requireNumber('D', D);
    if (least !== undefined) requireNumber('least', least);
    if (most !== undefined) requireNumber('most', most, { least: least ?? Number.NEGATIVE_INFINITY });
  }
  const required = total(members.map(({ D }) => D));
  const low = total(members.map(({ least = Number.NEGATIVE_INFINITY }) => least));
  const high = total(members.map(({ most = Number.POSITIVE_INFINITY }) => most));
  if (required < low || required > high) {
    throw new DomainError(
      'SHARING_INFEASIBLE',
      'expected limits that reach what is required together, got narrower ones',
    );
  }
}

const disutility = ({ c, d }: SharingMember, p: number): number => c * p * p + d * p;

const canCover = ({
  D,
  least = Number.NEGATIVE_INFINITY,
  most = Number.POSITIVE_INFINITY,
}: SharingMember): boolean => D >= least && D <= most;

const within = (
  { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: SharingMember,
  p: number,
): number => Math.min(Math.max(p, least), most);

/** Where 2c·p + d − w·(D − p) is the price; w = 1/(a(n−1)), or 0 for who takes the price as given. */
const reductionAt = (member: SharingMember, price: number, w: number): number =>
  within(member, (price - member.d + w * member.D) / (2 * member.c + w));

/** The price at which all reductions cover what is required: linear between limits, so found from the line or by bisection. */
function clearingPrice(members: readonly SharingMember[], w: number): number {
  const slope = total(members.map(({ c }) => 1 / (2 * c + w)));
  const required = total(members.map(({ D }) => D));
  const intercept = total(members.map(({ c, d, D }) => (w * D - d) / (2 * c + w)));
  const free = (required - intercept) / slope;
  const excess = (price: number): number =>
    total(members.map((member) => reductionAt(member, price, w))) - required;
  if (
    members.every(
      (member) => reductionAt(member, free, w) === (free - member.d + w * member.D) / (2 * member.c + w),
    )
  )
    return free;
  const reach = Math.max(
    ...members.flatMap(({ c, d, D, least = D, most = D }) =>
      [least, most, D].map((p) => Math.abs(2 * c * p + d - w * (D - p))),
    ),
    Math.abs(free),
  );
  return rootOfRising(excess, -2 * reach - 1, 2 * reach + 1);
}

/**
 * The best answer to the others' bids B: q makes −f'(D − q) + (2q + B)/(a(n−1)) zero, as λ = (q + B)/(a(n−1)); its bid
 * is b = (n·q + B)/(n − 1).
 */
function bestBid(member: SharingMember, others: number, n: number, a: number): number {
  const spread = a * (n - 1);
  const free = (2 * member.c * member.D + member.d - others / spread) / (2 * member.c + 2 / spread);
  const q = member.D - within(member, member.D - free);
  return (n * q + others) / (n - 1);
}

function gainByDeviating(member: SharingMember, bids: readonly number[], i: number, a: number): number {
  const n = bids.length;
  const others = total(bids) - bids[i]!;
  const costOf = (bid: number): number => {
    const price = (others + bid) / (n * a);
    const q = bid - a * price;
    return disutility(member, member.D - q) + price * q;
  };
  return Math.max(0, costOf(bids[i]!) - costOf(bestBid(member, others, n, a)));
}

function iterate(
  members: readonly SharingMember[],
  a: number,
  order: 'sequential' | 'simultaneous',
): Convergence {
  const n = members.length;
  let bids = members.map(() => 0);
  let change = Number.POSITIVE_INFINITY;
  let iterations = 0;
  while (iterations < MAX_ROUNDS && change > TOLERANCE && Number.isFinite(total(bids))) {
    const before = bids;
    const answers = [...bids];
    let sum = total(before);
    members.forEach((member, i) => {
      const answer = bestBid(member, sum - (order === 'sequential' ? answers : before)[i]!, n, a);
      if (order === 'sequential') sum += answer - answers[i]!;
      answers[i] = answer;
    });
    bids = answers;
    iterations += 1;
    const scale = Math.max(1, ...bids.map(Math.abs));
    change = Math.max(...bids.map((bid, i) => Math.abs(bid - before[i]!))) / scale;
  }
  const converged = change <= TOLERANCE;
  return {
    method: 'best-response',
    converged,
    iterations,
    residual: Number.isFinite(change) ? change : Number.MAX_VALUE,
  };
}
