import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type MemberYear,
  type Position,
  positionOf,
  type RuleSet,
  ruleSetOf,
  type UnitYear,
} from './index.ts';

const first = ruleSetOf('china-ets-power', 2019);
const second = ruleSetOf('china-ets-power', 2021);
const third = ruleSetOf('china-ets-power', 2024);

/** A coal unit that is allocated `tonnes` and emitted `verifiedTonnes`. */
const unit = (tonnes: number, verifiedTonnes?: number, rest: Partial<UnitYear> = {}): UnitYear => ({
  id: `u${tonnes}`,
  unitClass: 'coal-above-300-mw',
  outputMwh: tonnes,
  coolingMethod: 'water',
  loadFactor: 1,
  verifiedTonnes,
  ...rest,
});
/** Rules of a benchmark of 1. */
const even = ({ classes, ...rules }: RuleSet): RuleSet => ({
  ...rules,
  classes: classes.map((each) => ({ ...each, benchmarkTPerMwh: '1' })),
});
const position = (rules: RuleSet, units: readonly UnitYear[], rest: Partial<MemberYear> = {}): Position =>
  positionOf(even(rules), { id: 'm', units, ...rest });
const gas = { unitClass: 'gas' };

describe('positionOf', () => {
  it('is the gap of what was emitted over what is held', () => {
    expect(position(first, [unit(1_000, 1_100)])).toMatchObject({
      allocatedTonnes: 1_000,
      heldTonnes: 1_000,
      obligationTonnes: 1_100,
      deficitTonnes: 100,
      surplusTonnes: 0,
      flags: ['held-is-allocation'],
    });
    const surplus = position(first, [unit(1_000, 900)], { heldTonnes: 1_050 });
    expect(surplus.gapTonnes?.toNumber()).toBe(-150);
    expect(surplus).toMatchObject({ deficitTonnes: 0, surplusTonnes: 150, flags: [] });
  });

  it('rounds an allocation and an obligation once, half away from zero', () => {
    // 20.5 allocated, with 20 % of 30.5 owed at most 26.6.
    expect(position(first, [unit(10.3, 20.3), unit(10.2, 10.2)])).toMatchObject({
      allocatedTonnes: 21,
      obligationTonnes: 27,
    });
  });

  it('limits what is owed to the allocation and 20 % of verified emissions until 2020', () => {
    const capped = position(first, [unit(700, 1_000)]);
    expect(capped).toMatchObject({ allocatedTonnes: 700, obligationTonnes: 900, deficitTonnes: 200 });
    expect(capped.reliefs.map(({ rule, tonnes }) => [rule, tonnes.toNumber()])).toEqual([['gap-cap', 100]]);
    expect(position(first, [unit(800, 1_000)])).toMatchObject({ obligationTonnes: 1_000, reliefs: [] });
  });

  it('lets gas owe no more than it was allocated until 2020, and no less than it emitted below that', () => {
    expect(position(first, [unit(700, 1_000, gas)])).toMatchObject({
      obligationTonnes: 700,
      deficitTonnes: 0,
    });
    expect(position(first, [unit(700, 600, gas)])).toMatchObject({
      obligationTonnes: 600,
      surplusTonnes: 100,
    });
    const both = position(first, [unit(700, 1_000, gas), unit(500, 1_000)]);
    expect(both.obligationTonnes).toBe(700 + 500 + 200);
    expect(both.reliefs.map(({ rule, tonnes }) => [rule, tonnes.toNumber()])).toEqual([
      ['exempt-class', 300],
      ['gap-cap', 300],
    ]);
  });

  it('raises the allocation to 80 % of verified emissions, and of gas to all of them, from 2021 on', () => {
    for (const rules of [second, third]) {
      expect(position(rules, [unit(700, 1_000)])).toMatchObject({
        allocatedTonnes: 800,
        obligationTonnes: 1_000,
        deficitTonnes: 200,
      });
      expect(position(rules, [unit(700, 1_000, gas)])).toMatchObject({
        allocatedTonnes: 1_000,
        deficitTonnes: 0,
      });
      expect(position(rules, [unit(700, 600, gas)])).toMatchObject({
        allocatedTonnes: 700,
        surplusTonnes: 100,
      });
    }
  });

  it('allows to borrow half of a gap of 10 % or more in 2021 and 2022, and nothing before and after', () => {
    expect(position(second, [unit(801, 1_000)]).borrowableTonnes).toBe(99);
    expect(position(second, [unit(900, 1_000)]).borrowableTonnes).toBe(50);
    expect(position(second, [unit(901, 1_000)]).borrowableTonnes).toBe(0);
    expect(position(second, [unit(1_100, 1_000)]).borrowableTonnes).toBe(0);
    for (const rules of [first, third])
      expect(position(rules, [unit(801, 1_000)]).borrowableTonnes).toBeNull();
  });

  it('says what is missing rather than counting it as zero', () => {
    expect(position(second, [unit(700), unit(800, 900)])).toMatchObject({
      verifiedTonnes: null,
      gapTonnes: null,
      obligationTonnes: null,
      deficitTonnes: null,
      surplusTonnes: null,
      borrowableTonnes: null,
      flags: ['verified-missing', 'held-is-allocation'],
    });
    const mixed = position(first, [unit(700, undefined, gas), unit(800)], { verifiedTonnes: 1_600 });
    expect(mixed).toMatchObject({
      obligationTonnes: 1_600,
      flags: ['exemption-unresolved', 'held-is-allocation'],
    });
    const none = position({ ...first, borrowing: undefined }, []);
    expect(none.verifiedTonnes).toBeNull();
    expect(none.flags).toEqual(['verified-missing', 'held-is-allocation', 'no-units', 'borrowing-unstated']);
  });

  it('counts a member’s total for gas where all of it is gas', () => {
    const all = position(first, [unit(700, undefined, gas)], { verifiedTonnes: 1_000 });
    expect(all).toMatchObject({ obligationTonnes: 700, flags: ['held-is-allocation'] });
  });

  it('never lets a limit make anybody owe more, nor leave a gap above the cap', () => {
    const units = fc.array(
      fc.record({ tonnes: fc.nat(10_000), verified: fc.nat(10_000), gas: fc.boolean() }),
      { minLength: 1, maxLength: 5 },
    );
    fc.assert(
      fc.property(units, fc.constantFrom(first, second, third), (of, rules) => {
        const years = of.map(({ tonnes, verified, gas: isGas }, i) => ({
          ...unit(tonnes, verified, isGas ? gas : {}),
          id: String(i),
        }));
        const limited = position(rules, years);
        const free = position({ ...rules, limit: null }, years);
        expect(limited.obligationTonnes).toBeLessThanOrEqual(free.obligationTonnes!);
        expect(limited.allocatedTonnes).toBeGreaterThanOrEqual(free.allocatedTonnes);
        expect(limited.deficitTonnes! * limited.surplusTonnes!).toBe(0);
        expect(limited.deficitTonnes! - limited.surplusTonnes!).toBe(
          limited.obligationTonnes! - limited.heldTonnes,
        );
        const most = rules.limit!.by === 'allocation' ? 0.2 * free.obligationTonnes! + 1 : Infinity;
        expect(limited.deficitTonnes).toBeLessThanOrEqual(most);
      }),
    );
  });
});
