import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const market = async (verb: string, method: string, input: unknown) => {
  const { exitCode, stdout, stderr } = await run(
    ['market', verb, '--method', method, '--input', '-', '--json'],
    { stdin: JSON.stringify(input) },
  );
  return { exitCode, answer: JSON.parse(exitCode === 0 ? stdout : stderr) as unknown };
};

describe('market share and market storage', () => {
  it('bargain, divide games and storage from standard input', async () => {
    const bargain = { aggregatorGain: 10, memberSavings: [{ id: 'A', saving: '-2.5', alpha: 0.5 }] };
    expect(await market('share', 'nash', bargain)).toMatchObject({
      exitCode: 0,
      answer: { totalSurplus: 7.5, payments: { A: 5 }, memberNet: { A: 2.5 }, aggregatorNet: 5 },
    });
    const game = { players: ['A', 'B'], values: { A: 1, B: 2, 'B,A': 4 } };
    expect(await market('share', 'nucleolus', game)).toMatchObject({
      exitCode: 0,
      answer: { shares: { A: expect.closeTo(1.5, 9), B: expect.closeTo(2.5, 9) }, inCore: true },
    });
    const storage = {
      members: [
        { id: 'A', peak: 3, capacity: 4 },
        { id: 'B', peak: 2, capacity: 1 },
      ],
      pricePeak: 3,
      priceOffPeak: 1,
    };
    expect(await market('storage', 'core', storage)).toMatchObject({
      exitCode: 0,
      answer: { alone: { A: 3, B: 4 }, coalition: 5, allocation: { A: 1, B: 4 } },
    });
  });

  it('refuse with codes: no surplus, no power, a missing coalition', async () => {
    const member = { id: 'A', saving: 1, alpha: 1 };
    const refusals = [
      ['nash', { aggregatorGain: -2, memberSavings: [member] }, 'BARGAIN_INFEASIBLE'],
      ['nash', { aggregatorGain: 2, memberSavings: [{ ...member, alpha: 0 }] }, 'BARGAIN_POWER'],
      ['shapley', { players: ['A', 'B'], values: { A: 1, B: 2 } }, 'GAME_COALITION_MISSING'],
    ] as const;
    for (const [method, input, code] of refusals) {
      expect(await market('share', method, input)).toMatchObject({
        exitCode: 1,
        answer: { error: { code } },
      });
    }
  });
});
