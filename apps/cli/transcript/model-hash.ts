import { sha256Hex } from '#core';
import type { TaskCard } from '#federation';
import { fitRidge, modelBytes } from '#forecasting';

/** SHA-256 of the model that follows from the released sums, as the platform computes it at release. */
export async function modelHashOf(aggregate: Float64Array, { model }: TaskCard): Promise<string> {
  return sha256Hex(modelBytes(fitRidge(aggregate, model), model));
}
