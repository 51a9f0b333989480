import { type Bytes, DomainError, sha256Hex } from '#core';
import {
  networkTask,
  noiseDeviation,
  ridgeTerms,
  type StepMetrics,
  type StepSums,
  type TaskCard,
} from '#federation';
import {
  type Aggregate,
  combineAggregates,
  earlyStop,
  initialServerState,
  readAggregate,
  type RoundMetrics,
  type ServerState,
  serverStateBytes,
  serverStep,
  updateLength,
} from '#learning';
import { fitAdaSsp } from './ada-ssp.ts';
import { momentCount } from './moments.ts';
import { modelBytes, type RidgeFit } from './ridge.ts';

/** What follows from the sums of a task so far. */
export interface StepOutcome {
  /** SHA-256 of the model, hex. */
  readonly modelHash: string;
  /** Whether the task ends with it. */
  readonly final: boolean;
  readonly metrics: StepMetrics | null;
}

/**
 * What the released sums of a task give: platform, sites and verifiers each compute it for themselves.
 * @param steps all so far, at least one
 * @throws STEPS_MISSING and the codes of the fit or of reading the sums
 */
export async function outcomeOf(card: TaskCard, steps: readonly StepSums[]): Promise<StepOutcome> {
  const last = steps.at(-1);
  if (!last) throw new DomainError('STEPS_MISSING', 'expected the sums of one step at least, got none');
  if (card.model.kind === 'one-shot-ridge') {
    const model = modelBytes(sharedRidge(card, last), ridgeTerms(card));
    return { modelHash: await sha256Hex(model), final: true, metrics: null };
  }
  const learnt = learntNetwork(card, steps);
  return {
    modelHash: await sha256Hex(serverStateBytes(learnt.state)),
    final: learnt.final,
    metrics: stated(learnt.metrics.at(-1)!),
  };
}

/** The ridge of summed moments; where noise was added to them, by AdaSSP with what is known of it. @throws the codes of the fit */
export function sharedRidge(card: TaskCard, { groups, cohort }: StepSums): RidgeFit {
  const { privacy, encryption } = card;
  const deviation = privacy ? noiseDeviation(privacy, encryption, cohort.length) : 0;
  return fitAdaSsp(groups[0]!, ridgeTerms(card), deviation);
}

export interface LearntNetwork {
  /** What the next step starts from; after the last, the model. */
  readonly state: ServerState;
  readonly final: boolean;
  /** By step. */
  readonly metrics: readonly RoundMetrics[];
}

/**
 * The network after the given steps, none of them included. With patience the released model is the best that was judged:
 * a step's losses are those of the model it started from.
 * @throws CARD_MODEL, UPDATE_LENGTH, UPDATE_NOT_FINITE, UPDATE_EMPTY
 */
export function learntNetwork(card: TaskCard, steps: readonly StepSums[]): LearntNetwork {
  const { model, learning } = networkTask(card);
  const states = [initialServerState(model, learning)];
  const metrics: RoundMetrics[] = [];
  for (const { groups, cohort } of steps) {
    const aggregate = combineAggregates(readableGroups(groups, card), learning.combine);
    const participation = { uploads: cohort.length, sites: card.roster.length };
    states.push(serverStep(states.at(-1)!, aggregate, learning, participation));
    metrics.push(aggregate.metrics);
  }
  const { patience } = learning;
  const judged = metrics.map(({ validationLoss }) => validationLoss);
  const early = patience !== null && judged.length > 0 ? earlyStop(judged, patience) : null;
  const final = steps.length >= learning.steps || early?.stop === true;
  return { state: final && early ? states[early.best]! : states.at(-1)!, final, metrics };
}

/** Of several groups those whose sum can be read at all: one hostile site must not end the task for everybody. */
function readableGroups(groups: readonly Float64Array[], card: TaskCard): Aggregate[] {
  const { model, learning } = networkTask(card);
  if (groups.length === 1) return [readAggregate(groups[0]!, model, learning)];
  return groups.flatMap((sum) => {
    try {
      return [readAggregate(sum, model, learning)];
    } catch (error) {
      if (error instanceof DomainError && UNREADABLE.has(error.code)) return [];
      throw error;
    }
  });
}

const UNREADABLE = new Set(['UPDATE_NOT_FINITE', 'UPDATE_EMPTY']);

/** Length of the vector that every site adds to a card's sums. */
export function statisticLength(card: Pick<TaskCard, 'model' | 'learning'>): number {
  if (card.model.kind === 'one-shot-ridge') return momentCount(card.model);
  const { model, learning } = networkTask(card);
  return updateLength(model, learning);
}

/** SHA-256 of the state that a network's first step starts from: stands in its card. */
export const initialModelHash = (card: Parameters<typeof networkTask>[0]): Promise<string> => {
  const { model, learning } = networkTask(card);
  return sha256Hex(initialBytes(model, learning));
};

const initialBytes = (...terms: Parameters<typeof initialServerState>): Bytes =>
  serverStateBytes(initialServerState(...terms));

/** JSON has no NaN: what no site could say is null. */
const stated = ({ rows, trainLoss, validationLoss, validationMae }: RoundMetrics): StepMetrics => ({
  rows,
  trainLoss: orNull(trainLoss),
  validationLoss: orNull(validationLoss),
  validationMae: orNull(validationMae),
});

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null);
