import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Channel, type ResilienceTrader, simulateResilience } from './index.ts';

const BUYER: ResilienceTrader = { id: 'home', side: 'buy', quantityKwh: 10, valuePerKwh: 0.3 };
const SELLER: ResilienceTrader = { id: 'roof', side: 'sell', quantityKwh: 10, valuePerKwh: 0.1 };
const QUIET: Channel = { lossRate: 0, meanDelaySeconds: 0, gateSeconds: 60 };
const OFTEN = { runs: 1_000, seed: 'a' };

const declared = (trader: ResilienceTrader): ResilienceTrader => ({
  ...trader,
  fallback: { quantityKwh: trader.quantityKwh, limitPerKwh: trader.valuePerKwh },
});

describe('a market with unreliable messages', () => {
  it('trades with chance (1 − loss)² where two must be heard (closed form)', () => {
    const { best, outcomes } = simulateResilience([BUYER, SELLER], [{ ...QUIET, lossRate: 0.3 }], OFTEN);
    expect(best).toBeCloseTo(2, 12);
    // Standard error of 1 000 runs at 0.49: 0.016, of welfare 0.032.
    expect(Math.abs(outcomes[0]!.welfareWithout - 2 * 0.49)).toBeLessThan(0.13);
  });

  it('hears a message with chance 1 − exp(−gate/mean delay) (closed form)', () => {
    const { outcomes } = simulateResilience([BUYER, SELLER], [{ ...QUIET, meanDelaySeconds: 60 }], OFTEN);
    expect(Math.abs(outcomes[0]!.arrived / 2 - (1 - Math.exp(-1)))).toBeLessThan(0.06);
  });

  it('loses nothing where everybody declared its order beforehand, even if nothing arrives', () => {
    const silent = { ...QUIET, lossRate: 1 };
    const { best, outcomes } = simulateResilience([BUYER, SELLER].map(declared), [silent], {
      runs: 1,
      seed: '',
    });
    expect(outcomes).toEqual([{ channel: silent, arrived: 0, welfare: best, welfareWithout: 0 }]);
  });

  it('counts a stale fallback by what energy is truly worth', () => {
    const stale = { ...SELLER, valuePerKwh: 0.5, fallback: { quantityKwh: 4, limitPerKwh: 0.1 } };
    const { outcomes } = simulateResilience([declared(BUYER), stale], [{ ...QUIET, lossRate: 1 }], {
      runs: 1,
      seed: '',
    });
    expect(outcomes[0]!.welfare).toBeCloseTo(4 * (0.3 - 0.5), 12);
  });

  it('never does better than with every message, and no better with more loss or delay without fallbacks', () => {
    const trader = fc.record({
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantityKwh: fc.integer({ min: 0, max: 9 }),
      valuePerKwh: fc.integer({ min: -3, max: 9 }),
    });
    const fallback = fc.option(
      fc.record({ quantityKwh: fc.nat({ max: 12 }), limitPerKwh: fc.nat({ max: 9 }) }),
      { nil: undefined },
    );
    const drawn = fc.array(fc.tuple(trader, fallback), { maxLength: 8 }).map((all) =>
      all.map(([each, back], i): ResilienceTrader => ({
        id: `t${i}`,
        ...each,
        ...(back === undefined ? {} : { fallback: back }),
      })),
    );
    const channels = [0, 0.2, 0.5, 1].map((lossRate) => ({
      lossRate,
      meanDelaySeconds: 60 * lossRate,
      gateSeconds: 60,
    }));
    fc.assert(
      fc.property(drawn, fc.string(), (traders, seed) => {
        const { best, outcomes } = simulateResilience(traders, channels, { runs: 5, seed });
        expect(outcomes[0]!.welfare).toBeCloseTo(best, 9);
        outcomes.forEach(({ welfare, welfareWithout }, k) => {
          expect(welfare).toBeLessThanOrEqual(best + 1e-9);
          expect(welfareWithout).toBeLessThanOrEqual((outcomes[k - 1]?.welfareWithout ?? best) + 1e-9);
        });
        expect(simulateResilience(traders, channels, { runs: 5, seed })).toEqual({ best, outcomes });
      }),
    );
  });

  it.each([
    ['RESILIENCE_INPUT', `${BUYER.id} twice`, [BUYER, BUYER], [QUIET], 1],
    ['RESILIENCE_INPUT', `others of ${BUYER.id}`, [{ ...BUYER, valuePerKwh: NaN }], [QUIET], 1],
    ['RESILIENCE_INPUT', '1.1', [BUYER], [{ ...QUIET, lossRate: 1.1 }], 1],
    ['RESILIENCE_INPUT', '0', [BUYER], [QUIET], 0],
    ['RESILIENCE_TOO_LARGE', '1001', [BUYER], [QUIET], 1_001],
  ])('refuses with %s and says it got %s', (code, got, traders, channels, runs) => {
    expect(() => simulateResilience(traders, channels, { runs, seed: '' })).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(`, got ${got}`) }),
    );
  });
});
