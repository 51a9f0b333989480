import { DomainError } from '#core';
import type { InputTerms, SeenTerms } from '#federation';

/** What a window is made of, in steps. */
export interface WindowShape {
  /** Minutes of a step: 5 to 60, or 1 440 for local days. */
  readonly stepMinutes: number;
  /** L: steps of history a forecast sees. */
  readonly lookback: number;
  /** H: steps it answers for. */
  readonly horizon: number;
  /** Steps of the cycle each site removes by itself: those of the local week, or of a part of it such as the local day. */
  readonly cycle: number;
}

/** The shape alone of what has more. */
export const shapeOf = ({ stepMinutes, lookback, horizon, cycle }: WindowShape): WindowShape => ({
  stepMinutes,
  lookback,
  horizon,
  cycle,
});

/** The shape of the one-shot ridge; every site of a task uses the same one, so it stands in the task's card. */
export interface RidgeModelConfig extends WindowShape {
  /** What sites add up: second moments of their windows, or the autocovariances that these follow from but for the edges. */
  readonly statistic: 'moments' | 'autocovariances';
  /** Candidate penalties, ascending, in units of the mean diagonal of the Gram matrix they are added to. */
  readonly lambdas: readonly number[];
  /** Null: the look-back alone. */
  readonly inputs: InputTerms | null;
}

/** Candidate penalties of inputs against those of the look-back. */
export const INPUT_PENALTIES: readonly number[] = [0.1, 1, 10];

/** Day-ahead hourly load: one week in, one day out, penalties 10^-4 … 10^2 in half decades. */
export const DAY_AHEAD_RIDGE: RidgeModelConfig = {
  statistic: 'autocovariances',
  stepMinutes: 60,
  lookback: 168,
  horizon: 24,
  cycle: 168,
  lambdas: [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100],
  inputs: null,
};

/** The same from the windows' own second moments: exact to the edges, and a hundred times as long a message. */
export const DAY_AHEAD_MOMENTS: RidgeModelConfig = { ...DAY_AHEAD_RIDGE, statistic: 'moments' };

const isCount = (value: number) => Number.isSafeInteger(value) && value > 0;

const refuse = (message: string) => new DomainError('RIDGE_CONFIG_INVALID', message);

/** What readings can be summed to. */
const STEP_MINUTES: readonly number[] = [5, 10, 15, 20, 30, 60, 1_440];
const MINUTES_PER_WEEK = 7 * 1_440;

/** @throws RIDGE_CONFIG_INVALID naming the first field that breaks its rule. */
export function requireSoundShape({ stepMinutes, lookback, horizon, cycle }: WindowShape): void {
  if (!STEP_MINUTES.includes(stepMinutes))
    throw refuse(`expected steps of ${STEP_MINUTES.join(', ')} min, got ${stepMinutes}`);
  if (!isCount(lookback) || lookback < 2)
    throw refuse(`expected a lookback of at least 2 steps, got ${lookback}`);
  if (!isCount(horizon)) throw refuse(`expected a horizon of at least 1 step, got ${horizon}`);
  const week = MINUTES_PER_WEEK / stepMinutes;
  if (!isCount(cycle) || week % cycle !== 0) {
    throw refuse(`expected a cycle that divides the week of ${week} steps, got ${cycle}`);
  }
}

/** @throws RIDGE_CONFIG_INVALID naming the first field that breaks its rule. */
export function requireSoundConfig({ statistic, lambdas, inputs, ...shape }: RidgeModelConfig): void {
  requireSoundShape(shape);
  if (statistic !== 'moments' && statistic !== 'autocovariances')
    throw refuse(`expected statistic moments or autocovariances, got ${String(statistic)}`);
  requirePenalties(lambdas);
  if (inputs) requireSoundInputs(inputs, statistic);
}

function requirePenalties(penalties: readonly number[]): void {
  const ascending = penalties.every((value, i) => value > (penalties[i - 1] ?? 0) && Number.isFinite(value));
  if (penalties.length === 0 || !ascending) {
    throw refuse('expected positive penalties in ascending order, at least one');
  }
}

/** Columns of either kind that a model may see. */
const MOST_COLUMNS = 20;

function requireColumns(columns: readonly string[]): void {
  if (columns.length > MOST_COLUMNS || new Set(columns).size < columns.length)
    throw refuse(`expected at most ${MOST_COLUMNS} distinct columns, got ${columns.length}`);
}

function requireSoundInputs(inputs: InputTerms, statistic: RidgeModelConfig['statistic']): void {
  if (statistic !== 'moments')
    throw refuse(`expected statistic moments with inputs beside the look-back, got ${statistic}`);
  requireSoundSeen(inputs);
  requirePenalties(inputs.penalties);
}

/** @throws RIDGE_CONFIG_INVALID naming the first field that breaks its rule, of a network's inputs too */
export function requireSoundSeen({ calendar, holidays, ahead, past, issues }: SeenTerms): void {
  for (const columns of [ahead, past]) requireColumns(columns);
  if (issues !== 'every-step' && issues !== 'midnights')
    throw refuse(`expected issues every-step or midnights, got ${String(issues)}`);
  if (!calendar && ahead.length + past.length === 0)
    throw refuse('expected a calendar or a column as input, got neither');
  if (holidays !== null && !calendar)
    throw refuse(`expected holidays with the calendar as input, got ${holidays} alone`);
}
