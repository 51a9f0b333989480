import { DomainError, type LpSolution, type LpSolve, lpBuilder } from '#core';
import { largestValue } from './core.ts';
import {
  type CoalitionGame,
  MAX_EXACT_PLAYERS,
  coalitionPlayers,
  coalitionSums,
  grandCoalition,
  requireAtMost,
  requireGame,
  sizeOf,
} from './game.ts';
import { type Span, emptySpan } from './span.ts';

export interface NucleolusOptions {
  /** Excess as it is, or divided by the size of the coalition. Default 'total'. */
  readonly excess?: 'total' | 'per-capita';
  /** Whether everybody must get what it is worth alone (nucleolus) or not (prenucleolus). Default true. */
  readonly individuallyRational?: boolean;
}

/** Coalitions whose x(S) is known, and what is known of it. */
interface Settled {
  readonly span: Span;
  readonly equations: { readonly coalition: number; readonly worth: number }[];
}

/** A row of the program that none of the coalitions left out may violate by more, relative to the game's scale. */
const VIOLATION = 1e-9;
/** A multiplier above it is one: the coalition has that excess in every optimal division. */
const POSITIVE = 1e-7;
/** Rows added at a time; the program stays small though there are 2^n of them. */
const ROWS_AT_ONCE = 100;

/**
 * The division whose excesses v(S) − x(S), sorted from the largest, are lexicographically least. Shares one a player; the
 * nucleolus lies in the core wherever there is one.
 *
 * Stage by stage the largest excess ε among coalitions not yet settled is minimised; coalitions with a positive multiplier
 * have excess ε in every optimum and become equations, as does every x(S) that follows from them, until they determine x.
 * Coalitions enter a program as they are violated. Source: Schmeidler 1969; Kopelowitz 1967; per capita: Young, Okada &
 * Hashimoto 1982.
 * @throws GAME_INVALID, GAME_TOO_LARGE above 16 players, GAME_NO_IMPUTATION where players are worth more alone than
 * together, and what `solve` throws
 */
export function nucleolus(game: CoalitionGame, solve: LpSolve, options: NucleolusOptions = {}): number[] {
  requireGame(game);
  requireAtMost(game.players.length, MAX_EXACT_PLAYERS);
  const { excess = 'total', individuallyRational = true } = options;
  const scale = largestValue(game);
  const { players } = game;
  if (scale === 0) return players.map(() => 0);
  const normalised = { players, values: game.values.map((value) => value / scale) };
  if (individuallyRational) requireImputation(normalised);
  const all = grandCoalition(game);
  const settled: Settled = { span: emptySpan(players.length), equations: [] };
  settle(settled, all, normalised.values[all]!);
  const weightOf = excess === 'total' ? () => 1 : sizeOf;
  const stage = { game: normalised, settled, weightOf, individuallyRational, solve };
  const pool = new Set<number>();
  while (settled.span.rank < players.length) settleStage(stage, leastLargestExcess(stage, pool));
  return solveEquations(settled, players.length).map((share) => share * scale + 0);
}

function requireImputation({ players, values }: CoalitionGame): void {
  const alone = players.reduce((sum, _, i) => sum + values[2 ** i]!, 0);
  const together = values.at(-1)!;
  if (alone > together + VIOLATION) {
    throw new DomainError(
      'GAME_NO_IMPUTATION',
      'expected all together to be worth at least what they are alone, got less: nobody would join',
      'conflict',
      { ratioTogether: alone === 0 ? 0 : together / alone },
    );
  }
}

function settle({ span, equations }: Settled, coalition: number, worth: number): void {
  if (span.add(coalition)) equations.push({ coalition, worth });
}

interface Stage {
  readonly game: CoalitionGame;
  readonly settled: Settled;
  readonly weightOf: (coalition: number) => number;
  readonly individuallyRational: boolean;
  readonly solve: LpSolve;
}

interface StageResult {
  readonly excess: number;
  /** Coalitions that have it in every optimal division. */
  readonly binding: readonly number[];
}

/** min ε with x(S) + w(S)·ε ≥ v(S) over coalitions not settled, by adding the rows that are violated to `pool`. */
function leastLargestExcess(stage: Stage, pool: Set<number>): StageResult {
  const { game, settled } = stage;
  const all = grandCoalition(game);
  const open: number[] = [];
  for (let coalition = 1; coalition < all; coalition += 1) {
    if (!settled.span.has(coalition)) open.push(coalition);
    else pool.delete(coalition);
  }
  if (pool.size === 0) for (const coalition of firstRows(open, game)) pool.add(coalition);
  let excess = -Infinity;
  for (;;) {
    const rows = [...pool];
    const solution = stage.solve(stageProgram(stage, rows));
    const violated = mostViolated(stage, open, solution);
    if (violated.length === 0) return stageResult(rows, solution, game.players.length);
    const reached = solution.x[game.players.length]!;
    // Rows that do not bind leave ε where it is; dropped only while it rises, no set of rows comes back.
    if (reached > excess + VIOLATION) dropSlack(pool, rows, solution);
    excess = reached;
    for (const coalition of violated) pool.add(coalition);
  }
}

function dropSlack(pool: Set<number>, rows: readonly number[], { duals }: LpSolution): void {
  rows.forEach((coalition, row) => {
    if (duals[row]! <= 0) pool.delete(coalition);
  });
}

/** Singles and their complements bound ε below; with none open, any coalition does. */
function firstRows(open: readonly number[], { players }: CoalitionGame): readonly number[] {
  const rows = open.filter((coalition) => [1, players.length - 1].includes(sizeOf(coalition)));
  return rows.length > 0 ? rows : open.slice(0, ROWS_AT_ONCE);
}

function stageProgram({ game, settled, weightOf, individuallyRational }: Stage, rows: readonly number[]) {
  const lp = lpBuilder('minimize');
  const bits = (coalition: number) =>
    coalitionPlayers(coalition, game.players.length).map((i) => [i, 1] as const);
  game.players.forEach((_, i) =>
    lp.column({ lower: individuallyRational ? game.values[2 ** i]! : -Infinity }),
  );
  // Bounded below, so that a stage whose first rows do not bound it is solved all the same and then corrected.
  const excess = lp.column({ cost: 1, lower: -MAX_EXCESS });
  for (const coalition of rows) {
    lp.row({ lower: game.values[coalition]! }, [...bits(coalition), [excess, weightOf(coalition)]]);
  }
  for (const { coalition, worth } of settled.equations) {
    lp.row({ lower: worth, upper: worth }, bits(coalition));
  }
  return lp.build();
}

/** Values are at most 1 in size here, and so every least largest excess is far inside. */
const MAX_EXCESS = 1e4;

function mostViolated({ game, weightOf }: Stage, open: readonly number[], { x }: LpSolution): number[] {
  const { length } = game.players;
  const sums = coalitionSums([...x.subarray(0, length)]);
  const by = (coalition: number) =>
    game.values[coalition]! - sums[coalition]! - weightOf(coalition) * x[length]!;
  return open
    .filter((coalition) => by(coalition) > VIOLATION)
    .toSorted((a, b) => by(b) - by(a) || a - b)
    .slice(0, ROWS_AT_ONCE);
}

function stageResult(rows: readonly number[], { x, duals }: LpSolution, excess: number): StageResult {
  const binding = rows.filter((_, row) => duals[row]! > POSITIVE);
  return { excess: x[excess]!, binding };
}

function settleStage({ game, settled, weightOf }: Stage, { excess, binding }: StageResult): void {
  const before = settled.span.rank;
  for (const coalition of binding) {
    settle(settled, coalition, game.values[coalition]! - weightOf(coalition) * excess);
  }
  if (settled.span.rank === before) {
    throw new DomainError(
      'LP_SOLVER_FAILED',
      'expected a binding coalition in each stage, got none',
      'unavailable',
    );
  }
}

/** Shares from as many independent x(S) as there are players, by elimination with the largest pivot. */
function solveEquations({ equations }: Settled, players: number): number[] {
  const rows = equations.map(({ coalition, worth }) => [
    ...Array.from({ length: players }, (_, i) => (coalition >> i) & 1),
    worth,
  ]);
  for (let column = 0; column < players; column += 1) {
    const pivot = rows.reduce(
      (best, row, r) => (r >= column && Math.abs(row[column]!) > Math.abs(rows[best]![column]!) ? r : best),
      column,
    );
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    const lead = rows[column]!;
    for (const [r, row] of rows.entries()) {
      const factor = r === column ? 0 : row[column]! / lead[column]!;
      if (factor !== 0) for (let k = column; k <= players; k += 1) row[k]! -= factor * lead[k]!;
    }
  }
  return rows.map((row, i) => row[players]! / row[i]!);
}
