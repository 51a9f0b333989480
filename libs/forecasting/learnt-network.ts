import { DomainError } from '#core';
import { type LearningPlan, networkTask, type StepSums, summedGroups, type TaskCard } from '#federation';
import {
  type Aggregate,
  clipAggregate,
  combineAggregates,
  earlyStop,
  initialServerState,
  initialVote,
  plausibleGroups,
  pooledMetrics,
  readAggregate,
  type RoundMetrics,
  type ServerState,
  serverStep,
  type Verdict,
  type VotePlan,
  voteStep,
  type VotingGroup,
} from '#learning';

export interface LearntNetwork {
  /** What the next step starts from; after the last, the model. */
  readonly state: ServerState;
  readonly final: boolean;
  /** By step. */
  readonly metrics: readonly RoundMetrics[];
  /** With a vote: the model that `state` is judged against. */
  readonly committed: ServerState | null;
  /** With a vote: what each step made of the model it started from. */
  readonly verdicts: readonly Verdict[];
}

/**
 * The network after the given steps, none of them included. Without a vote but with patience the released model is the best
 * that was judged: a step's losses are those of the model it started from. With a vote it is the last committed one.
 * @throws CARD_MODEL, UPDATE_LENGTH, UPDATE_NOT_FINITE, UPDATE_EMPTY, AGGREGATE_LENGTH
 */
export function learntNetwork(card: TaskCard, steps: readonly StepSums[]): LearntNetwork {
  const { learning } = networkTask(card);
  return hasVote(learning) ? learntByVote(card, steps, learning) : learntAtOnce(card, steps);
}

const hasVote = (learning: LearningPlan): learning is LearningPlan & VotePlan => learning.vote !== null;

function learntAtOnce(card: TaskCard, steps: readonly StepSums[]): LearntNetwork {
  const { model, learning } = networkTask(card);
  const states = [initialServerState(model, learning)];
  const metrics: RoundMetrics[] = [];
  for (const sums of steps) {
    const groups = readableGroups(sums, card).map(({ aggregate }) => aggregate);
    const aggregate = combineAggregates(groups, learning.combine);
    const participation = { uploads: sums.cohort.length, sites: card.roster.length };
    states.push(serverStep(states.at(-1)!, aggregate, learning, participation));
    metrics.push(aggregate.metrics);
  }
  const { patience } = learning;
  const judged = metrics.map(({ validationLoss }) => validationLoss);
  const early = patience !== null && judged.length > 0 ? earlyStop(judged, patience) : null;
  const final = steps.length >= learning.steps || early?.stop === true;
  const state = final && early ? states[early.best]! : states.at(-1)!;
  return { state, final, metrics, committed: null, verdicts: [] };
}

function learntByVote(
  card: TaskCard,
  steps: readonly StepSums[],
  learning: LearningPlan & VotePlan,
): LearntNetwork {
  let vote = initialVote(initialServerState(networkTask(card).model, learning));
  const metrics: RoundMetrics[] = [];
  const verdicts: Verdict[] = [];
  for (const sums of steps) {
    const groups = readableGroups(sums, card);
    vote = voteStep(vote, groups, learning, card.roster.length);
    metrics.push(pooledMetrics(plausibleGroups(groups).map(({ aggregate }) => aggregate.metrics)));
    verdicts.push(vote.verdict!);
  }
  const { committed, candidate, idle } = vote;
  const { patience } = learning;
  const final = steps.length >= learning.steps || (patience !== null && idle >= patience);
  return { state: final ? committed : candidate, final, metrics, committed, verdicts };
}

/**
 * Groups whose sum can be read, under the name of their first member. Where there are several, or a vote, one that cannot
 * be is left out: one hostile site must not end the task for everybody.
 */
function readableGroups({ groups, cohort }: StepSums, card: TaskCard): VotingGroup[] {
  const { learning } = networkTask(card);
  const members = summedGroups(card, cohort);
  if (groups.length !== members.length)
    throw new DomainError('AGGREGATE_LENGTH', `expected ${members.length} sums, got ${groups.length}`);
  const mayLack = groups.length > 1 || learning.vote !== null;
  return groups.flatMap((sum, i) => {
    try {
      return [{ name: members[i]![0]!, sites: members[i]!.length, aggregate: readGroup(sum, card) }];
    } catch (error) {
      if (mayLack && error instanceof DomainError && UNREADABLE.has(error.code)) return [];
      throw error;
    }
  });
}

/** Noise lengthens honest means too, so that only sums without it are shortened. */
function readGroup(sum: Float64Array, card: TaskCard): Aggregate {
  const { model, learning } = networkTask(card);
  const aggregate = readAggregate(sum, model, learning);
  return card.privacy ? aggregate : clipAggregate(aggregate, learning);
}

const UNREADABLE = new Set(['UPDATE_NOT_FINITE', 'UPDATE_EMPTY']);
