import { DomainError } from '#core';
import type { LearningPlan, SeenTerms } from '#federation';
import { DAY_AHEAD_RIDGE, INPUT_PENALTIES, type RidgeModelConfig } from '#forecasting';
import { ARCHITECTURES, DAY_AHEAD_LEARNING, DAY_AHEAD_NETWORKS, type OptimiserTerms } from '#learning';
import type { CardRequest } from './card-builder.ts';
import type {
  CreateTaskInput,
  LearningInput,
  ModelInputsInput,
  NetworkInput,
  PrivacyInput,
  RidgeInput,
} from './federation.types.ts';

/** The model, plan and privacy that an operator asked for. @throws MODEL_AMBIGUOUS, LEARNING_TERMS_INVALID, PRIVACY_MECHANISM_UNKNOWN */
export function requestedTerms({
  ridge,
  network,
  learning,
  privacy,
}: CreateTaskInput): Pick<CardRequest, 'ridge' | 'network' | 'privacy'> {
  if (ridge && network) {
    throw new DomainError('MODEL_AMBIGUOUS', 'expected terms of a ridge or of a network, got both');
  }
  if (learning && !network) {
    throw new DomainError('LEARNING_TERMS_INVALID', 'expected learning terms with a network, got them alone');
  }
  return {
    ...(ridge && { ridge: ridgeOf(ridge, privacy) }),
    ...(network && { network: { model: modelOf(network), learning: planOf(learning) } }),
    ...(privacy && { privacy: privacyOf(privacy) }),
  };
}

/** The week as cycle, and the statistic that the privacy terms allow, unless told. */
function ridgeOf(input: RidgeInput, privacy: PrivacyInput | undefined): RidgeModelConfig {
  const { stepMinutes, lookback, horizon } = input;
  const statistic = input.statistic ?? (privacy || input.inputs ? 'moments' : 'autocovariances');
  const cycle = input.cycle ?? stepsOfWeek(stepMinutes);
  return {
    statistic,
    stepMinutes,
    lookback,
    horizon,
    cycle,
    lambdas: DAY_AHEAD_RIDGE.lambdas,
    inputs: input.inputs ? { ...seenOf(input.inputs), penalties: INPUT_PENALTIES } : null,
  };
}

const seenOf = ({ calendar, holidays, ahead, past, issues }: ModelInputsInput): SeenTerms => ({
  calendar,
  holidays: holidays ?? null,
  ahead,
  past,
  issues,
});

const stepsOfWeek = (stepMinutes: number): number => (7 * 1_440) / stepMinutes;

function modelOf(input: NetworkInput) {
  const { architecture, stepMinutes, lookback, horizon, stride, hidden, seed, inputs } = input;
  const cycle = input.cycle ?? stepsOfWeek(stepMinutes);
  // What an unknown architecture is refused for is the card's affair.
  const usual = ARCHITECTURES.includes(architecture) ? DAY_AHEAD_NETWORKS[architecture].hidden : 0;
  return {
    architecture,
    stepMinutes,
    lookback,
    horizon,
    cycle,
    stride,
    hidden: hidden ?? usual,
    seed,
    ...(inputs && { inputs: seenOf(inputs) }),
  };
}

const USUAL_STEPS = 15;

function planOf(input: LearningInput | undefined): LearningPlan {
  if (!input)
    return { ...DAY_AHEAD_LEARNING, steps: USUAL_STEPS, patience: null, combine: 'mean', vote: null };
  const { steps, patience, localEpochs, batchSize, learningRate, clip, rowsScale, combine, vote } = input;
  return {
    optimiser: optimiserOf(input.optimiser),
    steps,
    patience: patience ?? null,
    localEpochs,
    batchSize,
    learningRate,
    clip,
    rowsScale,
    combine: requireCombination(combine),
    vote: vote ? { quorum: vote.quorum } : null,
  };
}

function requireCombination(combine: LearningPlan['combine']): LearningPlan['combine'] {
  if (combine === 'mean' || combine === 'median' || combine === 'trimmed-mean') return combine;
  throw new DomainError(
    'LEARNING_TERMS_INVALID',
    `expected combine mean, median or trimmed-mean, got ${String(combine)}`,
  );
}

/** Without what was not given; whether the rest fits the optimiser is the card's affair. */
const optimiserOf = (input: LearningInput['optimiser']): OptimiserTerms =>
  Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined && value !== null),
  ) as unknown as OptimiserTerms;

function privacyOf({ mechanism, epsilon, delta, clip }: PrivacyInput): PrivacyInput {
  if (mechanism !== 'discrete-gaussian' && mechanism !== 'skellam') {
    throw new DomainError(
      'PRIVACY_MECHANISM_UNKNOWN',
      `expected mechanism discrete-gaussian or skellam, got ${String(mechanism)}`,
    );
  }
  return { mechanism, epsilon, delta, clip };
}
