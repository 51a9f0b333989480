import { ridgeTerms, type StepSums, type TaskCard, type TaskState } from '#federation';
import {
  type DayAheadModel,
  type Epochs,
  personalise,
  type RidgeFit,
  type RidgeModelConfig,
  sharedRidge,
} from '#forecasting';
import type { SiteNode } from '../node/node.ts';
import { epochsOf, ownMoments } from './site-statistic.ts';

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

/** Whether a market's day can be forecast with what this card's task releases. */
export const isDayAheadLoad = ({ model, data }: TaskCard): boolean =>
  model.kind === 'one-shot-ridge' &&
  data.series === 'load_kwh' &&
  model.stepMinutes === 60 &&
  model.horizon >= 24;

/** The shared ridge of a released task, which follows from its sums, refined on the site's own moments. */
export async function homeModel(node: SiteNode, state: TaskState, sums: StepSums): Promise<HomeModel> {
  const { card, cardHash } = state;
  const model = ridgeTerms(card);
  const shared = sharedRidge(card, sums);
  const moments = await ownMoments(node, card);
  const personal = personalise(shared, moments, model);
  const { modelHash } = state.releases.at(-1)!.release;
  return { card, cardHash, modelHash, config: model, epochs: epochsOf(card), shared, personal, moments };
}
