import { type Combination, combineAggregates, middle } from './robust.ts';
import { type ServerState, serverStep } from './server.ts';
import { lengthOf } from './site-round.ts';
import type { LearningTerms, VoteTerms } from './terms.ts';
import { type Aggregate, type Ballot, LOSS_LIMIT } from './update.ts';

/*
 * A model is committed only once the sum of the step that started from it has found it better. That sum is there anyway, so
 * a vote costs no round: it delays. What is dropped is tried again by another combination of the same groups, later without
 * the groups whose own model was dropped, and in the end from new sums. All from released sums: platform, sites and verifiers
 * come to the same.
 */

/** Sites whose sum is read apart, under a name that stays theirs over steps. */
export interface VotingGroup {
  readonly name: string;
  readonly sites: number;
  readonly aggregate: Aggregate;
}

/** What a step's sum made of the model the step started from; 'unchanged': it was the committed one itself. */
export type Verdict = 'committed' | 'dropped' | 'unjudged' | 'unchanged';

interface Proposal {
  readonly aggregate: Aggregate;
  /** The group whose alone it is. */
  readonly source: string | null;
}

export interface VoteState {
  readonly committed: ServerState;
  /** What the next step starts from and its sum judges; the committed one where there is no proposal. */
  readonly candidate: ServerState;
  /** What made the candidate of the committed model. */
  readonly proposal: Proposal | null;
  /** Groups of the sum that started from the committed model. */
  readonly basis: readonly VotingGroup[];
  /** What was made of them and dropped. */
  readonly dropped: readonly Proposal[];
  /** Names of groups whose own model was dropped. */
  readonly distrusted: readonly string[];
  /** Steps judged since a model was last committed. */
  readonly idle: number;
  /** Of the last step; null before the first. */
  readonly verdict: Verdict | null;
}

export type VotePlan = LearningTerms & { readonly combine: Combination; readonly vote: VoteTerms };

export const initialVote = (start: ServerState): VoteState => ({
  committed: start,
  candidate: start,
  proposal: null,
  basis: [],
  dropped: [],
  distrusted: [],
  idle: 0,
  verdict: null,
});

/** What rounding may add to a sum of honest entries. */
const SLACK = 0.01;

const within = (value: number, low: number, high: number): boolean =>
  value >= low - SLACK && value <= high + SLACK;

/** Whether honest sites can have said it; NaN is never within anything. */
function isPlausible(ballot: Ballot, sites: number): boolean {
  const { weight, validationWeight, candidateLoss, committedLoss, harmed } = ballot;
  return (
    weight > 0 &&
    validationWeight > 0 &&
    within(weight, 0, sites) &&
    within(validationWeight, 0, sites) &&
    within(candidateLoss, 0, LOSS_LIMIT) &&
    within(committedLoss, 0, LOSS_LIMIT) &&
    within(harmed, 0, sites)
  );
}

/** The groups that may vote and be learnt from: absurd figures are a lie or a fault, and the update beside them is too. */
export const plausibleGroups = (groups: readonly VotingGroup[]): VotingGroup[] =>
  groups.filter(({ aggregate, sites }) => aggregate.ballot && isPlausible(aggregate.ballot, sites));

/**
 * Better for the median group, so that fewer than half of the groups cannot decide by what they say; and worse for no more
 * sites than the quorum leaves, in proportion to those heard.
 */
function isBetter(heard: readonly VotingGroup[], { quorum }: VoteTerms, sites: number): boolean {
  const gains = heard.map(({ aggregate: { ballot } }) => ballot!.committedLoss - ballot!.candidateLoss);
  const harmed = heard.reduce((sum, { aggregate }) => sum + Math.round(aggregate.ballot!.harmed), 0);
  const voters = heard.reduce((sum, group) => sum + group.sites, 0);
  return middle(Float64Array.from(gains).toSorted()) > 0 && harmed * sites <= (sites - quorum) * voters;
}

function verdictOf(state: VoteState, heard: readonly VotingGroup[], plan: VotePlan, sites: number): Verdict {
  if (heard.length === 0) return 'unjudged';
  if (state.proposal === null) return 'unchanged';
  return isBetter(heard, plan.vote, sites) ? 'committed' : 'dropped';
}

/**
 * In turn: the card's combination of all, the other one, each group alone, the longest update first: where that is the one
 * that spoilt the others, it is found at once and left out from then on.
 */
function* proposals(groups: readonly VotingGroup[], combine: Combination): Generator<Proposal> {
  const all = groups.map(({ aggregate }) => aggregate);
  if (groups.length > 1) {
    const hows =
      combine === 'trimmed-mean'
        ? (['trimmed-mean', 'median'] as const)
        : (['median', 'trimmed-mean'] as const);
    for (const how of hows) yield { aggregate: combineAggregates(all, how), source: null };
  }
  const lengths = new Map(groups.map((group) => [group, lengthOf(group.aggregate.update)]));
  for (const { name, aggregate } of groups.toSorted((a, b) => lengths.get(b)! - lengths.get(a)!))
    yield { aggregate, source: name };
}

const isSame = (a: Proposal, b: Proposal): boolean =>
  a.aggregate.update.every((value, i) => value === b.aggregate.update[i]);

/** The first that was not dropped: a median of four is their trimmed mean, too. */
function nextProposal({ basis, dropped, distrusted }: VoteState, combine: Combination): Proposal | null {
  const trusted = basis.filter(({ name }) => !distrusted.includes(name));
  for (const proposal of proposals(trusted, combine))
    if (!dropped.some((other) => isSame(proposal, other))) return proposal;
  return null;
}

/** With the next candidate. Where all has been tried, everybody trains from the committed model again, and is trusted again. */
function withCandidate(state: VoteState, plan: VotePlan, sites: number): VoteState {
  const { committed, basis } = state;
  const proposal = nextProposal(state, plan.combine);
  if (!proposal) return { ...initialVote(committed), idle: state.idle, verdict: state.verdict };
  const uploads = basis.reduce((sum, group) => sum + group.sites, 0);
  const candidate = serverStep(committed, proposal.aggregate, plan, { uploads, sites });
  return { ...state, proposal, candidate };
}

/**
 * The state after a step, whose `groups` started from `state.candidate` and judge it. A dropped candidate leaves nothing
 * behind: what was trained from it is not used.
 * @param sites of the whole roster
 * @throws PARTICIPATION_INVALID
 */
export function voteStep(
  state: VoteState,
  groups: readonly VotingGroup[],
  plan: VotePlan,
  sites: number,
): VoteState {
  const heard = plausibleGroups(groups);
  const verdict = verdictOf(state, heard, plan, sites);
  const { proposal, distrusted } = state;
  if (verdict === 'unjudged') return { ...state, verdict, idle: state.idle + 1 };
  if (verdict !== 'dropped') {
    const idle = verdict === 'committed' ? 0 : state.idle;
    const next = { ...state, verdict, idle, committed: state.candidate, basis: heard, dropped: [] };
    return withCandidate(next, plan, sites);
  }
  const source = proposal!.source;
  return withCandidate(
    {
      ...state,
      verdict,
      idle: state.idle + 1,
      dropped: [...state.dropped, proposal!],
      distrusted: source === null ? distrusted : [...distrusted, source],
    },
    plan,
    sites,
  );
}
