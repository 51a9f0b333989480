import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { LpSolve } from '#core';
import { loadSolver } from '#optimization';
import {
  type CoalitionGame,
  contributionShares,
  coreCheck,
  gameFromKeys,
  gameOf,
  nucleolus,
  sampledShapleyValue,
  shapleyValue,
  talmudShares,
} from './index.ts';
import { coalitionSums, sizeOf } from './game.ts';

let solve: LpSolve;
beforeAll(async () => {
  const solver = await loadSolver();
  solve = (problem) => solver.solve(problem);
});

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `p${i}`);
const sum = (shares: readonly number[]): number => shares.reduce((a, b) => a + b, 0);

/** Any values of three to five players. */
const games: fc.Arbitrary<CoalitionGame> = fc
  .integer({ min: 2, max: 5 })
  .chain((count) =>
    fc
      .array(fc.integer({ min: -20, max: 50 }), { minLength: 2 ** count, maxLength: 2 ** count })
      .map((values) => gameOf(names(count), (coalition) => values[coalition]!)),
  );

/** Convex games have a core: v(S) = (Σ weights)². */
const convexGames: fc.Arbitrary<CoalitionGame> = fc
  .array(fc.integer({ min: 0, max: 9 }), { minLength: 2, maxLength: 6 })
  .map((weights) => gameOf(names(weights.length), (coalition) => coalitionSums(weights)[coalition]! ** 2));

/** The same game with players in another order: player i of the new one was player order[i]. */
function renamed({ players, values }: CoalitionGame, order: readonly number[]): CoalitionGame {
  return gameOf(
    order.map((i) => players[i]!),
    (coalition) => values[coalitionSums(order.map((i) => 2 ** i))[coalition]!]!,
  );
}

/** Excesses of all proper coalitions, largest first. */
function excesses({ values }: CoalitionGame, shares: readonly number[]): number[] {
  const sums = coalitionSums(shares);
  return Array.from(values, (value, coalition) => value - sums[coalition]!)
    .slice(1, -1)
    .toSorted((a, b) => b - a);
}

function expectNotLess(left: readonly number[], right: readonly number[]): void {
  const at = left.findIndex((value, i) => Math.abs(value - right[i]!) > 1e-6);
  expect(at < 0 ? Infinity : left[at]).toBeGreaterThan(at < 0 ? 0 : right[at]!);
}

describe('the Shapley value', () => {
  it('is efficient, symmetric, additive and gives a dummy nothing more', () => {
    fc.assert(
      fc.property(games, fc.integer({ min: -5, max: 5 }), (game, worth) => {
        const { players, values } = game;
        const shares = shapleyValue(game);
        expect(sum(shares)).toBeCloseTo(values.at(-1)!, 8);
        const back = players.map((_, i) => players.length - 1 - i);
        const mirrored = shapleyValue(renamed(game, back));
        shares.forEach((share, i) => expect(mirrored[back[i]!]).toBeCloseTo(share, 8));
        const joined = 2 ** players.length;
        const withDummy = gameOf([...players, 'dummy'], (coalition) =>
          coalition >= joined ? values[coalition - joined]! + worth : values[coalition]!,
        );
        expect(shapleyValue(withDummy).at(-1)).toBeCloseTo(worth, 8);
        const size = gameOf(players, sizeOf);
        shapleyValue(gameOf(players, (c) => values[c]! + size.values[c]! * 3)).forEach((share, i) =>
          expect(share).toBeCloseTo(shares[i]! + 3, 8),
        );
      }),
    );
  });

  it('sampled is within its standard errors of the exact one, efficient, and the same from the same seed', () => {
    const weights = [3, 1, 4, 1, 5, 9, 2, 6];
    const sums = coalitionSums(weights);
    const game = gameOf(names(8), (coalition) => Math.max(0, sums[coalition]! - 12));
    const value = (players: readonly number[]) =>
      game.values[players.reduce((coalition, i) => coalition + 2 ** i, 0)]!;
    const exact = shapleyValue(game);
    const sampled = sampledShapleyValue(8, value, { samples: 4000, seed: 7 });
    expect(sum(sampled.shares)).toBeCloseTo(game.values.at(-1)!, 8);
    exact.forEach((share, i) => {
      expect(sampled.standardErrors[i]).toBeGreaterThan(0);
      expect(Math.abs(sampled.shares[i]! - share)).toBeLessThan(4 * sampled.standardErrors[i]!);
    });
    expect(sampledShapleyValue(8, value, { samples: 4000, seed: 7 })).toEqual(sampled);
    const rougher = sampledShapleyValue(8, value, { samples: 250, seed: 7 });
    expect(rougher.standardErrors[0]! / sampled.standardErrors[0]!).toBeCloseTo(4, 0);
    expect(() => sampledShapleyValue(8, value, { samples: 1, seed: 7 })).toThrow(
      expect.objectContaining({ code: 'GAME_SAMPLES' }),
    );
  });
});

describe('the nucleolus', () => {
  it('has lexicographically least excesses among divisions around it, and is the same in any order of players', () => {
    const moves = fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 5, maxLength: 5 });
    fc.assert(
      fc.property(games, moves, (game, shift) => {
        const { players, values } = game;
        const shares = nucleolus(game, solve, { individuallyRational: false });
        expect(sum(shares)).toBeCloseTo(values.at(-1)!, 6);
        const mean = sum(shift.slice(0, players.length)) / players.length;
        const moved = shares.map((share, i) => share + shift[i]! - mean);
        expectNotLess(excesses(game, moved), excesses(game, shares));
        const back = players.map((_, i) => players.length - 1 - i);
        const mirrored = nucleolus(renamed(game, back), solve, { individuallyRational: false });
        shares.forEach((share, i) => expect(mirrored[back[i]!]).toBeCloseTo(share, 6));
      }),
    );
  });

  it('is in the core of convex games, and so is the Shapley value; per capita as well', () => {
    fc.assert(
      fc.property(convexGames, (game) => {
        for (const shares of [
          shapleyValue(game),
          nucleolus(game, solve),
          nucleolus(game, solve, { excess: 'per-capita' }),
        ]) {
          expect(coreCheck(game, shares)).toMatchObject({ inCore: true });
        }
      }),
    );
  });

  it('is the division of the Talmud in every bankruptcy game', () => {
    const claims = fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(claims, fc.double({ min: 0, max: 1, noNaN: true }), (owed, part) => {
        const estate = part * sum(owed);
        const sums = coalitionSums(owed);
        const game = gameOf(names(owed.length), (coalition) =>
          Math.max(0, estate - (sums.at(-1)! - sums[coalition]!)),
        );
        const division = talmudShares(estate, owed);
        expect(sum(division)).toBeCloseTo(estate, 6);
        nucleolus(game, solve).forEach((share, i) => expect(share).toBeCloseTo(division[i]!, 5));
      }),
    );
  });

  it('gives everybody what it is worth alone, which the prenucleolus does not', () => {
    const game = gameFromKeys(['A', 'B', 'C'], {
      A: 0,
      B: 0,
      C: 0,
      'A,B': 10,
      'A,C': 0,
      'B,C': 0,
      'A,B,C': 2,
    });
    expect(Math.min(...nucleolus(game, solve))).toBeGreaterThanOrEqual(-1e-9);
    expect(nucleolus(game, solve, { individuallyRational: false })[2]).toBeCloseTo(-4, 6);
  });

  it('of one player is all there is; of a game worth nothing, nothing', () => {
    expect(
      nucleolus(
        gameOf(['A'], () => 7),
        solve,
      ),
    ).toEqual([7]);
    expect(
      nucleolus(
        gameOf(['A', 'B'], () => 0),
        solve,
      ),
    ).toEqual([0, 0]);
  });

  it('does not exist where players are worth more alone', () => {
    const game = gameFromKeys(['A', 'B'], { A: 3, B: 3, 'A,B': 5 });
    expect(() => nucleolus(game, solve)).toThrow(expect.objectContaining({ code: 'GAME_NO_IMPUTATION' }));
  });
});

describe('checks and other divisions', () => {
  it('name the coalition that gains by leaving', () => {
    const game = gameFromKeys(['A', 'B', 'C'], {
      A: 0,
      B: 0,
      C: 0,
      'B,A': 6,
      'A,C': 6,
      'B,C': 6,
      'C,A,B': 7,
    });
    expect(coreCheck(game, [3, 3, 1])).toEqual({
      inCore: false,
      maxExcess: 2,
      objection: 0b101,
      unshared: 0,
    });
    expect(coreCheck(game, [4, 4, 4])).toMatchObject({ inCore: false, unshared: -5 });
    expect(
      coreCheck(
        gameOf(['A'], () => 7),
        [7],
      ),
    ).toMatchObject({ inCore: true, maxExcess: null });
    expect(() => coreCheck(game, [1, 2])).toThrow(expect.objectContaining({ code: 'SHARES_INVALID' }));
  });

  it('share by contribution', () => {
    const game = gameFromKeys(['A', 'B'], { A: 2, B: 4, 'A,B': 9 });
    expect(contributionShares(game)).toEqual([(9 * 5) / 12, (9 * 7) / 12]);
    expect(() => contributionShares(gameFromKeys(['A', 'B'], { A: 9, B: 9, 'A,B': 9 }))).toThrow(
      expect.objectContaining({ code: 'CONTRIBUTIONS_ZERO' }),
    );
  });

  it.each([
    ['an estate above the claims', 10, [4, 5]],
    ['a negative estate', -1, [4, 5]],
    ['a negative claim', 1, [-4, 5]],
  ])('refuse %s', (_, estate, claims) => {
    expect(() => talmudShares(estate, claims)).toThrow(expect.objectContaining({ code: 'ESTATE_INPUT' }));
  });
});

describe('a game from keys', () => {
  const values = { A: 1, B: 2, 'A,B': 4 };

  it.each<[string, string, readonly string[], Record<string, number>]>([
    ['a missing coalition', 'GAME_COALITION_MISSING', ['A', 'B'], { A: 1, B: 2 }],
    ['an unknown player', 'GAME_PLAYER_UNKNOWN', ['A', 'B'], { ...values, 'A,C': 1 }],
    ['one coalition twice', 'GAME_COALITION_TWICE', ['A', 'B'], { ...values, 'B,A': 4 }],
    ['one player twice in a coalition', 'GAME_COALITION_TWICE', ['A', 'B'], { ...values, 'A,A': 4 }],
    ['a value for nobody', 'GAME_INVALID', ['A', 'B'], { ...values, '': 1 }],
    ['a value that is no number', 'GAME_INVALID', ['A', 'B'], { ...values, A: NaN }],
    ['one player twice', 'GAME_INVALID', ['A', 'A'], values],
    ['no player', 'GAME_INVALID', [], {}],
    ['a name with a comma', 'GAME_INVALID', ['A,B', 'C'], values],
    ['too many players', 'GAME_TOO_LARGE', names(21), values],
  ])('refuses %s', (_, code, players, given) => {
    expect(() => gameFromKeys(players, given)).toThrow(expect.objectContaining({ code }));
  });

  it('is exact for sixteen players at most', () => {
    const game = { players: names(17), values: new Float64Array(2 ** 17) };
    expect(() => shapleyValue(game)).toThrow(expect.objectContaining({ code: 'GAME_TOO_LARGE' }));
    expect(() => nucleolus(game, solve)).toThrow(expect.objectContaining({ code: 'GAME_TOO_LARGE' }));
  });
});
