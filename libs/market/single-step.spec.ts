import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type BidStep, bidCurve, singleStep } from './index.ts';

const TERMS = { retailPerMwh: 30_000, feedInPerMwh: 8_000 };
const step = (side: BidStep['side'], quantityWh: number, pricePerMwh: number): BidStep => ({
  side,
  quantityWh,
  pricePerMwh,
});

describe('one order for a curve', () => {
  it('is the largest rectangle under it', () => {
    // 100 · 19 800, 400 · 11 000, 900 · 2 200
    const curve = [step('buy', 100, 27_800), step('buy', 300, 19_000), step('buy', 500, 10_200)];
    expect(singleStep(curve, TERMS, null)).toEqual(step('buy', 400, 19_000));
  });

  it('takes the side that is worth more where a curve buys and sells', () => {
    const curve = [step('buy', 30, 19_000), step('sell', 50, 27_800), step('sell', 40, 29_000)];
    expect(singleStep(curve, TERMS, null)).toEqual(step('buy', 30, 19_000));
    expect(singleStep([curve[1]!, curve[2]!], TERMS, null)).toEqual(step('sell', 50, 27_800));
  });

  it('of a fixed size asks no worse a limit than that size needs, and is none where the curve is smaller', () => {
    const curve = [step('buy', 100, 27_800), step('buy', 300, 19_000)];
    expect(singleStep(curve, TERMS, 100)).toEqual(step('buy', 100, 27_800));
    expect(singleStep(curve, TERMS, 101)).toEqual(step('buy', 101, 19_000));
    expect(singleStep(curve, TERMS, 401)).toBeNull();
    expect(singleStep([], TERMS, null)).toBeNull();
  });

  it('never buys a Wh above, or sells one below, what the curve would', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -5_000, max: 5_000 }), { minLength: 3, maxLength: 3 }),
        fc.option(fc.integer({ min: 1, max: 3_000 })),
        (levels, unitWh) => {
          const [p10Wh, p50Wh, p90Wh] = levels.toSorted((a, b) => a - b) as [number, number, number];
          const curve = bidCurve({ p10Wh, p50Wh, p90Wh }, TERMS);
          const single = singleStep(curve, TERMS, unitWh);
          if (single === null) return;
          const asEager = curve.filter(({ side, pricePerMwh }) =>
            side !== single.side
              ? false
              : side === 'buy'
                ? pricePerMwh >= single.pricePerMwh
                : pricePerMwh <= single.pricePerMwh,
          );
          const energyWh = asEager.reduce((sum, { quantityWh }) => sum + quantityWh, 0);
          expect(single.quantityWh).toBe(unitWh ?? energyWh);
          expect(single.quantityWh).toBeLessThanOrEqual(energyWh);
        },
      ),
    );
  });
});
