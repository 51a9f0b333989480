import { DomainError } from '#core';
import { permutation, randomSource } from '#learning';
import { type CoalitionGame, MAX_EXACT_PLAYERS, requireAtMost, requireGame, sizeOf } from './game.ts';

/**
 * The Shapley value by all 2^n coalitions: φ_i = Σ_{S∌i} |S|!(n−|S|−1)!/n! · (v(S∪i) − v(S)). Shares of the players in
 * their order; they sum to v(N).
 * Source: Shapley 1953.
 * @throws GAME_INVALID, GAME_TOO_LARGE above 16 players
 */
export function shapleyValue(game: CoalitionGame): number[] {
  requireGame(game);
  const { players, values } = game;
  requireAtMost(players.length, MAX_EXACT_PLAYERS);
  const weights = sizeWeights(players.length);
  const shares = players.map(() => 0);
  for (let coalition = 0; coalition < values.length; coalition += 1) {
    const weight = weights[sizeOf(coalition)]!;
    for (let i = 0; i < players.length; i += 1) {
      const joined = coalition | (1 << i);
      if (joined !== coalition) shares[i]! += weight * (values[joined]! - values[coalition]!);
    }
  }
  return shares;
}

/** s!(n−s−1)!/n! for s = 0 … n−1: how often a coalition of that size is who came before. */
function sizeWeights(n: number): number[] {
  const weights = [1 / n];
  for (let s = 1; s < n; s += 1) weights.push((weights[s - 1]! * s) / (n - s));
  return weights;
}

export interface SampledShares {
  /** Means over orders; they sum to v(N) as every order's do. */
  readonly shares: readonly number[];
  /** Standard error of each mean. */
  readonly standardErrors: readonly number[];
}

const MAX_SAMPLES = 10_000_000;

/**
 * The Shapley value from random orders of arrival: each order gives every player its marginal contribution. For games
 * with too many players for all coalitions; `value` takes a coalition as a set of player numbers, sorted.
 * Source: Castro, Gómez & Tejada 2009.
 * @throws GAME_SAMPLES unless there are at least 2 orders
 */
export function sampledShapleyValue(
  players: number,
  value: (coalition: readonly number[]) => number,
  { samples, seed }: { readonly samples: number; readonly seed: number },
): SampledShares {
  if (!(Number.isInteger(samples) && samples >= 2 && samples <= MAX_SAMPLES)) {
    throw new DomainError('GAME_SAMPLES', `expected between 2 and ${MAX_SAMPLES} orders, got ${samples}`);
  }
  const next = randomSource(seed);
  const means = new Float64Array(players);
  const squares = new Float64Array(players);
  for (let sample = 1; sample <= samples; sample += 1) {
    const coalition: number[] = [];
    let before = 0;
    for (const player of permutation(players, next)) {
      coalition.push(player);
      const worth = value(coalition.toSorted((a, b) => a - b));
      // Welford's update: the sum of squared deviations without cancellation.
      const deviation = worth - before - means[player]!;
      means[player]! += deviation / sample;
      squares[player]! += deviation * (worth - before - means[player]!);
      before = worth;
    }
  }
  return {
    shares: [...means],
    standardErrors: Array.from(squares, (square) => Math.sqrt(square / (samples - 1) / samples)),
  };
}
