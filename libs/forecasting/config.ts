import { DomainError } from '#core';

/** What a window is made of. */
export interface WindowShape {
  /** L: hours of history a forecast sees. */
  readonly lookback: number;
  /** H: hours it answers for. */
  readonly horizon: number;
  /** Hours of the cycle each site removes by itself: 168 (local week) or 24 (local day). */
  readonly cycle: number;
}

/** The shape of the one-shot ridge; every site of a task uses the same one, so it stands in the task's card. */
export interface RidgeModelConfig extends WindowShape {
  /** Candidate penalties, ascending, in units of the mean diagonal of the Gram matrix they are added to. */
  readonly lambdas: readonly number[];
}

/** Day-ahead hourly load: one week in, one day out, penalties 10^-4 … 10^2 in half decades. */
export const DAY_AHEAD_RIDGE: RidgeModelConfig = {
  lookback: 168,
  horizon: 24,
  cycle: 168,
  lambdas: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100],
};

const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;

const refuse = (message: string) => new DomainError('RIDGE_CONFIG_INVALID', message);

/** @throws RIDGE_CONFIG_INVALID naming the first field that breaks its rule. */
export function requireSoundShape({ lookback, horizon, cycle }: WindowShape): void {
  if (!isCount(lookback) || lookback < 2)
    throw refuse(`expected a lookback of at least 2 h, got ${lookback}`);
  if (!isCount(horizon)) throw refuse(`expected a horizon of at least 1 h, got ${horizon}`);
  if (!isCount(cycle) || 168 % cycle !== 0) {
    throw refuse(`expected a cycle that divides the week of 168 h, got ${cycle}`);
  }
}

/** @throws RIDGE_CONFIG_INVALID naming the first field that breaks its rule. */
export function requireSoundConfig({ lambdas, ...shape }: RidgeModelConfig): void {
  requireSoundShape(shape);
  const ascending = lambdas.every((lambda, i) => lambda > (lambdas[i - 1] ?? 0) && Number.isFinite(lambda));
  if (lambdas.length === 0 || !ascending) {
    throw refuse('expected positive penalties in ascending order, at least one');
  }
}
