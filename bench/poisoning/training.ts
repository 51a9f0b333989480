import { DomainError, sha256Hex } from '#core';
import { type LearningTerms, type NetworkTerms, weightsBytes, type Windows } from '#learning';
import { trainLocally, type TrainingResult } from '#training';

/** Trains a site's step once, however many courses come to it: until they differ they share their first steps. */
export class Trainings {
  readonly #done = new Map<string, TrainingResult>();

  constructor(
    private readonly network: NetworkTerms,
    private readonly terms: LearningTerms,
  ) {}

  /** @param seed tells site, step and targets apart */
  async of(start: Float32Array, windows: Windows, seed: number): Promise<TrainingResult> {
    const key = `${await sha256Hex(weightsBytes(start))} ${seed}`;
    const known = this.#done.get(key);
    if (known) return known;
    const result = await this.#train(start, windows, seed);
    this.#done.set(key, result);
    return result;
  }

  /** A site from whose starting model training diverges changes nothing, as a node does under a vote. */
  async #train(start: Float32Array, windows: Windows, seed: number): Promise<TrainingResult> {
    const { network, terms } = this;
    try {
      return await trainLocally({ network, terms, start, windows, seed });
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'TRAINING_DIVERGED') throw error;
      return { weights: start, steps: 0, rows: windows.rows, trainLoss: Infinity };
    }
  }
}
