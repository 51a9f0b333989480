import { ridgeTerms, type StepSums, type TaskCard, type TaskState } from '#federation';
import {
  type DayAheadModel,
  type Epochs,
  personalise,
  type RidgeFit,
  type RidgeModelConfig,
  sharedRidges,
} from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import { epochsOf, ownMoments } from './site-statistic.ts';

/** A released model of one series at this site: the shared fit, the site's own refinement, and what that was fitted on. */
export interface SeriesModel {
  readonly shared: RidgeFit;
  readonly personal: DayAheadModel;
  /** The site's own second moments; they have left it only encrypted. */
  readonly moments: Float64Array;
}

/** What a released task gives this site's forecasts. */
export interface HomeModel {
  readonly card: TaskCard;
  readonly cardHash: string;
  readonly modelHash: string;
  readonly config: RidgeModelConfig;
  readonly epochs: Epochs;
  readonly load: SeriesModel;
  /** Null where the task had no PV among its series. */
  readonly pv: SeriesModel | null;
}

export const LOAD_COLUMN = 'load_kwh';
export const PV_COLUMN = 'pv_kwh';

/** Whether a market's day can be forecast with what this card's task releases. */
export const isDayAheadLoad = ({ model, data }: TaskCard): boolean =>
  model.kind === 'one-shot-ridge' &&
  data.series.includes(LOAD_COLUMN) &&
  model.stepMinutes === 60 &&
  model.horizon >= 24;

/** The shared ridges of a released task, which follow from its sums, refined on the site's own moments. */
export async function homeModel(node: SiteNode, state: TaskState, sums: StepSums): Promise<HomeModel> {
  const { card, cardHash } = state;
  const config = ridgeTerms(card);
  const fits = sharedRidges(card, sums);
  const refined = async (series: string): Promise<SeriesModel> => {
    const shared = fits.get(series)!;
    const moments = await ownMoments(node, card, series);
    return { shared, personal: personalise(shared, moments, config), moments };
  };
  const load = await refined(LOAD_COLUMN);
  const pv = fits.has(PV_COLUMN) ? await refined(PV_COLUMN) : null;
  const { modelHash } = state.releases.at(-1)!.release;
  return { card, cardHash, modelHash, config, epochs: epochsOf(card), load, pv };
}
