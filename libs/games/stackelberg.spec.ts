import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { stackelberg, type StackelbergGame } from './index.ts';

const logs = (...k: number[]) => k.map((value, i) => ({ id: `f${i}`, k: value }));
const amount = fc.integer({ min: 1, max: 500 }).map((cents) => cents / 100);

const anyGame = fc
  .record({
    log: fc.array(amount, { maxLength: 5 }),
    quadratic: fc.array(fc.tuple(amount, amount), { maxLength: 5 }),
    cost: fc.integer({ min: 1, max: 100 }).map((cents) => cents / 100),
  })
  .map(({ log, quadratic, cost }): StackelbergGame => ({
    followers: [
      ...logs(...log),
      ...quadratic.map(([a, b], i) => ({ id: `q${i}`, a, b })),
      { id: 'surely', k: 6 },
    ],
    cost,
  }));

describe('one leader and its followers', () => {
  it('charges √(cΣk/N) where all buy', () => {
    const { price, dropped } = stackelberg({ followers: logs(2, 3, 4), cost: 0.5 });
    expect(price).toBeCloseTo(Math.sqrt((0.5 * 9) / 3), 14);
    expect(dropped).toEqual([]);
  });

  it('solves again without a follower that would buy nothing', () => {
    // With all three: √(0.5·20.1/3) = 1.83 > 0.1
    const { price, dropped, followers } = stackelberg({ followers: logs(10, 10, 0.1), cost: 0.5 });
    expect(price).toBeCloseTo(Math.sqrt((0.5 * 20) / 2), 14);
    expect(dropped).toEqual(['f2']);
    expect(followers[2]).toMatchObject({ consumption: 0, utility: 0 });
  });

  it('charges half the choke price for what costs nothing, but has no best price for log utilities then', () => {
    const quadratic = { id: 'f', a: 10, b: 1 };
    expect(stackelberg({ followers: [quadratic], cost: 0 })).toMatchObject({
      price: 5,
      leaderProfit: 25,
      optimalWelfare: 50,
    });
    expect(() => stackelberg({ followers: [quadratic, ...logs(1)], cost: 0 })).toThrow(
      expect.objectContaining({ code: 'GAME_PARAMETER' }),
    );
  });

  it('charges half-way between choke price and cost for one quadratic follower', () => {
    const { price, followers } = stackelberg({ followers: [{ id: 'f', a: 10, b: 2 }], cost: 2 });
    expect(price).toBeCloseTo(6, 14);
    expect(followers[0]!.consumption).toBeCloseTo(2, 14);
  });

  it('finds no price that earns the leader more, whatever followers it has', () => {
    fc.assert(
      fc.property(anyGame, (game) => {
        const { convergence, leaderProfit, welfare, optimalWelfare } = stackelberg(game);
        expect(convergence.residual).toBeLessThanOrEqual(1e-9 * Math.max(1, leaderProfit));
        expect(welfare).toBeLessThanOrEqual(optimalWelfare + 1e-9);
      }),
      { endOnFailure: true },
    );
  });

  it('keeps to a price cap', () => {
    expect(stackelberg({ followers: logs(2, 3, 4), cost: 0.5, priceCap: 1 }).price).toBe(1);
    expect(stackelberg({ followers: logs(2, 3, 4), cost: 0.5, priceFloor: 2 }).price).toBe(2);
  });

  it.each<[string, StackelbergGame]>([
    ['STACKELBERG_NO_DEMAND', { followers: logs(0.4), cost: 0.5 }],
    ['GAME_PLAYERS', { followers: [], cost: 1 }],
    [
      'GAME_PLAYERS',
      {
        followers: [
          { id: 'a', k: 2 },
          { id: 'a', k: 2 },
        ],
        cost: 1,
      },
    ],
    ['GAME_PARAMETER', { followers: logs(2), cost: 0 }],
    ['GAME_PARAMETER', { followers: logs(Number.NaN), cost: 1 }],
    ['GAME_PARAMETER', { followers: [{ id: 'a', a: 2, b: 0 }], cost: 1 }],
    ['GAME_PARAMETER', { followers: logs(2), cost: 1, priceFloor: 2, priceCap: 1 }],
  ])('%s', (code, game) => {
    expect(() => stackelberg(game)).toThrow(expect.objectContaining({ code }));
  });
});
