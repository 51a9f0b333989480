import { describe, expect, it } from '@jest/globals';
import type { Json } from '#core';
import { computeStudy } from './compute-study.ts';
import { type StudyProgress, toldSolve } from './study.ts';

const RESULT_BYTES = 10_000_000;

async function told(verb: string, method: string | null, input: Json): Promise<StudyProgress[]> {
  const heard: StudyProgress[] = [];
  const progress = (each: StudyProgress): void => void heard.push(each);
  await computeStudy({ verb, method, input, options: {} }, { progress }, RESULT_BYTES);
  return heard;
}

const traders = [
  { id: 'home', side: 'buy', quantity: 3, value: 0.3 },
  { id: 'roof', side: 'sell', quantity: 4, value: '0.05' },
];

const members = [
  { id: 'roof', load: [0, 0], generation: [4, 0] },
  { id: 'home', load: [2, 2] },
];

const terms = { horizon: 1, resolution: 'PT1H', prices: { buy: 0.3, sell: 0.1 } };

describe('the progress of a study', () => {
  it('counts the programs of a dispatch: each member’s alone, and the community’s', async () => {
    const input = { ...terms, mode: 'community', members: [{ id: 'a', load: 1 }, { id: 'b', pv: 1 }] }; // prettier-ignore
    expect(await told('dispatch', null, input)).toEqual([
      { share: 1 / 3, text: 'programs solved: 1 of 3' },
      { share: 2 / 3, text: 'programs solved: 2 of 3' },
      { share: 1, text: 'programs solved: 3 of 3' },
    ]);
  });

  it('counts channels, and schemes', async () => {
    expect(await told('resilience', null, { traders, runs: 2, lossRates: [0, 0.5] })).toEqual([
      { share: 1 / 2, text: '1 of 2 channels' },
      { share: 1, text: '2 of 2 channels' },
    ]);
    const schemes = [{ scheme: 'alone' }, { scheme: 'mmr' }];
    expect(await told('design', null, { members, retail: 0.3, feedIn: 0.08, schemes })).toEqual([
      { share: 1 / 2, text: '1 of 2 schemes' },
      { share: 1, text: '2 of 2 schemes' },
    ]);
  });

  it('has no share where nobody knows how many programs there will be', async () => {
    const game = { players: ['A', 'B'], values: { A: 1, B: 2, 'A,B': 4 } };
    expect((await told('share', 'nucleolus', game))[0]).toEqual({ share: null, text: 'programs solved: 1' });
  });

  it('tells of the search in an integer program, and gives a solver the study’s time', () => {
    const heard: StudyProgress[] = [];
    const limits: unknown[] = [];
    const solver: Parameters<typeof toldSolve>[0] = {
      solve(_problem, { onSearch, timeLimitSeconds } = {}) {
        limits.push(timeLimitSeconds);
        onSearch!({ gap: Infinity, nodes: 1 });
        onSearch!({ gap: 0.0204, nodes: 7 });
        return {} as ReturnType<typeof solver.solve>;
      },
    };
    const context = { progress: (each: StudyProgress): void => void heard.push(each), timeLimitSeconds: 9 };
    toldSolve(solver, context, { all: 2 })({} as Parameters<typeof solver.solve>[0]);
    expect(limits).toEqual([9]);
    expect(heard).toEqual([
      { share: 0, text: 'nodes: 1, no point yet' },
      { share: 0, text: 'nodes: 7, gap 2.0 %' },
      { share: 0.5, text: 'programs solved: 1 of 2' },
    ]);
  });
});
