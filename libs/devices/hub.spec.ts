import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type LpSolver, loadSolver } from '#optimization';
import { CARRIERS, type HubOrder, type HubUnit, buildHub, readHub } from './index.ts';

let solver: LpSolver;
beforeAll(async () => {
  solver = await loadSolver();
});

function clear(orders: readonly HubOrder[], units: readonly HubUnit[]) {
  const program = buildHub(orders, units);
  return readHub(program, solver.solve(program.problem));
}

const WIND: HubOrder = {
  id: 'wind',
  carrier: 'electricity',
  side: 'sell',
  quantityKwh: 100,
  pricePerKwh: 0.02,
};
const HOMES: HubOrder = {
  id: 'homes',
  carrier: 'electricity',
  side: 'buy',
  quantityKwh: 40,
  pricePerKwh: 0.3,
};
const GAS: HubOrder = { id: 'gas', carrier: 'gas', side: 'sell', quantityKwh: 1_000, pricePerKwh: 0.06 };
const HEAT: HubOrder = { id: 'heat', carrier: 'heat', side: 'buy', quantityKwh: 90, pricePerKwh: 0.2 };
const PUMP: HubUnit = {
  id: 'pump',
  input: 'electricity',
  outputs: { heat: 3 },
  capacityKwh: 10,
  costPerKwh: 0,
};
const BOILER: HubUnit = {
  id: 'boiler',
  input: 'gas',
  outputs: { heat: 0.9 },
  capacityKwh: 200,
  costPerKwh: 0.003,
};

describe('an energy hub', () => {
  it('clears carriers together: an example by hand', () => {
    const { prices, orders, units, welfare, certificate } = clear([WIND, HOMES, GAS, HEAT], [PUMP, BOILER]);
    // The pump gives 30 of heat from cheap wind, the boiler the other 60 and so the price: (0.06 + 0.003)/0.9 = 0.07.
    expect(prices).toEqual({
      electricity: expect.closeTo(0.02, 9),
      heat: expect.closeTo(0.07, 9),
      gas: expect.closeTo(0.06, 9),
    });
    expect(orders.map(({ tradedKwh }) => tradedKwh)).toEqual(
      [50, 40, 60 / 0.9, 90].map((kwh) => expect.closeTo(kwh, 6)),
    );
    expect(units).toEqual([
      // 10 · (3 · 0.07 − 0.02)
      { id: 'pump', inputKwh: expect.closeTo(10, 6), profit: expect.closeTo(1.9, 6) },
      { id: 'boiler', inputKwh: expect.closeTo(60 / 0.9, 6), profit: expect.closeTo(0, 6) },
    ]);
    expect(welfare).toBeCloseTo(40 * 0.28 + 90 * 0.13 + 1.9, 6);
    expect(Math.abs(certificate.gap)).toBeLessThan(1e-6);
  });

  it('turns surplus electricity to hydrogen where that is worth its loss', () => {
    const buyer: HubOrder = { id: 'h2', carrier: 'hydrogen', side: 'buy', quantityKwh: 35, pricePerKwh: 0.1 };
    const unit: HubUnit = {
      id: 'p2h',
      input: 'electricity',
      outputs: { hydrogen: 0.7 },
      capacityKwh: 500,
      costPerKwh: 0,
    };
    expect(clear([WIND, buyer], [unit]).prices.hydrogen).toBeCloseTo(0.02 / 0.7, 9);
    expect(clear([{ ...WIND, pricePerKwh: 0.08 }, buyer], [unit]).units[0]!.inputKwh).toBeCloseTo(0, 9);
  });

  it('proves its clearing: no gap, no imbalance, nobody loses, money balances', () => {
    const carrier = fc.constantFrom(...CARRIERS);
    const order = fc.record({
      carrier,
      side: fc.constantFrom('buy' as const, 'sell' as const),
      quantityKwh: fc.integer({ min: 0, max: 50 }),
      pricePerKwh: fc.integer({ min: -5, max: 40 }),
    });
    const unit = fc
      .record({
        input: carrier,
        output: carrier,
        share: fc.constantFrom(0.4, 0.9, 3),
        capacityKwh: fc.integer({ min: 0, max: 50 }),
      })
      .filter(({ input, output }) => input !== output);
    fc.assert(
      fc.property(fc.array(order, { maxLength: 12 }), fc.array(unit, { maxLength: 4 }), (orders, units) => {
        const { certificate } = clear(
          orders.map((each, i) => ({ id: `o${i}`, ...each })),
          units.map(({ output, share, ...each }, i) => ({
            id: `u${i}`,
            outputs: { [output]: share },
            costPerKwh: 1,
            ...each,
          })),
        );
        for (const residual of Object.values(certificate)) expect(Math.abs(residual)).toBeLessThan(1e-6);
      }),
      { numRuns: 150 },
    );
  });

  it.each<[string, HubOrder[], HubUnit[]]>([
    ['a negative quantity', [{ ...WIND, quantityKwh: -1 }], []],
    ['no price', [{ ...WIND, pricePerKwh: NaN }], []],
    ['one id twice', [WIND, WIND], []],
    ['a unit that feeds itself', [], [{ ...PUMP, outputs: { electricity: 1 } }]],
    ['a unit without size', [], [{ ...PUMP, capacityKwh: Infinity }]],
  ])('refuses %s', (_, orders, units) => {
    expect(() => buildHub(orders, units)).toThrow(expect.objectContaining({ code: 'HUB_INPUT' }));
  });
});
