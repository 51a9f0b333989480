import { CARRIERS, buildHub, HUB_LIMITS, type HubClearing, readHub } from '#devices';
import { loadSolver } from '#optimization';
import { z } from 'zod';
import { identifier } from './decimal-schema.ts';
import { number } from './device-input.ts';
import type { FileVerb } from './file-verb.ts';
import { tableText } from './network-view.ts';

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

export const hubVerb: FileVerb<HubInput> = {
  schema: hubInput,
  async run({ unit, orders, units }, output) {
    const solver = await loadSolver();
    const program = buildHub(
      orders.map(({ quantity, price, ...order }) => ({
        ...order,
        quantityKwh: quantity,
        pricePerKwh: price,
      })),
      units.map(({ capacity, cost, ...each }) => ({ ...each, capacityKwh: capacity, costPerKwh: cost })),
    );
    const { certificate, ...cleared } = readHub(program, solver.solve(program.problem));
    const { imbalanceKwh, ...residuals } = certificate;
    const result = {
      unit,
      prices: cleared.prices,
      welfare: cleared.welfare,
      orders: cleared.orders.map(({ id, tradedKwh, gain }) => ({ id, traded: tradedKwh, gain })),
      units: cleared.units.map(({ id, inputKwh, profit }) => ({ id, input: inputKwh, profit })),
      certificate: { ...residuals, imbalance: imbalanceKwh, solver: 'highs' },
    };
    output.result(result, hubText(cleared, unit));
  },
};

const hubText = (
  { prices, welfare, orders, units }: Pick<HubClearing, 'prices' | 'welfare' | 'orders' | 'units'>,
  unit: string,
): string =>
  [
    `welfare ${welfare.toFixed(4)}`,
    tableText(['carrier', `price per ${unit}`], Object.entries(prices)),
    tableText(
      ['order', `traded ${unit}`, 'gain'],
      orders.map(({ id, tradedKwh, gain }) => [id, tradedKwh, gain]),
    ),
    tableText(
      ['unit', `input ${unit}`, 'profit'],
      units.map(({ id, inputKwh, profit }) => [id, inputKwh, profit]),
    ),
  ].join('\n\n');
