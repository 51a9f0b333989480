import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type FeePath,
  feePath,
  hierarchyMatrix,
  priceSlot,
  requireSlot,
  sharedEnergyFees,
  tradeAtBid,
  tradeAtOffer,
} from './index.ts';

const TREE = [
  { market: 'grid', fee: '0.02' },
  { market: 'north', fee: '0.01', parent: 'grid' },
  { market: 'south', fee: '0.03', parent: 'grid' },
  { market: 'house', fee: 0, parent: 'north' },
];

const names = (path: FeePath): string[] => path.map(({ market }) => market);

describe('hierarchical fees', () => {
  it('go up from the seller to the lowest common market and down to the buyer', () => {
    expect(names(feePath(TREE, 'house', 'south'))).toEqual(['house', 'north', 'grid', 'south']);
    expect(names(feePath(TREE, 'house', 'north'))).toEqual(['house', 'north']);
    expect(names(feePath(TREE, 'grid', 'house'))).toEqual(['grid', 'north', 'house']);
    expect(names(feePath(TREE, 'house', 'house'))).toEqual(['house']);
  });

  it('make the matrix of zones', () => {
    const { fees } = hierarchyMatrix('constant', TREE, ['north', 'south']);
    const plain = Object.entries(fees).map(([from, row]) => [from, Object.values(row).map(Number)]);
    expect(plain).toEqual([
      ['north', [0.01, 0.06]],
      ['south', [0.06, 0.03]],
    ]);
  });

  const fee = fc.integer({ min: 0, max: 20 });
  const path = fc
    .array(fee, { minLength: 1, maxLength: 6 })
    .map((fees) => fees.map((cents, i) => ({ market: `m${i}`, fee: cents / 100 })));

  it('are counted once: the buyer pays what seller and markets get, wherever bid and offer meet', () => {
    fc.assert(
      fc.property(
        path,
        fc.constantFrom('constant' as const, 'percentage' as const),
        fee,
        fc.nat(),
        (markets, kind, offer, at) => {
          const matchedIn = markets[at % markets.length]!.market;
          const trade = tradeAtBid(kind, markets, { offer: offer / 100, bid: 4, matchedIn });
          const kept = Object.values(trade.fees).reduce((sum, each) => sum.plus(each), trade.sellerGets);
          expect(trade.buyerPays.toNumber()).toBeCloseTo(4, 12);
          expect(kept.toNumber()).toBeCloseTo(4, 12);
        },
      ),
    );
  });

  it('leave no trade where the bid does not cover offer and fees', () => {
    const markets = [
      { market: 'a', fee: 0.1 },
      { market: 'b', fee: 0.1 },
    ];
    const trade = tradeAtBid('constant', markets, { offer: 0.1, bid: 0.25, matchedIn: 'a' });
    expect([trade.clearing, trade.buyerPays.toNumber(), trade.sellerGets.toNumber()]).toEqual([null, 0, 0]);
    expect(
      tradeAtBid('constant', markets, { offer: 0.1, bid: 0.3, matchedIn: 'a' }).clearing?.toNumber(),
    ).toBe(0.2);
  });

  it.each<[string, () => unknown]>([
    ['FEE_PATH', () => tradeAtOffer('constant', [], 1)],
    [
      'FEE_PATH',
      () =>
        tradeAtOffer(
          'constant',
          [
            { market: 'a', fee: 0 },
            { market: 'a', fee: 0 },
          ],
          1,
        ),
    ],
    [
      'FEE_PATH',
      () => tradeAtBid('constant', [{ market: 'a', fee: 0 }], { offer: 1, bid: 2, matchedIn: 'b' }),
    ],
    ['FEE_MALFORMED', () => tradeAtOffer('constant', [{ market: 'a', fee: -1 }], 1)],
    ['FEE_MALFORMED', () => tradeAtOffer('constant', [{ market: 'a', fee: 0 }], 'x')],
    ['FEE_TREE', () => feePath(TREE, 'house', 'nowhere')],
    ['FEE_TREE', () => feePath([{ market: 'a', fee: 0, parent: 'a' }], 'a', 'a')],
    [
      'FEE_TREE',
      () =>
        feePath(
          [
            { market: 'a', fee: 0 },
            { market: 'b', fee: 0 },
          ],
          'a',
          'b',
        ),
    ],
    [
      'FEE_TREE',
      () =>
        feePath(
          [
            { market: 'a', fee: 0 },
            { market: 'a', fee: 0 },
          ],
          'a',
          'a',
        ),
    ],
  ])('%s', (code, refused) => {
    expect(refused).toThrow(expect.objectContaining({ code }));
  });
});

describe('fees of energy shared between zones', () => {
  const priced = priceSlot(
    { kind: 'mmr' },
    requireSlot(
      [
        { id: 'buyer', load: 4, generation: 0 },
        { id: 'near', load: 0, generation: 1 },
        { id: 'far', load: 0, generation: 1 },
      ],
      { retail: 30, feedIn: 10 },
    ),
  );
  const zones = { buyer: 'north', near: 'north', far: 'south' };
  const fees = { north: { north: 1, south: 5 }, south: { north: 5, south: 1 } };

  it('are a constant a unit, or a ratio of the price paid inside', () => {
    expect(
      sharedEnergyFees(priced, zones, { kind: 'constant', fees }).map(({ id, fee }) => [id, fee.toNumber()]),
    ).toEqual([
      ['buyer', 6],
      ['far', 0],
      ['near', 0],
    ]);
    const ratios = { north: { north: '0.01' }, south: { north: '0.05' } };
    // 20 a unit inside
    expect(sharedEnergyFees(priced, zones, { kind: 'percentage', fees: ratios })[0]!.fee.toNumber()).toBe(
      1.2,
    );
  });

  it('FEE_ZONE where a zone or a fee is missing', () => {
    for (const zoneOf of [
      { buyer: 'north', near: 'north' },
      { ...zones, far: 'west' },
      { ...zones, far: 'constructor' },
    ])
      expect(() =>
        sharedEnergyFees(priced, zoneOf as Record<string, string>, { kind: 'constant', fees }),
      ).toThrow(expect.objectContaining({ code: 'FEE_ZONE' }));
  });
});
