import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import {
  capacityRecords,
  deliveryRecords,
  type Order,
  p2pBilateral,
  reputationOf,
  reputationScore,
  settleCapacity,
  type Trade,
  trustedMembers,
} from './index.ts';

const slot = (n: number) => interval(n * HOUR_MS, (n + 1) * HOUR_MS);
const trade = (buyer: string, seller: string, quantityWh: number, n = 0): Trade => ({
  buyOrder: 'b',
  sellOrder: 's',
  buyer,
  seller,
  interval: slot(n),
  quantityWh,
  buyPricePerMwh: 1,
  sellPricePerMwh: 1,
});
const stated = (member: string, netWh: number, n = 0) => ({
  member,
  interval: slot(n),
  netImportWh: Math.max(0, netWh),
  netExportWh: Math.max(0, -netWh),
});

const order = (member: string, side: 'buy' | 'sell', pricePerMwh: number, attributes = {}): Order => ({
  id: member,
  member,
  interval: slot(0),
  side,
  quantityWh: 100,
  pricePerMwh,
  attributes,
});

const record = fc.record({ tradedWh: fc.integer({ min: 0, max: 1e12 }), share: fc.nat(1_000) }).map(
  ({ tradedWh, share }) => ({ tradedWh, deviationWh: Math.floor((tradedWh * share) / 1_000) }), // prettier-ignore
);
const records = fc.array(record, { maxLength: 30 });

describe('deliveryRecords', () => {
  it('count what was not delivered as traded, an interval at most what was traded in it', () => {
    const all = [trade('a', 'b', 1_000), trade('a', 'b', 500, 1)];
    const delivered = [stated('a', 1_200), stated('b', -900), stated('a', 5_000, 1), stated('b', -500, 1)];
    expect(Object.fromEntries(deliveryRecords(all, delivered))).toEqual({
      a: { tradedWh: 1_500, deviationWh: 200 + 500 },
      b: { tradedWh: 1_500, deviationWh: 100 },
    });
  });

  it('take an interval without a statement for not delivered, and net a member’s two sides', () => {
    const all = [trade('a', 'b', 1_000), trade('b', 'c', 1_000)];
    expect(Object.fromEntries(deliveryRecords(all, [stated('a', 1_000), stated('b', 300)]))).toEqual({
      a: { tradedWh: 1_000, deviationWh: 0 },
      b: { tradedWh: 0, deviationWh: 0 },
      c: { tradedWh: 1_000, deviationWh: 1_000 },
    });
  });
});

describe('capacityRecords', () => {
  it('are of those who sold: what they did not keep ready', () => {
    const trades = [trade('a', 'b', 1_000), trade('a', 'c', 500)];
    const kept = [{ member: 'b', interval: slot(0), availableWh: 700 }];
    expect(Object.fromEntries(capacityRecords(settleCapacity(trades, kept, 1).members))).toEqual({
      a: { tradedWh: 0, deviationWh: 0 },
      b: { tradedWh: 1_000, deviationWh: 300 },
      c: { tradedWh: 500, deviationWh: 500 },
    });
  });
});

describe('reputationScore', () => {
  it('is the mean of the beta distribution of the evidence', () => {
    // λ = 1/2: n = 1 + 1/2, A = (6 + 4/2) / (10 + 10/2) = 8/15, (1.5 · 8/15 + 1) / 3.5
    const all = [
      { tradedWh: 10, deviationWh: 6 },
      { tradedWh: 10, deviationWh: 4 },
    ];
    expect(reputationScore(all, 1)).toBeCloseTo(1.8 / 3.5, 12);
  });

  it('is one half without evidence, and lies strictly between 0 and 1 with any', () => {
    expect(reputationScore([])).toBe(0.5);
    fc.assert(
      fc.property(records, (all) => {
        const score = reputationScore(all);
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThan(1);
      }),
    );
  });

  it('does not depend on how much a member trades, only on how well', () => {
    fc.assert(
      fc.property(records, fc.integer({ min: 2, max: 1_000 }), (all, factor) => {
        const scaled = all.map(({ tradedWh, deviationWh }) => ({
          tradedWh: tradedWh * factor,
          deviationWh: deviationWh * factor,
        }));
        expect(reputationScore(scaled)).toBeCloseTo(reputationScore(all), 9);
      }),
    );
  });

  it('never falls where a deviation shrinks', () => {
    fc.assert(
      fc.property(records, fc.nat(), (all, at) => {
        fc.pre(all.length > 0);
        const i = at % all.length;
        const better = all.with(i, { ...all[i]!, deviationWh: Math.floor(all[i]!.deviationWh / 2) });
        expect(reputationScore(better)).toBeGreaterThanOrEqual(reputationScore(all));
      }),
    );
  });

  it('forgets: the same sessions in the other order weigh what came last', () => {
    const [good, bad] = [
      { tradedWh: 10, deviationWh: 0 },
      { tradedWh: 10, deviationWh: 10 },
    ];
    expect(reputationScore([bad, good])).toBeGreaterThan(reputationScore([good, bad]));
  });

  it.each([
    ['REPUTATION_RECORD', [{ tradedWh: 1, deviationWh: 2 }], 10],
    ['REPUTATION_RECORD', [{ tradedWh: 0.5, deviationWh: 0 }], 10],
    ['REPUTATION_HALF_LIFE', [], 0],
  ])('refuses with %s', (code, all, halfLife) => {
    expect(() => reputationScore(all, halfLife)).toThrow(expect.objectContaining({ code }));
  });
});

describe('reputationOf', () => {
  const kept = { tradedWh: 10, deviationWh: 0 };

  it('tells nothing of fewer than three sessions, and two decimals of more', () => {
    expect(reputationOf([kept, kept, { tradedWh: 0, deviationWh: 0 }])).toBeNull();
    // λ = 2^−0.1: n = 1 + 0.933 + 0.8706 = 2.8036; 3.8036/4.8036 = 0.7918
    expect(reputationOf([kept, kept, kept])).toEqual({ sessions: 3, score: 0.79 });
  });

  it('decides whom an order that prefers trusted partners meets first', () => {
    const missed = { tradedWh: 10, deviationWh: 10 };
    const reputations = new Map([
      ['reliable', reputationOf([kept, kept, kept])!],
      ['sloppy', reputationOf([missed, missed, missed])!],
    ]);
    const trusts = trustedMembers(reputations, 0.7);
    expect(trusts).toEqual(['reliable']);
    const book = [
      order('buyer', 'buy', 300, { trusts }),
      order('reliable', 'sell', 200),
      order('sloppy', 'sell', 100),
    ];
    const meets = (preferences: readonly 'trusted'[]) =>
      p2pBilateral.clear(book, { matching: 'preferences', preferences }).trades.map(({ seller }) => seller);
    expect(meets(['trusted'])).toEqual(['reliable']);
    expect(meets([])).toEqual(['sloppy']);
  });
});
