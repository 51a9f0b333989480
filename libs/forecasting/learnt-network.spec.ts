import { describe, expect, it } from '@jest/globals';
import {
  defaultPolicy,
  type LearningPlan,
  type PrivacyTerms,
  type StepSums,
  type TaskCard,
} from '#federation';
import { DAY_AHEAD_LEARNING, initialWeights, siteUpdate, weightCount } from '#learning';
import { learntNetwork } from './learnt-network.ts';

const NETWORK = { architecture: 'mlp', lookback: 3, horizon: 2, hidden: 2, seed: 1 } as const;
const PLAN: LearningPlan = {
  ...DAY_AHEAD_LEARNING,
  clip: 1,
  rowsScale: 100,
  steps: 4,
  patience: null,
  combine: 'median',
  vote: { quorum: 3 },
};
const ROSTER = Array.from({ length: 9 }, (_, i) => ({
  organisation: `org-${i}`,
  legalId: `LEI-${i}`,
  signingKey: `signing ${i}`,
  agreementKey: `agreement ${i}`,
}));
const NAMES = ROSTER.map(({ organisation }) => organisation);

function cardOf(change: Partial<LearningPlan> = {}, privacy: PrivacyTerms | null = null): TaskCard {
  const learning = { ...PLAN, ...change };
  const sums = learning.combine === 'mean' ? 'cohort' : 'blocks';
  const decryptors = NAMES.slice(0, 4);
  return {
    model: { kind: 'network', ...NETWORK, stepMinutes: 60, cycle: 24, stride: 1, initial: '' },
    learning,
    release: defaultPolicy(ROSTER, { decryptors, sums }),
    roster: ROSTER,
    privacy,
  } as unknown as TaskCard;
}

interface Said {
  /** What every weight changes by. */
  readonly delta: number;
  readonly loss: number;
  readonly committedLoss: number;
}
const GAIN: Said = { delta: 0.1, loss: 1, committedLoss: 2 };
const HARM: Said = { delta: 0.1, loss: 3, committedLoss: 2 };
const COUNT = weightCount(NETWORK);

const errors = (value: number) => ({ rows: 50, squaredError: 100 * value, absoluteError: 100 * value });

function vectorOf({ delta, loss, committedLoss }: Said, learning: LearningPlan): Float64Array {
  const start = new Float32Array(COUNT);
  const training = { weights: start.map(() => delta), rows: 100, trainLoss: 1 };
  const [validation, committed] = [errors(loss), errors(committedLoss)];
  return siteUpdate(NETWORK, learning, { start, training, validation, committed });
}

/** A step of three blocks of three, each of whose sites says the same. */
const stepOf = ({ learning }: TaskCard, ...said: readonly Said[]): StepSums => ({
  groups: said.map((one) => vectorOf(one, learning!).map((value) => 3 * value)),
  cohort: NAMES.slice(0, 3 * said.length),
});
/** One sum of all nine. */
function stepOfAll({ learning }: TaskCard): StepSums {
  return { groups: [vectorOf(GAIN, learning!).map((value) => 9 * value)], cohort: NAMES };
}
const everybody = (card: TaskCard, said: Said) => stepOf(card, said, said, said);
const moved = (weights: Float32Array) => weights.map((value, i) => value - initialWeights(NETWORK)[i]!);

describe('a network with a vote', () => {
  const card = cardOf();

  it('starts the next step from a candidate and releases the last committed model', () => {
    const steps = [everybody(card, GAIN), everybody(card, GAIN), everybody(card, HARM)];
    const running = learntNetwork(card, steps);
    expect(running.verdicts).toEqual(['unchanged', 'committed', 'dropped']);
    expect(running.final).toBe(false);
    expect(running.committed!.round).toBe(1);
    expect(moved(running.committed!.weights)[0]).toBeCloseTo(0.1, 6);

    const ended = learntNetwork(card, [...steps, everybody(card, HARM)]);
    expect(ended.final).toBe(true);
    expect(ended.state).toBe(ended.committed);
    expect([...ended.state.weights]).toEqual([...running.committed!.weights]);
  });

  it('ends by patience once nothing was committed for so long', () => {
    const patient = cardOf({ patience: 2 });
    const steps = [everybody(patient, GAIN), everybody(patient, GAIN), everybody(patient, HARM)];
    expect(learntNetwork(patient, steps).final).toBe(false);
    expect(learntNetwork(patient, [...steps, everybody(patient, HARM)]).final).toBe(true);
  });

  it('goes on where no sum can be read', () => {
    const broken = everybody(card, GAIN).groups.map((group) => group.map(() => 0));
    const { verdicts, state, metrics } = learntNetwork(card, [{ groups: broken, cohort: NAMES }]);
    expect(verdicts).toEqual(['unjudged']);
    expect(state.round).toBe(0);
    expect(metrics[0]!.rows).toBe(0);
  });

  it('knows blocks by their members where one is absent', () => {
    const [, second, third] = everybody(card, GAIN).groups as [Float64Array, Float64Array, Float64Array];
    const steps = [everybody(card, GAIN), { groups: [second, third], cohort: NAMES.slice(3) }];
    expect(learntNetwork(card, steps).verdicts).toEqual(['unchanged', 'committed']);
  });

  it('is refused another number of sums than its cohort has blocks', () => {
    const step = { ...everybody(card, GAIN), cohort: NAMES.slice(3) };
    expect(() => learntNetwork(card, [step])).toThrow(expect.objectContaining({ code: 'AGGREGATE_LENGTH' }));
  });
});

const hostile = ({ groups, cohort }: StepSums): StepSums => ({
  groups: groups.map((group) => group.map((value, i) => (i < COUNT ? 100 * value : value))),
  cohort,
});
const length = (weights: Float32Array) => Math.hypot(...moved(weights));

describe('a sum longer than its sites could honestly make it', () => {
  it('is shortened to the clip of one site', () => {
    const card = cardOf({ combine: 'mean', vote: null });
    const { state, verdicts, committed } = learntNetwork(card, [hostile(stepOfAll(card))]);
    expect(length(state.weights)).toBeCloseTo(1, 5);
    expect([verdicts, committed]).toEqual([[], null]);
  });

  it('is left as it is where noise lengthens every sum', () => {
    const card = cardOf({ combine: 'mean', vote: null }, {} as PrivacyTerms);
    const { state } = learntNetwork(card, [hostile(stepOfAll(card))]);
    expect(length(state.weights)).toBeCloseTo(100 * 0.1 * Math.sqrt(COUNT), 2);
  });
});
