import { describe, expect, it } from '@jest/globals';
import type { Json } from '#core';
import { inputSchema, optionsSchema, requireStudy, runStudy, STUDIES, type StudyRequest } from './index.ts';

const LIMITS = { timeLimitMs: 30_000, resultBytes: 1_000_000, memoryMb: 256 };

const asked = (verb: string, method: string | null, input: Json, options: Json = {}): StudyRequest => ({
  verb,
  method,
  input,
  options,
});

/** Sampling so many orders takes minutes. */
const endless = asked(
  'share',
  'shapley',
  { players: ['A', 'B'], values: { A: 1, B: 2, 'A,B': 4 } },
  { samples: 10_000_000, seed: 1 },
);

describe('a study in a thread of its own', () => {
  it('gives what the computation gives, with its time', async () => {
    const input = { players: ['A', 'B'], values: { A: 1, B: '2', 'B,A': 4 } };
    const { result, solverMs } = await runStudy(asked('share', 'nucleolus', input), LIMITS);
    expect(JSON.parse(result)).toMatchObject({
      shares: { A: expect.closeTo(1.5, 9), B: expect.closeTo(2.5, 9) },
      inCore: true,
    });
    expect(solverMs).toBeGreaterThan(0);
  });

  it('sweeps a feeder', async () => {
    const network = {
      base: { kv: 12.66, mva: 10 },
      root: 'grid',
      buses: [{ id: 'grid' }, { id: 'north', p: 900, q: 300 }],
      lines: [{ from: 'grid', to: 'north', r: 1.2, x: 0.8 }],
    };
    const { result } = await runStudy(asked('network', 'powerflow', network), LIMITS);
    expect(JSON.parse(result)).toMatchObject({ unit: 'kW', model: 'exact', violations: [] });
  });

  it('tells how far it is, and ends when it is cancelled', async () => {
    const controller = new AbortController();
    const told: unknown[] = [];
    const onProgress = (progress: unknown): void => {
      told.push(progress);
      controller.abort();
    };
    await expect(runStudy(endless, LIMITS, { onProgress, signal: controller.signal })).rejects.toMatchObject({
      code: 'STUDY_CANCELLED',
    });
    expect(told[0]).toEqual({
      share: expect.any(Number),
      text: expect.stringMatching(/^\d+ of 10000000 orders$/),
    });
    await expect(runStudy(endless, LIMITS, { signal: controller.signal })).rejects.toMatchObject({
      code: 'STUDY_CANCELLED',
    });
  });

  it('ends when its time is over', async () => {
    await expect(runStudy(endless, { ...LIMITS, timeLimitMs: 800 })).rejects.toMatchObject({
      code: 'STUDY_TIME_OUT',
      data: { seconds: 0.8 },
    });
  });

  it('refuses with the codes of the computation', async () => {
    const nobody = { players: ['A', 'B'], values: { A: 3, B: 2, 'A,B': 4 } };
    await expect(runStudy(asked('share', 'nucleolus', nobody), LIMITS)).rejects.toMatchObject({
      code: 'GAME_NO_IMPUTATION',
      kind: 'conflict',
    });
  });

  it('refuses a result that is too large', async () => {
    const fees = asked('fees', null, { kind: 'constant', path: [{ market: 'a', fee: 1 }], offer: 1 });
    await expect(runStudy(fees, { ...LIMITS, resultBytes: 10 })).rejects.toMatchObject({
      code: 'STUDY_RESULT_TOO_LARGE',
    });
  });

  it('ends when it needs more memory than it may have', async () => {
    const players = Array.from({ length: 400 }, (_, i) => i);
    const curves = players.map((i) => ({
      id: `c${i}`,
      points: Array.from({ length: 900 }, (__, p) => ({ price: `${p}.5`, demand: `${900 - p}.25` })),
    }));
    await expect(
      runStudy(asked('clear', 'demand-curves', { curves }), { ...LIMITS, memoryMb: 16 }),
    ).rejects.toMatchObject({ code: 'STUDY_OUT_OF_MEMORY' });
  });
});

const refusal = (request: StudyRequest) => {
  try {
    return requireStudy(request);
  } catch (error) {
    return error;
  }
};

describe('a request for a study', () => {
  it('is refused where nothing has that name, and told what has', () => {
    expect(refusal(asked('share', 'dice', {}))).toMatchObject({
      code: 'STUDY_KIND_UNKNOWN',
      message: expect.stringContaining('nucleolus'),
    });
    expect(refusal(asked('barter', null, {}))).toMatchObject({
      code: 'STUDY_KIND_UNKNOWN',
      message: expect.stringContaining('dispatch'),
    });
  });

  it('is refused where input or options are not as their schema says', () => {
    expect(refusal(asked('share', 'nash', { worth: 1 }))).toMatchObject({
      code: 'INPUT_KEY_UNKNOWN',
      data: { keys: ['worth'] },
    });
    expect(refusal(asked('share', 'talmud', { estate: 1, claims: [] }))).toMatchObject({
      code: 'INPUT_INVALID',
    });
    expect(refusal(asked('hub', null, { orders: [] }, { seed: 1 }))).toMatchObject({
      code: 'INPUT_KEY_UNKNOWN',
      data: { keys: ['seed'] },
    });
  });
});

describe('the list of studies', () => {
  it('names each once, with a title and the schemas of what it takes', () => {
    const names = STUDIES.map(({ verb, method }) => `${verb} ${method}`);
    expect(new Set(names).size).toBe(names.length);
    for (const study of STUDIES) {
      expect(study.title).not.toBe('');
      expect(inputSchema(study)).toMatchObject({ $schema: expect.any(String) });
      expect(optionsSchema(study)).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });
});
