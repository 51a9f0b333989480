/**
 * federation: what a federated task is and which messages it allows. Pure; nodes, platform and verifiers replay the same
 * state machine, so none has to believe another.
 *
 * Vocabulary: card (everything a node agrees to), roster (its organisations), dealer (a site that shared its secret),
 * decryptor (holder of shares, at a Shamir point), committee (the decryptors of a card), U (uploads that are summed), A (decryptors that answer), READY quorum,
 * block (smallest cohort that may be told apart), epoch (half-open range of readings a statistic covers).
 * References: docs/THREAT-MODEL.md; Mouchet et al. (eprint 2020/304) for t-of-n decryption; Becker et al. (NDSS 2018) for
 * sums under a public component.
 */
export {
  type EncryptionParameters,
  type Epoch,
  type LearningPlan,
  type NetworkModel,
  type NetworkTask,
  type PrivacyTerms,
  type ReleasePolicy,
  type InputTerms,
  type RidgeTerms,
  type RosterMember,
  type SeenTerms,
  type TaskCard,
  cardHashOf,
  completeBlocks,
  decryptorIndex,
  networkTask,
  ridgeTerms,
  rosterMember,
  seriesParts,
  stepCount,
  summedGroups,
} from './card.ts';
export {
  MAX_DECRYPTORS,
  defaultPolicy,
  drawnDecryptors,
  requireSoundCard,
  usualLanes,
  usualThreshold,
} from './policy.ts';
export {
  type AnyMessage,
  type BlobReference,
  type MemberKind,
  type Message,
  type MessageKind,
  type Payloads,
  type PlatformKind,
  type StepMetrics,
  type Unsigned,
  MEMBER_KINDS,
  PLATFORM,
  agreementHashOf,
  messageHash,
  requireShape,
  requireSigned,
  signMessage,
  uploadsHashOf,
} from './message.ts';
export {
  type Phase,
  type Released,
  type TaskState,
  activeSet,
  attemptLabel,
  decryptorAt,
  startingModel,
} from './task-state.ts';
export { type Ciphertexts, groupedUploads, openSums } from './open-sums.ts';
export { advance, openFromCard, replay, signingKeyOf } from './replay.ts';
export { requireOpening, shareTestChallenge, shareTestSeed } from './share-test.ts';
export { type StepSums, aggregateBytes, groupsIn } from './aggregate.ts';
export { type Aggregator, type AnswerInput, type Component, type Dealing } from './aggregator.ts';
export {
  type PlatformDuty,
  awaited,
  memberDuty,
  othersCanAnswer,
  platformDuty,
  windowSeconds,
} from './duty.ts';
export {
  type PrivacyChoice,
  drawNoise,
  noiseDeviation,
  privacySpent,
  privacyTerms,
  truncationProbability,
} from './privacy-terms.ts';
export { type Dither, type Noise, chunkCount, decodeSums, encodeValues, valueLimit } from './packing.ts';
export { deviators, inverse, lagrangeAtZero } from './polynomial.ts';
export { plainAggregator } from './plain-aggregator.ts';
