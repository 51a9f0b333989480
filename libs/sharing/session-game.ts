import { DomainError, WH_PER_MWH } from '#core';
import { type Delivery, type Order, type RetailTerms, type Trade, retailCost } from '#market';
import { MAX_EXACT_PLAYERS, coalitionPlayers, gameOf } from './game.ts';
import { settleNashBargain } from './nash-bargaining.ts';
import { sampledShapleyValue, shapleyValue } from './shapley.ts';

/** One interval of a session: all orders of its book, and a statement of each member that traded in it. */
export interface SessionHour {
  readonly orders: readonly Order[];
  readonly deliveries: readonly Delivery[];
}

/** How the session clears a book of one interval. */
export type TradesOf = (orders: readonly Order[]) => readonly Trade[];

/**
 * What members would have saved together in one interval, trading among themselves: their own orders are cleared by the
 * session's mechanism, and each is billed as settlement bills it. With n_i what crossed the meter of i, b_i what i buys net
 * in these trades and c(·) the retailer's bill, v(S) = Σ_{i∈S} c(n_i) − c(n_i − b_i); prices inside cancel, and what
 * the market keeps counts. v of all is therefore what settlement finds. Where i has no statement, because it traded nothing
 * in the session, it is taken to deliver what it trades. In millionths of a minor unit; negative where deviations cost more
 * than trading saves.
 */
export function hourValue(
  { orders, deliveries }: SessionHour,
  tradesOf: TradesOf,
  terms: RetailTerms,
): (members: ReadonlySet<string>) => bigint {
  const metered = new Map(
    deliveries.map(({ member, netImportWh, netExportWh }) => [member, netImportWh - netExportWh]),
  );
  return (members) => {
    const bought = new Map<string, number>();
    const add = (member: string, wh: number): void => void bought.set(member, (bought.get(member) ?? 0) + wh);
    for (const { buyer, seller, quantityWh } of tradesOf(
      orders.filter(({ member }) => members.has(member)),
    )) {
      add(buyer, quantityWh);
      add(seller, -quantityWh);
    }
    let value = 0n;
    for (const [member, wh] of bought) {
      const net = metered.get(member) ?? wh;
      value += retailCost(net, terms) - retailCost(net - wh, terms);
    }
    return value;
  };
}

export interface HourShares {
  /** Everybody with an order in the interval, sorted. */
  readonly members: readonly string[];
  /** In millionths of a minor unit. */
  readonly shares: readonly number[];
  /** 0 where all coalitions were cleared. */
  readonly standardErrors: readonly number[];
}

/** Beyond, one order of arrival alone clears a thousand growing books. */
const MAX_SAMPLED_PLAYERS = 1_000;
/** Clearings that sampling may take in an interval, and how few or many orders of arrival that may be. */
const SAMPLED_CLEARINGS = 20_000;
const LEAST_SAMPLES = 20;
const MOST_SAMPLES = 500;

/**
 * Shapley shares of one interval: by all coalitions up to 16 members, by sampled orders of arrival beyond. The value of a
 * session is the sum over its intervals, and so are its shares (additivity, Shapley 1953).
 * @throws GAME_TOO_LARGE above 1 000 members, and what the mechanism throws
 */
export function hourShapley(
  hour: SessionHour,
  tradesOf: TradesOf,
  terms: RetailTerms,
  seed: number,
): HourShares {
  const members = [...new Set(hour.orders.map(({ member }) => member))].toSorted();
  const value = hourValue(hour, tradesOf, terms);
  const worth = (players: readonly number[]): number =>
    Number(value(new Set(players.map((i) => members[i]!))));
  const n = members.length;
  if (n === 0) return { members, shares: [], standardErrors: [] };
  if (n <= MAX_EXACT_PLAYERS) {
    const game = gameOf(
      members.map((_, i) => String(i)),
      (coalition) => worth(coalitionPlayers(coalition, n)),
    );
    return { members, shares: shapleyValue(game), standardErrors: members.map(() => 0) };
  }
  if (n > MAX_SAMPLED_PLAYERS) {
    throw new DomainError('GAME_TOO_LARGE', `expected at most ${MAX_SAMPLED_PLAYERS} members in an interval, got ${n}`, 'limit', { players: n, limit: MAX_SAMPLED_PLAYERS }); // prettier-ignore
  }
  const samples = Math.min(MOST_SAMPLES, Math.max(LEAST_SAMPLES, Math.floor(SAMPLED_CLEARINGS / n)));
  return { members, ...sampledShapleyValue(n, worth, { samples, seed }) };
}

/** What there is to share, as settlement found it: minor units. */
export interface TradedSurplus {
  /** What buyers paid beyond what sellers received: with the aggregator so far. */
  readonly marketMinor: bigint;
  /** Members that traded, each with what it saved. */
  readonly saved: readonly { readonly member: string; readonly savedMinor: bigint }[];
}

export interface SessionShare {
  readonly member: string;
  /** What settlement left it with. */
  readonly savedMinor: bigint;
  readonly shareMinor: bigint;
  /** Minor units; 0 where the share is exact. */
  readonly standardErrorMinor: number;
}

interface Shared {
  /** Σ saved + market = Σ shares + aggregatorMinor, to the unit. */
  readonly surplusMinor: bigint;
  /** In the order of member ids; share − saved is what the aggregator pays the member. */
  readonly shares: readonly SessionShare[];
  readonly aggregatorMinor: bigint;
}

/**
 * The whole surplus of a session among everybody with an order in it, in proportion to nothing but what each adds to
 * others: the sum of its intervals' Shapley shares, by largest remainder. The aggregator is no player and keeps nothing.
 */
export function shareByShapley(surplus: TradedSurplus, hours: readonly HourShares[]): Shared {
  const savedOf = new Map(surplus.saved.map(({ member, savedMinor }) => [member, savedMinor]));
  const exact = new Map([...savedOf.keys()].map((member) => [member, { share: 0, variance: 0 }]));
  for (const { members, shares, standardErrors } of hours) {
    members.forEach((member, i) => {
      const { share, variance } = exact.get(member) ?? { share: 0, variance: 0 };
      exact.set(member, { share: share + shares[i]!, variance: variance + standardErrors[i]! ** 2 });
    });
  }
  const sorted = [...exact].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const surplusMinor = totalOf(surplus);
  const rounded = roundToTotal(
    surplusMinor,
    sorted.map(([, { share }]) => BigInt(Math.round(share))),
  );
  const shares = sorted.map(([member, { variance }], i) => ({
    member,
    savedMinor: savedOf.get(member) ?? 0n,
    shareMinor: rounded[i]!,
    standardErrorMinor: Math.sqrt(variance) / Number(WH_PER_MWH),
  }));
  return { surplusMinor, shares, aggregatorMinor: 0n };
}

/**
 * Generalised Nash bargaining over the surplus of a session between the aggregator (power 1) and the members that traded,
 * whose alternative is the retailer alone (powers α, 1 unless given). @throws BARGAIN_INFEASIBLE, BARGAIN_POWER
 */
export function shareByBargaining(surplus: TradedSurplus, alphas: ReadonlyMap<string, number>): Shared {
  const { marketMinor } = surplus;
  const saved = surplus.saved.toSorted((a, b) => (a.member < b.member ? -1 : 1));
  if (saved.length === 0) return { surplusMinor: marketMinor, shares: [], aggregatorMinor: marketMinor };
  const bargain = settleNashBargain(
    marketMinor,
    saved.map(({ member, savedMinor }) => ({
      id: member,
      saving: savedMinor,
      alpha: alphas.get(member) ?? 1,
    })),
  );
  return {
    surplusMinor: bargain.totalSurplus,
    shares: saved.map((each, i) => ({ ...each, shareMinor: bargain.memberNet[i]!, standardErrorMinor: 0 })),
    aggregatorMinor: bargain.aggregatorNet,
  };
}

const totalOf = ({ marketMinor, saved }: TradedSurplus): bigint =>
  saved.reduce((total, { savedMinor }) => total + savedMinor, marketMinor);

const modulo = (a: bigint, b: bigint): bigint => ((a % b) + b) % b;

/** Exact amounts → minor units that sum to `total`, by largest remainder; each saving was rounded once, so the sums differ by little. */
function roundToTotal(total: bigint, exact: readonly bigint[]): bigint[] {
  const count = BigInt(exact.length);
  if (count === 0n) return [];
  const remainders = exact.map((amount, i) => ({ i, remainder: modulo(amount, WH_PER_MWH) }));
  const floors = exact.map((amount, i) => (amount - remainders[i]!.remainder) / WH_PER_MWH);
  const missing = total - floors.reduce((a, b) => a + b, 0n);
  const rest = modulo(missing, count);
  const each = (missing - rest) / count;
  remainders.sort((a, b) => (a.remainder === b.remainder ? a.i - b.i : a.remainder > b.remainder ? -1 : 1));
  remainders.forEach(({ i }, rank) => (floors[i]! += each + (BigInt(rank) < rest ? 1n : 0n)));
  return floors;
}
