import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type CurveAgent, type CurvePoint, clearCurves } from './index.ts';

type Quick = readonly (readonly [pricePerMwh: number, demandWh: number])[];

const points = (quick: Quick): CurvePoint[] =>
  quick.map(([pricePerMwh, demandWh]) => ({ pricePerMwh, demandWh }));
const agent = (id: string, quick: Quick, parent?: string): CurveAgent => ({
  id,
  member: id,
  points: points(quick),
  ...(parent === undefined ? {} : { parent }),
});

const positions = (result: ReturnType<typeof clearCurves>) =>
  Object.fromEntries(result.positions.map(({ id, demandWh }) => [id, demandWh]));

/** What a member that truly wants 100 − p gains by saying that it wants said − p. */
const gain = (said: number): number => {
  const { pricePerMwh, positions: all } = clearCurves([
    agent('a', [[0, said], [said, 0]]),
    agent('s', [[0, 0], [100, -100]]),
  ]); // prettier-ignore
  const bought = all[0]!.demandWh;
  return 100 * bought - bought ** 2 / 2 - pricePerMwh! * bought;
};

describe('clearCurves', () => {
  // PowerMatcher's own examples: one curve over prices −1, 1, 3, 5, 7.
  it.each([
    ['demand at any price', [100, 100, 100, 100, 100], 700],
    ['none only at the last price', [100, 75, 50, 50, 0], 700],
    ['none from the fourth price on', [100, 75, 50, 0, 0], 600],
    ['none from the second on', [100, 0, 0, 0, 0], 400],
    ['none at all', [0, 0, 0, 0, 0], 300],
  ])('puts the price in the middle of where net demand is zero: %s', (_, demands, expected) => {
    const curve = agent('a', demands.map((demand, i) => [200 * i - 100, demand])); // prettier-ignore
    const options = { minPricePerMwh: -100, maxPricePerMwh: 700 };
    expect(clearCurves([curve], [], options).pricePerMwh).toBe(expected);
  });

  it('meets straight lines where they cross', () => {
    const result = clearCurves([
      agent('load', [[0, 100], [100, 0]]),
      agent('pv', [[0, 0], [100, -300]]),
    ]); // prettier-ignore
    // 100 − p = 3 p
    expect(result).toMatchObject({ pricePerMwh: 25, quantityWh: 75 });
    expect(positions(result)).toEqual({ load: 75, pv: -75 });
    expect(result.certificate).toMatchObject({ rationed: null, netDemandWh: { below: 0, above: 0 } });
  });

  it('shares a step at the price among those who take it', () => {
    const result = clearCurves([
      agent('must run', [[0, -1500]]),
      agent('a', [[43, 1700], [43, 0]]),
      agent('b', [[43, 300], [43, 0]]),
    ]); // prettier-ignore
    expect(result).toMatchObject({ pricePerMwh: 43, quantityWh: 1500 });
    expect(positions(result)).toEqual({ 'must run': -1500, a: 1275, b: 225 });
  });

  it('holds demand from one point to the next where curves are steps', () => {
    const agents = [
      agent('a', [
        [0, 10],
        [20, 4],
      ]),
      agent('s', [
        [0, 0],
        [15, -10],
      ]),
    ];
    expect(clearCurves(agents, [], { shape: 'step' })).toMatchObject({ pricePerMwh: 18, quantityWh: 10 }); // 15 … 20
    expect(clearCurves(agents, [], { shape: 'step', k: 0 })).toMatchObject({ pricePerMwh: 15 });
  });

  it('rations the long side where prices end before demand is met', () => {
    const agents = [agent('a', [[0, 30]]), agent('b', [[0, 10]]), agent('s', [[0, 0], [50, -20]])]; // prettier-ignore
    const result = clearCurves(agents);
    expect(result).toMatchObject({ pricePerMwh: 50, certificate: { rationed: 'buyers' } });
    expect(positions(result)).toEqual({ a: 15, b: 5, s: -20 });
    const glut = clearCurves([agent('a', [[10, 5]]), agent('s', [[10, -20]])]);
    expect(glut).toMatchObject({ pricePerMwh: 10, certificate: { rationed: 'sellers' } });
    expect(positions(glut)).toEqual({ a: 5, s: -5 });
  });

  it('adds up through concentrators and tells each its net position', () => {
    const tree = [{ id: 'street' }, { id: 'house', parent: 'street' }];
    const agents = [
      agent('fridge', [[0, 200]], 'house'),
      agent('battery', [[10, 200], [10, -200]], 'house'),
      agent('pv', [[0, -500]], 'street'),
      agent('factory', [[0, 900], [90, 0]]),
    ]; // prettier-ignore
    const result = clearCurves(agents, tree);
    expect(result.concentrators).toEqual([
      { id: 'house', demandWh: positions(result)['fridge']! + positions(result)['battery']! },
      { id: 'street', demandWh: -positions(result)['factory']! },
    ]);
    const flat = clearCurves(agents.map(({ id, member, points: its }) => ({ id, member, points: its })));
    expect([flat.pricePerMwh, positions(flat)]).toEqual([result.pricePerMwh, positions(result)]);
  });

  it.each([
    ['NO_ORDERS', []],
    ['NO_SELL_ORDERS', [agent('a', [[0, 5]])]],
    ['NO_BUY_ORDERS', [agent('a', [[0, -5]])]],
    ['PRICES_DO_NOT_CROSS', [agent('a', [[0, 5], [1, 0]]), agent('s', [[5, 0], [9, -5]])]], // prettier-ignore
  ] as const)('says why nothing clears: %s', (reason, agents) => {
    expect(clearCurves(agents)).toMatchObject({
      quantityWh: 0,
      certificate: { status: 'NOT_CLEARED', reason },
    });
  });

  it.each([
    ['CURVE_NOT_MONOTONE', [agent('a', [[0, 1], [1, 2]])]], // prettier-ignore
    ['CURVE_NOT_MONOTONE', [agent('a', [[1, 2], [0, 1]])]], // prettier-ignore
    ['CURVE_NOT_FINITE', [agent('a', [[0, Infinity]])]],
    ['CURVE_NOT_FINITE', [agent('a', [[-Infinity, 1]])]],
    ['CURVE_NOT_FINITE', [agent('a', [[Number.NaN, 1]])]],
    ['CURVE_NOT_FINITE', [agent('a', [[0.5, 1]])]],
    ['CURVE_POINTS', [agent('a', [])]],
    ['CURVE_DUPLICATE', [agent('a', [[0, 1]]), agent('a', [[0, 1]])]],
    ['CURVE_TREE', [agent('a', [[0, 1]], 'nowhere')]],
  ] as const)('refuses with %s', (code, agents) => {
    expect(() => clearCurves(agents)).toThrow(expect.objectContaining({ code }));
  });

  it('refuses circles of concentrators and prices out of order', () => {
    const circle = [{ id: 'a', parent: 'b' }, { id: 'b', parent: 'a' }]; // prettier-ignore
    expect(() => clearCurves([], circle)).toThrow(expect.objectContaining({ code: 'CURVE_TREE' }));
    expect(() => clearCurves([], [], { minPricePerMwh: 2, maxPricePerMwh: 1 })).toThrow(
      expect.objectContaining({ code: 'MARKET_OPTIONS' }),
    );
  });

  it('is not incentive compatible: who understates its demand pays less', () => {
    expect(gain(80)).toBeGreaterThan(gain(100));
  });
});

describe('clearCurves on random curves', () => {
  const curve = fc
    .tuple(
      fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 5 }),
      fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 5, maxLength: 5 }),
    )
    .map(([prices, demands]): Quick => {
      const falling = demands.toSorted((a, b) => b - a);
      return prices.toSorted((a, b) => a - b).map((price, i) => [price, falling[i]!] as const);
    });
  const books = fc
    .array(curve, { minLength: 1, maxLength: 12 })
    .map((curves) => curves.map((each, i) => agent(`a${i}`, each)));
  const shape = fc.constantFrom('linear' as const, 'step' as const);

  it('balances to the Wh and gives everybody what it wants at the price, or rations one side', () => {
    fc.assert(
      fc.property(books, shape, fc.constantFrom(0, 0.5, 1), (agents, form, k) => {
        const result = clearCurves(agents, [], { shape: form, k });
        const { rationed, netDemandWh, zeroDemandInterval: zero } = result.certificate;
        expect(result.positions.reduce((sum, { demandWh }) => sum + demandWh, 0)).toBe(0);
        const tolerance = 1e-6;
        expect(rationed !== null || netDemandWh.below >= -tolerance).toBe(true);
        expect(rationed !== null || netDemandWh.above <= tolerance).toBe(true);
        const { lowPerMwh: low, highPerMwh: high } = zero;
        const price = low === null || high === null ? result.pricePerMwh! : low + k * (high - low);
        for (const { id, demandWh } of result.positions) {
          const { below, above } = wantedAt(agents.find((each) => each.id === id)!.points, form, price);
          const cutToo = {
            low: rationed === 'buyers' && above > 0,
            high: rationed === 'sellers' && below < 0,
          };
          expect(demandWh).toBeGreaterThanOrEqual(cutToo.low ? 0 : above - 1);
          expect(demandWh).toBeLessThanOrEqual(cutToo.high ? 0 : below + 1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('does not depend on the order or the tree in which curves come', () => {
    fc.assert(
      fc.property(books, fc.infiniteStream(fc.nat({ max: 2 })), (agents, places) => {
        const tree = [{ id: 'x' }, { id: 'y', parent: 'x' }];
        const placed = agents.map((each) => {
          const parent = [undefined, 'x', 'y'][places.next().value!];
          return parent === undefined ? each : { ...each, parent };
        });
        const plain = clearCurves(agents);
        const other = clearCurves(placed.toReversed(), tree);
        expect([other.pricePerMwh, other.positions]).toEqual([plain.pricePerMwh, plain.positions]);
      }),
    );
  });
});

/** What a curve says at a price, told point by point. */
function wantedAt(curve: readonly CurvePoint[], shape: 'linear' | 'step', price: number) {
  const near = 1e-7;
  const value = (p: number): number => {
    const after = curve.findIndex((point) => point.pricePerMwh > p);
    if (after === 0) return curve[0]!.demandWh;
    const last = curve[(after === -1 ? curve.length : after) - 1]!;
    if (after === -1 || shape === 'step') return last.demandWh;
    const next = curve[after]!;
    const share = (p - last.pricePerMwh) / (next.pricePerMwh - last.pricePerMwh);
    return last.demandWh + share * (next.demandWh - last.demandWh);
  };
  return { below: value(price - near), above: value(price + near) };
}
