import { describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { market } from './harness/market-verb.ts';

const members = [
  { id: 'dear', c: 1, d: 0, D: 4 },
  { id: 'cheap', c: '0.25', d: 0, D: 0 },
];

describe('market game', () => {
  it.each([
    [
      'stackelberg',
      { k: [2, '3', 4], c: 0.5 },
      {
        price: expect.closeTo(1.224744871391589, 12),
        leaderProfit: expect.closeTo(3.1515307716504655, 12),
        dropped: [],
      },
    ],
    [
      'stackelberg',
      { followers: [{ id: 'a', a: 10, b: 2 }], c: 2, priceCap: 5 },
      { price: 5, followers: [{ id: 'a', consumption: 2.5 }] },
    ],
    [
      'demand-bidding',
      { members, a: 1 },
      {
        members: [{ id: 'dear' }, { id: 'cheap' }],
        sequential: { converged: true },
        simultaneous: { converged: true },
      },
    ],
    [
      'bilateral',
      { members, pairs: [{ between: ['dear', 'cheap'], limit: 1 }] },
      { trades: [{ seller: 'cheap', buyer: 'dear', quantity: 1 }] },
    ],
    [
      'multi-leader',
      {
        leaders: [
          { id: 'one', c: 0 },
          { id: 'two', c: 0 },
        ],
        followers: [{ id: 'f', a: 12, b: 1 }],
      },
      { price: expect.closeTo(4, 12), welfare: expect.closeTo(64, 9), optimalWelfare: expect.closeTo(72, 9) },
    ],
  ])('%s: equilibrium, residual and iterations', async (kind, input, expected) => {
    const { exitCode, answer } = await market(['game', '--kind', kind], input);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({ kind, converged: true, iterations: expect.any(Number), ...expected });
    expect((answer as { residual: number }).residual).toBeLessThan(1e-9);
  });

  it.each([
    ['stackelberg', { k: [0.1], c: 0.5 }, 'STACKELBERG_NO_DEMAND'],
    ['stackelberg', { k: [1], c: 0.5, cost: 1 }, 'INPUT_KEY_UNKNOWN'],
    ['demand-bidding', { members, a: 0 }, 'GAME_PARAMETER'],
    ['bilateral', { members, pairs: [{ between: ['dear', 'x'] }] }, 'GAME_PAIR'],
  ])('%s refuses %j', async (kind, input, code) => {
    expect(await market(['game', '--kind', kind], input)).toMatchObject({
      exitCode: 1,
      answer: { error: { code } },
    });
  });

  it('prints each game’s schema and a text for people', async () => {
    const { stdout } = await run(['market', 'game', '--kind', 'multi-leader', '--schema']);
    expect(JSON.parse(stdout)).toMatchObject({ properties: { leaders: { type: 'array' } } });
    const text = await run(['market', 'game', '--kind', 'demand-bidding', '--input', '-'], {
      stdin: JSON.stringify({ members, a: 1 }),
    });
    expect(text.stdout).toMatch(/best response in turn converges \(\d+ rounds\), all at once/);
  });
});

describe('market design', () => {
  const design = {
    retail: 0.3,
    feedIn: '0.1',
    intensity: [400, 400],
    members: [
      { id: 'roof', load: [0, 0], generation: [4, 0], platform: 'ours' },
      { id: 'home', load: [2, 2], platform: 'ours' },
      { id: 'flat', load: [1, 1] },
    ],
  };

  it('compares schemes on the same members', async () => {
    const { exitCode, answer } = await market(['design'], design);
    expect(exitCode).toBe(0);
    expect(answer).toMatchObject({
      schemes: [
        { scheme: 'alone', welfare: 0, peak: 4, emissions: 2_400 },
        { scheme: 'bill-sharing', leastGain: expect.closeTo(-0.3, 12) },
        { scheme: 'mmr', welfare: expect.closeTo(0.6, 12), selfSufficiency: 0.5, peak: 3, emissions: 1_200 },
        { scheme: 'sdr' },
        { scheme: 'call-auction' },
      ],
      best: { peak: 'bill-sharing', fairness: 'mmr', leastGain: 'mmr' },
    });
  });

  it('lets members choose between platforms, and prints tables for people', async () => {
    const platforms = [{ id: 'ours', rule: 'mmr', commission: 0.1 }];
    const { stdout, exitCode } = await run(['market', 'design', '--input', '-'], {
      stdin: JSON.stringify({ ...design, platforms }),
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ours +3 +0\.060 +3\.000$/m);
    expect(stdout).toContain('settled after 1 switches');
  });

  it.each([
    ['DESIGN_SCHEMES', { ...design, schemes: [{ scheme: 'mmr' }, { scheme: 'mmr' }] }],
    ['PRICE_RULE_TERMS', { ...design, schemes: [{ scheme: 'curve' }] }],
    ['DESIGN_SIZE', { ...design, intensity: [1] }],
    ['PLATFORM', { ...design, platforms: [{ id: 'other', rule: 'mmr' }] }],
  ])('%s', async (code, input) => {
    expect(await market(['design'], input)).toMatchObject({ exitCode: 1, answer: { error: { code } } });
  });
});
