import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  bilateralNash,
  type BilateralGame,
  demandBidding,
  multiLeader,
  type MultiLeaderGame,
  type SharingMember,
} from './index.ts';

const tenths = (min: number, max: number) => fc.integer({ min, max }).map((value) => value / 10);
const members = fc
  .array(fc.record({ c: tenths(1, 20), d: tenths(-10, 20), D: tenths(-30, 60) }), {
    minLength: 2,
    maxLength: 6,
  })
  .map((all) => all.map((member, i) => ({ id: `m${i}`, ...member })));

const TWO: readonly SharingMember[] = [
  { id: 'dear', c: 1, d: 0, D: 4 },
  { id: 'cheap', c: 0.25, d: 0, D: 0 },
];

const loss = (a: number): number => {
  const { cost, optimalCost } = demandBidding({ members: TWO, a });
  return cost - optimalCost;
};

describe('generalised demand bidding', () => {
  it('is an equilibrium in which everybody gains and energy balances', () => {
    fc.assert(
      fc.property(members, tenths(2, 50), (all, a) => {
        const { members: found, convergence, cost, optimalCost } = demandBidding({ members: all, a });
        const sum = (of: (member: (typeof found)[number]) => number): number =>
          found.reduce((s, m) => s + of(m), 0);
        expect(Math.abs(sum(({ bought }) => bought))).toBeLessThan(1e-9);
        expect(sum((member) => member.cost)).toBeCloseTo(cost, 6);
        for (const member of found) expect(member.cost).toBeLessThanOrEqual(member.costAlone! + 1e-9);
        expect(convergence.residual).toBeLessThan(1e-9 * Math.max(1, Math.abs(cost)));
        expect(cost).toBeGreaterThanOrEqual(optimalCost - 1e-9);
      }),
      { endOnFailure: true },
    );
  });

  it('is what answering in turn comes to', () => {
    const { sequential } = demandBidding({ members: TWO, a: 1 });
    expect(sequential).toMatchObject({ method: 'best-response', converged: true });
  });

  it('says so where answering all at once diverges', () => {
    // For a → 0 the answer to the others' bids falls by (n/2 − 1)/(n − 1) of their sum: beyond four members too much.
    const six = Array.from({ length: 6 }, (_, i) => ({ id: `m${i}`, c: 0.5, d: 1, D: i }));
    const { simultaneous, sequential } = demandBidding({ members: six, a: 0.02 });
    expect(simultaneous.converged).toBe(false);
    expect(sequential.converged).toBe(true);
  });

  it('nears the optimum as the price sensitivity grows', () => {
    expect(loss(1)).toBeGreaterThan(loss(10));
    expect(loss(1e6)).toBeLessThan(1e-6);
  });

  it('keeps to limits of reduction', () => {
    const limited = [TWO[0]!, { ...TWO[1]!, least: 0, most: 1 }];
    const { members: found, convergence, price } = demandBidding({ members: limited, a: 1 });
    expect(found.map(({ reduction }) => reduction)).toEqual([3, 1]);
    expect(price).toBeCloseTo(2 * 3 - (4 - 3), 12);
    expect(convergence.residual).toBeLessThan(1e-12);
  });

  it.each<[string, readonly SharingMember[], number]>([
    ['GAME_PLAYERS', [TWO[0]!], 1],
    ['GAME_PARAMETER', TWO, 0],
    ['GAME_PARAMETER', [{ ...TWO[0]!, c: 0 }, TWO[1]!], 1],
    ['GAME_PARAMETER', [{ ...TWO[0]!, D: Number.POSITIVE_INFINITY }, TWO[1]!], 1],
    ['GAME_PARAMETER', [{ ...TWO[0]!, least: 2, most: 1 }, TWO[1]!], 1],
    ['SHARING_INFEASIBLE', TWO.map((member) => ({ ...member, most: 1 })), 1],
  ])('%s', (code, all, a) => {
    expect(() => demandBidding({ members: all, a })).toThrow(expect.objectContaining({ code }));
  });
});

describe('bilateral Nash game', () => {
  it('two members trade until marginal disutilities are equal and halve what it adds', () => {
    const { trades, members: found, cost, optimalCost } = bilateralNash({ members: TWO });
    // 2p = p'/2, p + p' = 4: p = 0.8, p' = 3.2. Alone 16, together 0.64 + 2.56 = 3.2
    expect(trades).toMatchObject([{ seller: 'cheap', buyer: 'dear' }]);
    expect(trades[0]!.quantity).toBeCloseTo(3.2, 9);
    expect(trades[0]!.surplus).toBeCloseTo(12.8, 9);
    expect(found.map((member) => member.costAlone - member.cost)).toEqual([
      expect.closeTo(6.4, 9),
      expect.closeTo(6.4, 9),
    ]);
    expect(cost).toBeCloseTo(optimalCost, 9);
  });

  it('whoever has the power keeps the surplus', () => {
    const pairs = [{ between: ['dear', 'cheap'] as const, power: 1 }];
    const { members: found } = bilateralNash({ members: TWO, pairs });
    expect(found[0]!.costAlone - found[0]!.cost).toBeCloseTo(12.8, 9);
    expect(found[1]!.cost).toBeCloseTo(found[1]!.costAlone, 9);
  });

  it('reaches the least cost of all where pairs connect everybody, and money stays among members', () => {
    fc.assert(
      fc.property(members, (all) => {
        const { cost, optimalCost, members: found, trades, convergence } = bilateralNash({ members: all });
        expect(convergence.converged).toBe(true);
        expect(Math.abs(cost - optimalCost)).toBeLessThan(1e-6 * Math.max(1, Math.abs(optimalCost)));
        expect(found.reduce((sum, member) => sum + member.cost, 0)).toBeCloseTo(cost, 6);
        for (const { surplus } of trades) expect(surplus).toBeGreaterThanOrEqual(-1e-9);
      }),
      { endOnFailure: true },
    );
  });

  it('keeps to a pair’s limit', () => {
    const { trades } = bilateralNash({ members: TWO, pairs: [{ between: ['dear', 'cheap'], limit: 1 }] });
    expect(trades[0]!.quantity).toBe(1);
  });

  it.each<[string, BilateralGame]>([
    ['GAME_PAIR', { members: TWO, pairs: [{ between: ['dear', 'nobody'] }] }],
    ['GAME_PAIR', { members: TWO, pairs: [{ between: ['dear', 'dear'] }] }],
    ['GAME_PAIR', { members: TWO, pairs: [{ between: ['dear', 'cheap'] }, { between: ['cheap', 'dear'] }] }],
    ['GAME_PAIR', { members: TWO, pairs: [{ between: ['dear', 'cheap'], power: 2 }] }],
    ['GAME_PLAYERS', { members: [TWO[0]!] }],
    ['GAME_PARAMETER', { members: [{ ...TWO[0]!, c: -1 }, TWO[1]!] }],
  ])('%s', (code, game) => {
    expect(() => bilateralNash(game)).toThrow(expect.objectContaining({ code }));
  });
});

const FOLLOWERS = [{ id: 'f', a: 12, b: 1 }];

const priceOfAlike = (n: number): number =>
  multiLeader({ leaders: Array.from({ length: n }, (_, i) => ({ id: `l${i}`, c: 2 })), followers: FOLLOWERS })
    .price;

describe('several leaders', () => {
  it('are the textbook’s Cournot duopoly', () => {
    // p = 12 − Q, c = 0: each (12 − 0)/3
    const { price, leaders, welfare, optimalWelfare } = multiLeader({
      leaders: [
        { id: 'one', c: 0 },
        { id: 'two', c: 0 },
      ],
      followers: FOLLOWERS,
    });
    expect(price).toBeCloseTo(4, 12);
    expect(leaders.map(({ quantity }) => quantity)).toEqual([expect.closeTo(4, 12), expect.closeTo(4, 12)]);
    expect([welfare, optimalWelfare]).toEqual([expect.closeTo(64, 9), expect.closeTo(72, 9)]);
  });

  it('charge a monopolist’s price when alone, and cost when many', () => {
    expect(priceOfAlike(1)).toBeCloseTo(7, 12);
    expect(priceOfAlike(200)).toBeCloseTo(2 + 10 / 201, 9);
  });

  it('keep to capacities, and leave out who cannot compete', () => {
    const { leaders, price } = multiLeader({
      leaders: [
        { id: 'small', c: 0, capacity: 1 },
        { id: 'large', c: 1 },
        { id: 'dear', c: 20 },
      ],
      followers: FOLLOWERS,
    });
    // p = 11 − q, q = p − 1
    expect(leaders.map(({ quantity }) => quantity)).toEqual([1, expect.closeTo(5, 12), 0]);
    expect(price).toBeCloseTo(6, 12);
  });

  const game = fc.record({
    leaders: fc
      .array(fc.record({ c: tenths(0, 30), e: tenths(0, 20) }), { minLength: 1, maxLength: 4 })
      .map((all) => all.map((leader, i) => ({ id: `l${i}`, ...leader }))),
    followers: fc
      .array(fc.record({ a: tenths(40, 100), b: tenths(5, 30) }), { minLength: 1, maxLength: 4 })
      .map((all) => all.map((follower, i) => ({ id: `f${i}`, ...follower }))),
  });

  it('either nobody gains by another quantity, or there is no equilibrium and that is said', () => {
    const codes = new Set<string>();
    fc.assert(
      fc.property(game, (of) => {
        try {
          const { convergence, welfare, optimalWelfare } = multiLeader(of);
          codes.add('found');
          return convergence.residual < 1e-6 && welfare <= optimalWelfare + 1e-6;
        } catch (error) {
          codes.add((error as { code: string }).code);
          return true;
        }
      }),
      { seed: 7, endOnFailure: true },
    );
    expect([...codes].toSorted().slice(-1)).toEqual(['found']);
    expect([...codes].filter((code) => code !== 'found' && code !== 'GAME_NO_EQUILIBRIUM')).toEqual([]);
  });

  it.each<[string, MultiLeaderGame]>([
    ['GAME_PLAYERS', { leaders: [], followers: FOLLOWERS }],
    ['GAME_PLAYERS', { leaders: [{ id: 'l', c: 1 }], followers: [] }],
    ['GAME_PARAMETER', { leaders: [{ id: 'l', c: -1 }], followers: FOLLOWERS }],
    ['GAME_PARAMETER', { leaders: [{ id: 'l', c: 1 }], followers: [{ id: 'f', a: 0, b: 1 }] }],
  ])('%s', (code, of) => {
    expect(() => multiLeader(of)).toThrow(expect.objectContaining({ code }));
  });
});
