import { type Interval, DomainError, interval, parseInstant } from '#core';
import { type NetworkModel, ridgeTerms, type TaskCard } from '#federation';
import {
  type Epochs,
  normaliseMoments,
  type SiteInputs,
  siteMoments,
  type SiteWindows,
  siteWindows,
  statisticOf,
} from '#forecasting';
import type { MeterSeries } from '#metering';
import { clipToNorm } from '#privacy';
import type { SiteNode } from '../node/node.ts';
import { siteInputs } from './site-inputs.ts';

const epochInterval = ({ start, end }: { start: string; end: string }): Interval =>
  interval(parseInstant(start), parseInstant(end));

export const epochsOf = ({ data }: TaskCard): Epochs => ({
  train: epochInterval(data.train),
  validation: epochInterval(data.validation),
});

/** The readings of a card's epochs and nothing later. */
function seriesOf(node: SiteNode, card: TaskCard): Promise<MeterSeries> {
  const { train, validation } = epochsOf(card);
  return node.readings.regular(card.data.series, interval(train.startMs, validation.endMs), {
    stepMinutes: card.model.stepMinutes,
    zone: card.data.zone,
    knownBeforeMs: node.clock.nowMs(),
  });
}

/** Inputs of a card's epochs; those known ahead end with the last target. */
const inputsOf = (node: SiteNode, card: TaskCard): Promise<SiteInputs> => {
  const { train, validation } = epochsOf(card);
  return siteInputs(node, card, interval(train.startMs, validation.endMs));
};

/** The site's own second moments of a ridge's epochs, in clear: for this site alone. Zeros where its gaps leave no window whole. */
export async function ownMoments(node: SiteNode, card: TaskCard): Promise<Float64Array> {
  const epochs = epochsOf(card);
  const inputs = await inputsOf(node, card);
  return siteMoments(await seriesOf(node, card), card.data.zone, epochs, ridgeTerms(card), inputs);
}

/** The windows a network learns from at this site. @throws STATISTIC_EMPTY */
export async function ownWindows(node: SiteNode, card: TaskCard, model: NetworkModel): Promise<SiteWindows> {
  const series = await seriesOf(node, card);
  const windows = siteWindows(series, card.data.zone, epochsOf(card), model, model.stride);
  requireRows(windows.train.rows, windows.validation.rows, 1);
  return windows;
}

/** A site that adds nothing, or next to nothing, would stand in a sum as one of k_min organisations and hide nobody. */
function requireRows(train: number, validation: number, least: number): void {
  if (train >= least && validation >= least) return;
  throw new DomainError(
    'STATISTIC_EMPTY',
    `expected readings for ${least} rows to learn from and as many to validate on, got ${train} and ${validation}`,
  );
}

/**
 * The vector that a ridge's sum takes of this site: its moments or autocovariances; under privacy terms a mean a row, cut to
 * their norm. @throws STATISTIC_EMPTY
 */
export async function ridgeStatistic(node: SiteNode, card: TaskCard): Promise<Float64Array> {
  const model = ridgeTerms(card);
  const statistic = statisticOf(model);
  const inputs = await inputsOf(node, card);
  const values = statistic.ofSite(await seriesOf(node, card), card.data.zone, epochsOf(card), model, inputs);
  const { train, validation } = statistic.unpack(values, model);
  requireRows(train.rows, validation.rows, card.privacy ? 1 : statistic.leastRows(model));
  return card.privacy ? clipToNorm(normaliseMoments(values, model), card.privacy.clip) : values;
}
