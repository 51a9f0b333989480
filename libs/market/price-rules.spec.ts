import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import { type ClearingOptions, type ClearingResult, type Order, uniformPrice } from './index.ts';

/** Own matches cancelled, as the platform clears. */
const callAuction = (orders: readonly Order[], options: ClearingOptions = {}): ClearingResult =>
  uniformPrice.clear(orders, { ownMatches: 'cancel', ...options });

const HOUR = interval(0, HOUR_MS);

type Quick = readonly [member: string, quantityWh: number, pricePerMwh: number];

function book(buys: readonly Quick[], sells: readonly Quick[]): Order[] {
  const side = (name: Order['side'], quick: readonly Quick[]): Order[] =>
    quick.map(([member, quantityWh, pricePerMwh], i) => ({
      id: `${name[0]}${i}`,
      member,
      interval: HOUR,
      side: name,
      quantityWh,
      pricePerMwh,
      receivedAtMs: i,
    }));
  return [...side('buy', buys), ...side('sell', sells)];
}

describe('price rules', () => {
  const priced = (options: ClearingOptions, buys: readonly Quick[], sells: readonly Quick[]) => {
    const { quantityWh, pricePerMwh, certificate } = callAuction(book(buys, sells), options);
    return [quantityWh, pricePerMwh, certificate.priceRule];
  };
  const gridlab: ClearingOptions = { pricing: 'gridlab-d', priceCapPerMwh: 100 };

  it('take the last accepted offer, below the efficient interval where demand is rationed', () => {
    expect(priced({ pricing: 'last-accepted-offer' }, [['a', 10, 9], ['b', 10, 8]], [['c', 10, 4]])).toEqual([10, 4, 'last accepted offer']); // prettier-ignore
  });

  it.each([
    ['buyer filled in part', [['a', 20, 9]], [['b', 10, 4]], [10, 9, 'marginal buyer']],
    ['seller filled in part', [['a', 10, 9]], [['b', 20, 4]], [10, 4, 'marginal seller']],
    [
      'buyer waiting at the same limit',
      [
        ['a', 10, 9],
        ['b', 5, 9],
      ],
      [
        ['c', 10, 4],
        ['d', 1, 50],
      ],
      [10, 9, 'marginal buyer'],
    ],
    [
      'seller waiting at the same limit',
      [['a', 10, 9]],
      [
        ['b', 10, 4],
        ['c', 5, 4],
      ],
      [10, 4, 'marginal seller'],
    ],
    ['one limit on both sides', [['a', 10, 6]], [['b', 10, 6]], [10, 6, 'exact']],
    ['both curves step', [['a', 10, 9]], [['b', 10, 4]], [10, 6, 'marginal price']],
    [
      'both curves step, a bid left out above the middle',
      [
        ['a', 10, 9],
        ['b', 10, 7],
      ],
      [
        ['c', 10, 3],
        ['d', 1, 20],
      ],
      [10, 8, 'marginal price'],
    ],
    [
      'both curves step, an offer left out below the middle',
      [
        ['a', 10, 9],
        ['e', 1, 1],
      ],
      [
        ['b', 10, 1],
        ['c', 10, 3],
      ],
      [10, 2, 'marginal price'],
    ],
    ['no trade', [['a', 10, 4]], [['b', 10, 9]], [0, 6, 'null']],
    ['no buyers', [], [['b', 10, 9]], [0, 8, 'null']],
    ['no sellers', [['a', 10, 4]], [], [0, 5, 'null']],
    ['nothing at all', [], [], [0, 0, 'null']],
    ['shortage', [['a', 20, 100]], [['b', 10, 4]], [10, 100, 'failure']],
    ['surplus at any price', [['a', 10, 9]], [['b', 20, -100]], [10, -100, 'failure']],
    [
      'demand at any price met',
      [
        ['a', 10, 100],
        ['b', 5, 7],
      ],
      [
        ['c', 10, 4],
        ['d', 5, 30],
      ],
      [10, 8, 'marginal price'],
    ],
    ['any price on both sides', [['a', 10, 100]], [['b', 10, -100]], [10, 0, 'marginal price']],
  ] as [string, Quick[], Quick[], [number, number, string]][])(
    'class as GridLAB-D: %s',
    (_, buys, sells, [wh, price, type]) => {
      expect(priced(gridlab, buys, sells)).toEqual([wh, price, `GridLAB-D: ${type}`]);
    },
  );

  it('trade the most or the least of a flat tie, at the same welfare', () => {
    const flat = book([['a', 10, 9], ['b', 10, 5]], [['c', 10, 3], ['d', 10, 5]]); // prettier-ignore
    const [most, least] = (['most', 'least'] as const).map((flatTies) => callAuction(flat, { flatTies }));
    expect([most!.quantityWh, least!.quantityWh]).toEqual([20, 10]);
    expect(least!.certificate.welfareExact).toBe(most!.certificate.bestWelfareExact);
    expect(least!.pricePerMwh).toBe(5);
  });
});
