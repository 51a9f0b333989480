import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { HOUR_MS, interval } from '#core';
import { lotSeed, MARKET_LOT, type Side } from '#market';
import { bookOf, type Lots } from './books.ts';
import type { MarketOrder } from './market.entities.ts';

const START_MS = Date.UTC(2026, 2, 29);
const SESSION = {
  id: 'session',
  mechanism: 'muda-lottery',
  deficitCapMinor: null,
  startsAt: new Date(START_MS),
  endsAt: new Date(START_MS + 24 * HOUR_MS),
  resolutionMinutes: 15,
} as const;

const nonceOf = (n: number): string => n.toString(16).padStart(2, '0').repeat(32);
const lotsOf = (...members: readonly number[]): Lots => [
  { participant: MARKET_LOT, nonce: nonceOf(255) },
  ...members.map((n) => ({ participant: `m${n}`, nonce: nonceOf(n) })),
];

const orders = fc
  .uniqueArray(
    fc.record({
      member: fc.nat(5),
      side: fc.constantFrom<Side>('buy', 'sell'),
      quantityWh: fc.integer({ min: 1, max: 1_000_000 }),
      pricePerMwh: fc.integer({ min: 0, max: 30_000 }),
      signature: fc.string(),
    }),
    { maxLength: 6, selector: ({ member }) => member },
  )
  .map((drafts) =>
    drafts.map(({ member, ...draft }): MarketOrder => ({
      ...draft,
      tenantId: `t${member}`,
      sessionId: SESSION.id,
      participantId: `m${member}`,
      orderId: 'o',
      terms: {},
      startsAt: new Date(START_MS),
      receivedAt: new Date(START_MS),
    })),
  );

const seedOf = (rows: readonly MarketOrder[], lots: Lots) => {
  const { clear, orders: book } = bookOf(SESSION, START_MS, rows, lots);
  return clear(book).certificate.options['seed'];
};

describe('the lots of a book', () => {
  it('are the same whatever is ordered, and those of all revealed nonces', () => {
    fc.assert(
      fc.property(orders, orders, (some, others) => {
        const lots = lotsOf(0, 1, 2, 3, 4, 5);
        const seed = lotSeed(SESSION.id, interval(START_MS, START_MS + HOUR_MS / 4), lots!);
        expect([seedOf(some, lots), seedOf(others, lots)]).toEqual([seed, seed]);
      }),
    );
  });

  it('are drawn without who withholds its nonce, and its orders are no part of the book', () => {
    fc.assert(
      fc.property(orders, fc.subarray([0, 1, 2, 3, 4, 5]), (rows, revealed) => {
        const { clear, orders: book } = bookOf(SESSION, START_MS, rows, lotsOf(...revealed));
        const kept = rows.filter(({ participantId }) => revealed.includes(Number(participantId.slice(1))));
        expect(book.map(({ member }) => member)).toEqual(kept.map(({ participantId }) => participantId));
        const lost = rows.length - kept.length;
        const { certificate, trades } = clear(book);
        expect(certificate).toMatchObject({
          buyOrders: kept.filter(({ side }) => side === 'buy').length,
          details: { forfeited: { orders: lost, participants: lost } },
        });
        expect(bookOf(SESSION, START_MS, kept, lotsOf(...revealed)).clear(book).trades).toEqual(trades);
      }),
    );
  });

  it('say nothing of forfeited orders where a session draws none', () => {
    const { clear } = bookOf({ ...SESSION, mechanism: 'uniform-price' }, START_MS, [], null);
    expect(clear([]).certificate.details).toBeUndefined();
  });
});
