import { CARRIERS, buildHub, HUB_LIMITS, readHub } from '#devices';
import { loadSolver } from '#optimization';
import { z } from 'zod';
import { identifier } from './decimal-schema.ts';
import { number } from './device-input.ts';
import { noOptions, type Study, toldSolve } from './study.ts';

const carrier = z.enum(CARRIERS);

const hubInput = z.strictObject({
  unit: z.string().max(20).default('kWh').describe('of every quantity; prices and costs are per that unit'),
  orders: z
    .array(
      z.strictObject({
        id: identifier,
        carrier,
        side: z.enum(['buy', 'sell']),
        quantity: number,
        price: number,
      }),
    )
    .max(HUB_LIMITS.orders),
  units: z
    .array(
      z.strictObject({
        id: identifier,
        input: carrier,
        outputs: z.partialRecord(carrier, number).describe('output per input, by carrier'),
        capacity: number.describe('most it takes in'),
        cost: number.default(0).describe('of operation, per unit taken in'),
      }),
    )
    .max(HUB_LIMITS.units)
    .default([]),
});

type HubInput = z.infer<typeof hubInput>;

export interface HubResult {
  readonly unit: string;
  readonly prices: Readonly<Record<string, number>>;
  readonly welfare: number;
  readonly orders: readonly { readonly id: string; readonly traded: number; readonly gain: number }[];
  readonly units: readonly { readonly id: string; readonly input: number; readonly profit: number }[];
  readonly certificate: Readonly<Record<string, unknown>>;
}

/** `market hub`. */
export const hubStudy: Study<HubInput, object, HubResult> = {
  verb: 'hub',
  method: null,
  title: 'clear electricity, heat, gas and hydrogen together',
  input: hubInput,
  options: noOptions,
  async run({ unit, orders, units }, _options, context) {
    const solver = await loadSolver();
    const program = buildHub(
      orders.map(({ quantity, price, ...order }) => ({
        ...order,
        quantityKwh: quantity,
        pricePerKwh: price,
      })),
      units.map(({ capacity, cost, ...each }) => ({ ...each, capacityKwh: capacity, costPerKwh: cost })),
    );
    const { certificate, ...cleared } = readHub(
      program,
      toldSolve(solver, context, { all: 1 })(program.problem),
    );
    const { imbalanceKwh, ...residuals } = certificate;
    return {
      unit,
      prices: cleared.prices,
      welfare: cleared.welfare,
      orders: cleared.orders.map(({ id, tradedKwh, gain }) => ({ id, traded: tradedKwh, gain })),
      units: cleared.units.map(({ id, inputKwh, profit }) => ({ id, input: inputKwh, profit })),
      certificate: { ...residuals, imbalance: imbalanceKwh, solver: 'highs' },
    };
  },
};
