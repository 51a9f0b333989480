import { apportion, DomainError, repeatedName } from '#core';
import { gameOf, sampledShapleyValue, shapleyValue } from '#sharing';

/** So many players have their exact value: 2^12 utilities. Above it orders are sampled. */
export const MAX_EXACT_CONTRIBUTORS = 12;
const MAX_CONTRIBUTORS = 1_000;

/**
 * The utility of a coalition, e.g. the loss decrease on the validation vote, by player numbers, rising and each once;
 * nobody's is 0.
 */
export type Utility = (coalition: readonly number[]) => number;

export interface Sampling {
  /** Random orders. */
  readonly samples: number;
  readonly seed: number;
}

export interface Valuation {
  readonly method: 'exact' | 'sampled';
  /** In the order of the players; they sum to the utility of all. */
  readonly values: readonly number[];
  /** Of each value; null where it is exact. */
  readonly standardErrors: readonly number[] | null;
}

const DEFAULT_SAMPLING: Sampling = { samples: 2_000, seed: 0 };

/**
 * The Shapley value of each player: exact up to 12, above from seeded random orders with its standard error.
 * Source: Ghorbani & Zou 2019 (data Shapley); Castro, Gómez & Tejada 2009 (sampling).
 * @throws VALUATION_PLAYERS for none, a name twice or more than 1000, VALUATION_UTILITY, GAME_SAMPLES
 */
export function valueContributors(
  players: readonly string[],
  utility: Utility,
  sampling: Sampling = DEFAULT_SAMPLING,
): Valuation {
  requirePlayers(players);
  const worth: Utility = (coalition) => (coalition.length === 0 ? 0 : requireUtility(utility(coalition)));
  if (players.length <= MAX_EXACT_CONTRIBUTORS) {
    // Names of a game may hold no comma; numbers name players as well.
    const names = players.map((_, i) => `${i}`);
    const members = (coalition: number) => names.map(Number).filter((i) => (coalition >> i) & 1);
    const values = shapleyValue(gameOf(names, (coalition) => worth(members(coalition))));
    return { method: 'exact', values, standardErrors: null };
  }
  const { shares, standardErrors } = sampledShapleyValue(players.length, worth, sampling);
  return { method: 'sampled', values: shares, standardErrors };
}

function requirePlayers(players: readonly string[]): void {
  if (players.length === 0 || players.length > MAX_CONTRIBUTORS || repeatedName(players) !== undefined) {
    throw new DomainError(
      'VALUATION_PLAYERS',
      `expected 1 to ${MAX_CONTRIBUTORS} contributors, each once, got ${players.length}`,
    );
  }
}

function requireUtility(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new DomainError('VALUATION_UTILITY', 'expected a finite utility of every coalition, got another');
}

export interface ContributorGroup {
  readonly members: readonly string[];
  /** The card's rule inside the group: whole weights in the order of the members; equal shares without them. */
  readonly weights?: readonly bigint[];
}

export interface GroupValuation extends Valuation {
  /** Of each member, by group; a member's is its group's value by the rule, and says nothing of the member itself. */
  readonly memberValues: readonly (readonly number[])[];
}

/**
 * Values contributors whose uploads are only ever opened as sums: the Shapley value runs over fixed disjoint groups, and a
 * group's value is divided by the card's rule.
 * @param utility of groups by their numbers
 * @throws VALUATION_GROUP_TOO_SMALL under `least` members, VALUATION_GROUPS where a member is in two or weights do not
 * fit, and as valueContributors
 */
export function valueGroups(
  groups: readonly ContributorGroup[],
  utility: Utility,
  { least, ...sampling }: Partial<Sampling> & { readonly least: number },
): GroupValuation {
  const small = groups.find(({ members }) => members.length < Math.max(1, least));
  if (small !== undefined) {
    throw new DomainError(
      'VALUATION_GROUP_TOO_SMALL',
      `expected groups of at least ${least} members, got one of ${small.members.length}`,
    );
  }
  if (repeatedName(groups.flatMap(({ members }) => members)) !== undefined) {
    throw new DomainError('VALUATION_GROUPS', 'expected each member in one group, got one in two');
  }
  const names = groups.map((_, i) => `${i}`);
  const valuation = valueContributors(names, utility, { ...DEFAULT_SAMPLING, ...sampling });
  const memberValues = groups.map((group, i) => insideGroup(group, valuation.values[i]!));
  return { ...valuation, memberValues };
}

function insideGroup(
  { members, weights = members.map(() => 1n) }: ContributorGroup,
  value: number,
): number[] {
  const sum = weights.reduce((a, b) => a + b, 0n);
  if (weights.length !== members.length || weights.some((weight) => weight < 0n) || sum === 0n) {
    throw new DomainError(
      'VALUATION_GROUPS',
      'expected a weight of at least 0 a member, not all 0, got others',
    );
  }
  return weights.map((weight) => (value * Number(weight)) / Number(sum));
}

/** The last digits of a value that a payment looks at. */
const VALUE_DIGITS = 1e12;

/**
 * Money in proportion to values, to the unit (largest remainder). Who lowered the utility gets nothing and owes nothing;
 * where nobody raised it all get the same.
 */
export function rewardShares(amountMinor: number, values: readonly number[]): number[] {
  const largest = Math.max(0, ...values);
  const weights = values.map((value) =>
    largest === 0 ? 1n : BigInt(Math.round((Math.max(0, value) / largest) * VALUE_DIGITS)),
  );
  return apportion(BigInt(amountMinor), weights).map(Number);
}
