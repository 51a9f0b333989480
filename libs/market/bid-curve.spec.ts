import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type BidStep, bidCurve } from './index.ts';

const TERMS = { retailPerMwh: 30_000, feedInPerMwh: 8_000 };

/** Net position (bought − sold) that the steps take at a price, every step at its limit included. */
const positionAt = (steps: readonly BidStep[], price: number): number =>
  steps.reduce((wh, { side, quantityWh, pricePerMwh }) => {
    if (side === 'buy') return pricePerMwh >= price ? wh + quantityWh : wh;
    return pricePerMwh <= price ? wh - quantityWh : wh;
  }, 0);

describe('bidCurve', () => {
  it('bids the three quantiles of a deficit at 90, 50 and 10 % of the spread', () => {
    expect(bidCurve({ p10Wh: 100, p50Wh: 400, p90Wh: 900 }, TERMS)).toEqual([
      { side: 'buy', quantityWh: 100, pricePerMwh: 27_800 }, // 30 000 − 0.1 · 22 000
      { side: 'buy', quantityWh: 300, pricePerMwh: 19_000 },
      { side: 'buy', quantityWh: 500, pricePerMwh: 10_200 },
    ]);
  });

  it('asks for a surplus: what is nearly sure cheapest', () => {
    expect(bidCurve({ p10Wh: -900, p50Wh: -400, p90Wh: -100 }, TERMS)).toEqual([
      { side: 'sell', quantityWh: 500, pricePerMwh: 27_800 },
      { side: 'sell', quantityWh: 300, pricePerMwh: 19_000 },
      { side: 'sell', quantityWh: 100, pricePerMwh: 10_200 },
    ]);
  });

  it('splits a step that crosses zero into a bid and an ask', () => {
    expect(bidCurve({ p10Wh: -50, p50Wh: 30, p90Wh: 30 }, TERMS)).toEqual([
      { side: 'buy', quantityWh: 30, pricePerMwh: 19_000 },
      { side: 'sell', quantityWh: 50, pricePerMwh: 27_800 },
    ]);
  });

  it('bids nothing for a certain zero', () => {
    expect(bidCurve({ p10Wh: 0, p50Wh: 0, p90Wh: 0 }, TERMS)).toEqual([]);
  });

  it.each([
    ['QUANTILES_DISORDERED', { p10Wh: 2, p50Wh: 1, p90Wh: 3 }, TERMS],
    ['QUANTILES_DISORDERED', { p10Wh: 0.5, p50Wh: 1, p90Wh: 3 }, TERMS],
    ['RETAIL_TERMS', { p10Wh: 1, p50Wh: 1, p90Wh: 3 }, { retailPerMwh: 8, feedInPerMwh: 8 }],
  ])('refuses with %s', (code, net, terms) => {
    expect(() => bidCurve(net, terms)).toThrow(expect.objectContaining({ code }));
  });
});

describe('bidCurve on random forecasts', () => {
  const wh = fc.integer({ min: -5_000, max: 5_000 });
  const quantiles = fc.tuple(wh, wh, wh).map((levels) => {
    const [p10Wh, p50Wh, p90Wh] = levels.toSorted((a, b) => a - b);
    return { p10Wh: p10Wh!, p50Wh: p50Wh!, p90Wh: p90Wh! };
  });
  const terms = fc
    .tuple(fc.integer({ min: -1_000, max: 50_000 }), fc.integer({ min: 1, max: 50_000 }))
    .map(([feedInPerMwh, spread]) => ({ feedInPerMwh, retailPerMwh: feedInPerMwh + spread }));

  it('takes exactly the newsvendor position at each of its three prices', () => {
    const wide = terms.filter(({ retailPerMwh, feedInPerMwh }) => retailPerMwh - feedInPerMwh >= 10);
    fc.assert(
      fc.property(quantiles, wide, (net, { retailPerMwh: r, feedInPerMwh: f }) => {
        const steps = bidCurve(net, { retailPerMwh: r, feedInPerMwh: f });
        const at = (tenths: number): number => r - Math.round(((r - f) * tenths) / 10);
        expect([1, 5, 9].map((tenths) => positionAt(steps, at(tenths)))).toEqual([
          net.p10Wh,
          net.p50Wh,
          net.p90Wh,
        ]);
      }),
    );
  });

  it('wants less at higher prices, and prices within the retail terms', () => {
    fc.assert(
      fc.property(quantiles, terms, (net, both) => {
        const steps = bidCurve(net, both);
        const prices = steps.map((step) => step.pricePerMwh).toSorted((a, b) => a - b);
        for (const price of prices) {
          expect(price).toBeGreaterThanOrEqual(both.feedInPerMwh);
          expect(price).toBeLessThanOrEqual(both.retailPerMwh);
          expect(positionAt(steps, price + 1)).toBeLessThanOrEqual(positionAt(steps, price));
        }
        const dearestBid = Math.max(
          ...steps.map((step) => (step.side === 'buy' ? step.pricePerMwh : -Infinity)),
        );
        const cheapestAsk = Math.min(
          ...steps.map((step) => (step.side === 'sell' ? step.pricePerMwh : Infinity)),
        );
        expect(cheapestAsk).toBeGreaterThan(dearestBid);
      }),
    );
  });
});
