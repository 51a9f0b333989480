/**
 * training: networks at one site, over tensorflow.js, whose only importer it is. Numbers in and out; nothing here leaves a
 * site but what `siteUpdate` of #learning makes of its result.
 *
 * Vocabulary: pass (a network's outputs with their derivatives), descent (plain mini-batch gradient descent), training thread,
 * personal model (refined at home, never sent), backend (what computes: native, WebAssembly or JavaScript).
 *
 * References: Cho et al. 2014 (GRU); Lin et al. 2023 (SegRNN); Zeng et al. 2023 (DLinear); Bai et al. 2018 (TCN); Li et al. 2020 (FedProx); Karimireddy et al. 2020 (SCAFFOLD);
 * Li et al. 2021 (Ditto).
 */
export { type Backend, type BackendName, backendOfThread, backendText, useBackend } from './backend.ts';
export {
  type Control,
  type Progress,
  type TrainingInput,
  type TrainingResult,
  trainLocally,
} from './train.ts';
export { type ThreadInput, type ThreadOptions, trainInWorker } from './worker.ts';
export { evaluate, meanSquaredError, predict } from './evaluate.ts';
export {
  type PersonalInput,
  type PersonalModel,
  type PersonalTerms,
  personaliseNetwork,
} from './personal.ts';
