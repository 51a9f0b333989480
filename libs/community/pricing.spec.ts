import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import {
  type Allocation,
  type CommunityMember,
  type PriceRule,
  type Pricing,
  priceSlot,
  requirePriceRule,
  requireSlot,
} from './index.ts';

const price = (
  rule: PriceRule,
  members: readonly CommunityMember[],
  retail: number,
  feedIn: number,
): Pricing => priceSlot(rule, requireSlot(members, { retail, feedIn }));

const buyer = (id: string, load: number): CommunityMember => ({ id, load, generation: 0 });
const seller = (id: string, generation: number): CommunityMember => ({ id, load: 0, generation });
const numbers = ({ buyPrice, sellPrice }: Pricing): number[] => [buyPrice.toNumber(), sellPrice.toNumber()];
const amounts = ({ bills }: Pricing): number[] => bills.map(({ amount }) => amount.toNumber());

const POOLED: readonly PriceRule[] = [
  { kind: 'bill-sharing' },
  { kind: 'mmr' },
  { kind: 'sdr' },
  { kind: 'sdr-compensated', compensation: 0.5 },
];

describe('one side alone', () => {
  it.each(POOLED)('$kind: without generation loads pay the retail tariff', (rule) => {
    const priced = price(rule, [buyer('a', 2), buyer('b', 1)], 30, 8);
    expect(priced.buyPrice.toNumber()).toBe(30);
    expect(amounts(priced)).toEqual([60, 30]);
  });

  it.each(POOLED)('$kind: without load generation earns the feed-in tariff', (rule) => {
    const priced = price(rule, [seller('a', 2), seller('b', 1)], 30, 8);
    expect(priced.sellPrice.toNumber()).toBe(8);
    expect(amounts(priced)).toEqual([-16, -8]);
  });

  it('nobody draws or feeds in: nothing is owed', () => {
    for (const rule of POOLED) expect(amounts(price(rule, [buyer('a', 0)], 30, 8))).toEqual([0]);
    expect(price({ kind: 'sdr' }, [], 30, 8)).toMatchObject({ bills: [] });
  });
});

describe('supply–demand ratio', () => {
  it('starts at the retail tariff where feed-in earns nothing and nothing is fed in', () => {
    expect(numbers(price({ kind: 'sdr' }, [buyer('a', 1)], 30, 0))).toEqual([30, 30]);
  });

  it('gives away what is shared where feed-in earns nothing', () => {
    // r = 1/2: sell 0·30/(30/2 + 0) = 0, buy 0 + 30/2
    expect(numbers(price({ kind: 'sdr' }, [buyer('a', 2), seller('b', 1)], 30, 0))).toEqual([15, 0]);
  });

  it('pays the compensation to every unit of load in a surplus, and over all generation on average', () => {
    // λ = 0.5·(30 − 10); r = 2: buy 10 + 10, sell 10 + 10/2
    const rule = { kind: 'sdr-compensated', compensation: 0.5 } as const;
    expect(numbers(price(rule, [buyer('a', 1), seller('b', 2)], 30, 10))).toEqual([20, 15]);
  });

  it('refuses negative tariffs, for which the ratio has a pole', () => {
    expect(() => price({ kind: 'sdr' }, [buyer('a', 2), seller('b', 1)], 30, -1)).toThrow(
      expect.objectContaining({ code: 'SDR_NEGATIVE_TARIFF' }),
    );
  });
});

describe('tariffs of one’s own', () => {
  const members = [
    { ...buyer('high', 10), retail: 40 },
    { ...buyer('low', 10), retail: 12 },
    { ...seller('cheap', 10), feedIn: 5 },
    { ...seller('dear', 10), feedIn: 20 },
  ];

  it('share pro rata at a price between all of them where they do not cross', () => {
    const priced = price({ kind: 'mmr' }, members.slice(0, 3), 0, 0);
    expect(priced.poolPrice.toNumber()).toBe(8.5);
    // cheap, high, low: half of each load at 8.5
    expect(amounts(priced)).toEqual([-85, 5 * 8.5 + 5 * 40, 5 * 8.5 + 5 * 12]);
  });

  it('where they cross only those share who gain', () => {
    const priced = price({ kind: 'mmr' }, members, 0, 0);
    expect(priced.bills.map(({ id, bought, sold }) => [id, bought.toNumber(), sold.toNumber()])).toEqual([
      ['cheap', 0, 10],
      ['dear', 0, 0],
      ['high', 10, 0],
      ['low', 0, 0],
    ]);
  });

  it('pruned, are those of the offers that trade', () => {
    expect(price({ kind: 'mmr', prune: true }, members, 0, 0).poolPrice.toNumber()).toBe((40 + 5) / 2);
  });
});

const points = [
  { ratio: 0, price: 30 },
  { ratio: 1, price: 10 },
  { ratio: 3, price: 8 },
];

const curveAt = (load: number, generation: number): number[] =>
  numbers(price({ kind: 'curve', points }, [buyer('a', load), seller('b', generation)], 30, 8));

describe('price curve', () => {
  it('is straight between its points and level beyond', () => {
    expect(curveAt(4, 0)).toEqual([30, 30]);
    expect(curveAt(4, 1)).toEqual([25, 25]);
    expect(curveAt(1, 1)).toEqual([10, 10]);
    expect(curveAt(1, 2)).toEqual([9, 9]);
    expect(curveAt(1, 9)).toEqual([8, 8]);
    expect(curveAt(0, 1)).toEqual([8, 8]);
  });

  it('leaves its residual with the operator, or with the members at grid terms', () => {
    const members = [buyer('a', 4), seller('b', 1)];
    const { operator, utility, ...one } = price({ kind: 'curve', points }, members, 30, 8);
    expect([amounts({ ...one, operator, utility }), utility.toNumber(), operator.toNumber()]).toEqual([
      [100, -25],
      90,
      -15,
    ]);
    const passed = price({ kind: 'curve', points, residual: 'members' }, members, 30, 8);
    expect([amounts(passed), passed.operator.toNumber()]).toEqual([[25 + 90, -25], 0]);
  });
});

const HOUSES = [buyer('a', 6), buyer('b', 2), seller('pv', 6)];
const keys = (allocation: Allocation, localPrice?: number): PriceRule => ({
  kind: 'keys',
  allocation,
  localPrice,
});

function refusalOf(allocation: Allocation): string {
  try {
    requirePriceRule(keys(allocation));
    price(keys(allocation), HOUSES, 30, 8);
  } catch (error) {
    return (error as { code: string }).code;
  }
  return 'accepted';
}

describe('keys', () => {
  it('fixed: each owns its share, and sells outside what it does not use', () => {
    const priced = price(keys({ kind: 'static', coefficients: { a: '0.5', b: '0.5' } }), HOUSES, 30, 8);
    // a uses 3 of 3; b uses 2 of 3
    expect(amounts(priced)).toEqual([3 * 30, -1 * 8, 0]);
    expect([priced.shared.toNumber(), priced.shareable.toNumber()]).toEqual([5, 6]);
  });

  it('fixed, at a local price: the generator is paid for what is used', () => {
    const priced = price(keys({ kind: 'static', coefficients: { a: 0.5, b: 0.5 } }, 15), HOUSES, 30, 8);
    expect(amounts(priced)).toEqual([3 * 15 + 3 * 30, 2 * 15, -(5 * 15 + 8)]);
  });

  it('what no key covers stays the generator’s', () => {
    const priced = price(keys({ kind: 'static', coefficients: { a: 0.5 } }), HOUSES, 30, 8);
    expect(amounts(priced)).toEqual([90, 60, -24]);
  });

  it.each<[Allocation, number[]]>([
    [{ kind: 'dynamic' }, [4.5, 1.5]],
    [{ kind: 'priority', order: ['b', 'a'] }, [4, 2]],
    [{ kind: 'priority', order: ['a'] }, [6, 0]],
  ])('%j shares all there is', (allocation, bought) => {
    const priced = price(keys(allocation), HOUSES, 30, 8);
    expect(priced.bills.slice(0, 2).map((bill) => bill.bought.toNumber())).toEqual(bought);
    expect(priced.shared.toNumber()).toBe(6);
  });

  it('optimal: the highest retail tariff first, which nothing else undercuts', () => {
    const own = [{ ...buyer('a', 6), retail: 20 }, { ...buyer('b', 2), retail: 40 }, seller('pv', 6)];
    const optimal = price(keys({ kind: 'optimal' }), own, 0, 8);
    expect(amounts(optimal)).toEqual([2 * 20, 0, 0]);
    const shares = fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 }));
    fc.assert(
      fc.property(shares, ([a, b]) => {
        const total = Math.max(1, a + b);
        const coefficients = {
          a: Math.floor((a * 1000) / total) / 1000,
          b: Math.floor((b * 1000) / total) / 1000,
        };
        const fixed = price(keys({ kind: 'static', coefficients }), own, 0, 8);
        expect(fixed.utility.gte(optimal.utility)).toBe(true);
      }),
    );
  });

  it('refuses keys of nobody, below zero, or above one together', () => {
    expect(refusalOf({ kind: 'static', coefficients: { stranger: 1 } })).toBe('ALLOCATION_MEMBER');
    expect(refusalOf({ kind: 'priority', order: ['stranger'] })).toBe('ALLOCATION_MEMBER');
    expect(refusalOf({ kind: 'static', coefficients: { a: -0.1 } })).toBe('ALLOCATION_COEFFICIENTS');
    expect(refusalOf({ kind: 'static', coefficients: { a: 0.7, b: '0.4' } })).toBe('ALLOCATION_COEFFICIENTS');
    expect(refusalOf({ kind: 'static', coefficients: { a: '0.7', b: 0.3 } })).toBe('accepted');
  });
});

describe('what is metered', () => {
  it('is taken gross, or net of a member’s own generation', () => {
    const prosumer = [{ id: 'p', load: 3, generation: 2 }];
    const bill = (net: boolean): number =>
      priceSlot(
        { kind: 'bill-sharing' },
        requireSlot(prosumer, { retail: 30, feedIn: 8 }, { net }),
      ).bills[0]!.alone.toNumber();
    expect([bill(false), bill(true)]).toEqual([90 - 16, 30]);
  });

  it.each<[string, unknown]>([
    ['MEMBER_DUPLICATE', [buyer('a', 1), buyer('a', 1)]],
    ['MEMBER_QUANTITY', [buyer('a', -1)]],
    ['MEMBER_QUANTITY', [buyer('a', Number.NaN)]],
    ['MEMBER_QUANTITY', [buyer('a', Number.POSITIVE_INFINITY)]],
    ['MEMBER_QUANTITY', [{ id: 'a', load: 'lots', generation: 0 }]],
    ['TARIFF_MALFORMED', [{ ...buyer('a', 1), retail: 'x' }]],
    ['MEMBERS_TOO_MANY', Array.from({ length: 10_001 }, (_, i) => buyer(`m${i}`, 1))],
  ])('%s', (code, members) => {
    expect(() => requireSlot(members as CommunityMember[], { retail: 1, feedIn: 1 })).toThrow(
      expect.objectContaining({ code }),
    );
  });

  it('needs a tariff where energy flows, and only there', () => {
    expect(() => requireSlot([buyer('a', 1)], {})).toThrow(
      expect.objectContaining({ code: 'TARIFF_MISSING' }),
    );
    expect(requireSlot([buyer('a', 1)], { retail: 30 }).load.toNumber()).toBe(1);
  });

  it.each<[string, PriceRule]>([
    ['PRICE_RULE', { kind: 'mmr', divisor: 0 }],
    ['PRICE_RULE', { kind: 'sdr-compensated', compensation: 1.1 }],
    ['PRICE_RULE', { kind: 'sdr-compensated', compensation: 'half' }],
    ['PRICE_RULE', { kind: 'keys', allocation: { kind: 'dynamic' }, localPrice: 'cheap' }],
    ['CURVE_POINTS', { kind: 'curve', points: [] }],
    [
      'CURVE_POINTS',
      {
        kind: 'curve',
        points: [
          { ratio: 1, price: 1 },
          { ratio: 1, price: 2 },
        ],
      },
    ],
    ['CURVE_POINTS', { kind: 'curve', points: [{ ratio: -1, price: 1 }] }],
  ])('%s for a rule that is none', (code, rule) => {
    expect(() => requirePriceRule(rule)).toThrow(expect.objectContaining({ code }));
  });
});
