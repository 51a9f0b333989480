import { DomainError, repeatedName } from '#core';

/**
 * A cooperative game with transferable utility. `values[S]` is v(S) of the coalition with player i where bit i of S is
 * set: 2^n values, v(∅) = 0. A cost game is the game of −c.
 */
export interface CoalitionGame {
  readonly players: readonly string[];
  readonly values: Float64Array;
}

/** A value for every coalition of as many players fits in memory; exact solutions have a limit of their own. */
export const MAX_TABLE_PLAYERS = 20;
export const MAX_EXACT_PLAYERS = 16;

/** Number of the coalition of all. */
export const grandCoalition = ({ players }: CoalitionGame): number => 2 ** players.length - 1;

export const sizeOf = (coalition: number): number => {
  let size = 0;
  for (let rest = coalition; rest !== 0; rest &= rest - 1) size += 1;
  return size;
};

/** Numbers of its players, rising. */
export const coalitionPlayers = (coalition: number, players: number): number[] =>
  Array.from({ length: players }, (_, i) => i).filter((i) => (coalition >> i) & 1);

/** Its members by name, in the order of the players, as a key: `A,B`. */
export const coalitionKey = ({ players }: CoalitionGame, coalition: number): string =>
  coalitionPlayers(coalition, players.length)
    .map((i) => players[i])
    .join(',');

/** Evaluates v once a coalition. @throws GAME_TOO_LARGE, GAME_INVALID, and what `value` throws */
export function gameOf(players: readonly string[], value: (coalition: number) => number): CoalitionGame {
  requirePlayers(players);
  const values = new Float64Array(2 ** players.length);
  for (let coalition = 1; coalition < values.length; coalition += 1) values[coalition] = value(coalition);
  const game = { players, values };
  requireGame(game);
  return game;
}

/**
 * A game from values by coalition key; the order of names in a key does not matter, v(∅) may be left out.
 * @throws GAME_TOO_LARGE, GAME_INVALID, GAME_PLAYER_UNKNOWN, GAME_COALITION_TWICE, GAME_COALITION_MISSING
 */
export function gameFromKeys(
  players: readonly string[],
  values: Readonly<Record<string, number>>,
): CoalitionGame {
  requirePlayers(players);
  const bits = new Map(players.map((player, i) => [player, 2 ** i]));
  const table = new Float64Array(2 ** players.length).fill(NaN);
  table[0] = 0;
  const seen = new Set<number>();
  for (const [key, value] of Object.entries(values)) {
    const coalition = coalitionOf(key, bits);
    if (seen.has(coalition)) {
      throw new DomainError('GAME_COALITION_TWICE', `expected each coalition once, got ${key} again`);
    }
    seen.add(coalition);
    table[coalition] = requireValue(key, value);
  }
  const game = { players, values: table };
  const missing = [...table.keys()].filter((coalition) => Number.isNaN(table[coalition]));
  if (missing.length > 0) {
    const named = missing.slice(0, 5).map((coalition) => coalitionKey(game, coalition));
    throw new DomainError(
      'GAME_COALITION_MISSING',
      `expected a value of each of ${table.length - 1} coalitions, got none of ${missing.length}: ${named.join(' | ')}`,
      'invalid',
      { missing: missing.length, first: named },
    );
  }
  requireGame(game);
  return game;
}

function coalitionOf(key: string, bits: ReadonlyMap<string, number>): number {
  if (key === '') return 0;
  let coalition = 0;
  for (const name of key.split(',')) {
    const bit = bits.get(name);
    if (bit === undefined) {
      throw new DomainError('GAME_PLAYER_UNKNOWN', `expected players of the game, got ${name} in ${key}`);
    }
    if ((coalition & bit) !== 0) {
      throw new DomainError('GAME_COALITION_TWICE', `expected each player of ${key} once, got ${name} twice`);
    }
    coalition |= bit;
  }
  return coalition;
}

function requireValue(key: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new DomainError('GAME_INVALID', `expected a finite value of ${key || 'nobody'}, got ${value}`);
}

function requirePlayers(players: readonly string[]): void {
  if (players.length < 1) throw new DomainError('GAME_INVALID', 'expected a player, got none');
  requireAtMost(players.length, MAX_TABLE_PLAYERS);
  const twice = repeatedName(players);
  if (twice !== undefined) {
    throw new DomainError('GAME_INVALID', `expected each player once, got ${twice} twice`);
  }
  const odd = players.find((player) => player === '' || player.includes(','));
  if (odd !== undefined) {
    throw new DomainError('GAME_INVALID', `expected names without a comma, got '${odd}'`);
  }
}

/** @throws GAME_TOO_LARGE */
export function requireAtMost(players: number, limit: number): void {
  if (players <= limit) return;
  throw new DomainError('GAME_TOO_LARGE', `expected at most ${limit} players, got ${players}`, 'limit', {
    players,
    limit,
  });
}

/** @throws GAME_INVALID unless there are 2^n finite values with v(∅) = 0 */
export function requireGame({ players, values }: CoalitionGame): void {
  requirePlayers(players);
  if (values.length !== 2 ** players.length) {
    throw new DomainError('GAME_INVALID', `expected 2^${players.length} values, got ${values.length}`);
  }
  const odd = values.findIndex((value) => !Number.isFinite(value));
  if (odd >= 0) throw new DomainError('GAME_INVALID', `expected finite values, got ${values[odd]}`);
  if (values[0] !== 0) {
    throw new DomainError('GAME_INVALID', `expected nobody to be worth 0, got ${values[0]}`);
  }
}

/** x(S) for every coalition: 2^n sums. */
export function coalitionSums(shares: readonly number[]): Float64Array {
  const sums = new Float64Array(2 ** shares.length);
  shares.forEach((share, i) => {
    const bit = 2 ** i;
    for (let coalition = 0; coalition < bit; coalition += 1) sums[bit + coalition] = sums[coalition]! + share;
  });
  return sums;
}
