import { z } from 'zod';
import { decimal } from './decimal-schema.ts';

/** Read as a double. */
export const number = decimal.transform(Number);
export const id = z.string().min(1).max(200);

/** Input of `market share --method nash`. */
export const nashInput = z.strictObject({
  aggregatorGain: number.describe('revenue with sharing − without, before payments'),
  memberSavings: z
    .array(
      z.strictObject({
        id,
        saving: number.describe('cost without sharing − with, before payments'),
        alpha: number.describe('market power, above 0; the aggregator has 1'),
      }),
    )
    .max(100_000),
});

/** Input of `market share --method barter`. */
export const barterInput = z.strictObject({
  members: z.array(id).min(2).max(20),
  goods: z
    .array(
      z.strictObject({
        id,
        owner: id.describe('the member that has it'),
        utilities: z.record(id, number).describe('worth to each member'),
      }),
    )
    .max(22),
});

/** Input of `market share --method talmud`. */
export const talmudInput = z.strictObject({
  estate: number.describe('what there is to divide, at most the claims on it'),
  claims: z
    .array(z.strictObject({ id, claim: number }))
    .min(1)
    .max(100_000),
});

/** Input of every other method: a value for each coalition. */
export const gameInput = z.strictObject({
  players: z.array(id).min(1).max(20),
  values: z
    .record(z.string().max(5_000), number)
    .describe('by coalition: names joined by commas, in any order'),
});

export type NashInput = z.infer<typeof nashInput>;
export type BarterInput = z.infer<typeof barterInput>;
export type TalmudInput = z.infer<typeof talmudInput>;
export type GameInput = z.infer<typeof gameInput>;
