import { z } from 'zod';

/** A number, or a decimal in a string where a double would not be exact. */
export const decimal = z.union([
  z.number(),
  z.string().regex(/^-?\d{1,30}(?:\.\d{1,30})?$/, 'expected a decimal number'),
]);
const positive = decimal.refine((value) => Number(value) > 0, 'expected a number above 0');
const nonNegative = decimal.refine((value) => Number(value) >= 0, 'expected a number of at least 0');
const name = z.string().min(1).max(200);
const members = z.array(name).max(1_000_000);

const order = z.strictObject({
  id: name,
  member: name.describe('whose position it changes'),
  side: z.enum(['buy', 'sell']),
  quantity: positive.describe('most it trades, in `unit`'),
  price: decimal.describe('limit per unit; negative prices are prices'),
  time: z.number().describe('rank for time priority, earlier first').optional(),
});

/** Each mechanism takes some of them and refuses the rest by name: see `market mechanisms`. */
const options = z.strictObject({
  pricing: z
    .enum(['k', 'last-accepted-offer', 'gridlab-d'])
    .optional()
    .describe('rule of the one price; default k'),
  flatTies: z
    .enum(['most', 'least'])
    .optional()
    .describe('how much trades where a bid equals an ask at the margin; default most'),
  k: z
    .number()
    .min(0)
    .max(1)
    .optional()
    .describe("price within the efficient interval: 0 buyers' end, 1 sellers'; default 0.5"),
  tie: z
    .enum(['pro-rata', 'time'])
    .optional()
    .describe('who is filled at the marginal price; default pro-rata'),
  priceCap: decimal.optional().describe('no clearing price above it'),
  ownMatches: z
    .enum(['refuse', 'cancel'])
    .optional()
    .describe('what becomes of a book in which a member bids what it asks for; default refuse'),
  seed: z.string().max(200).optional().describe('what lots are drawn from; default the empty string'),
  split: z
    .strictObject({ left: members, right: members })
    .optional()
    .describe('members of the two halves, instead of a lot'),
  categoryOrder: z
    .array(z.enum(['buy', 'sell']))
    .length(2)
    .optional()
    .describe('which side is asked first for the competitor that sets the price; default buy, sell'),
  fees: z
    .strictObject({ buy: nonNegative.default(0), sell: nonNegative.default(0) })
    .optional()
    .describe('what a traded unit costs beside its price; enters matching and welfare once'),
});

/** Input of `market clear`, the same for every mechanism. */
export const clearInput = z.strictObject({
  orders: z.array(order).max(1_000_000),
  unit: z.string().max(20).default('kWh').describe('unit of every quantity'),
  options: options.prefault({}),
});

export type ClearInput = z.infer<typeof clearInput>;
