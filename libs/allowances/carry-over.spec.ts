import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { carryOver, ruleSetOf } from './index.ts';

const rules = ruleSetOf('china-ets-power', 2024);

describe('carryOver', () => {
  it('lets 10 000 tonnes and 1.5 of net sales into 2025', () => {
    expect(carryOver(rules, { leftTonnes: 50_000, netSoldTonnes: 20_001 })).toEqual({
      into: 2025,
      limitTonnes: 40_001,
      carriedTonnes: 40_001,
      lapsedTonnes: 9_999,
    });
    expect(carryOver(rules, { leftTonnes: 9_000, netSoldTonnes: 0 })).toMatchObject({ carriedTonnes: 9_000 });
  });

  it('gives who bought more than it sold the base alone', () => {
    expect(carryOver(rules, { leftTonnes: 50_000, netSoldTonnes: -30_000 })).toMatchObject({
      carriedTonnes: 10_000,
      lapsedTonnes: 40_000,
    });
  });

  it('lets nothing over where the rules allow none, and does not guess where they say nothing', () => {
    expect(carryOver({ ...rules, carryOver: null }, { leftTonnes: 5, netSoldTonnes: 0 })).toEqual({
      into: null,
      limitTonnes: null,
      carriedTonnes: 0,
      lapsedTonnes: 5,
    });
    expect(() => carryOver(ruleSetOf('china-ets-power', 2021), { leftTonnes: 5, netSoldTonnes: 0 })).toThrow(
      expect.objectContaining({ code: 'RULE_MISSING' }),
    );
    expect(() => carryOver(rules, { leftTonnes: 0.5, netSoldTonnes: 0 })).toThrow(
      expect.objectContaining({ code: 'TONNES_INVALID' }),
    );
  });

  it('carries or lapses every allowance', () => {
    fc.assert(
      fc.property(
        fc.nat(10 ** 9),
        fc.integer({ min: -(10 ** 9), max: 10 ** 9 }),
        (leftTonnes, netSoldTonnes) => {
          const { carriedTonnes, lapsedTonnes, limitTonnes } = carryOver(rules, {
            leftTonnes,
            netSoldTonnes,
          });
          expect(carriedTonnes + lapsedTonnes).toBe(leftTonnes);
          expect(carriedTonnes).toBeLessThanOrEqual(limitTonnes!);
          expect(lapsedTonnes).toBeGreaterThanOrEqual(0);
        },
      ),
    );
  });
});
