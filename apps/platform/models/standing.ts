import { DomainError } from '#core';
import { MAX_CHALLENGERS } from './product.ts';

/** What happened to a product's models, in order; the log is the state. */
export const DECISION_KINDS = [
  'CHAMPION_NAMED',
  'CHALLENGER_ADDED',
  'CHALLENGER_DROPPED',
  'CHALLENGER_REFUSED', // a re-trained model that the product has no room for
  'CHAMPION_KEPT', // a look at a challenger that did not promote it
  'CHAMPION_REPLACED', // one that did
  'DRIFT_DETECTED',
  'RETRAINING_OPENED',
  'RETRAINING_REFUSED',
] as const;
export type DecisionKind = (typeof DECISION_KINDS)[number];

/** Those that say which models stand where. */
export const STANDING_KINDS: readonly DecisionKind[] = [
  'CHAMPION_NAMED',
  'CHALLENGER_ADDED',
  'CHALLENGER_DROPPED',
  'CHAMPION_REPLACED',
];

/** A model version of a product, by its task; the hash is what scores name. */
export interface Contender {
  readonly taskId: string;
  readonly modelHash: string;
}

export interface Standing {
  readonly champion: Contender | null;
  readonly challengers: readonly Contender[];
}

export interface Decided {
  readonly kind: DecisionKind;
  readonly modelTaskId: string | null;
  readonly modelHash: string | null;
}

const isOther =
  ({ taskId }: Contender) =>
  (contender: Contender): boolean =>
    contender.taskId !== taskId;

/** Which models a product has after these decisions, oldest first. A new champion's rivals stay challengers, its predecessor does not. */
export function standingOf(decisions: readonly Decided[]): Standing {
  let standing: Standing = { champion: null, challengers: [] };
  for (const { kind, modelTaskId, modelHash } of decisions) {
    if (modelTaskId === null || modelHash === null) continue;
    const model = { taskId: modelTaskId, modelHash };
    const others = standing.challengers.filter(isOther(model));
    if (kind === 'CHAMPION_NAMED' || kind === 'CHAMPION_REPLACED')
      standing = { champion: model, challengers: others };
    if (kind === 'CHALLENGER_ADDED') standing = { ...standing, challengers: [...others, model] };
    if (kind === 'CHALLENGER_DROPPED') standing = { ...standing, challengers: others };
  }
  return standing;
}

/** Champion and challengers. */
export const contenders = ({ champion, challengers }: Standing): Contender[] => [
  ...(champion ? [champion] : []),
  ...challengers,
];

/** @throws CHALLENGER_IS_CHAMPION, MODEL_SAME for the same model of another task, CHALLENGERS_TOO_MANY */
export function requireChallenger(standing: Standing, model: Contender): void {
  const { champion, challengers } = standing;
  if (champion?.taskId === model.taskId)
    throw new DomainError(
      'CHALLENGER_IS_CHAMPION',
      'expected another model than the champion, got it',
      'conflict',
    );
  requireDistinct(standing, model);
  if (challengers.length < MAX_CHALLENGERS) return;
  throw new DomainError(
    'CHALLENGERS_TOO_MANY',
    `expected at most ${MAX_CHALLENGERS} challengers, got one more`,
    'limit',
  );
}

/** Scores name models by their hash: two versions of one model could not be told apart. @throws MODEL_SAME */
export function requireDistinct(standing: Standing, model: Contender): void {
  const same = contenders(standing)
    .filter(isOther(model))
    .some(({ modelHash }) => modelHash === model.modelHash);
  if (same)
    throw new DomainError(
      'MODEL_SAME',
      'expected a model that the product does not have yet, got the same of another task',
      'conflict',
    );
}
