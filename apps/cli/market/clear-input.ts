import { z } from 'zod';

/** A number, or a decimal in a string where a double would not be exact. */
const decimal = z.union([
  z.number(),
  z.string().regex(/^-?\d{1,30}(?:\.\d{1,30})?$/, 'expected a decimal number'),
]);
const positive = decimal.refine((value) => Number(value) > 0, 'expected a number above 0');

const order = z.strictObject({
  id: z.string().min(1).max(200),
  member: z.string().min(1).max(200).describe('whose position it changes'),
  side: z.enum(['buy', 'sell']),
  quantity: positive.describe('most it trades, in `unit`'),
  price: decimal.describe('limit per unit; negative prices are prices'),
  time: z.number().describe('rank for time priority, earlier first').optional(),
});

/** Input of `market clear --mechanism uniform-price`. */
export const uniformPriceInput = z.strictObject({
  orders: z.array(order).max(1_000_000),
  unit: z.string().max(20).default('kWh').describe('unit of every quantity'),
  options: z
    .strictObject({
      k: z
        .number()
        .min(0)
        .max(1)
        .default(0.5)
        .describe("price within the efficient interval: 0 buyers' end, 1 sellers'"),
      tie: z.enum(['pro-rata', 'time']).default('pro-rata').describe('who is filled at the marginal price'),
      priceCap: decimal.optional().describe('no clearing price above it'),
    })
    .prefault({}),
});

export type UniformPriceInput = z.infer<typeof uniformPriceInput>;
