import { readFileSync, existsSync } from 'node:fs';
import { type Bytes, DomainError, type Interval, interval, parseInstant, sha256Hex } from '#core';
import { ridgeTerms, type TaskCard, type TaskState } from '#federation';
import {
  type DayAheadModel,
  type Epochs,
  fitRidge,
  modelBytes,
  personalise,
  type RidgeFit,
  type RidgeModelConfig,
  siteMoments,
  unpackMoments,
} from '#forecasting';
import { writeDurably } from '../node/durable-log.ts';
import type { SiteNode } from '../node/node.ts';

/** A released model at this site: the shared fit, the site's own refinement, and what they were fitted on. */
export interface HomeModel {
  readonly card: TaskCard;
  readonly cardHash: string;
  readonly modelHash: string;
  readonly config: RidgeModelConfig;
  readonly epochs: Epochs;
  readonly shared: RidgeFit;
  readonly personal: DayAheadModel;
  /** The site's own second moments; they have left it only encrypted. */
  readonly moments: Float64Array;
}

const epochInterval = ({ start, end }: { start: string; end: string }): Interval =>
  interval(parseInstant(start), parseInstant(end));

export const epochsOf = ({ data }: TaskCard): Epochs => ({
  train: epochInterval(data.train),
  validation: epochInterval(data.validation),
});

/**
 * The vector this site contributes to a card's sum. Reads the card's epochs and nothing later.
 * @throws STATISTIC_EMPTY without a row in each part: a site that adds nothing would stand in a sum as one of k_min
 *   organisations and hide nobody.
 */
export async function statisticOf(node: SiteNode, card: TaskCard): Promise<Float64Array> {
  const epochs = epochsOf(card);
  const range = interval(epochs.train.startMs, epochs.validation.endMs);
  const series = await node.readings.hourly(card.data.series, range, node.clock.nowMs());
  const model = ridgeTerms(card);
  const values = siteMoments(series, card.data.zone, epochs, model);
  const { train, validation } = unpackMoments(values, model);
  if (train.rows === 0 || validation.rows === 0) {
    const hours = model.lookback + model.horizon;
    throw new DomainError(
      'STATISTIC_EMPTY',
      `expected ${hours} hours without a gap to learn from and as many to validate on, got ${train.rows} and ${validation.rows} times`,
    );
  }
  return values;
}

/**
 * Recomputes the shared model from the released sums, checks it against the transcript, and refines it on the site's own
 * moments. @throws MODEL_HASH_MISMATCH where the released hash is not that of the model the sums give.
 */
export async function homeModel(node: SiteNode, state: TaskState): Promise<HomeModel> {
  const { card, cardHash } = state;
  const model = ridgeTerms(card);
  const { aggregate, modelHash } = state.releases.at(-1)!;
  const sums = float64sOf(await aggregateOf(node, cardHash, aggregate.blob, aggregate.bytes));
  const shared = fitRidge(sums, model);
  const computed = await sha256Hex(modelBytes(shared, model));
  if (computed !== modelHash) {
    throw new DomainError(
      'MODEL_HASH_MISMATCH',
      `expected model ${computed} from the released sums, got ${modelHash}`,
      'conflict',
    );
  }
  const moments = await statisticOf(node, card);
  const personal = personalise(shared, moments, model);
  return { card, cardHash, modelHash, config: model, epochs: epochsOf(card), shared, personal, moments };
}

/** Fetched once, then kept: the site forecasts without the platform. */
async function aggregateOf(node: SiteNode, cardHash: string, blob: string, bytes: number): Promise<Bytes> {
  const file = node.directory.file('federation', cardHash, 'aggregate.bin');
  if (existsSync(file)) return new Uint8Array(readFileSync(file));
  const content = await node.client.getBlob(blob, bytes);
  writeDurably(file, content);
  return new Uint8Array(content);
}

function float64sOf(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Float64Array.from({ length: bytes.length / 8 }, (_, i) => view.getFloat64(8 * i, true));
}
