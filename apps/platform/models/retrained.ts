import type { EntityManager } from 'typeorm';
import { DomainError } from '#core';
import type { Lineage } from './lineage.ts';
import { ModelDecisionRow } from './product.entities.ts';
import { decide, type Decision, holdProduct, standing } from './product-store.ts';
import { requireChallenger, type Standing } from './standing.ts';

/** Enters a model into the product whose re-training opened its task: as challenger, or as champion where there is none. */
export async function enterRetrained(
  manager: EntityManager,
  { taskId: modelTaskId, modelHash }: Pick<Lineage, 'taskId' | 'modelHash'>,
  nowMs: number,
): Promise<void> {
  const opened = await manager.findOneBy(ModelDecisionRow, { kind: 'RETRAINING_OPENED', modelTaskId });
  if (!opened) return;
  const product = await holdProduct(manager, opened.productId);
  const current = await standing(manager, product.id);
  await decide(
    manager,
    product,
    { ...entry(current, { taskId: modelTaskId, modelHash }), modelTaskId, modelHash },
    nowMs,
  );
}

function entry(
  current: Standing,
  model: { readonly taskId: string; readonly modelHash: string },
): Pick<Decision, 'kind' | 'otherTaskId' | 'statistics'> {
  if (!current.champion) return { kind: 'CHAMPION_NAMED' };
  const otherTaskId = current.champion.taskId;
  try {
    requireChallenger(current, model);
    return { kind: 'CHALLENGER_ADDED', otherTaskId };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { kind: 'CHALLENGER_REFUSED', otherTaskId, statistics: { code: error.code } };
  }
}
