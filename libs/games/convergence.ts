import { DomainError } from '#core';

/** How an equilibrium was found, and how well it holds. */
export interface Convergence {
  /** closed-form needs no iteration; best-response iterates until nobody moves. */
  readonly method: 'closed-form' | 'best-response';
  readonly converged: boolean;
  readonly iterations: number;
  /** What is left: the largest gain of any player by deviating alone, or the last change of the iteration. */
  readonly residual: number;
}

/** Coordinates move less than this, relative to their size, in the last iteration. */
export const TOLERANCE = 1e-12;

/** @throws GAME_PARAMETER naming what is wrong, for a number outside its range */
export function requireNumber(
  name: string,
  value: number,
  {
    above = Number.NEGATIVE_INFINITY,
    least = Number.NEGATIVE_INFINITY,
  }: { above?: number; least?: number } = {},
): void {
  if (Number.isFinite(value) && value > above && value >= least) return;
  const bound =
    above > Number.NEGATIVE_INFINITY
      ? ` above ${above}`
      : least > Number.NEGATIVE_INFINITY
        ? ` ≥ ${least}`
        : '';
  throw new DomainError(
    'GAME_PARAMETER',
    `expected ${name} as a finite number${bound}, got ${value}`,
    'invalid',
    {
      parameter: name,
    },
  );
}

const MAX_PLAYERS = 10_000;

/** @throws GAME_PLAYERS unless there are `least` to `most` of them, each id once */
export function requirePlayers(ids: readonly string[], least: number, most = MAX_PLAYERS): void {
  if (ids.length < least || ids.length > most || new Set(ids).size !== ids.length) {
    throw new DomainError(
      'GAME_PLAYERS',
      `expected ${least} to ${most} players with ids of their own, got ${ids.length}`,
      ids.length > most ? 'limit' : 'invalid',
    );
  }
}

export const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/** The root of a rising function between two bounds, by bisection to the last bit of a double. */
export function rootOfRising(f: (x: number) => number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (let step = 0; step < 2_000; step++) {
    const middle = a + (b - a) / 2;
    if (middle <= a || middle >= b) break;
    if (f(middle) < 0) a = middle;
    else b = middle;
  }
  return Math.abs(f(a)) < Math.abs(f(b)) ? a : b;
}
