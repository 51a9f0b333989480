import { DomainError, type Interval, isoInstant, requireZone } from '#core';
import { thresholdParameters } from '#encryption';
import {
  defaultPolicy,
  type EncryptionParameters,
  type LearningPlan,
  type NetworkModel,
  type PrivacyChoice,
  type PrivacyTerms,
  privacyTerms,
  type ReleasePolicy,
  requireSoundCard,
  type RosterMember,
  stepCount,
  type TaskCard,
  usualLanes,
  valueLimit,
} from '#federation';
import {
  DAY_AHEAD_MOMENTS,
  DAY_AHEAD_RIDGE,
  holidayCalendar,
  initialModelHash,
  inputCount,
  requireDistinctColumns,
  requireEpochs,
  requireOneSeries,
  requireSoundConfig,
  requireSoundNetworkInputs,
  type RidgeModelConfig,
  statisticBound,
  statisticLength,
} from '#forecasting';

export interface CardRequest {
  readonly taskId: string;
  readonly platformKey: string;
  readonly issuedAtMs: number;
  readonly series: readonly string[];
  readonly zone: string;
  readonly train: Interval;
  readonly validation: Interval;
  readonly windows: TaskCard['windows'];
  readonly roster: readonly RosterMember[];
  /** Of a ridge; absent: the day-ahead one, from autocovariances where sums are exact. */
  readonly ridge?: RidgeModelConfig;
  /** A network and how it is learnt; absent: a ridge. */
  readonly network?: {
    readonly model: Omit<NetworkModel, 'kind' | 'initial' | 'covariates'>;
    readonly learning: LearningPlan;
  };
  /** Absent: exact sums. */
  readonly privacy?: PrivacyChoice;
  /** Members of the roster; the first 20 when absent. */
  readonly decryptors?: readonly string[];
}

const USUAL_SITES = 16;

/** The card of a task. @throws CARD_…, ROSTER_…, ZONE_UNKNOWN, EPOCH_…, SERIES_SEVERAL, RIDGE_CONFIG_INVALID, STATISTIC_NOT_PRIVATE, NETWORK_TERMS_INVALID, LEARNING_TERMS_INVALID, PRIVACY_PARAMETER */
export async function buildCard(request: CardRequest): Promise<TaskCard> {
  const { taskId, platformKey, series, zone, roster, windows, train, validation } = request;
  requireZone(zone);
  const terms = await modelTerms(request);
  const data = { series, zone, train: epoch(train), validation: epoch(validation) };
  requireOneSeries({ ...terms, data, privacy: request.privacy ?? null });
  requireDistinctColumns({ ...terms, data });
  const sums = terms.learning && terms.learning.combine !== 'mean' ? 'blocks' : 'cohort';
  const { decryptors } = request;
  const release = defaultPolicy(roster, { sums, ...(decryptors && { decryptors }) });
  const card: TaskCard = {
    format: 'gridcommons/card/3',
    taskId,
    issuedAt: isoInstant(request.issuedAtMs),
    platformKey,
    ...terms,
    data,
    ...protection(request, { ...terms, data }, release),
    release,
    windows,
    roster,
  };
  requireSoundCard(card);
  requireEpochs(card);
  return card;
}

const epoch = ({ startMs, endMs }: Interval) => ({ start: isoInstant(startMs), end: isoInstant(endMs) });

type ModelTerms = Pick<TaskCard, 'model' | 'learning'>;

function modelTerms({ network, ridge, privacy }: CardRequest): Promise<ModelTerms> {
  return network
    ? networkTerms(network)
    : oneShotTerms(ridge ?? (privacy ? DAY_AHEAD_MOMENTS : DAY_AHEAD_RIDGE), privacy);
}

async function oneShotTerms(ridge: RidgeModelConfig, privacy: CardRequest['privacy']): Promise<ModelTerms> {
  requireSoundConfig(ridge);
  if (ridge.inputs?.holidays) await holidayCalendar(ridge.inputs.holidays);
  if (privacy && ridge.statistic !== 'moments') {
    throw new DomainError(
      'STATISTIC_NOT_PRIVATE',
      'expected statistic moments under privacy terms, whose noise the fit can reckon with, got autocovariances',
    );
  }
  if (privacy && ridge.inputs) {
    throw new DomainError(
      'INPUTS_NOT_PRIVATE',
      'expected no inputs of a ridge under privacy terms, got some',
    );
  }
  return { model: { kind: 'one-shot-ridge', ...ridge, lambdas: [...ridge.lambdas] }, learning: null };
}

async function networkTerms({ model, learning }: NonNullable<CardRequest['network']>): Promise<ModelTerms> {
  if (model.inputs?.holidays) await holidayCalendar(model.inputs.holidays);
  const beside = model.inputs && { covariates: inputCount(model) };
  const draft: NetworkModel = { kind: 'network', ...model, ...beside, initial: '' };
  requireSoundNetworkInputs(draft);
  const initial = await initialModelHash({ model: draft, learning });
  return { model: { ...draft, initial }, learning };
}

/** Fixed point as fine as a lane allows with the largest possible value, and with the noise, in it. @throws EPOCH_TOO_LONG, NOISE_TOO_WIDE */
function protection(
  request: CardRequest,
  { data, ...terms }: ModelTerms & Pick<TaskCard, 'data'>,
  release: ReleasePolicy,
): { encryption: EncryptionParameters; privacy: PrivacyTerms | null } {
  const { privacy, roster } = request;
  const shape = {
    values: statisticLength({ ...terms, data }),
    lanes: usualLanes(terms, privacy !== undefined),
    maxSites: Math.max(USUAL_SITES, roster.length),
  };
  const limit = valueLimit(thresholdParameters({ ...shape, fractionBits: 0 }));
  const bound = statisticBound({ ...terms, data, privacy: privacy ?? null });
  const sizes = { steps: stepCount(terms), sites: roster.length };
  for (let fractionBits = Math.floor(Math.log2(limit / bound)); fractionBits >= 1; fractionBits--) {
    const encryption = thresholdParameters({ ...shape, fractionBits });
    if (!privacy) return { encryption, privacy: null };
    const noise = privacyTerms(privacy, encryption, release, sizes);
    if (bound * 2 ** fractionBits + noise.noiseBound <= limit) return { encryption, privacy: noise };
  }
  if (privacy) {
    throw new DomainError(
      'NOISE_TOO_WIDE',
      `expected noise for ε = ${privacy.epsilon} that fits a lane beside values of ±${bound}, got more: a larger epsilon or a smaller clip`,
      'limit',
      { epsilon: privacy.epsilon, clip: privacy.clip },
    );
  }
  throw new DomainError('EPOCH_TOO_LONG', `expected moments that fit a lane, got ±${bound}`, 'limit', {
    bound,
  });
}
