import { DomainError } from '#core';
import { type CoalitionGame, coalitionSums, grandCoalition, requireGame } from './game.ts';

/** What the most aggrieved coalition says of shares. */
export interface CoreCheck {
  /** Nobody can do better by leaving, and all that there is is shared. */
  readonly inCore: boolean;
  /** Largest v(S) − x(S) over S other than nobody and all; null for one player. */
  readonly maxExcess: number | null;
  /** The first coalition with that excess. */
  readonly objection: number | null;
  /** v(N) − x(N): 0 where shares are efficient. */
  readonly unshared: number;
}

/** Relative to the largest value of the game. */
const TOLERANCE = 1e-9;

/**
 * Whether shares (one a player, in their order) are in the core: x(S) ≥ v(S) for all S, x(N) = v(N), up to 10^−9 of the
 * game's largest value. Source: Gillies 1959. @throws GAME_INVALID, SHARES_INVALID
 */
export function coreCheck(game: CoalitionGame, shares: readonly number[]): CoreCheck {
  requireGame(game);
  const { players, values } = game;
  if (shares.length !== players.length || !shares.every((share) => Number.isFinite(share))) {
    throw new DomainError('SHARES_INVALID', `expected ${players.length} finite shares, got others`);
  }
  const all = grandCoalition(game);
  const sums = coalitionSums(shares);
  let [maxExcess, objection]: [number | null, number | null] = [null, null];
  for (let coalition = 1; coalition < all; coalition += 1) {
    const excess = values[coalition]! - sums[coalition]!;
    if (maxExcess === null || excess > maxExcess) [maxExcess, objection] = [excess, coalition];
  }
  const unshared = values[all]! - sums[all]!;
  const slack = TOLERANCE * Math.max(1e-300, largestValue(game));
  return { inCore: (maxExcess ?? 0) <= slack && Math.abs(unshared) <= slack, maxExcess, objection, unshared };
}

export const largestValue = ({ values }: CoalitionGame): number =>
  values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
