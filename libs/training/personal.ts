import { evaluate, meanSquaredError } from './evaluate.ts';
import type { NetworkTerms, Windows } from '#learning';
import { descend, type DescentTerms } from './train.ts';

/** How a site refines the shared model at home; every site may choose its own. */
export interface PersonalTerms {
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  /** λ of Ditto: pull towards the shared model. */
  readonly proximal: number;
}

export interface PersonalInput {
  readonly network: NetworkTerms;
  readonly terms: PersonalTerms;
  /** The released model. */
  readonly shared: Float32Array;
  readonly train: Windows;
  readonly seed: number;
  readonly signal?: AbortSignal;
}

async function refine(input: PersonalInput, extra: Partial<DescentTerms>): Promise<Float32Array> {
  const { shared: start, train: windows, terms, ...rest } = input;
  const { weights } = await descend({ ...rest, start, windows, terms: { ...terms, ...extra } });
  return weights;
}

/** Fine-tunes the last layer alone: the layers below stay those that everybody's data made. @throws as `descend` */
export const personaliseHead = (input: PersonalInput): Promise<Float32Array> =>
  refine(input, { headOnly: true });

/** Ditto (Li et al. 2021): a model of the site's own, held near the shared one by λ/2·‖v − w‖². @throws as `descend` */
export const ditto = (input: PersonalInput): Promise<Float32Array> =>
  refine(input, { pull: { towards: input.shared, strength: input.terms.proximal } });

export interface PersonalModel {
  readonly method: 'shared' | 'head' | 'ditto';
  readonly weights: Float32Array;
  /** Mean squared error on the site's validation windows; NaN without one. */
  readonly validationLoss: number;
}

/**
 * The candidate of least loss on the site's own validation windows, which took no part in training; the shared model on
 * equal terms, and where the site has no validation window. Nothing leaves the site.
 * @throws NETWORK_TERMS_INVALID, WEIGHTS_LENGTH, WINDOWS_LENGTH, TRAINING_DIVERGED, TRAINING_CANCELLED
 */
export async function personaliseNetwork(input: PersonalInput, validation: Windows): Promise<PersonalModel> {
  const candidates = [
    { method: 'shared', weights: input.shared },
    { method: 'head', weights: await personaliseHead(input) },
    { method: 'ditto', weights: await ditto(input) },
  ] as const;
  const judged: PersonalModel[] = [];
  for (const candidate of candidates) {
    const errors = await evaluate(input.network, candidate.weights, validation);
    judged.push({ ...candidate, validationLoss: meanSquaredError(errors, input.network) });
  }
  return judged.reduce((best, model) => (model.validationLoss < best.validationLoss ? model : best));
}
