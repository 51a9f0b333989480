import { z } from 'zod';

const id = z.string().min(1).max(200);
const value = z.number().min(-1e15).max(1e15);
const money = {
  amountMinor: z
    .int()
    .min(0)
    .max(1_000_000_000)
    .optional()
    .describe('a payment to divide by the values, minor units'),
  feeBasisPoints: z.int().min(0).max(10_000).optional().describe('of the payment, kept before; default 0'),
};
const utilities = z
  .record(z.string().max(5_000), value)
  .describe('utility by coalition: ids joined by commas, in any order; one for every coalition');

/** Utilities of coalitions of players. */
const table = z.strictObject({ players: z.array(id).min(1).max(16), values: utilities, ...money });

/** Utilities of coalitions of groups, whose members are known by their sum only. */
const groups = z.strictObject({
  groups: z
    .array(
      z.strictObject({
        id,
        members: z.array(id).min(1).max(10_000),
        weights: z
          .array(z.int().min(0).max(1_000_000_000))
          .optional()
          .describe('inside the group; default equal'),
      }),
    )
    .min(1)
    .max(16),
  least: z.int().min(4).max(10_000).describe('members a group has at least, from the card'),
  values: utilities,
  ...money,
});

const rows = {
  x: z.array(z.array(value).min(1).max(64)).min(1).max(10_000).describe('a row of inputs for each y'),
  y: z.array(value).min(1).max(10_000),
};

/** Data of sellers in plain: the utility is the decrease of the squared error on `validation`. */
const data = z.strictObject({
  sellers: z
    .array(z.strictObject({ id, owner: id.optional().describe('who is paid; default the seller'), ...rows }))
    .min(1)
    .max(200),
  validation: z.strictObject(rows),
  ridge: z.number().positive().max(1e9).default(1).describe('penalty of the linear model that is learnt'),
  similarity: z
    .number()
    .positive()
    .max(1)
    .default(0.999)
    .describe('correlation of y from which sellers of as many rows count as sellers of the same data'),
  ...money,
});

export const valueInput = z.union([table, groups, data]);

export type ValueInput = z.infer<typeof valueInput>;
export type TableInput = z.infer<typeof table>;
export type GroupsInput = z.infer<typeof groups>;
export type DataInput = z.infer<typeof data>;
