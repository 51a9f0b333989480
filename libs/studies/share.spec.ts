import { beforeAll, describe, expect, it } from '@jest/globals';
import { type LpSolver, loadSolver } from '#optimization';
import { requireInput } from '#inputs';
import { shareBarter, shareGame, shareNash, shareTalmud } from './share.ts';
import { barterInput, gameInput, nashInput, talmudInput } from './share-input.ts';

let solver: LpSolver;
beforeAll(async () => {
  solver = await loadSolver();
});

const MAPPING = {
  players: ['A', 'B', 'C'],
  values: { A: 2, B: '4', C: 5, 'B,A': 18, 'A,C': 14, 'B,C': 9, 'C,B,A': 24 },
};

const share = (
  method: Parameters<typeof shareGame>[1]['method'],
  input: unknown = MAPPING,
  samples?: number,
) =>
  shareGame(
    requireInput(input, gameInput),
    { method, seed: 1, ...(samples === undefined ? {} : { samples }) },
    solver,
  );

describe('market share', () => {
  it('divides a game by name, whatever the order in its keys', () => {
    expect(share('shapley')).toMatchObject({ shares: { A: 9.5, B: 8, C: 6.5 }, inCore: false });
    const { shares } = share('nucleolus') as { shares: Record<string, number> };
    expect(shares['A']).toBeCloseTo(11.5, 6);
    expect(shares['B']).toBeCloseTo(7, 6);
    expect(share('contribution')).toMatchObject({ shares: { A: expect.closeTo((24 * 15) / 31, 9) } });
  });

  it('gives sampled shares their standard errors', () => {
    expect(share('shapley', MAPPING, 500)).toMatchObject({
      samples: 500,
      standardError: { A: expect.any(Number), B: expect.any(Number), C: expect.any(Number) },
    });
    expect(() => share('core', MAPPING, 500)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('says that a core is empty, and who objects', () => {
    const majority = { A: 0, B: 0, C: 0, 'A,B': 1, 'A,C': 1, 'B,C': 1, 'A,B,C': 1 };
    const result = share('least-core', { players: ['A', 'B', 'C'], values: majority });
    expect(result).toMatchObject({ inCore: false, maxExcess: expect.closeTo(1 / 3, 6) });
    expect(['A,B', 'A,C', 'B,C']).toContain(result['objection']);
  });

  it('names unknown keys', () => {
    expect(() => requireInput({ ...MAPPING, worth: {} }, gameInput)).toThrow(
      expect.objectContaining({ code: 'INPUT_KEY_UNKNOWN', data: { keys: ['worth'] } }),
    );
  });

  it('refuses two of one id, of which one would be lost, and says which', () => {
    const twice = expect.objectContaining({
      code: 'INPUT_INVALID',
      message: expect.stringMatching(/got [Ag] twice$/),
    });
    const claims = ['A', 'A'].map((id) => ({ id, claim: 1 }));
    expect(() => shareTalmud(requireInput({ estate: 1, claims }, talmudInput))).toThrow(twice);
    const good = { id: 'g', owner: 'A', utilities: { A: 1, B: 2 } };
    for (const input of [
      { members: ['A', 'A'], goods: [] },
      { members: ['A', 'B'], goods: [good, good] },
    ]) {
      expect(() => shareBarter(requireInput(input, barterInput))).toThrow(twice);
    }
  });

  it('refuses numbers whose sums would be none', () => {
    const member = { id: 'A', saving: 1e308, alpha: 1 };
    expect(() => requireInput({ aggregatorGain: 1e308, memberSavings: [member] }, nashInput)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('pays members by market power', () => {
    const input = {
      aggregatorGain: '45.5',
      memberSavings: [
        { id: 'A', saving: 3.25, alpha: 2 },
        { id: 'B', saving: 7.75, alpha: 1 },
      ],
    };
    expect(shareNash(requireInput(input, nashInput))).toMatchObject({
      totalSurplus: 56.5,
      payments: { A: 25, B: 6.375 },
      memberNet: { A: 28.25, B: 14.125 },
      aggregatorNet: 14.125,
    });
  });
});
