import { thresholdParameters } from '#encryption';
import { defaultPolicy, type TaskCard } from '#federation';
import { DAY_AHEAD_RIDGE, momentCount } from '#forecasting';

interface RidgeTask extends Pick<TaskCard, 'taskId' | 'platformKey' | 'roster'> {
  readonly fractionBits: number;
  readonly train: TaskCard['data']['train'];
  readonly validation: TaskCard['data']['validation'];
}

/** A day-ahead ridge under the usual policy, but for what a test changes. */
export function ridgeCard(task: RidgeTask, changes: Partial<TaskCard>): TaskCard {
  const { taskId, platformKey, roster, fractionBits, train, validation } = task;
  const { lookback, horizon, cycle, lambdas } = DAY_AHEAD_RIDGE;
  return {
    format: 'gridcommons/card/1',
    taskId,
    issuedAt: train.start,
    platformKey,
    model: { kind: 'one-shot-ridge', lookback, horizon, cycle, lambdas: [...lambdas] },
    learning: null,
    data: { series: 'load_kwh', zone: 'Europe/Berlin', train, validation },
    encryption: thresholdParameters({
      values: momentCount(DAY_AHEAD_RIDGE),
      lanes: 1,
      fractionBits,
      maxSites: 16,
    }),
    release: defaultPolicy(roster),
    windows: { keys: 60, upload: 60, answer: 60 },
    privacy: null,
    roster,
    ...changes,
  };
}
