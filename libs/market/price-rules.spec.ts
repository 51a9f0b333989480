import { describe, expect, it } from '@jest/globals';
import { HOUR_MS, interval } from '#core';
import { type ClearingOptions, type Order, uniformPrice } from './index.ts';

type Quick = readonly [quantityWh: number, pricePerMwh: number];

const book = (buys: readonly Quick[], sells: readonly Quick[]): Order[] => [
  ...buys.map(orderOf('buy')),
  ...sells.map(orderOf('sell')),
];

const orderOf =
  (side: Order['side']) =>
  ([quantityWh, pricePerMwh]: Quick, rank: number): Order => {
    const id = `${side} ${rank}`;
    return {
      id,
      member: id,
      interval: interval(0, HOUR_MS),
      side,
      quantityWh,
      pricePerMwh,
      receivedAtMs: rank,
    };
  };

describe('price rules', () => {
  const priced = (options: ClearingOptions, buys: readonly Quick[], sells: readonly Quick[]) => {
    const { quantityWh, pricePerMwh, certificate } = uniformPrice.clear(book(buys, sells), options);
    return [quantityWh, pricePerMwh, certificate.priceRule];
  };
  const gridlab: ClearingOptions = { pricing: 'gridlab-d', priceCapPerMwh: 100 };

  it('take the last accepted offer, below the efficient interval where demand is rationed', () => {
    expect(priced({ pricing: 'last-accepted-offer' }, [[10, 9], [10, 8]], [[10, 4]])).toEqual([10, 4, 'last accepted offer']); // prettier-ignore
  });

  it('take the middle of the last bid and ask that trade, whoever is left out, and no more than the cap', () => {
    const rule = 'k = 0.5 between the last ask and bid that trade, nearest unit, halves up';
    const [buys, sells]: Quick[][] = [[[10, 9], [10, 8]], [[10, 4]]]; // prettier-ignore
    expect(priced({ pricing: 'marginal-pair' }, buys!, sells!)).toEqual([10, 7, rule]);
    expect(priced({ pricing: 'marginal-pair', priceCapPerMwh: 5 }, buys!, sells!)).toEqual([10, 5, rule]);
    expect(priced({ pricing: 'marginal-pair' }, buys!, [[10, 12]])).toEqual([0, null, rule]);
  });

  it.each([
    ['buyer filled in part', [[20, 9]], [[10, 4]], [10, 9, 'marginal buyer']],
    ['seller filled in part', [[10, 9]], [[20, 4]], [10, 4, 'marginal seller']],
    [
      'buyer waiting at the same limit',
      [
        [10, 9],
        [5, 9],
      ],
      [
        [10, 4],
        [1, 50],
      ],
      [10, 9, 'marginal buyer'],
    ],
    [
      'seller waiting at the same limit',
      [[10, 9]],
      [
        [10, 4],
        [5, 4],
      ],
      [10, 4, 'marginal seller'],
    ],
    ['one limit on both sides', [[10, 6]], [[10, 6]], [10, 6, 'exact']],
    ['both curves step', [[10, 9]], [[10, 4]], [10, 6, 'marginal price']],
    [
      'both curves step, a bid left out above the middle',
      [
        [10, 9],
        [10, 7],
      ],
      [
        [10, 3],
        [1, 20],
      ],
      [10, 8, 'marginal price'],
    ],
    [
      'both curves step, an offer left out below the middle',
      [
        [10, 9],
        [1, 1],
      ],
      [
        [10, 1],
        [10, 3],
      ],
      [10, 2, 'marginal price'],
    ],
    ['no trade', [[10, 4]], [[10, 9]], [0, 6, 'null']],
    ['no buyers', [], [[10, 9]], [0, 8, 'null']],
    ['no sellers', [[10, 4]], [], [0, 5, 'null']],
    ['nothing at all', [], [], [0, 0, 'null']],
    ['shortage', [[20, 100]], [[10, 4]], [10, 100, 'failure']],
    ['surplus at any price', [[10, 9]], [[20, -100]], [10, -100, 'failure']],
    [
      'demand at any price met',
      [
        [10, 100],
        [5, 7],
      ],
      [
        [10, 4],
        [5, 30],
      ],
      [10, 8, 'marginal price'],
    ],
    ['any price on both sides', [[10, 100]], [[10, -100]], [10, 0, 'marginal price']],
  ] as [string, Quick[], Quick[], [number, number, string]][])(
    'class as GridLAB-D: %s',
    (_, buys, sells, [wh, price, type]) => {
      expect(priced(gridlab, buys, sells)).toEqual([wh, price, `GridLAB-D: ${type}`]);
    },
  );

  it('trade the most or the least of a flat tie, at the same welfare', () => {
    const flat = book([[10, 9], [10, 5]], [[10, 3], [10, 5]]); // prettier-ignore
    const [most, least] = (['most', 'least'] as const).map((flatTies) =>
      uniformPrice.clear(flat, { flatTies }),
    );
    expect([most!.quantityWh, least!.quantityWh]).toEqual([20, 10]);
    expect(least!.certificate.welfareExact).toBe(most!.certificate.bestWelfareExact);
    expect(least!.pricePerMwh).toBe(5);
  });
});
