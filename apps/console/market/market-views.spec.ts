import { describe, expect, it } from '@jest/globals';
import { depth, slotStarts } from './book-depth.ts';
import { busPrices, colourOf, feederLines } from './feeder-tree.ts';
import { orderRows } from './order-rows.ts';
import { comparable, type ListedSession, priceRange } from './price-points.ts';

const session = (id: string, of: Partial<ListedSession> = {}) =>
  ({ id, currency: 'EUR', product: 'energy', tradedWh: 1, ...of }) as ListedSession;

describe('a feeder as a tree', () => {
  const network = {
    root: 1,
    buses: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }],
    lines: [
      { from: 2, to: 1 },
      { from: 2, to: 3 },
      { from: 1, to: 4 },
      { from: 3, to: 4, in_service: false },
      { from: 3, to: 9 },
    ],
  };

  it('has the root first and each bus below its parent, whichever way a line is written', () => {
    const lines = feederLines(network);
    expect(lines?.buses).toEqual(['1', '2', '4', '3']);
    expect(lines?.children.get('1')).toEqual(['2', '4']);
    expect(lines?.children.get('2')).toEqual(['3']);
  });

  it('is none of another form, nor without its root', () => {
    for (const other of [null, 'x', {}, { ...network, root: 7 }, { root: 1, buses: 'x', lines: [] }])
      expect(feederLines(other)).toBeNull();
  });

  it('prices a bus at the slot with what limits add to it', () => {
    const told = [{ bus: '2', congestionPerMwh: 500, voltagePerMwh: -100 }];
    expect(busPrices(['1', '2'], told, 20_000).map(({ pricePerMwh }) => pricePerMwh)).toEqual([
      20_000, 20_400,
    ]);
    expect(busPrices([], told, null)).toMatchObject([{ bus: '2', pricePerMwh: null }]);
  });

  it('colours from cheap to dear, and all alike where all cost the same', () => {
    const colours = [10, 15, 20].map((price) => colourOf(price, 10, 20));
    expect(new Set(colours).size).toBe(3);
    expect(colourOf(10, 10, 10)).toBe(colours[0]);
    expect(colourOf(null, 10, 20)).toBe(colours[0]);
  });
});

describe('an order book', () => {
  it('adds up what waits at a price or better', () => {
    expect(
      depth([
        { pricePerMwh: 30_000, quantityWh: 1_000 },
        { pricePerMwh: 20_000, quantityWh: 500 },
      ]),
    ).toEqual([
      [30, 1],
      [20, 1.5],
    ]);
  });

  it('is one of each slot, 23 on the day clocks go forward, one of a whole day', () => {
    const day = { startsAt: '2026-03-28T23:00:00Z', endsAt: '2026-03-29T22:00:00Z' };
    const hours = slotStarts({ ...day, resolutionMinutes: 60 });
    expect(hours).toHaveLength(23);
    expect(hours[22]).toBe('2026-03-29T21:00:00.000Z');
    expect(slotStarts({ ...day, resolutionMinutes: 1_440 })).toEqual(['2026-03-28T23:00:00.000Z']);
  });
});

describe('own orders', () => {
  const order = { participantId: 'p', side: 'buy' as const, quantityWh: 10, pricePerMwh: 1, startsAt: 'b' };

  it('are of both venues by their slots, each with what became of it', () => {
    const auction = [null, 0, 4, 10].map((tradedWh, i) => ({ ...order, orderId: `o${i}`, tradedWh }));
    const intraday = [{ ...order, id: 'i', startsAt: 'a', filledWh: 3, state: 'OPEN' as const }];
    const rows = orderRows(auction, intraday, (state) => state.toLowerCase());
    expect(rows.map(({ state }) => state)).toEqual([
      'open',
      'sealed until the auction is cleared',
      'not traded',
      'traded in part',
      'traded',
    ]);
    expect(new Set(rows.map(({ key }) => key)).size).toBe(5);
  });
});

describe('price history', () => {
  it('is of cleared sessions like the newest, the oldest first', () => {
    const newestFirst = [
      session('open', { tradedWh: null }),
      session('c'),
      session('other', { currency: 'DKK' }),
      session('flexible', { product: 'flexibility' }),
      session('b'),
    ];
    expect(comparable(newestFirst).map(({ id }) => id)).toEqual(['b', 'c']);
    expect(comparable([])).toEqual([]);
  });

  it('has a mean by energy', () => {
    const slots = [
      { startsAt: 'a', quantityWh: 3, pricePerMwh: 10 },
      { startsAt: 'b', quantityWh: 1, pricePerMwh: 30 },
      { startsAt: 'c', quantityWh: 0, pricePerMwh: null },
    ];
    expect(priceRange(slots)).toEqual({ low: 10, high: 30, mean: 15 });
    expect(priceRange(slots.slice(2))).toBeNull();
  });
});
