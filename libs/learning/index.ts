/**
 * learning: neural forecasters that many sites train together. A site trains at home, sends one bounded vector into an
 * encrypted sum, and everybody computes the same next model from the sum. Pure numbers in and out; the only importer of
 * tensorflow.js.
 *
 * Vocabulary: network (an MLP or a GRU, its weights one flat Float32Array), terms (of the network and of learning: data of a
 * task's card), windows (standardised inputs and targets at one site), update (what a site sends), aggregate (what the sum
 * says), server step (from one round's state to the next, the same bits on every machine), control variate (SCAFFOLD),
 * personal model (refined at home, never sent), backend (what computes: native, WebAssembly or JavaScript), sketch (a short
 * projection of an update). Losses are in squared standard deviations of a site's own load.
 *
 * References: McMahan et al. 2017 (FedAvg); Li et al. 2020 (FedProx); Reddi et al. 2021, arXiv 2003.00295 (FedAdam,
 * FedYogi); Karimireddy et al. 2020 (SCAFFOLD); Li et al. 2021 (Ditto); Cho et al. 2014 (GRU); Lin et al. 2023 (SegRNN);
 * Glorot & Bengio 2010, Saxe et al. 2014 (initial weights); Achlioptas 2003, Charikar et al. 2002 (sketches).
 */
export { type BackendName, backend, hasSimd, useBackend } from './backend.ts';
export {
  DAY_AHEAD_GRU,
  DAY_AHEAD_MLP,
  type NetworkTerms,
  requireSoundNetwork,
  weightCount,
  weightsBytes,
} from './network.ts';
export { initialWeights } from './initial-weights.ts';
export { type RandomSource, randomSource } from './random.ts';
export { DAY_AHEAD_LEARNING, type LearningTerms, type OptimiserTerms, requireSoundTerms } from './terms.ts';
export { type Windows } from './windows.ts';
export {
  type Control,
  type Progress,
  type TrainingInput,
  type TrainingResult,
  trainLocally,
} from './train.ts';
export { type ThreadInput, type ThreadOptions, trainInWorker } from './worker.ts';
export { type Evaluation, evaluate, meanSquaredError, predict } from './evaluate.ts';
export {
  type Aggregate,
  type RoundMetrics,
  type SiteRound,
  UPDATE_BOUND,
  readAggregate,
  siteUpdate,
  updateLength,
} from './update.ts';
export {
  type Participation,
  type ServerState,
  earlyStop,
  initialServerState,
  serverStateBytes,
  serverStep,
} from './server.ts';
export {
  type PersonalInput,
  type PersonalModel,
  type PersonalTerms,
  ditto,
  personaliseHead,
  personaliseNetwork,
} from './personal.ts';
export { clusterSlots, similarity, sketch } from './sketch.ts';
