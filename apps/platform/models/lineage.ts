import { DomainError } from '#core';
import type { Released, TaskCard, TaskState } from '#federation';
import { sharedRidges } from '#forecasting';
import type { FederationTask } from '../federation/federation.entities.ts';
import type { ModelVersionRow } from './model-version.entity.ts';

export type Lineage = Omit<ModelVersionRow, 'sequence'>;

/** How a released model did on the validation part of its sums, in standardised units; null where nobody can say. */
export type ValidationScores = Pick<ModelVersionRow, 'validationLoss' | 'validationMae'>;

/** Columns of the organisations' files that a card's model forecasts. */
export const seriesOf = ({ data }: Pick<TaskCard, 'data'>): string[] => [...data.series];

/** The last release of a task. @throws TASK_NOT_RELEASED */
export function lastRelease({ phase, releases }: Pick<TaskState, 'phase' | 'releases'>): Released {
  const last = releases.at(-1);
  if (phase === 'released' && last) return last;
  throw new DomainError('TASK_NOT_RELEASED', `expected a released task, got one ${phase}`, 'conflict');
}

/**
 * Scores of a released model. A ridge's follow from its exact sums, the mean over its series; under privacy terms they would be noise. A network's
 * are those its last release states, of the model that step started from.
 * @param groups the sums of the last release
 */
export function validationScores(state: TaskState, groups: readonly Float64Array[]): ValidationScores {
  const { card } = state;
  const { release, cohort } = lastRelease(state);
  if (card.model.kind === 'network') {
    const { validationLoss = null, validationMae = null } = release.metrics ?? {};
    return { validationLoss, validationMae };
  }
  if (card.privacy) return { validationLoss: null, validationMae: null };
  const ridges = [...sharedRidges(card, { groups, cohort }).values()];
  const losses = ridges.map(({ validationLosses }) => Math.min(...validationLosses));
  const validationLoss = losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  return { validationLoss, validationMae: null };
}

/** Everything that says where a released model came from. @throws TASK_NOT_RELEASED */
export function lineageOf(
  task: Pick<FederationTask, 'id' | 'tenantId' | 'headHash'>,
  state: TaskState,
  scores: ValidationScores,
  releasedAt: Date,
): Lineage {
  const { card, cardHash, releases } = state;
  const { release, cohort } = lastRelease(state);
  const { kind, stepMinutes, lookback, horizon } = card.model;
  const { zone, train, validation } = card.data;
  return {
    tenantId: task.tenantId,
    taskId: task.id,
    cardHash,
    modelHash: release.modelHash,
    transcriptRoot: task.headHash,
    kind,
    method: card.model.kind === 'network' ? card.model.architecture : card.model.statistic,
    series: seriesOf(card),
    zone,
    stepMinutes,
    lookback,
    horizon,
    trainStart: new Date(train.start),
    trainEnd: new Date(train.end),
    validationStart: new Date(validation.start),
    validationEnd: new Date(validation.end),
    cohort: [...cohort],
    steps: releases.length,
    ...scores,
    epsilon: release.privacy?.epsilon ?? null,
    delta: release.privacy?.delta ?? null,
    releasedAt,
  };
}
