import { describe, expect, it } from '@jest/globals';
import { HOUR_MS } from '#core';
import {
  type PlacedIntradayOrder,
  requireIntradayOrders,
  requireRoom,
  requireSameTerms,
  stateOf,
} from './intraday-order.ts';

const DAY = { startsAt: new Date(0), endsAt: new Date(24 * HOUR_MS), resolutionMinutes: 60 } as const;

const order = (change: Partial<PlacedIntradayOrder> = {}): PlacedIntradayOrder => ({
  id: 'o',
  startMs: HOUR_MS,
  side: 'buy',
  quantityWh: 1_000,
  pricePerMwh: 20_000,
  timeInForce: 'gtd',
  expiresAtMs: null,
  signature: 's',
  ...change,
});

const codeOf = (work: () => void): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('intraday orders', () => {
  it.each([
    ['none', order()],
    ['none', order({ expiresAtMs: 101 })],
    ['none', order({ timeInForce: 'fok' })],
    ['ORDER_EXPIRY', order({ expiresAtMs: 100 })],
    ['ORDER_EXPIRY', order({ timeInForce: 'ioc', expiresAtMs: 101 })],
    ['ORDER_ID', order({ id: 'a b' })],
    ['ORDER_QUANTITY', order({ quantityWh: 0 })],
    ['ORDER_PRICE', order({ pricePerMwh: 10_000_001 })],
    ['HOUR_NOT_IN_SESSION', order({ startMs: HOUR_MS + 1 })],
  ])('are taken or refused with %s', (code, placed) => {
    expect(codeOf(() => requireIntradayOrders([placed], DAY, 100))).toBe(code);
  });

  it('come 50 at a time at most, each once', () => {
    const many = Array.from({ length: 51 }, (_, n) => order({ id: `o${n}` }));
    expect(codeOf(() => requireIntradayOrders(many.slice(0, 50), DAY, 0))).toBe('none');
    expect(codeOf(() => requireIntradayOrders(many, DAY, 0))).toBe('ORDERS_COUNT');
    expect(codeOf(() => requireIntradayOrders([], DAY, 0))).toBe('ORDERS_COUNT');
    expect(codeOf(() => requireIntradayOrders([order(), order()], DAY, 0))).toBe('ORDER_DUPLICATE');
  });

  it('are limited in number, those that wait more tightly', () => {
    expect(codeOf(() => requireRoom({ all: 2_000, open: 200 }))).toBe('none');
    expect(codeOf(() => requireRoom({ all: 2_001, open: 0 }))).toBe('ORDERS_LIMIT');
    expect(codeOf(() => requireRoom({ all: 201, open: 201 }))).toBe('ORDERS_LIMIT');
  });

  it('are not another order under the same id', () => {
    expect(codeOf(() => requireSameTerms(order(), undefined))).toBe('none');
    expect(codeOf(() => requireSameTerms(order(), order()))).toBe('none');
    const others: Partial<PlacedIntradayOrder>[] = [
      { startMs: 0 },
      { side: 'sell' },
      { quantityWh: 1 },
      { pricePerMwh: 1 },
      { timeInForce: 'ioc' },
      { expiresAtMs: 1 },
    ];
    for (const change of others)
      expect(codeOf(() => requireSameTerms(order(), order(change)))).toBe('ORDER_CONFLICT');
  });

  it('wait until their expiry or the gate, whichever is first, unless they ended before', () => {
    const waiting = { ended: null, expiresAt: new Date(50) };
    expect([49, 50].map((nowMs) => stateOf(waiting, 100, nowMs))).toEqual(['OPEN', 'EXPIRED']);
    expect([39, 40].map((nowMs) => stateOf(waiting, 40, nowMs))).toEqual(['OPEN', 'EXPIRED']);
    expect(stateOf({ ended: null, expiresAt: null }, 100, 99)).toBe('OPEN');
    expect(stateOf({ ended: 'FILLED', expiresAt: null }, 100, 200)).toBe('FILLED');
  });
});
