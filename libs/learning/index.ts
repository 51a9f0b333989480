/**
 * learning: how many sites learn one network together, but for the training itself: terms, weights, what a site sends, and
 * how everybody computes the same next model from the sum. Pure; the same bits on every machine.
 *
 * Vocabulary: network (MLP, GRU, DLinear or TCN, its weights one flat Float32Array), terms (of the network and of learning: data of a
 * task's card), windows (standardised inputs and targets at one site), update (what a site sends), aggregate (what the sum
 * says), server step (from one round's state to the next), control variate (SCAFFOLD), group (sites whose
 * sum is read apart), candidate (a model that the next round's sum judges against the committed one). Losses are in squared standard deviations of a site's own load.
 *
 * References: McMahan et al. 2017 (FedAvg); Li et al. 2020 (FedProx); Reddi et al. 2021, arXiv 2003.00295 (FedAdam,
 * FedYogi); Karimireddy et al. 2020 (SCAFFOLD); Lin et al. 2023 (SegRNN); Zeng et al. 2023 (DLinear); Bai et al. 2018 (TCN); Glorot & Bengio 2010, Saxe et al. 2014 (initial
 * weights); Yin et al. 2018 (median and trimmed mean).
 */
export {
  type Architecture,
  type NetworkTerms,
  type Parameter,
  ARCHITECTURES,
  DAY_AHEAD_MLP,
  DAY_AHEAD_NETWORKS,
  headOffset,
  parametersOf,
  requireSoundNetwork,
  requireWeights,
  segmentLength,
  TCN_KERNEL,
  tcnLayers,
  tcnSteps,
  weightCount,
  weightsBytes,
  weightsFrom,
  windowWidth,
} from './network.ts';
export { initialWeights } from './initial-weights.ts';
export { type RandomSource, normal, permutation, randomSource, uniform } from './random.ts';
export {
  type LearningTerms,
  type OptimiserTerms,
  type VoteTerms,
  DAY_AHEAD_LEARNING,
  requireSoundTerms,
} from './terms.ts';
export { type Windows, pickRows, requireWindows, sliceRows } from './windows.ts';
export { type Evaluation, type SiteRound, type Trained, clipFactor } from './site-round.ts';
export {
  type Aggregate,
  type Ballot,
  type RoundMetrics,
  UPDATE_BOUND,
  readAggregate,
  siteUpdate,
  updateLength,
} from './update.ts';
export { type Combination, clipAggregate, combineAggregates, pooledMetrics } from './robust.ts';
export {
  type Verdict,
  type VotePlan,
  type VoteState,
  type VotingGroup,
  initialVote,
  plausibleGroups,
  voteStep,
} from './vote.ts';
export {
  type Participation,
  type ServerState,
  earlyStop,
  initialServerState,
  serverStateBytes,
  serverStateFrom,
  serverStep,
} from './server.ts';
