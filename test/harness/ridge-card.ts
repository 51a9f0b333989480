import { thresholdParameters } from '#encryption';
import { defaultPolicy, type TaskCard } from '#federation';
import { DAY_AHEAD_RIDGE, statisticOf } from '#forecasting';

interface RidgeTask extends Pick<TaskCard, 'taskId' | 'platformKey' | 'roster'> {
  readonly fractionBits: number;
  readonly train: TaskCard['data']['train'];
  readonly validation: TaskCard['data']['validation'];
}

/** A day-ahead ridge under the usual policy, but for what a test changes. */
export function ridgeCard(task: RidgeTask, changes: Partial<TaskCard>): TaskCard {
  const { taskId, platformKey, roster, fractionBits, train, validation } = task;
  return {
    format: 'gridcommons/card/3',
    taskId,
    issuedAt: train.start,
    platformKey,
    model: { kind: 'one-shot-ridge', ...DAY_AHEAD_RIDGE, lambdas: [...DAY_AHEAD_RIDGE.lambdas] },
    learning: null,
    data: { series: ['load_kwh'], zone: 'Europe/Berlin', train, validation },
    encryption: thresholdParameters({
      values: statisticOf(DAY_AHEAD_RIDGE).count(DAY_AHEAD_RIDGE),
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
