import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { combineAggregates } from './robust.ts';
import { type ServerState, serverStateBytes, serverStep } from './server.ts';
import { DAY_AHEAD_LEARNING } from './terms.ts';
import type { Ballot } from './update.ts';
import { initialVote, type VotePlan, type VoteState, voteStep, type VotingGroup } from './vote.ts';

const SITES = 12;
const SIZE = 3;
const LENGTH = 4;
const PLAN: VotePlan = { ...DAY_AHEAD_LEARNING, combine: 'median', vote: { quorum: 7 } };
const START: ServerState = {
  round: 0,
  weights: new Float32Array(LENGTH),
  first: new Float64Array(0),
  second: new Float64Array(0),
  control: new Float64Array(0),
};
const NAMES = ['a', 'b', 'c', 'd'];

type Opinion = Partial<Ballot>;
const BETTER: Opinion = { candidateLoss: 1, committedLoss: 2, harmed: 0 };
const WORSE: Opinion = { candidateLoss: 3, committedLoss: 2, harmed: SIZE };
const ballotOf = (opinion: Opinion): Ballot =>
  ({ weight: 2, validationWeight: 1, ...BETTER, ...opinion }) as Ballot;

const groupOf = (name: string, update: readonly number[], opinion: Opinion = BETTER): VotingGroup => ({
  name,
  sites: SIZE,
  aggregate: {
    update: Float64Array.from(update),
    metrics: { rows: 1, trainLoss: 1, validationLoss: 1, validationMae: 1 },
    ballot: ballotOf(opinion),
  },
});

/** Exact in float32, so that different updates make different models. */
const entry = fc.integer({ min: -64, max: 64 }).map((n) => n / 64);
const entries = fc.array(entry, {
  minLength: LENGTH,
  maxLength: LENGTH,
});
const opinions = fc.record({
  candidateLoss: fc.double({ min: 0, max: 64, noNaN: true }),
  committedLoss: fc.double({ min: 0, max: 64, noNaN: true }),
  harmed: fc.integer({ min: 0, max: SIZE }),
});
const ofAll = <T>(value: fc.Arbitrary<T>) => fc.array(value, { minLength: 4, maxLength: 4 });
const honestStep = ofAll(entries).map((updates) => updates.map((update, i) => groupOf(NAMES[i]!, update)));
const anyStep = ofAll(fc.tuple(entries, opinions)).map((all) =>
  all.map(([update, opinion], i) => groupOf(NAMES[i]!, update, opinion)),
);
const steps = <T>(step: fc.Arbitrary<T>) => fc.array(step, { minLength: 1, maxLength: 12 });

function course(all: readonly (readonly VotingGroup[])[]): VoteState[] {
  const states = [initialVote(START)];
  for (const groups of all) states.push(voteStep(states.at(-1)!, groups, PLAN, SITES));
  return states;
}
const bytes = (state: ServerState) => [...serverStateBytes(state)].join(' ');
const stepOf = (opinion: Opinion | readonly Opinion[], scale = 1): VotingGroup[] =>
  NAMES.map((name, i) => {
    const own = Array.isArray(opinion) ? (opinion as readonly Opinion[])[i]! : (opinion as Opinion);
    return groupOf(name, [scale * (i + 1), 0.5, scale * [0, -3, -1, -2][i]!, scale * i * i], own);
  });

describe('a vote', () => {
  it('never commits a candidate that it dropped, and only what was a candidate', () => {
    fc.assert(
      fc.property(steps(anyStep), (all) => {
        const states = course(all);
        states.slice(1).forEach((state, i) => {
          const before = states[i]!;
          const expected = state.verdict === 'committed' ? before.candidate : before.committed;
          expect(state.committed).toBe(expected);
          const isRetried = bytes(state.candidate) === bytes(before.candidate);
          expect(state.verdict === 'dropped' && isRetried).toBe(false);
        });
      }),
    );
  });

  it('of honest groups that all gain changes nothing but that the last model is not judged yet', () => {
    fc.assert(
      fc.property(steps(honestStep), (all) => {
        let [state, before] = [START, START];
        for (const groups of all) {
          const updates = groups.map(({ aggregate }) => aggregate);
          before = state;
          state = serverStep(state, combineAggregates(updates, 'median'), PLAN, {
            uploads: 12,
            sites: SITES,
          });
        }
        const { candidate, committed, distrusted } = course(all).at(-1)!;
        expect(bytes(candidate)).toBe(bytes(state));
        expect(bytes(committed)).toBe(bytes(before));
        expect(distrusted).toEqual([]);
      }),
    );
  });

  it('comes to the same wherever it is computed', () => {
    fc.assert(
      fc.property(steps(anyStep), (all) => {
        const copy = structuredClone(all);
        const [a, b] = [course(all), course(copy)];
        expect(a.map(({ candidate }) => bytes(candidate))).toEqual(
          b.map(({ candidate }) => bytes(candidate)),
        );
        expect(a.map(({ verdict, idle }) => [verdict, idle])).toEqual(
          b.map(({ verdict, idle }) => [verdict, idle]),
        );
      }),
    );
  });

  it('ignores a group with absurd figures, opinion and update', () => {
    const bad = fc.oneof(
      fc.constantFrom(Number.NaN, Infinity, -Infinity),
      fc.double({ min: 65, max: 1e300, noNaN: true }),
      fc.double({ min: -1e300, max: -0.1, noNaN: true }),
    );
    const fields = ['candidateLoss', 'committedLoss', 'harmed', 'weight', 'validationWeight'] as const;
    fc.assert(
      fc.property(steps(anyStep), bad, fc.constantFrom(...fields), entries, (all, value, field, update) => {
        const hostile = groupOf(
          'x',
          update.map((part) => 1e9 * part),
          { [field]: value },
        );
        const [without, beside] = [course(all), course(all.map((groups) => [...groups, hostile]))];
        expect(beside.map(({ candidate }) => bytes(candidate))).toEqual(
          without.map(({ candidate }) => bytes(candidate)),
        );
      }),
    );
  });

  it('is not decided by one group of four, whatever it says', () => {
    fc.assert(
      fc.property(opinions, (lie) => {
        const [started] = [course([stepOf(BETTER)]).at(-1)!];
        const verdict = (opinion: Opinion) =>
          voteStep(started, stepOf([lie, opinion, opinion, opinion]), PLAN, SITES).verdict;
        expect(verdict(BETTER)).toBe('committed');
        expect(verdict(WORSE)).toBe('dropped');
      }),
    );
  });

  it('asks for a quorum of those heard that are not harmed', () => {
    const started = course([stepOf(BETTER)]).at(-1)!;
    const verdict = (...harmed: number[]) =>
      voteStep(
        started,
        stepOf(harmed.map((count) => ({ harmed: count }))).slice(0, harmed.length),
        PLAN,
        SITES,
      ).verdict;
    // stepOf needs an opinion for each of the four groups.
    expect(verdict(2, 1, 1, 1)).toBe('committed'); // 5 ≤ 12 − 7
    expect(verdict(2, 2, 1, 1)).toBe('dropped');
  });
});

const made = (state: VoteState) => [state.proposal?.source ?? null, state.distrusted.join('')];

describe('after a dropped candidate', () => {
  it('the groups are tried alone, the longest first, then the rest together, then everybody trains again', () => {
    const all = [stepOf(BETTER), ...Array.from({ length: 9 }, () => stepOf(WORSE, 100))];
    expect(course(all).slice(1).map(made)).toEqual([
      [null, ''], // the median; of four it is the trimmed mean
      ['d', ''],
      [null, 'd'], // the median of a, b, c, which is their trimmed mean
      ['c', 'd'],
      [null, 'dc'], // of a and b
      ['b', 'dc'],
      ['a', 'dcb'],
      [null, ''], // nothing is left: from the committed model again
      [null, ''],
      ['d', ''],
    ]);
    const states = course(all);
    expect(states.at(8)!.candidate).toBe(START);
    expect(states.at(9)!.verdict).toBe('unchanged');
    expect(states.at(-1)!.committed).toBe(START);
  });

  it('what was trained from it is not used', () => {
    const honest = stepOf(BETTER);
    const dropped = voteStep(course([honest]).at(-1)!, stepOf(WORSE, 1e6), PLAN, SITES);
    expect(dropped.basis).toEqual(honest);
    expect(Math.max(...dropped.candidate.weights)).toBeLessThan(10);
  });

  it('nobody heard leaves the question open', () => {
    const started = course([stepOf(BETTER)]).at(-1)!;
    const state = voteStep(started, [], PLAN, SITES);
    expect(state).toEqual({ ...started, verdict: 'unjudged', idle: 1 });
  });
});
