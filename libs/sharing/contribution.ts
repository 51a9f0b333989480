import { DomainError } from '#core';
import { type CoalitionGame, grandCoalition, requireGame } from './game.ts';

/**
 * Shares by contribution rate: v(N) in proportion to what the coalition of all would lose without each player,
 * x_i = v(N) · M_i / Σ M with M_i = v(N) − v(N∖i). Easily explained, and in the core only by chance.
 * @throws GAME_INVALID, CONTRIBUTIONS_ZERO where nobody is missed and there is something to share
 */
export function contributionShares(game: CoalitionGame): number[] {
  requireGame(game);
  const { players, values } = game;
  const all = grandCoalition(game);
  const total = values[all]!;
  const contributions = players.map((_, i) => total - values[all - 2 ** i]!);
  const sum = contributions.reduce((a, b) => a + b, 0);
  if (sum === 0 && total !== 0) {
    throw new DomainError(
      'CONTRIBUTIONS_ZERO',
      `expected contributions to share ${total} by, got a sum of 0`,
      'conflict',
    );
  }
  return contributions.map((contribution) => (sum === 0 ? 0 : (total * contribution) / sum));
}

/**
 * The Talmud's division of an estate among claims that exceed it, which is the nucleolus of the bankruptcy game
 * v(S) = max(0, estate − claims of the others): up to half of all claims nobody gets more than half of its claim and gains
 * are equal, beyond it nobody loses more than half and losses are.
 * Source: Aumann & Maschler 1985. @throws ESTATE_INPUT unless 0 ≤ estate ≤ Σ claims, claims ≥ 0
 */
export function talmudShares(estate: number, claims: readonly number[]): number[] {
  const owed = claims.reduce((a, b) => a + b, 0);
  if (!claims.every((claim) => claim >= 0 && Number.isFinite(claim)) || !(estate >= 0 && estate <= owed)) {
    throw new DomainError(
      'ESTATE_INPUT',
      `expected an estate between 0 and the claims on it, got ${estate} and ${owed}`,
    );
  }
  const halves = claims.map((claim) => claim / 2);
  if (estate <= owed / 2) return equalUpTo(estate, halves);
  return equalUpTo(owed - estate, halves).map((loss, i) => claims[i]! - loss);
}

/** Equal amounts, none above its limit, that sum to `total`. */
function equalUpTo(total: number, limits: readonly number[]): number[] {
  const rising = [...limits].toSorted((a, b) => a - b);
  let rest = total;
  for (const [i, limit] of rising.entries()) {
    const each = rest / (rising.length - i);
    if (each <= limit) return limits.map((own) => Math.min(own, each));
    rest -= limit;
  }
  return [...limits];
}
