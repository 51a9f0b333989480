import { sha256Hex } from '#core';
import { ridgeTerms, type TaskCard } from '#federation';
import { fitRidge, modelBytes } from './ridge.ts';

/** What follows from the sums of a task's last step. */
export interface StepOutcome {
  /** SHA-256 of the model, hex. */
  readonly modelHash: string;
  /** Whether the task ends with it. */
  readonly final: boolean;
}

/**
 * What the released sums of a task give: platform, sites and verifiers each compute it for themselves.
 * @param steps by step, by summed group: the summed vectors
 * @throws the codes of the fit
 */
export async function outcomeOf(
  card: Pick<TaskCard, 'model'>,
  steps: readonly (readonly Float64Array[])[],
): Promise<StepOutcome> {
  const model = ridgeTerms(card);
  const fit = fitRidge(steps.at(-1)![0]!, model);
  return { modelHash: await sha256Hex(modelBytes(fit, model)), final: true };
}
