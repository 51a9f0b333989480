import { z } from 'zod';
import { decimal, nonNegative, share } from './decimal-schema.ts';

export const positive = decimal.refine((value) => Number(value) > 0, 'expected a number above 0');
export const name = z.string().min(1).max(200);
const members = z.array(name).max(1_000_000);

export const order = z.strictObject({
  id: name,
  member: name.describe('whose position it changes'),
  side: z.enum(['buy', 'sell']),
  quantity: positive.describe('most it trades, in `unit`'),
  price: decimal.describe('limit per unit; negative prices are prices'),
  time: z.number().describe('rank for time priority, earlier first').optional(),
  expires: z.number().optional().describe('time from which it no longer waits in an order book'),
  attributes: z
    .strictObject({
      zone: name.optional().describe('local to orders of the same zone'),
      green: z.boolean().optional().describe('a sell order’s energy is green, a buy order wants it'),
      trusts: z.array(name).max(1_000).optional().describe('members it trusts'),
      relations: z.record(name, z.number()).optional().describe('how much it wants to trade with members'),
    })
    .optional()
    .describe('what bilateral trading may prefer by'),
});

/** Each mechanism takes some of them and refuses the rest by name: see `market mechanisms`. */
const options = z.strictObject({
  pricing: z
    .enum(['k', 'last-accepted-offer', 'marginal-pair', 'gridlab-d'])
    .optional()
    .describe('rule of the one price; default k'),
  flatTies: z
    .enum(['most', 'least'])
    .optional()
    .describe('how much trades where a bid equals an ask at the margin; default most'),
  k: share.optional().describe("price within the efficient interval: 0 buyers' end, 1 sellers'; default 0.5"),
  tie: z
    .enum(['pro-rata', 'time'])
    .optional()
    .describe('who is filled at the marginal price; default pro-rata'),
  priceCap: decimal.optional().describe('no clearing price above it'),
  ownMatches: z
    .enum(['refuse', 'cancel'])
    .optional()
    .describe('what becomes of a book in which a member bids what it asks for; default refuse'),
  seed: z
    .union([z.string().max(200), z.int().transform(String)])
    .optional()
    .describe('what lots are drawn from, the number 5 as the text "5"; default the empty string'),
  split: z
    .strictObject({ left: members, right: members })
    .optional()
    .describe('members of the two halves, instead of a lot'),
  categoryOrder: z
    .array(z.enum(['buy', 'sell']))
    .length(2)
    .optional()
    .describe('which side is asked first for the competitor that sets the price; default buy, sell'),
  priceRule: z
    .enum(['maker', 'ask'])
    .optional()
    .describe('price in an order book: the limit of the order that was there first (default) or the ask'),
  selfTrade: z
    .enum(['skip', 'cancel-resting', 'cancel-incoming'])
    .optional()
    .describe('what an order book does where a member would trade with itself; default skip'),
  cancel: z
    .array(z.strictObject({ id: name, time: z.number() }))
    .max(1_000_000)
    .optional()
    .describe('orders withdrawn from an order book'),
  matching: z
    .enum(['given', 'random', 'preferences', 'stable'])
    .optional()
    .describe('who meets whom bilaterally; default given or preferences where these are, else random'),
  given: z
    .array(z.tuple([name, name]))
    .max(1_000_000)
    .optional()
    .describe('meetings in their order, [buy order, sell order]'),
  preferences: z
    .array(z.enum(['local', 'green', 'trusted', 'relational']))
    .max(4)
    .optional()
    .describe('what partners are preferred by, the most important first'),
  fees: z
    .strictObject({ buy: nonNegative.default(0), sell: nonNegative.default(0) })
    .optional()
    .describe('what a traded unit costs beside its price; enters matching and welfare once'),
});

export const unit = z.string().max(20).default('kWh').describe('unit of every quantity');

/** Input of `market clear` for every mechanism on one book of plain orders. */
export const clearInput = z.strictObject({
  orders: z.array(order).max(1_000_000),
  unit,
  options: options.prefault({}),
});

export type ClearInput = z.infer<typeof clearInput>;
