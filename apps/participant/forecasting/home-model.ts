import { ridgeTerms, type StepSums, type TaskCard, type TaskState } from '#federation';
import {
  type DayAheadModel,
  type Epochs,
  personalise,
  type RidgeFit,
  type RidgeModelConfig,
  sharedRidges,
} from '#forecasting';
import { sharedUnit } from '#metering';
import type { SiteNode } from '../node/node.ts';
import { epochsOf, ownMoments } from './site-statistic.ts';

/** A released model of one series at this site: the shared fit, the site's own refinement, and what that was fitted on. */
export interface SeriesModel {
  readonly shared: RidgeFit;
  readonly personal: DayAheadModel;
  /** The site's own second moments; they have left it only encrypted. */
  readonly moments: Float64Array;
}

/** What a released ridge gives this site's forecasts. */
export interface HomeModel {
  readonly card: TaskCard;
  readonly cardHash: string;
  readonly modelHash: string;
  readonly config: RidgeModelConfig;
  readonly epochs: Epochs;
  /** By column, of those that a site forecasts. */
  readonly series: ReadonlyMap<string, SeriesModel>;
}

/** One that the market's forecasts can be made by. */
export interface MarketModel extends HomeModel {
  readonly load: SeriesModel;
  /** Null where the task had no PV among its series. */
  readonly pv: SeriesModel | null;
}

export const LOAD_COLUMN = 'load_kwh';
export const PV_COLUMN = 'pv_kwh';

/** Whether a site's own forecasts of a column are told outside by themselves: those of its load, of intensities and prices. */
export const isForecastColumn = (column: string): boolean =>
  column === LOAD_COLUMN || sharedUnit(column) !== null;

/** Whether what this card's task releases forecasts days ahead by the hour, of a column that a site forecasts. */
export const isDayAhead = ({ model, data }: TaskCard): boolean =>
  model.kind === 'one-shot-ridge' &&
  data.series.some(isForecastColumn) &&
  model.stepMinutes === 60 &&
  model.horizon >= 24;

/** Null for a model that knows no load, without which a market's day cannot be forecast. */
export function marketModel(model: HomeModel): MarketModel | null {
  const load = model.series.get(LOAD_COLUMN);
  return load ? { ...model, load, pv: model.series.get(PV_COLUMN) ?? null } : null;
}

/** The shared ridges of a released task, which follow from its sums, refined on the site's own moments. */
export async function homeModel(node: SiteNode, state: TaskState, sums: StepSums): Promise<HomeModel> {
  const { card, cardHash } = state;
  const config = ridgeTerms(card);
  const series = new Map<string, SeriesModel>();
  for (const [column, shared] of sharedRidges(card, sums)) {
    if (!isForecastColumn(column) && column !== PV_COLUMN) continue;
    const moments = await ownMoments(node, card, column);
    series.set(column, { shared, personal: personalise(shared, moments, config), moments });
  }
  const { modelHash } = state.releases.at(-1)!.release;
  return { card, cardHash, modelHash, config, epochs: epochsOf(card), series };
}
