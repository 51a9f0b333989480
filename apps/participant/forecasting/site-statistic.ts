import { type Interval, DomainError, interval, parseInstant } from '#core';
import { type NetworkModel, ridgeTerms, seriesParts, type TaskCard } from '#federation';
import {
  type Epochs,
  inputScales,
  leastNetworkRows,
  namingSeries,
  normaliseMoments,
  type SiteInputs,
  siteMoments,
  type SiteWindows,
  siteWindows,
  statisticLength,
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

/** The readings of one series in a card's epochs and nothing later. */
function readingsOf(node: SiteNode, card: TaskCard, series: string): Promise<MeterSeries> {
  const { train, validation } = epochsOf(card);
  return node.readings.regular(series, interval(train.startMs, validation.endMs), {
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

/** The site's own second moments of a series in a ridge's epochs, in clear: for this site alone. Zeros where its gaps leave no window whole. */
export async function ownMoments(node: SiteNode, card: TaskCard, series: string): Promise<Float64Array> {
  const readings = await readingsOf(node, card, series);
  const inputs = await inputsOf(node, card);
  return siteMoments(readings, card.data.zone, epochsOf(card), ridgeTerms(card), inputs);
}

/** The windows a network learns from at this site. @throws STATISTIC_EMPTY */
export async function ownWindows(node: SiteNode, card: TaskCard, model: NetworkModel): Promise<SiteWindows> {
  const [series] = card.data.series as [string];
  const readings = await readingsOf(node, card, series);
  const inputs = await inputsOf(node, card);
  requireInputs(inputs, epochsOf(card), model);
  const { stride } = model;
  const windows = siteWindows(readings, card.data.zone, epochsOf(card), model, { stride, inputs });
  requireRows(series, windows, 1);
  const { train } = windows;
  if (!card.privacy) requireRows(series, { train, validation: train }, leastNetworkRows(model));
  return windows;
}

/** A site that adds nothing, or next to nothing, would stand in a sum as one of k_min organisations and hide nobody. */
function requireRows(series: string, { train, validation }: Rows, least: number): void {
  if (train.rows >= least && validation.rows >= least) return;
  throw new DomainError(
    'STATISTIC_EMPTY',
    `expected readings of ${series} for ${least} rows to learn from and as many to validate on, got ${train.rows} and ${validation.rows}`,
    'invalid',
    { series },
  );
}

/** An input that says nothing here would be, in the sum, that of the sites where it does. @throws STATISTIC_EMPTY */
function requireInputs(inputs: SiteInputs, { train }: Epochs, model: TaskCard['model']): void {
  if (!model.inputs) return;
  const scales = inputScales(inputs, train, model);
  const silent = [...model.inputs.past, ...model.inputs.ahead].find((column) => !scales.has(column));
  if (silent === undefined) return;
  throw new DomainError(
    'STATISTIC_EMPTY',
    `expected values of ${silent} that change over the training epoch, got none`,
    'invalid',
    { series: silent },
  );
}

interface Rows {
  readonly train: { readonly rows: number };
  readonly validation: { readonly rows: number };
}

/**
 * The vector that a ridge's sum takes of this site: the moments or autocovariances of each series of the card in turn; under
 * privacy terms means a row, cut to their norm. @throws STATISTIC_EMPTY, PROFILE_EMPTY naming the first series with too few readings
 */
export async function ridgeStatistic(node: SiteNode, card: TaskCard): Promise<Float64Array> {
  const values = new Float64Array(statisticLength(card));
  for (const [series, part] of seriesParts(card, values)) part.set(await seriesStatistic(node, card, series));
  return card.privacy ? clipToNorm(values, card.privacy.clip) : values;
}

async function seriesStatistic(node: SiteNode, card: TaskCard, series: string): Promise<Float64Array> {
  const model = ridgeTerms(card);
  const { ofSite, unpack, leastRows } = statisticOf(model);
  const [readings, inputs] = [await readingsOf(node, card, series), await inputsOf(node, card)];
  requireInputs(inputs, epochsOf(card), model);
  const values = namingSeries(series, () => ofSite(readings, card.data.zone, epochsOf(card), model, inputs));
  requireRows(series, unpack(values, model), card.privacy ? 1 : leastRows(model));
  return card.privacy ? normaliseMoments(values, model) : values;
}
