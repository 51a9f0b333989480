import { type CoalitionGame, coalitionSums, gameOf } from './game.ts';
import { type NashBargain, nashBargain } from './nash-bargaining.ts';

/**
 * The game of what coalitions save: v(S) = Σ_{i∈S} cost({i}) − cost(S), from the optimal cost of every coalition by bit
 * mask, in which each is solved once. @throws GAME_INVALID, GAME_TOO_LARGE
 */
export function savingsGame(players: readonly string[], costs: Float64Array): CoalitionGame {
  const alone = coalitionSums(players.map((_, i) => costs[2 ** i]!));
  // Nobody saves a thing alone, whatever the last digit of its cost.
  return gameOf(players, (coalition) =>
    (coalition & (coalition - 1)) === 0 ? 0 : alone[coalition]! - costs[coalition]!,
  );
}

/** A community as its aggregator runs it. */
export interface CommunityCosts {
  /** Optimal cost of each member alone, c_i⁰: what it pays the grid without sharing. */
  readonly alone: readonly { readonly id: string; readonly cost: number; readonly alpha: number }[];
  /** Optimal cost of all together, which the aggregator pays to the grid. */
  readonly together: number;
  /** What running the community costs the aggregator; default 0. */
  readonly operatingCost?: number;
}

/**
 * (P2) of a dispatch: in the community members pay the grid nothing, so c_i = 0 and c_i⁰ is saved; the aggregator takes
 * over the common bill, r − r⁰ = −(together + operating cost). Payments are mostly negative: members pay the aggregator.
 * @throws BARGAIN_INFEASIBLE where running the community costs more than it saves, BARGAIN_POWER, BARGAIN_INPUT
 */
export function bargainOverDispatch({ alone, together, operatingCost = 0 }: CommunityCosts): NashBargain {
  return nashBargain(
    -together - operatingCost,
    alone.map(({ id, cost, alpha }) => ({ id, saving: cost, alpha })),
  );
}
